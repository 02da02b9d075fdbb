package cli

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// share is the folder of the files that are installed with the commands, laid out as
// /usr/share.
const share = "../../share"

var update = flag.Bool("update", false, "rewrite the man pages and completions")

// The commands that have pages.
var pageCommands = []Command{compressor, restorer, {Name: "ktcat", cat: true}}

// TestPages holds that the man pages and the completions follow from the table of flags.
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
			t.Errorf("%s does not follow from the flags (%v); run go test ./cmd/internal/cli -run Pages -update", name, err)
		}
	}
}

// listedFlags returns the flags that the help of cmd lists.
func listedFlags(cmd *Command) (flags []*flagSpec) {
	for i := range flagTable {
		if f := &flagTable[i]; f.listed(cmd) {
			flags = append(flags, f)
		}
	}
	return flags
}

// brief returns the first phrase of the help of f.
func (f *flagSpec) brief(cmd *Command) string {
	phrase, _, _ := strings.Cut(f.helpOf(cmd), "\n")
	return phrase
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
		{"ktzip -dv c", ""},
		{"ktzip --salvage c", ""}, // a file name: a value must follow =
		{"ktzip --salvage =", "omit,zeros"},
		{"ktunzip --salvage = o", "omit"},
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

// TestShellsParse checks the completions with each installed shell, and the pages with man.
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
