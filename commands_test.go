package ktzip_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// A testCommand is a go test command that a document names.
type testCommand struct {
	text  string
	args  []string
	place string
}

// testCommands returns the go test commands of the documents.
func testCommands(t *testing.T) (list []testCommand) {
	t.Helper()
	command := regexp.MustCompile("go test ([^`#|\n]*)")
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		text, err := os.ReadFile(name)
		for _, c := range command.FindAllStringSubmatch(string(text), -1) {
			list = append(list, testCommand{c[0], strings.Fields(c[1]), name})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// testFiles returns the text of the tests of a package, or of all below a folder (dsl/...).
func testFiles(t *testing.T, pattern string) string {
	t.Helper()
	folder, all := strings.CutSuffix(pattern, "...")
	folder = path.Clean(folder)
	var text strings.Builder
	err := fs.WalkDir(os.DirFS("."), folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != folder && !all {
			return fs.SkipDir
		}
		if strings.HasSuffix(name, "_test.go") {
			b, err := os.ReadFile(name)
			text.Write(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return text.String()
}

// TestDocumentedCommands holds that each go test command of a document names packages,
// tests, benchmarks and flags that are there.
func TestDocumentedCommands(t *testing.T) {
	functions := regexp.MustCompile(`(?m)^func (Test|Fuzz|Example|Benchmark)(\w*)\(`)
	for _, c := range testCommands(t) {
		var text, folder string
		if len(c.args) > 1 && c.args[0] == "-C" { // a module of its own
			folder = c.args[1]
		}
		for _, arg := range c.args {
			if strings.HasPrefix(arg, "./") {
				text += testFiles(t, path.Join(folder, strings.TrimPrefix(arg, "./")))
			}
		}
		matches := func(kind, pattern string) bool {
			pattern, _, _ = strings.Cut(strings.Trim(pattern, "'"), "/")
			for _, f := range functions.FindAllStringSubmatch(text, -1) {
				if ok, _ := regexp.MatchString(pattern, f[1]+f[2]); ok && (f[1] == "Benchmark") == (kind == "-bench") {
					return true
				}
			}
			return false
		}
		for i, arg := range c.args {
			switch arg {
			case "-run", "-bench":
				if i+1 < len(c.args) && c.args[i+1] != "'^$'" && !matches(arg, c.args[i+1]) {
					t.Errorf("%s: %s: nothing matches %s", c.place, c.text, c.args[i+1])
				}
			case "-p", "-count", "-benchtime", "-v", "-timeout", "-short", "-race", "-args", "-C":
			default:
				if name, ok := strings.CutPrefix(arg, "-"); ok && !strings.Contains(text, `("`+name+`"`) {
					t.Errorf("%s: %s: no flag -%s", c.place, c.text, name)
				}
			}
		}
	}
}
