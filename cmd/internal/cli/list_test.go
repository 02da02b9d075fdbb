package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/describe"
)

// TestListingPrintsWhatListPrints holds that a Listing of Lists that went through JSON prints what -l
// prints, with and without -q.
func TestListingPrintsWhatListPrints(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for name, size := range map[string]int{"a": 0, "b\xff": 1000, "c\x1b": 5000} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, noise(size), 0o600); err != nil {
			t.Skip(err) // some systems hold UTF-8 alone
		}
		a, _ := testApp(t, dir, "-1", path)
		a.operands(a.opt.operands)
		paths = append(paths, path+Suffix)
	}
	for _, n := range []int{1, 3} {
		for _, quiet := range []bool{false, true} {
			args := append([]string{"-l"}, paths[:n]...)
			if quiet {
				args = append(args, "-q")
			}
			a, out := testApp(t, t.TempDir(), args...)
			a.listing.NoHeading = quiet
			a.operands(a.opt.operands)
			want, err := os.ReadFile(out.Name())
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			listing := Listing{NoHeading: quiet}
			for _, path := range paths[:n] {
				listing.Add(&got, listOf(t, path))
			}
			listing.End(&got)
			if got.String() != string(want) || !strings.Contains(got.String(), ".ktz") {
				t.Errorf("%d files: got\n%swant\n%s", n, got.String(), want)
			}
		}
	}
}

// listOf returns a List of the file at path, after JSON.
func listOf(t *testing.T, path string) *describe.List {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	a, _ := testApp(t, t.TempDir(), "-l")
	l, err := a.inspect(&source{name: path, path: path, file: f, info: info}, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	again := new(describe.List)
	if err := json.Unmarshal(b, again); err != nil {
		t.Fatal(err)
	}
	again.Time = l.Time
	return again
}
