package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/tool"
)

// TestExpandUndoesBare holds that --expand puts back the sequences that --bare leaves out.
func TestExpandUndoesBare(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bare")
	bare := ktgen(t, "--count", "700", "--packed", "--bare", "--longest", "300")
	if err := os.WriteFile(file, bare, 0o666); err != nil {
		t.Fatal(err)
	}
	whole := ktgen(t, "--count", "700", "--packed", "--longest", "300")
	if got := ktgen(t, "--expand", file, "--packed"); !bytes.Equal(got, whole) {
		t.Errorf("%d bytes of pairs, not the %d that were drawn", len(got), len(whole))
	}
	if 2*len(bare) > len(whole) {
		t.Errorf("%d bytes without sequences, %d with them", len(bare), len(whole))
	}
	for name, data := range map[string][]byte{"cut": bare[:len(bare)-3], "a cut head": bare[:2], "with sequences": whole, "no program": {1, 0, 0, 0, 5, 0}} {
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		if code := tool.Run(t.Context(), &options{}, []string{"--expand", file, "--packed"}, io.Discard, io.Discard); code != 1 {
			t.Errorf("%s: exit %d", name, code)
		}
	}
}
