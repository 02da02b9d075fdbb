package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/codec"
)

// TestPageComparesShortFiles holds that no other compressor is measured on files that are long.
func TestPageComparesShortFiles(t *testing.T) {
	for size, want := range map[int]int{0: 0, 1000: 1, maxCompared + 1: 0} {
		dir := t.TempDir()
		var b bytes.Buffer
		w, err := codec.NewWriter(&b, &codec.WriterConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.Write(make([]byte, size)); err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, "a.ktz")
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		a, _ := testApp(t, dir, "--report", filepath.Join(dir, "a.html"), name)
		compared, pages := 0, 0
		a.Views = &Views{
			Build: describe.Build,
			Page:  func(io.Writer, *describe.Report, string) error { pages++; return nil },
			Compare: func(context.Context, []byte, []Candidate, func(int, int, string)) ([]describe.Method, error) {
				compared++
				return nil, nil
			},
		}
		a.operands(a.opt.operands)
		if compared != want || pages != 1 || a.status.code() != 0 {
			t.Errorf("%d bytes: %d comparisons, want %d; %d pages, code %d", size, compared, want, pages, a.status.code())
		}
	}
}
