package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
)

func TestMain(m *testing.M) {
	beam.Init()
	os.Exit(m.Run())
}

// A result is what a run printed, and its exit code.
type result struct {
	stdout, stderr string
	code           int
}

// ktfleet runs the command with the arguments.
func ktfleet(t *testing.T, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := Main(args, &stdout, &stderr)
	return result{stdout.String(), stderr.String(), code}
}

// ktzip builds ktzip, and returns its path.
func ktzip(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ktzip")
	cmd := exec.Command("go", "build", "-o", path, "./cmd/ktzip")
	cmd.Dir = filepath.Join("..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

// write writes files, by their names below folder.
func write(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// read returns the file at the path; "" if there is none.
func read(t *testing.T, elements ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(elements...))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(b)
}

// lines returns n lines of a log.
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("valve ", i%3) + "pressure " + strings.Repeat("7", i%5) + "\n")
	}
	return b.String()
}

// TestFolder follows the README: a folder is compressed, listed, verified and restored.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	in, out, back := filepath.Join(dir, "in"), filepath.Join(dir, "out"), filepath.Join(dir, "back")
	files := map[string]string{"empty": "", "a": lines(100), "sub folder/b": lines(5000), "sub folder/[x]*": "odd"}
	write(t, in, files)
	if r := ktfleet(t, "compress", "--input", in, "--output", out, "-9"); r.code != 0 || !strings.HasPrefix(r.stderr, "compressed 4 files") {
		t.Fatalf("compress: %+v", r)
	}
	tool := ktzip(t)
	for name := range files {
		path := filepath.Join(in, name)
		want, err := exec.Command(tool, "-9c", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		named := filepath.Join(dir, "named.ktz")
		if err := exec.Command(tool, "-9f", "-o", named, path).Run(); err != nil {
			t.Fatal(err)
		}
		if got := read(t, out, name+".ktz"); got != string(want) || got != read(t, named) {
			t.Errorf("%s: %d bytes, ktzip writes %d and %d", name, len(got), len(want), len(read(t, named)))
		}
	}
	r := ktfleet(t, "list", "--input", out)
	want, err := exec.Command(tool, "-l", filepath.Join(out, "a.ktz"), filepath.Join(out, "empty.ktz"), filepath.Join(out, "sub folder/[x]*.ktz"), filepath.Join(out, "sub folder/b.ktz")).Output()
	if err != nil || r.stdout != string(want) || r.code != 0 {
		t.Errorf("list: %+v, want %s (%v)", r, want, err)
	}
	r = ktfleet(t, "list", "--json", "-q", filepath.Join(out, "a.ktz"))
	want, err = exec.Command(tool, "-l", "--json", filepath.Join(out, "a.ktz")).Output()
	if err != nil || r.stdout != string(want) || r.stderr != "" {
		t.Errorf("list --json: %+v, want %s (%v)", r, want, err)
	}
	if r := ktfleet(t, "verify", "--input", filepath.Join(out, "**", "*.ktz")); r.code != 0 || !strings.HasPrefix(r.stderr, "verified 4 files") {
		t.Errorf("verify: %+v", r)
	}
	if r := ktfleet(t, "restore", "--input", out, "--output", back); r.code != 0 {
		t.Errorf("restore: %+v", r)
	}
	for name, text := range files {
		if got := read(t, back, name); got != text {
			t.Errorf("%s: %d bytes, want %d", name, len(got), len(text))
		}
		was, _ := os.Stat(filepath.Join(in, name))
		is, err := os.Stat(filepath.Join(back, name))
		if err != nil || !is.ModTime().Equal(was.ModTime()) || is.Mode() != was.Mode() {
			t.Errorf("%s: %v, %v", name, is, err)
		}
	}
	for _, folder := range []string{out, back} {
		if left, _ := filepath.Glob(filepath.Join(folder, ".ktfleet*")); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

// TestDamagedFiles holds that damaged files are reported and skipped, with exit code 2.
func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	in, out, back := filepath.Join(dir, "in"), filepath.Join(dir, "out"), filepath.Join(dir, "back")
	write(t, in, map[string]string{"good": lines(1000), "flipped": lines(60_000), "cut": lines(1000)})
	if r := ktfleet(t, "compress", "--segment-size=64KiB", in, "--output", out); r.code != 0 {
		t.Fatalf("compress: %+v", r)
	}
	flipped := []byte(read(t, out, "flipped.ktz"))
	flipped[len(flipped)/2] ^= 1
	cut := read(t, out, "cut.ktz")
	write(t, out, map[string]string{"flipped.ktz": string(flipped), "cut.ktz": cut[:len(cut)/2], "empty.ktz": "", "other.txt": "text"})
	r := ktfleet(t, "verify", "--input", filepath.Join(out, "*.ktz"))
	for _, want := range []string{"segments are intact", "bytes are lost at", "flipped.ktz", "cut.ktz", "empty.ktz", "verified 1 files"} {
		if !strings.Contains(r.stderr, want) {
			t.Errorf("verify does not say %q: %s", want, r.stderr)
		}
	}
	if r.code != exitWarning {
		t.Errorf("verify: exit code %d", r.code)
	}
	if r := ktfleet(t, "list", "-q", "--input", out); r.code != exitWarning || !strings.Contains(r.stdout, "good.ktz") || r.stderr != "" {
		t.Errorf("list: %+v", r)
	}
	r = ktfleet(t, "restore", "--input", out, "--output", back)
	if r.code != exitWarning || read(t, back, "good") != lines(1000) || !strings.Contains(r.stderr, "other.txt: does not end in .ktz") {
		t.Errorf("restore: %+v", r)
	}
	if list, _ := os.ReadDir(back); len(list) != 1 {
		t.Errorf("restored: %v", list)
	}
}

// TestWrongCommandLines holds what is refused, with exit code 1, before anything is done.
func TestWrongCommandLines(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a": "a"})
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"wash"}, "there are compress, restore"},
		{[]string{"help", "wash"}, "unknown command"},
		{[]string{"compress"}, "no files given"},
		{[]string{"compress", dir}, "no folder given"},
		{[]string{"compress", "--inptu", dir}, "unknown option --inptu; see ktfleet compress --help"},
		{[]string{"compress", "-i", dir}, "unknown option -i;"},
		{[]string{"compress", "-9x", dir}, "unknown option -9x;"},
		{[]string{"compress", dir, "--worker", "4"}, "unknown option --worker;"},
		{[]string{"compress", dir, "--output"}, "--output needs a value"},
		{[]string{"compress", dir, "--workers", "many"}, `--workers: "many" is not a whole number`},
		{[]string{"compress", "-0", dir, "--output", dir}, "level"},
		{[]string{"compress", dir, "--output", dir, "--segment-size", "3"}, "segment size"},
		{[]string{"compress", dir, "--output", dir, "--like", filepath.Join(dir, "none")}, "--like"},
		{[]string{"compress", dir, "--output", dir, "--segment-time", "-1s"}, "--segment-time"},
		{[]string{"compress", dir, "--output", dir, "--workers", "-1"}, "--workers"},
		{[]string{"compress", dir, "--output", dir, "--runner", "horse"}, "--runner"},
		{[]string{"plans", dir, "--output", dir + "/x", "--judge", "-1"}, "--judge must be at least 0"},
		{[]string{"compress", dir, "--output", dir + "\xff"}, "is not UTF-8"},
		{[]string{"restore", dir}, "no folder given"},
		{[]string{"verify", dir, "--memory-limit", "0"}, "--memory-limit"},
		{[]string{"verify", dir, "--memory-limit", "1XB"}, "such as 128MiB"},
	} {
		if r := ktfleet(t, c.args...); r.code != exitError || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%q: %+v, want %q", c.args, r, c.want)
		}
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Errorf("left: %v", list)
	}
	for _, args := range [][]string{nil, {"--help"}, {"compress", "--help"}, {"list", "-h"}, {"help", "plans"}} {
		if r := ktfleet(t, args...); r.code != 0 || !strings.HasPrefix(r.stdout, "Usage: ktfleet") {
			t.Errorf("%q: %+v", args, r)
		}
	}
}
