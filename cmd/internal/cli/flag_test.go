package cli

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var compressor, restorer = Command{Name: "ktzip", Compress: true}, Command{Name: "ktunzip"}

// TestHabitsOfOtherProgramsWork holds that what users of gzip, xz and zstd type is
// understood.
func TestHabitsOfOtherProgramsWork(t *testing.T) {
	for _, c := range []struct {
		cmd  *Command
		args string
		ok   func(o *options) bool
	}{
		{&compressor, "--best", func(o *options) bool { return o.Search.Level == 9 }},
		{&compressor, "--best --fast", func(o *options) bool { return o.Search.Level == 1 }},
		{&compressor, "-9k", func(o *options) bool { return o.Search.Level == 9 && o.keep }},
		{&compressor, "-k9v", func(o *options) bool { return o.Search.Level == 9 && o.keep && o.verbose }},
		{&compressor, "-n", func(o *options) bool { return o.NoName }},
		{&compressor, "--no-name", func(o *options) bool { return o.NoName }},
		{&compressor, "--no-n", func(o *options) bool { return o.NoName }},
		{&compressor, "--stdout a", func(o *options) bool { return o.stdout }},
		{&compressor, "--to-stdout a", func(o *options) bool { return o.stdout }},
		{&compressor, "--uncompress a", func(o *options) bool { return o.mode == restoring }},
		{&compressor, "--unc a", func(o *options) bool { return o.mode == restoring }},
		{&compressor, "--dec a", func(o *options) bool { return o.mode == restoring }},
		{&compressor, "--keep a", func(o *options) bool { return o.keep }},
		{&compressor, "-S .z a", func(o *options) bool { return o.suffix == ".z" }},
		{&compressor, "-S.z a", func(o *options) bool { return o.suffix == ".z" }},
		{&compressor, "--suffix=.z a", func(o *options) bool { return o.suffix == ".z" }},
		{&compressor, "--suf .z a", func(o *options) bool { return o.suffix == ".z" }},
		{&compressor, "-dcf a", func(o *options) bool { return o.mode == restoring && o.stdout && o.force }},
		{&compressor, "--th 3", func(o *options) bool { return o.threads == 3 }},
		{&compressor, "-vT3", func(o *options) bool { return o.threads == 3 && o.verbose }},
		{&compressor, "a -c b", func(o *options) bool { return o.stdout && fmt.Sprint(o.operands) == "[a b]" }},
		{&compressor, "a -- -c", func(o *options) bool { return !o.stdout && fmt.Sprint(o.operands) == "[a -c]" }},
		{&compressor, "--output-dir-m=d a", func(o *options) bool { return o.outputDir == "d" }},
		{&compressor, "--output-dir d a", func(o *options) bool { return o.outputDir == "d" }},
		{&compressor, "--output-dir-flat d a", func(o *options) bool { return o.outputDirFlat == "d" }},
		{&compressor, "--salvage a", func(o *options) bool { return o.salvage == salvageZeros && o.mode == restoring && o.operands[0] == "a" }},
		{&compressor, "--salvage=omit a", func(o *options) bool { return o.salvage == salvageOmit }},
		{&restorer, "-9 a", func(o *options) bool { return o.mode == restoring }},
		{&restorer, "--best -4v a", func(o *options) bool { return o.verbose }},
		{&restorer, "-cf a", func(o *options) bool { return o.stdout && o.force }},
		{&restorer, "--mem 1M a", func(o *options) bool { return o.memoryLimit == 1<<20 }},
	} {
		o, err := parse(c.cmd, "", strings.Fields(c.args))
		if err != nil {
			t.Errorf("%s %s: %v", c.cmd.Name, c.args, err)
		} else if !c.ok(o) {
			t.Errorf("%s %s: %+v", c.cmd.Name, c.args, o)
		}
	}
}

