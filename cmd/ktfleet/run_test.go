package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
)

// TestOutputFolders holds which files below the output folder are inputs: those that the patterns are about,
// not those of an earlier run that a pattern comes across.
func TestOutputFolders(t *testing.T) {
	for _, c := range []struct {
		name, in, out, want string
		others              []string // that are there before
	}{
		{"beside", "d", "out", "out/a.ktz", nil},
		{"around", "d", ".", "a.ktz", nil},
		{"same", "d", "d", "d/a.ktz", nil},
		{"within", "d", "d/out", "d/out/a.ktz", []string{"d/out/b"}},
		{"named", "d/out/b", "d/out", "d/out/b.ktz", []string{"d/out/b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, ".", map[string]string{"d/a": "x"})
			for _, name := range c.others {
				write(t, ".", map[string]string{name: "y"})
			}
			r := ktfleet(t, "compress", "--input", c.in, "--output", c.out)
			if r.code != 0 || !strings.HasPrefix(r.stderr, "compressed 1 files") || read(t, c.want) == "" {
				t.Errorf("%+v, %s: %d bytes", r, c.want, len(read(t, c.want)))
			}
		})
	}
}

// TestOneRunAtATime holds that a second run of a command does not touch what the first one has not
// completed, and that no lock is left.
func TestOneRunAtATime(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	write(t, in, map[string]string{"a": "x"})
	key := keyOf("-6", "", in)
	args := []string{"compress", "--input", in, "--output", out}
	if r := ktfleet(t, args...); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	part := filepath.Join(out, files.TemporaryPrefix+key, "part")
	write(t, "", map[string]string{part: "x"})
	unlock, err := files.Lock(filepath.Join(out, files.TemporaryPrefix+key+lockSuffix))
	if err != nil {
		t.Fatal(err)
	}
	if r := ktfleet(t, args...); r.code != exitError || !strings.Contains(r.stderr, "another run") || read(t, part) == "" {
		t.Errorf("while another runs: %+v", r)
	}
	unlock()
	if r := ktfleet(t, append(args, "--force")...); r.code != 0 || read(t, part) != "" {
		t.Errorf("after it: %+v", r)
	}
	if list, _ := os.ReadDir(out); len(list) != 1 {
		t.Errorf("left: %v", list)
	}
}

// TestTemporaryFolder holds that nothing is left in the folder for temporary files, and what a missing one
// gives.
func TestTemporaryFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"in/a": "x", "file": "x"})
	temporary := filepath.Join(dir, "temporary")
	if err := os.Mkdir(temporary, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temporary)
	out := filepath.Join(dir, "out")
	for _, args := range [][]string{{"compress", filepath.Join(dir, "in"), "--output", out}, {"verify", out}} {
		if r := ktfleet(t, args...); r.code != 0 {
			t.Errorf("%q: %+v", args, r)
		}
	}
	if list, _ := os.ReadDir(temporary); len(list) > 0 {
		t.Errorf("left: %v", list)
	}
	t.Setenv("TMPDIR", filepath.Join(dir, "file"))
	if r := ktfleet(t, "verify", out); r.code != exitError || !strings.Contains(r.stderr, "not a directory") {
		t.Errorf("no such folder: %+v", r)
	}
}

// TestValuesWithDashes holds that the value of a flag is none of ktzip's options.
func TestValuesWithDashes(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".", map[string]string{"-9": "x", "-1": "y"})
	r := ktfleet(t, "compress", "--input", "-9", "--output", "-n", "--workers=1", "--", "-1")
	if r.code != 0 || read(t, "-n", "-9.ktz") == "" || read(t, "-n", "-1.ktz") == "" {
		t.Errorf("%+v", r)
	}
}

// A fullDisk takes nothing.
type fullDisk struct{}

// Write implements io.Writer.
func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space") }

// TestStandardOutput holds that the exit code tells of what could not be printed.
func TestStandardOutput(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a": "x"})
	if r := ktfleet(t, "compress", "--input", dir, "--output", filepath.Join(dir, "out")); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	for _, args := range [][]string{{"--help"}, {"verify", "--help"}, {"list", dir + "/out"}, {"list", "--json", dir + "/out"}} {
		var stderr bytes.Buffer
		if code := Main(args, fullDisk{}, &stderr); code != exitError || !strings.Contains(stderr.String(), "no space") {
			t.Errorf("%q: exit code %d, %s", args, code, stderr.String())
		}
	}
}

// TestHostileNames holds that no name of a file reaches the terminal as it is.
func TestHostileNames(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"in/\x1b[2J\n.ktz": "x", "in/\x1b]0;b\a": "x"})
	r := ktfleet(t, "compress", "-v", "--input", filepath.Join(dir, "in"), "--output", filepath.Join(dir, "out"))
	if r.code != exitWarning || strings.ContainsAny(r.stderr, "\x1b\a") || !strings.Contains(r.stderr, `\x1b[2J\n.ktz"`) {
		t.Errorf("%+v", r)
	}
	if read(t, dir, "out", "\x1b]0;b\a.ktz") == "" {
		t.Error("not compressed")
	}
}
