package dsl

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ktzip/ktzip/container"
)

// goldenSections returns the sections of the golden files.
func goldenSections(t testing.TB) (sections [][]byte) {
	t.Helper()
	names, err := filepath.Glob("../container/testdata/golden/*/*.ktz")
	if err != nil || len(names) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for r := container.NewReader(bytes.NewReader(file)); ; {
			var s container.Segment
			h, err := r.Next(&s)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(name, err)
			}
			if h == nil {
				sections = append(sections, s.Programs)
			}
		}
	}
	return sections
}

// TestGoldenPlans reads the plan of every golden segment, and writes the same bits.
func TestGoldenPlans(t *testing.T) {
	plans := 0
	for _, section := range goldenSections(t) {
		p, err := NewDecoder(section).Plan()
		if err != nil {
			t.Fatal(err)
		}
		if !p.IsIdentity() {
			plans++
		}
		e := NewEncoder()
		e.Plan(p)
		if got := e.Finish(); len(got) > 1 && !bytes.HasPrefix(section, got[:len(got)-1]) {
			t.Errorf("%s\nwritten as %x, read from %x", p, got, section)
		}
	}
	if plans == 0 {
		t.Error("no plan but the identity")
	}
}
