package input

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// matched runs match, and returns the names in each batch, those of the large files, and the results.
func matched(t *testing.T, c *Config) (batches [][]string, large, results []string) {
	t.Helper()
	m := &match{*c}
	m.ProcessElement(context.Background(), nil, func(b Batch) {
		var names []string
		for i := range b.Files {
			names = append(names, b.Files[i].Name())
		}
		batches = append(batches, names)
	}, func(f File) { large = append(large, f.Name()) }, func(line string) { results = append(results, line) })
	return batches, large, results
}

// TestBatches holds how files are batched: by their number, and by their bytes.
func TestBatches(t *testing.T) {
	folder := t.TempDir()
	put := func(name string, size int64) {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
	for i := range batchFiles + 2 {
		put(fmt.Sprintf("a%03d", i), 1)
	}
	put("b", batchBytes-1)
	put("c", batchBytes)
	put("d", batchBytes+1)
	put("e", 1)
	batches, large, results := matched(t, &Config{Patterns: []string{folder}, Kind: None, Small: batchBytes})
	var sizes []int
	for _, b := range batches {
		sizes = append(sizes, len(b))
	}
	if !slices.Equal(sizes, []int{batchFiles, 2, 1, 1, 1}) || !slices.Equal(large, []string{"d"}) || len(results) > 0 {
		t.Errorf("batches of %d files, large %q, results %q", sizes, large, results)
	}
}

// TestOutputs holds which files are skipped because of their outputs, whatever their order in time.
func TestOutputs(t *testing.T) {
	folder := t.TempDir()
	in := filepath.Join(folder, "in")
	out := filepath.Join(in, "out")
	for _, name := range []string{"in/a", "in/b", "in/c.ktz", "in/old", "other/a", "in/out/old.ktz", "in/out/own"} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name    string
		config  Config
		want    []string
		skipped []string // parts of the results
	}{
		{"none", Config{}, []string{"a", "b"}, []string{"has the suffix", "exists already", "has the same output"}},
		{"resume", Config{Resume: true}, []string{"a", "b"}, []string{"has the suffix", "has the same output"}},
		{"force", Config{Force: true}, []string{"a", "b", "old"}, []string{"has the suffix", "has the same output"}},
	} {
		c.config.Patterns, c.config.Kind, c.config.Output = []string{in, in + "/*", filepath.Join(folder, "other")}, Compressed, out
		c.config.Small = batchBytes
		batches, _, results := matched(t, &c.config)
		got := slices.Sorted(slices.Values(slices.Concat(batches...)))
		if !slices.Equal(got, c.want) || len(results) != len(c.skipped) {
			t.Errorf("%s: %q, results %q", c.name, got, results)
		}
		for _, want := range c.skipped {
			if !strings.Contains(strings.Join(results, "\n"), want) {
				t.Errorf("%s: no result says %q: %q", c.name, want, results)
			}
		}
	}
}

// TestStream holds that a file that is not the one that was found is not read.
func TestStream(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	var found File
	m := &match{Config{Patterns: []string{path}, Kind: None}}
	m.ProcessElement(t.Context(), nil, nil, func(f File) { found = f }, nil)
	if b, err := found.Section(t.Context(), 1, 2); err != nil || string(b) != "ex" {
		t.Errorf("%q, %v", b, err)
	}
	if err := os.WriteFile(path, []byte("texts"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := found.Stream(t.Context(), nil); err != errChanged {
		t.Error(err)
	}
	if _, err := found.Section(t.Context(), 0, 1); err != errChanged {
		t.Error(err)
	}
}