// TestWrongFlagsAreExplained holds the messages, which name no Go function and echo nothing
// that a terminal would obey.
func TestWrongFlagsAreExplained(t *testing.T) {
	for _, c := range []struct {
		cmd  *Command
		args []string
		want string
	}{
		{&compressor, []string{"-0"}, "unknown level -0; levels are -1 (fastest) to -9 (smallest)"},
		{&compressor, []string{"-12"}, "unknown level -12; levels are -1 (fastest) to -9 (smallest)"},
		{&compressor, []string{"-k19"}, "unknown level -19; levels are -1 (fastest) to -9 (smallest)"},
		{&compressor, []string{"--no"}, "--no is ambiguous: --no-sparse, --no-name, --no-verify, --no-progress"},
		{&restorer, []string{"--no-v"}, "unknown option --no-v"},
		{&compressor, []string{"--x\x1b[31m\a"}, `unknown option "--x\x1b[31m\a"`},
		{&compressor, []string{"--\xff=1"}, `unknown option "--\xff"`},
		{&compressor, []string{"-\x1b[1m"}, `unknown option "-\x1b"`},
		{&compressor, []string{"-\xff"}, `unknown option "-\xff"`},
		{&compressor, []string{"--="}, "unknown option --"},
		{&compressor, []string{"-Z"}, "unknown option -Z"},
		{&compressor, []string{"-T"}, "-T needs a value: -T N"},
		{&compressor, []string{"--output"}, "--output needs a value: --output FILE"},
		{&compressor, []string{"-T", "x\x1b"}, `-T "x\x1b": not a number`},
		{&compressor, []string{"-T99999999999999999999"}, "-T 99999999999999999999: out of range"},
		{&compressor, []string{"--force=1"}, "--force takes no value"},
		{&compressor, []string{"-o", ""}, "-o: the value must not be empty"},
		{&compressor, []string{"-S", "x/y"}, "-S x/y: must be the end of a file name, such as .ktz"},
		{&compressor, []string{"-S", ""}, "-S: must be the end of a file name, such as .ktz"},
		{&compressor, []string{"--search", "no\n"}, `--search "no\n": must be one of enumerate, seqcoder, both`},
		{&compressor, []string{"--memory-limit=0"}, "--memory-limit 0: must be more than 0"},
		{&compressor, []string{"--output-dir", "d", "-c"}, "give only one of --output-dir, --output-dir-flat, -o and -c"},
	} {
		_, err := parse(c.cmd, "", c.args)
		if got := fmt.Sprint(err); got != c.want {
			t.Errorf("%s %q: %s\nwant %s", c.cmd.Name, c.args, got, c.want)
		}
	}
}

// TestEnvironmentHoldsDefaults holds that KTZIP_OPT can set options, but none that choose,
// remove or overwrite files.
func TestEnvironmentHoldsDefaults(t *testing.T) {
	for _, c := range []struct {
		cmd  *Command
		env  string
		args string
		ok   func(o *options) bool // nil if an error is wanted
	}{
		{&compressor, " -9  -T2\t-q ", "a", func(o *options) bool { return o.Search.Level == 9 && o.threads == 2 && o.quiet }},
		{&compressor, "-9 --plan none", "-3 a", func(o *options) bool { return o.Search.Level == 3 && o.plan.given }},
		{&restorer, "--best --plan none --search=both -T 3", "a", func(o *options) bool { return o.threads == 3 && !o.plan.given }},
		{&compressor, "--nonsense", "-h", func(o *options) bool { return o.help }},
		{&compressor, "--rm", "a", nil},
		{&compressor, "-f", "a", nil},
		{&compressor, "-c", "a", nil},
		{&compressor, "-d", "a", nil},
		{&compressor, "file", "a", nil},
		{&compressor, "-- file", "a", nil},
		{&compressor, "--nonsense", "a", nil},
	} {
		o, err := parse(c.cmd, c.env, strings.Fields(c.args))
		switch {
		case c.ok == nil && (err == nil || !strings.HasPrefix(err.Error(), "KTZIP_OPT in the environment: ")):
			t.Errorf("%q: the error is %v", c.env, err)
		case c.ok != nil && err != nil:
			t.Errorf("%q: %v", c.env, err)
		case c.ok != nil && !c.ok(o):
			t.Errorf("%q: %+v", c.env, o)
		}
	}
}

func TestProgramNameChoosesCommand(t *testing.T) {
	for path, want := range map[string]string{
		"ktzip": "ktzip true false", "/usr/bin/ktunzip": "ktunzip false false", "ktcat": "ktcat false true", "./ktcat.exe": "ktcat false true", "other": "ktzip true false",
	} {
		cmd := compressor.named(path)
		if got := fmt.Sprint(cmd.Name, " ", cmd.Compress, " ", cmd.cat); got != want {
			t.Errorf("called as %s: %s, want %s", path, got, want)
		}
	}
}

// TestHelpListsFlags holds that the names of flags are unique, and that the help lists them
// within 80 columns.
func TestHelpListsFlags(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range flagTable {
		names := append([]string{string(f.short), f.long}, f.also...)
		for _, name := range names {
			if name != "\x00" && name != "" && seen[name] {
				t.Errorf("two flags have the name %s", name)
			}
			seen[name] = true
		}
		if f.help == "" || f.set == nil && f.long != "" {
			t.Errorf("%s has no help or no setter", f.long)
		}
	}
	for _, cmd := range []Command{compressor, restorer, {Name: "ktcat", cat: true}} {
		text := usage(&cmd)
		for line := range strings.Lines(text) {
			if utf8.RuneCountInString(line) > 80+len("\n") {
				t.Errorf("%s: long line %q", cmd.Name, line)
			}
		}
		for i := range flagTable {
			if f := &flagTable[i]; f.long != "" && f.listed(&cmd) != regexp.MustCompile(`--`+f.long+`([^-\w]|$)`).MatchString(text) {
				t.Errorf("%s: the help and --%s", cmd.Name, f.long)
			}
		}
	}
}
