package cli

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// TestHolesReadAsNULs compares a file with holes with what was written.
func TestHolesReadAsNULs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		path := filepath.Join(t.TempDir(), "a")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		o := &output{name: "a", file: f, sparse: true}
		var want []byte
		for range r.IntN(12) {
			b := make([]byte, []int{1, 100, 4096, 32 << 10, 100_000}[r.IntN(5)]+r.IntN(3)-1)
			if r.IntN(2) == 0 && len(b) > 0 {
				b[r.IntN(len(b))] = 1
			}
			want = append(want, b...)
			for len(b) > 0 {
				k := 1 + r.IntN(len(b))
				if n, err := o.Write(b[:k]); n != k || err != nil {
					t.Fatal(n, err)
				}
				b = b[k:]
			}
		}
		if err := f.Truncate(o.size); err != nil {
			t.Fatal(err)
		}
		f.Close()
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, want %d (%v)", len(got), len(want), err)
		}
	}
}

func TestForeignGroupGetsNoMore(t *testing.T) {
	for mode, want := range map[fs.FileMode]fs.FileMode{
		0o664: 0o644, 0o660: 0o600, 0o777: 0o777, 0o755: 0o755, 0o674: 0o644, 0o606: 0o600, 0o707: 0o700, 0o000: 0o000,
	} {
		if got := withoutGroup(mode); got != want {
			t.Errorf("%04o: %04o, want %04o", mode, got, want)
		}
	}
}

func TestDescriptorPaths(t *testing.T) {
	for path, want := range map[string]int{
		"/dev/stdin": 0, "/dev/stdout": 1, "/dev//stdout": 1, "/dev/stderr": 2, "/dev/fd/1": 1, "/proc/self/fd/12": 12,
		"": -1, "-": -1, "stdout": -1, "dev/stdout": -1, "/dev/fd/x": -1, "/dev/fd/-1": -1, "/dev/null": -1, "/dev/fd": -1,
	} {
		if got := descriptor(path); got != want {
			t.Errorf("%q: %d, want %d", path, got, want)
		}
	}
}

func TestTemporaryNamesAreKnown(t *testing.T) {
	if name := temporaryName(); !isTemporary(name) || !isTemporary("d/"+name) {
		t.Error(name)
	}
	for _, name := range []string{"ktzip-ABCDEFGH2345.tmp", ".ktzip-ABCDEFGH234.tmp", ".ktzip-ABCDEFGH2345.tmp.ktz", ".ktzip-abcdefgh2345.tmp"} {
		if isTemporary(name) {
			t.Error(name)
		}
	}
}
