package job

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
)

func TestMain(m *testing.M) {
	beam.Init()
	os.Exit(m.Run())
}

func init() {
	beam.RegisterFunction(results)
	beam.RegisterFunction(fails)
}

// results emits the results of two files, one of which is skipped.
func results(ctx context.Context, _ []byte, emit func(string)) {
	skipped := Result{Path: "a", Notes: []string{"look"}}
	for _, r := range []Result{{Path: "b", In: 3, Out: 1, Segments: 1}, skipped.Failed(errors.New("is bad"))} {
		r.Count().Add(ctx)
		emit(r.Line())
	}
}

// fails is a pipeline's fault.
func fails(context.Context, []byte, func(string)) error { return errors.New("the disk is gone") }

// TestLostResults holds that a run whose workers see another folder does not pass for one without files.
func TestLostResults(t *testing.T) {
	for _, text := range []string{"", `{"path":"a"}`} {
		path := t.TempDir() + "/results"
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if got, err := readResults(t.Context(), path); !errors.Is(err, errLost) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if got, err := readResults(t.Context(), t.TempDir()+"/results"); !errors.Is(err, errLost) {
		t.Errorf("no file: %v, %v", got, err)
	}
}

// none emits nothing.
func none([]byte, func(string)) {}

func init() { beam.RegisterFunction(none) }

// TestRun holds which results and errors a run has.
func TestRun(t *testing.T) {
	before, _ := here(t.Context())
	for _, c := range []struct {
		name string
		do   any
		want []string // paths
		err  string
	}{
		{"results", results, []string{"a", "b"}, ""},
		{"none", none, nil, ""},
		{"fails", fails, nil, "the disk is gone"},
	} {
		o := &Options{Runner: Prism, Temp: t.TempDir(), Stderr: t.Output()}
		got, err := Run(context.Background(), c.name, o, func(s beam.Scope) (beam.PCollection, error) {
			return beam.ParDo(s, c.do, beam.Impulse(s)), nil
		})
		var paths []string
		for _, r := range got {
			paths = append(paths, r.Path)
		}
		if !slices.Equal(paths, c.want) || (err == nil) != (c.err == "") {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
		if err != nil && (!strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: the error is not brief, or does not say %q: %v", c.name, c.err, err)
		}
		if c.name == "results" && (got[0].Error != "is bad" || !slices.Equal(got[0].Notes, []string{"look"})) {
			t.Errorf("%+v", got[0])
		}
	}
	after, _ := here(t.Context())
	want := before
	want.Files, want.Failed, want.In, want.Out, want.Segments = want.Files+1, want.Failed+1, want.In+3, want.Out+1, want.Segments+1
	if after != want {
		t.Errorf("counted %+v, want %+v", after, want)
	}
}
