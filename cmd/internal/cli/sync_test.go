package cli

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestSyncComesFirst holds that the output is on disk before it gets its name, and the name
// before the source is removed.
func TestSyncComesFirst(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, ""},
		{[]string{"--rm"}, "a: temporary, folder: a a.ktz"},
		{[]string{"--synchronous"}, "a: temporary, folder: a a.ktz"},
		{[]string{"--rm", "-f"}, "a: temporary, folder: a a.ktz"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "a")
		if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
		a, _ := testApp(t, t.TempDir(), append(c.args, path)...)
		log := []string{}
		a.sync = func(f *os.File) error {
			info, err := f.Stat()
			if err != nil {
				return err
			}
			what := "a:"
			if info.IsDir() {
				what = "folder:"
			}
			entries, err := os.ReadDir(dir)
			for _, e := range entries {
				switch {
				case !isTemporary(e.Name()) && info.IsDir():
					what += " " + e.Name()
				case isTemporary(e.Name()):
					what += " temporary"
				}
			}
			log = append(log, what)
			return errors.Join(err, f.Sync())
		}
		a.operands(a.opt.operands)
		if got := strings.Join(log, ", "); a.status.code() != 0 || got != c.want {
			t.Errorf("%v: %s, want %s", c.args, got, c.want)
		}
		if _, err := os.Stat(path); (err != nil) != slices.Contains(c.args, "--rm") {
			t.Errorf("%v: %v", c.args, err)
		}
	}
}

// TestFailingDiskKeepsSource holds that the source stays unless the output is on disk.
func TestFailingDiskKeepsSource(t *testing.T) {
	for failing := range 2 {
		for _, c := range []struct {
			err  error
			code int
		}{{syscall.EIO, exitError}, {syscall.ENOSPC, exitError}, {syscall.EINVAL, 0}} {
			dir := t.TempDir()
			path := filepath.Join(dir, "a")
			if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
				t.Fatal(err)
			}
			a, _ := testApp(t, t.TempDir(), "--rm", path)
			calls := 0
			a.sync = func(*os.File) error {
				calls++
				if calls-1 == failing {
					return &os.PathError{Op: "sync", Path: path, Err: c.err}
				}
				return nil
			}
			a.operands(a.opt.operands)
			if a.status.code() != c.code {
				t.Errorf("call %d, %v: code %d", failing, c.err, a.status.code())
			}
			if _, err := os.Stat(path); (err == nil) != (c.code != 0) {
				t.Errorf("call %d, %v: source: %v", failing, c.err, err)
			}
		}
	}
}
