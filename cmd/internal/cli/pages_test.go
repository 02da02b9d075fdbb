package cli

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// share holds what is installed beside the programs, laid out as /usr/share.
const share = "../../share"

var update = flag.Bool("update", false, "write the man pages and completions anew")

// The commands that have pages.
var pageCommands = []Command{compressor, restorer, {Name: "ktcat", cat: true}}

// TestPages holds the man pages and the completions to the table of flags.
func TestPages(t *testing.T) {
	want := map[string]string{}
	for i := range pageCommands {
		cmd := &pageCommands[i]
		want["man/man1/"+cmd.Name+".1"] = manPage(cmd)
		want["bash-completion/completions/"+cmd.Name] = bashCompletion(cmd)
		want["zsh/site-functions/_"+cmd.Name] = zshCompletion(cmd)
		want["fish/vendor_completions.d/"+cmd.Name+".fish"] = fishCompletion(cmd)
	}
	for name, text := range want {
		path := filepath.Join(share, name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%s is not what the flags say (%v); run go test ./cmd/internal/cli -run Pages -update", name, err)
		}
	}
}

// listedFlags are the flags that the help of cmd lists; the levels have no long name.
func listedFlags(cmd *Command) (flags []*flagSpec) {
	for i := range flagTable {
		if f := &flagTable[i]; f.listed(cmd) {
			flags = append(flags, f)
		}
	}
	return flags
}

// brief is the first phrase of f's help.
func (f *flagSpec) brief(cmd *Command) string {
	phrase, _, _ := strings.Cut(f.helpOf(cmd), "\n")
	return phrase
}

// roff escapes text for a man page.
var roff = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n.", "\n\\&.", "\n'", "\n\\&'")

// summaries are the NAME sections.
var summaries = map[string]string{
	"ktzip":   "compress files into programs that produce them",
	"ktunzip": "restore files that ktzip compressed",
	"ktcat":   "write what compressed files restore to to standard output",
}

// manPage is a page of section 1.
func manPage(cmd *Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".\\\" Made from the table of flags by a test.\n.TH %s 1 \"\" ktzip \"User Commands\"\n", strings.ToUpper(cmd.Name))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", cmd.Name, summaries[cmd.Name])
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n[\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n", cmd.Name)
	synopsis := strings.ReplaceAll(cmd.synopsis(), "NAME", cmd.Name)
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s.PP\n%s\n", roff.Replace(synopsis), roff.Replace("Sources are kept unless --rm says otherwise. Output appears under its name only when it is complete; nothing is overwritten without -f."))
	b.WriteString(".SH OPTIONS\nLong options may be abbreviated.\n")
	group := flagGroups
	for _, f := range listedFlags(cmd) {
		if f.group != group {
			group = f.group
			fmt.Fprintf(&b, ".SS \"%s\"\n", groupNames[group])
		}
		b.WriteString(".TP\n" + manNames(f) + "\n" + manText(f, cmd) + "\n")
	}
	b.WriteString(".PP\n" + roff.Replace("A SIZE is in bytes, or has a unit: 64KiB, 1MiB, 1GiB (64K, 1M, 1G), 64kB.") + "\n")
	fmt.Fprintf(&b, ".SH ENVIRONMENT\n.TP\n.B %s\n%s\n", envName, roff.Replace("holds options that come before those of the command line, separated by spaces, with no quoting: only those of Compression and of Resources and messages, and no names of files. "+
		"Programs that only restore ignore those of Compression."))
	b.WriteString(".SH EXIT STATUS\n.TP\n0\nall went well\n.TP\n1\nan error; the rest of the files were still worked on\n.TP\n2\na warning, for instance a file was skipped\n.PP\nA signal leaves no unfinished output.\n")
	var others []string
	for i := range pageCommands {
		if name := pageCommands[i].Name; name != cmd.Name {
			others = append(others, name)
		}
	}
	b.WriteString(".SH SEE ALSO\n")
	for _, name := range others {
		fmt.Fprintf(&b, ".BR %s (1),\n", name)
	}
	b.WriteString(".BR gzip (1),\n.BR xz (1),\n.BR zstd (1)\n")
	return b.String()
}

// manNames is the line of a flag's names.
func manNames(f *flagSpec) string {
	if f.long == "" {
		return ".B \\-1 ... \\-9"
	}
	var names []string
	if f.short != 0 {
		names = append(names, "-"+string(f.short))
	}
	for _, name := range append([]string{f.long}, f.also...) {
		names = append(names, "--"+name)
	}
	line := "\\fB" + strings.Join(strings.Fields(roff.Replace(strings.Join(names, " "))), "\\fR, \\fB") + "\\fR"
	if f.value != "" {
		line += " \\fI" + roff.Replace(f.value) + "\\fR"
	}
	return line
}

