package ktzip_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPromisesHaveTests holds that each test that the README names, as `package` TestName,
// exists in that package.
func TestPromisesHaveTests(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z/.]+)` ((?:Test|Fuzz)[A-Za-z0-9]+)").FindAllStringSubmatch(string(readme), -1)
	if len(named) == 0 {
		t.Skip("README.md names no tests")
	}
	for _, name := range named {
		files, err := fs.Glob(os.DirFS("."), filepath.ToSlash(filepath.Join(name[1], "*_test.go")))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found = found || strings.Contains(string(source), "\nfunc "+name[2]+"(")
		}
		if !found {
			t.Errorf("README.md names %s of %s, which is not there", name[2], name[1])
		}
	}
}

// TestCIRunsTheTestCommand holds that .ci/run runs the test command of README.md, letter by
// letter.
func TestCIRunsTheTestCommand(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`(?m)^go test .*?(\s*#.*)?$`).FindSubmatch(readme)
	if command == nil {
		t.Fatal("README.md has no test command")
	}
	want := strings.TrimSpace(strings.TrimSuffix(string(command[0]), string(command[1])))
	if !strings.Contains(string(script), "\n"+want+"\n") {
		t.Errorf(".ci/run does not run %q", want)
	}
}

// TestTablesAgree holds that a table that both README.md and bench/README.md have is the same.
func TestTablesAgree(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	measured, err := os.ReadFile("bench/README.md")
	if err != nil {
		t.Fatal(err)
	}
	marks := regexp.MustCompile(`<!-- /([a-z-]+) -->`).FindAllSubmatch(readme, -1)
	if len(marks) == 0 {
		t.Fatal("README.md has no tables between marks")
	}
	for _, mark := range marks {
		table := regexp.MustCompile("(?s)<!-- " + string(mark[1]) + " -->.*<!-- /" + string(mark[1]) + " -->")
		if want := table.Find(measured); want == nil || string(table.Find(readme)) != string(want) {
			t.Errorf("the table %s of README.md is not that of bench/README.md", mark[1])
		}
	}
}
