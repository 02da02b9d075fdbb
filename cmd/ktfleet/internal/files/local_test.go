package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// localNames returns the files below a folder, temporary ones too.
func localNames(base string) (list []string, err error) {
	err = filepath.WalkDir(base, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return err
	})
	return list, err
}

// TestFilesWithoutSize holds that a file of which the system does not know the size is not taken for empty.
func TestFilesWithoutSize(t *testing.T) {
	const path = "/proc/self/status"
	if _, err := os.Stat(path); err != nil {
		t.Skip(err)
	}
	if f, err := Open(t.Context(), path); !errors.Is(err, errUnsized) {
		t.Errorf("%v, %v", f, err)
	}
}

func TestLock(t *testing.T) {
	path := Join(t.TempDir(), "folder/lock")
	for range 2 {
		unlock, err := Lock(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Lock(path); !errors.Is(err, errLocked) {
			t.Errorf("a second lock: %v", err)
		}
		unlock()
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("left: %v", err)
		}
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	base := t.TempDir()
	put(t, Join(base, "d/f"), "x")
	put(t, Join(base, "far/g"), "x")
	for link, to := range map[string]string{"d/circle": ".", "d/far": "../far", "d/file": "f", "d/nothing": "no", "link": "d"} {
		if err := os.Symlink(to, Join(base, link)); err != nil {
			t.Fatal(err)
		}
	}
	for pattern, want := range map[string]string{
		"/d":       "/d/f",
		"/d/*":     "/d/f",
		"/d/**":    "/d/f",
		"/**/f":    "/d/f",
		"/link":    "/link/f", // the pattern names this one
		"/link/*":  "/link/f",
		"/d/file":  "/d/file",
		"/d/far/g": "/d/far/g",
	} {
		found, err := Match(t.Context(), base+pattern)
		if err != nil || len(found) != 1 || found[0].Path != base+want {
			t.Errorf("%s: %v, %v, want %s", pattern, found, err, want)
		}
	}
	for _, path := range []string{"d/circle", "d/nothing"} {
		if exists, err := Exists(t.Context(), Join(base, path)); !exists || err != nil {
			t.Errorf("%s: %v, %v", path, exists, err)
		}
	}
	if err := WriteFile(t.Context(), Join(base, "d/nothing"), nil, false); err == nil {
		t.Error("a link to nothing is replaced")
	}
}

func TestNamesOfAnyBytesMatch(t *testing.T) {
	base := t.TempDir()
	for _, name := range []string{"new\nline", "\xff\xfe/\xff", " ", "-f", "[a]/b", strings.Repeat("n", 255)} {
		put(t, Join(base, name), name)
		for _, pattern := range []string{Join(base, name), base + "/**/" + filepath.Base(name)} {
			if strings.Contains(pattern, "[") {
				continue
			}
			found, err := Match(t.Context(), pattern)
			if err != nil || len(found) != 1 || get(t, found[0].Path) != name {
				t.Errorf("%q: %v, %v", pattern, found, err)
			}
		}
	}
	if found, err := Match(t.Context(), base); len(found) != 6 || err != nil {
		t.Errorf("%v, %v", found, err)
	}
}

func TestPatternsOfTheWorkingFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "a.csv", "x")
	put(t, "d/b.csv", "x")
	for pattern, want := range map[string]string{
		".": "a.csv d/b.csv", "./": "a.csv d/b.csv", "*.csv": "a.csv", "**/*.csv": "a.csv d/b.csv", "./*.csv": "a.csv",
		"d": "d/b.csv", "./d": "./d/b.csv", "d//*.csv": "d/b.csv", "*//b.csv": "d/b.csv", "../*/a.csv": "../x/a.csv",
	} {
		found, err := Match(t.Context(), pattern)
		var paths []string
		for _, f := range found {
			paths = append(paths, f.Path)
		}
		here, _ := os.Getwd()
		want = strings.Replace(want, "/x/", "/"+filepath.Base(here)+"/", 1)
		if got := strings.Join(paths, " "); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", pattern, got, err, want)
		}
	}
}

func TestMatchGoesOnWhereAFolderIsUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads every folder")
	}
	base := t.TempDir()
	put(t, Join(base, "a"), "x")
	put(t, Join(base, "closed/b"), "x")
	put(t, Join(base, "d/c"), "x")
	os.Chmod(Join(base, "closed"), 0)
	defer os.Chmod(Join(base, "closed"), 0o700)
	found, err := Match(t.Context(), base)
	if len(found) != 2 || err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("%v, %v", found, err)
	}
}