func manText(f *flagSpec, cmd *Command) string {
	return roff.Replace(strings.ReplaceAll(f.helpOf(cmd), "\n", "; "))
}

// words are all spellings of the flags of cmd.
func words(cmd *Command) (all []string) {
	for _, f := range listedFlags(cmd) {
		switch {
		case f.long == "":
			for n := 1; n <= 9; n++ {
				all = append(all, fmt.Sprint("-", n))
			}
			continue
		case f.short != 0:
			all = append(all, "-"+string(f.short))
		}
		for _, name := range append([]string{f.long}, f.also...) {
			all = append(all, "--"+name)
		}
	}
	return all
}

// restorable is an extended glob of the names that restoring takes.
const restorable = "*.@(ktz|KTZ|tktz|TKTZ)"

// bashCompletion is a file of bash-completion.
func bashCompletion(cmd *Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# bash completion of %s, made from the table of flags by a test.\n\n_%[1]s()\n{\n", cmd.Name)
	b.WriteString("\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} word only=\n\tlocal IFS=$'\\n'\n\tCOMPREPLY=()\n" +
		// --name=value is three words.
		"\tif [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n" +
		"\tcase $prev in\n")
	for _, f := range listedFlags(cmd) {
		if f.value == "" {
			continue
		}
		var names []string
		if f.short != 0 {
			names = append(names, "-"+string(f.short))
		}
		for _, name := range append([]string{f.long}, f.also...) {
			names = append(names, "--"+name)
		}
		fmt.Fprintf(&b, "\t%s)\n", strings.Join(names, "|"))
		switch {
		case len(f.choices) > 0:
			fmt.Fprintf(&b, "\t\tmapfile -t COMPREPLY < <(compgen -W $'%s' -- \"$cur\")\n", strings.Join(f.choices, `\n`))
		case f.value == "FILE":
			b.WriteString("\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n\t\tcompopt -o filenames 2>/dev/null\n")
		case f.value == "DIR":
			b.WriteString("\t\tmapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n\t\tcompopt -o filenames 2>/dev/null\n")
		}
		b.WriteString("\t\treturn\n\t\t;;\n")
	}
	b.WriteString("\tesac\n\tif [[ $cur == -* ]]; then\n")
	fmt.Fprintf(&b, "\t\tmapfile -t COMPREPLY < <(compgen -W $'%s' -- \"$cur\")\n\t\treturn\n\tfi\n", strings.Join(words(cmd), `\n`))
	restores := "only=1"
	if cmd.Compress {
		restores = `for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		-[!-]*[dtl]*|-[dtl]|--decompress|--uncompress|--test|--list|--explain) only=1 ;;
		esac
	done`
	}
	fmt.Fprintf(&b, "\t%s\n", restores)
	fmt.Fprintf(&b, `	compopt -o filenames 2>/dev/null
	if [[ $only ]]; then
		shopt -q extglob || local reset=1
		shopt -s extglob
		mapfile -t COMPREPLY < <(compgen -f -X '!%s' -- "$cur"; compgen -d -- "$cur")
		[[ $reset ]] && shopt -u extglob
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
	return 0
}
complete -F _%s %[2]s
`, restorable, cmd.Name)
	return b.String()
}

// zshCompletion is a function of zsh's completion system.
func zshCompletion(cmd *Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "#compdef %s\n# Made from the table of flags by a test.\n\n_arguments -s -S \\\n", cmd.Name)
	quote := strings.NewReplacer("'", `'\''`, "[", `\[`, "]", `\]`, ":", `\:`)
	for _, f := range listedFlags(cmd) {
		help := quote.Replace(f.brief(cmd))
		if f.long == "" {
			fmt.Fprintf(&b, "  '(-1 -2 -3 -4 -5 -6 -7 -8 -9)'{-1,-2,-3,-4,-5,-6,-7,-8,-9}'[%s]' \\\n", help)
			continue
		}
		action := ""
		switch {
		case len(f.choices) > 0:
			action = ":" + f.value + ":(" + strings.Join(f.choices, " ") + ")"
		case f.value == "FILE":
			action = ":" + f.value + ":_files"
		case f.value == "DIR":
			action = ":" + f.value + ":_files -/"
		case f.value != "":
			action = ":" + f.value + ": "
		}
		equals := ""
		if f.value != "" {
			equals = "="
		}
		var names []string
		if f.short != 0 {
			plus := ""
			if f.value != "" {
				plus = "+"
			}
			names = append(names, "-"+string(f.short)+plus)
		}
		for _, name := range append([]string{f.long}, f.also...) {
			names = append(names, "--"+name+equals)
		}
		if len(names) == 1 {
			fmt.Fprintf(&b, "  '%s[%s]%s' \\\n", names[0], help, action)
			continue
		}
		plain := strings.NewReplacer("+", "", "=", "").Replace(strings.Join(names, " "))
		fmt.Fprintf(&b, "  '(%s)'{%s}'[%s]%s' \\\n", plain, strings.Join(names, ","), help, action)
	}
	files := "_files"
	if !cmd.Compress {
		files = `_files -g "*.(ktz|KTZ|tktz|TKTZ)(-.)"`
	}
	fmt.Fprintf(&b, "  '*:FILE:%s'\n", files)
	return b.String()
}

