package dsltest

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
)

// A GoldenSegment is a segment of a golden file, and the bytes that it restores to.
type GoldenSegment struct {
	container.Segment
	Edition  int // of its section
	Restored []byte
}

// Golden returns the segments with a section of the golden files of a version of the format. root is the
// path to the root of the module.
func Golden(t testing.TB, root, version string) (segments []GoldenSegment) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(root, "container/testdata/golden", version, "*.ktz"))
	if err != nil || len(names) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		restored, err := os.ReadFile(strings.TrimSuffix(name, ".ktz") + ".raw")
		if err != nil {
			t.Fatal(err)
		}
		edition := 0
		for r := container.NewReader(bytes.NewReader(file)); ; {
			var s container.Segment
			h, err := r.Next(&s)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(name, err)
			}
			if h != nil {
				edition = h.Edition()
			} else {
				if len(s.Programs) > 0 {
					segments = append(segments, GoldenSegment{s, edition, restored[:s.Size]})
				}
				restored = restored[s.Size:]
			}
		}
	}
	return segments
}
