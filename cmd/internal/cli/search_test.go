package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// A noFinder finds nothing and counts the blocks that it is asked about.
type noFinder struct{ blocks int }

func (f *noFinder) Promising([]byte) bool { f.blocks++; return false }

func (f *noFinder) Find(_ context.Context, _ []byte, _, _ int, limits []dsl.Cost, _ int64) ([]*dsl.Program, int64) {
	return make([]*dsl.Program, len(limits)), 0
}

// searching returns an app that compresses the files a and b with search, and the file that
// gets its messages.
func searching(t *testing.T, search func(SearchOptions) (*codec.WriterConfig, Notes, error), args ...string) (*app, *os.File) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"a", "b"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, noise(1000), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	a, messages := testApp(t, dir, args...)
	a.Search = search
	if err := a.startSearch(); err != nil {
		t.Fatal(err)
	}
	a.operands(a.opt.operands)
	return a, messages
}

// TestSearchGetsOptions holds that a Search is told what the flags say, and that files are
// compressed with what it returns.
func TestSearchGetsOptions(t *testing.T) {
	var got SearchOptions
	finder := &noFinder{}
	a, _ := searching(t, func(o SearchOptions) (*codec.WriterConfig, Notes, error) {
		got = o
		return &codec.WriterConfig{Level: o.Level, Finder: finder}, Notes{}, nil
	}, "-9", "-T1", "--model", "weights")
	if want := (SearchOptions{Level: 9, How: SearchBoth, Model: "weights", Device: "auto"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if cfg := a.writerConfig(); a.status.code() != 0 || finder.blocks == 0 || cfg.Level != 9 || cfg.Threads != 1 {
		t.Errorf("code %d, %d blocks, %+v", a.status.code(), finder.blocks, cfg)
	}
}

// TestLostDeviceIsToldOnce holds that there is one warning, however many files follow, if
// the search gives up its device.
func TestLostDeviceIsToldOnce(t *testing.T) {
	a, messages := searching(t, func(o SearchOptions) (*codec.WriterConfig, Notes, error) {
		return &codec.WriterConfig{}, Notes{Err: func() error { return errors.New("cuda: the GPU is lost") }}, nil
	})
	text, err := os.ReadFile(messages.Name())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(text), "ktzip: cuda: the GPU is lost; the processor took over\n"; got != want || a.status.code() != exitWarning {
		t.Errorf("code %d, got %q, want %q", a.status.code(), got, want)
	}
}

// TestSearchTellsOnlyIfAsked holds that only -v prints what the search runs on, and that -q
// hides warnings.
func TestSearchTellsOnlyIfAsked(t *testing.T) {
	for flag, want := range map[string]string{
		"-k": "ktzip: no model\n",
		"-v": "ktzip: no model\nktzip: runs on the processor\n",
		"-q": "",
	} {
		a, messages := searching(t, func(SearchOptions) (*codec.WriterConfig, Notes, error) {
			return &codec.WriterConfig{}, Notes{Warning: "no model", Verbose: "runs on the processor"}, nil
		}, flag)
		text, err := os.ReadFile(messages.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), want) || want == "" && len(text) > 0 || a.status.code() != exitWarning {
			t.Errorf("%s: code %d, %q", flag, a.status.code(), text)
		}
	}
}