// fishCompletion is a file of fish's completions.
func fishCompletion(cmd *Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Completions of %s, made from the table of flags by a test.\n", cmd.Name)
	quote := strings.NewReplacer(`\`, `\\`, "'", `\'`)
	if !cmd.Compress {
		fmt.Fprintf(&b, "complete -c %s -f -a '(__fish_complete_suffix .ktz .tktz)'\n", cmd.Name)
	}
	for _, f := range listedFlags(cmd) {
		help := quote.Replace(f.brief(cmd))
		if f.long == "" {
			for n := 1; n <= 9; n++ {
				fmt.Fprintf(&b, "complete -c %s -s %d -d '%s'\n", cmd.Name, n, help)
			}
			continue
		}
		for i, name := range append([]string{f.long}, f.also...) {
			fmt.Fprintf(&b, "complete -c %s", cmd.Name)
			if i == 0 && f.short != 0 {
				fmt.Fprintf(&b, " -s %c", f.short)
			}
			fmt.Fprintf(&b, " -l %s", name)
			switch {
			case len(f.choices) > 0:
				fmt.Fprintf(&b, " -x -a '%s'", strings.Join(f.choices, " "))
			case f.value == "FILE":
				b.WriteString(" -r -F")
			case f.value == "DIR":
				b.WriteString(" -x -a '(__fish_complete_directories)'")
			case f.value != "":
				b.WriteString(" -x")
			}
			fmt.Fprintf(&b, " -d '%s'\n", help)
		}
	}
	return b.String()
}

// TestBashCompletes runs the completions of bash.
func TestBashCompletes(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	dir := t.TempDir()
	for _, name := range []string{"a.ktz", "a b.tktz", "B.KTZ", "c.txt", "*.ktz"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "dir"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ line, want string }{
		{"ktzip --dec", "--decompress"},
		{"ktzip --output-", "--output-dir,--output-dir-flat,--output-dir-mirror"},
		{"ktzip --search ", "both,enumerate,seqcoder"},
		{"ktzip --search s", "seqcoder"},
		{"ktzip --search = s", "seqcoder"},
		{"ktzip --search =", "both,enumerate,seqcoder"},
		{"ktzip ", "*.ktz,B.KTZ,a b.tktz,a.ktz,c.txt,dir"},
		{"ktzip -d ", "*.ktz,B.KTZ,a b.tktz,a.ktz,dir"},
		{"ktzip -vd a", "a b.tktz,a.ktz"},
		{"ktzip --output-dir ", "dir"},
		{"ktzip -T ", ""},
		{"ktunzip ", "*.ktz,B.KTZ,a b.tktz,a.ktz,dir"},
		{"ktunzip --block", ""},
		{"ktcat a", "a b.tktz,a.ktz"},
	} {
		words := strings.Split(c.line, " ")
		path, err := filepath.Abs(filepath.Join(share, "bash-completion/completions", words[0]))
		if err != nil {
			t.Fatal(err)
		}
		script := `. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _$1; printf '%s\n' "${COMPREPLY[@]}"`
		cmd := exec.Command(bash, append([]string{"--norc", "-c", script, "bash", path}, words...)...)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%q: %v", c.line, err)
		}
		got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
		slices.Sort(got)
		if got := strings.Join(got, ","); got != c.want {
			t.Errorf("%q: %s, want %s", c.line, got, c.want)
		}
	}
}

// TestShellsParse has each shell that is here read its completions, and man its pages.
func TestShellsParse(t *testing.T) {
	for _, c := range []struct {
		program string
		args    []string
		files   string
	}{
		{"zsh", []string{"-n"}, "zsh/site-functions/_*"},
		{"fish", []string{"--no-execute"}, "fish/vendor_completions.d/*.fish"},
		{"bash", []string{"-n"}, "bash-completion/completions/*"},
		{"mandoc", []string{"-T", "lint", "-W", "warning"}, "man/man1/*.1"},
		{"groff", []string{"-man", "-ww", "-z"}, "man/man1/*.1"},
	} {
		program, err := exec.LookPath(c.program)
		if err != nil {
			t.Logf("no %s", c.program)
			continue
		}
		files, err := filepath.Glob(filepath.Join(share, c.files))
		if err != nil || len(files) != len(pageCommands) {
			t.Errorf("%s: %d files, %v", c.files, len(files), err)
		}
		for _, file := range files {
			if out, err := exec.Command(program, append(c.args, file)...).CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%s %s: %v\n%s", c.program, file, err, out)
			}
		}
	}
}