// TestVanishedFoldersAreEmpty looks into a folder that was there a moment ago.
func TestVanishedFoldersAreEmpty(t *testing.T) {
	base := t.TempDir()
	put(t, Join(base, "a"), "x")
	w := &walk{ctx: t.Context(), p: everything(base)}
	w.folder("vanished")
	w.folder("")
	if len(w.found) != 1 || len(w.errs) != 0 {
		t.Errorf("%v, %v", w.found, w.errs)
	}
}

func TestShortenedFilesAreErrors(t *testing.T) {
	path := Join(t.TempDir(), "f")
	put(t, path, noise(1000))
	f := openTest(t, path)
	if err := os.Truncate(path, 500); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, f.Reader(0)); n != 500 || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), path) {
		t.Errorf("%d bytes, %v", n, err)
	}
	if n, err := f.ReadAt(make([]byte, 1000), 0); n != 500 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestOutputsHaveModesAndTimes(t *testing.T) {
	base := t.TempDir()
	when := time.Date(2021, 3, 4, 5, 6, 7, 89, time.UTC)
	tests := []struct {
		at   Attributes
		mode fs.FileMode
	}{
		{Attributes{}, 0o666 &^ mask},
		{Attributes{Mode: 0o640, HasMode: true, ModTime: when}, 0o640},
		{Attributes{Mode: fs.ModeSetuid | 0o777, HasMode: true}, 0o777},
		{Attributes{Mode: 0, HasMode: true}, 0},
		{Attributes{ModTime: time.Unix(1<<62, 0)}, 0o666 &^ mask},
	}
	for i, tt := range tests {
		o := create(t, Join(base, fmt.Sprint(i)), false)
		temp, err := os.Stat(o.sink.(*localSink).temp)
		if err != nil || temp.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", temp, err)
		}
		if err := o.Commit(tt.at); err != nil {
			t.Fatal(err)
		}
		is, err := os.Stat(o.path)
		if err != nil || is.Mode() != tt.mode {
			t.Errorf("mode %v, %v, want %v", is.Mode(), err, tt.mode)
		}
		if tt.at.ModTime == when && !is.ModTime().Equal(when) {
			t.Errorf("time %v", is.ModTime())
		}
	}
}

// TestFullDiskLeavesNothing writes to a device that is always full.
func TestFullDiskLeavesNothing(t *testing.T) {
	base := t.TempDir()
	for _, ask := range []string{"Write", "Commit"} {
		path := Join(base, ask)
		o := create(t, path, true)
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip("no full device here")
		}
		s := o.sink.(*localSink)
		s.file.Close()
		s.file = full
		_, err = o.Write([]byte("x"))
		if ask == "Commit" {
			err = o.Commit(Attributes{})
		}
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), path) {
			t.Errorf("%v", err)
		}
		o.Abandon()
	}
	if list, _ := localNames(base); len(list) > 0 {
		t.Errorf("%q", list)
	}
}

func TestCreateNamesWhatIsInTheWay(t *testing.T) {
	base := t.TempDir()
	put(t, Join(base, "f"), "x")
	os.Mkdir(Join(base, "d"), 0o700)
	for _, path := range []string{"/f/g", "/" + strings.Repeat("n", 300), "/x/", "/d"} {
		for _, replace := range []bool{false, true} {
			err := WriteFile(t.Context(), base+path, []byte("x"), replace)
			if err == nil || !strings.Contains(err.Error(), base+path) || strings.Contains(err.Error(), TemporaryPrefix) {
				t.Errorf("%v", err)
			}
		}
	}
	if list, _ := localNames(base); len(list) != 1 {
		t.Errorf("%q", list)
	}
}

// TestRenameWithoutLinks holds on file systems that have no links.
func TestRenameWithoutLinks(t *testing.T) {
	base := t.TempDir()
	for i, want := range []error{nil, fs.ErrExist} {
		temp := Join(base, fmt.Sprint(i))
		put(t, temp, "x")
		s := &localSink{temp: temp, path: Join(base, "f")}
		if err := s.renameNew(errors.ErrUnsupported); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}
