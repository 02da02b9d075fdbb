//go:build unix

package files

import (
	"errors"
	"strings"
	"syscall"
	"testing"
)

func TestOnlyRegularFilesOpen(t *testing.T) {
	base := t.TempDir()
	pipe := Join(base, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, Join(base, "f"), "x")
	for path, want := range map[string]error{pipe: errIrregular, base: errFolder, "/dev/null": errIrregular} {
		if _, err := Open(t.Context(), path); !errors.Is(err, want) || !strings.Contains(err.Error(), path) {
			t.Errorf("Open: %v, want %v", err, want)
		}
	}
	if found, err := Match(t.Context(), base); len(found) != 1 || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	if err := WriteFile(t.Context(), pipe, []byte("x"), false); !errors.Is(err, ErrExists) {
		t.Errorf("%v", err)
	}
}
