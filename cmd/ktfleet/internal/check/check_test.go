package check

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/codec"
)

func TestMain(m *testing.M) {
	beam.Init()
	os.Exit(m.Run())
}

// compressed returns the compressed file of b.
func compressed(t *testing.T, b []byte, cfg *codec.WriterConfig) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := codec.NewWriter(&out, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// run does the work of c with the files in folder, and returns the results by their names.
func run(t *testing.T, c *Config, in *input.Config) map[string]job.Result {
	t.Helper()
	o := &job.Options{Runner: job.Prism, Temp: t.TempDir(), Stderr: t.Output()}
	list, err := job.Run(t.Context(), "test", o, func(s beam.Scope) (beam.PCollection, error) { return Pipeline(s, in, c), nil })
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]job.Result{}
	for _, r := range list {
		all[filepath.Base(r.Path)] = r
	}
	return all
}

// put writes files into a new folder.
func put(t *testing.T, list map[string][]byte) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, b := range list {
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestMemoryLimit holds that all work refuses files that need more memory than allowed, and says so.
func TestMemoryLimit(t *testing.T) {
	folder := put(t, map[string][]byte{
		"small.ktz": compressed(t, []byte("text"), nil),
		"large.ktz": compressed(t, make([]byte, 3<<20), &codec.WriterConfig{SegmentSize: 2 << 20}),
	})
	for what, kind := range map[string]string{Restore: input.Restored, Verify: input.None, List: input.None} {
		c := &Config{What: what, MemoryLimit: 5 << 20, Workers: 2}
		results := run(t, c, &input.Config{Patterns: []string{folder}, Kind: kind, Output: filepath.Join(t.TempDir(), "out")})
		if r := results["small.ktz"]; r.Error != "" || r.Out != 4 {
			t.Errorf("%s: %+v", what, r)
		}
		if r := results["large.ktz"]; !strings.Contains(r.Error, "memory") {
			t.Errorf("%s: %+v", what, r)
		}
	}
}

// TestPanic holds that a panic costs one file.
func TestPanic(t *testing.T) {
	const what = "panic"
	works[what] = func(_ context.Context, _ *Config, f *input.File, r *job.Result) error {
		if f.Name() == "bad" {
			panic("a fault")
		}
		r.Out = f.Size
		return nil
	}
	defer delete(works, what)
	folder := put(t, map[string][]byte{"a": {1}, "bad": {1, 2}, "c": {1, 2, 3}})
	results := run(t, &Config{What: what}, &input.Config{Patterns: []string{folder}, Kind: input.None})
	for name, want := range map[string]job.Result{"a": {Out: 1}, "bad": {Error: "panic: a fault"}, "c": {Out: 3}} {
		if r := results[name]; r.Error != want.Error || r.Out != want.Out {
			t.Errorf("%s: %+v, want %+v", name, r, want)
		}
	}
}

// TestListIsSmall holds that the list of a file has its headers, of which there may be many, only if asked for.
func TestListIsSmall(t *testing.T) {
	const files = 1000
	folder := put(t, map[string][]byte{"many.ktz": bytes.Repeat(compressed(t, nil, nil), files)})
	for _, headers := range []bool{false, true} {
		results := run(t, &Config{What: List, Headers: headers}, &input.Config{Patterns: []string{folder}, Kind: input.None})
		var l Listed
		if err := json.Unmarshal(results["many.ktz"].Details, &l); err != nil {
			t.Fatal(err)
		}
		if got := len(l.List.Headers); got != map[bool]int{true: files}[headers] {
			t.Errorf("headers %v: %d", headers, got)
		}
	}
}
