package compress

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/memfs"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/plans"
)

// A faulty Planner calls fault before each search.
type faulty struct {
	codec.Planner
	fault func(ctx context.Context, src []byte)
}

func (p *faulty) Plans(ctx context.Context, src []byte, cost func([]byte) int) []*dsl.Program {
	p.fault(ctx, src)
	return p.Planner.Plans(ctx, src, cost)
}

// faults counts the Planners of tests, so that each test has a coding of its own.
var faults atomic.Int64

// breakSearch makes the searches of f call fault first.
func (f *fleet) breakSearch(fault func(ctx context.Context, src []byte)) {
	f.use(func(c *codec.WriterConfig) { c.Planner = &faulty{plans.New(1), fault} })
}

// TestPanic holds that a worker that panics amid a bundle loses nothing, and does nothing twice: the segment,
// or the file, is coded without a search, and said so. All others are coded as always.
func TestPanic(t *testing.T) {
	f := newFleet(t, map[string][]byte{"a": samples(9_000_000, 1), "b": samples(500_000, 2), "c": samples(400_000, 3)})
	normal := newFleet(t, map[string][]byte{"c": samples(400_000, 3)})
	normal.run()
	var panics atomic.Int64
	f.breakSearch(func(_ context.Context, src []byte) {
		if bytes.HasPrefix(src, samples(100, 2)) || len(src) == 1<<20 && panics.Add(1) == 1 {
			panic("a fault")
		}
	})
	results := f.run()
	for name, want := range map[string]string{"a": "segment at byte", "b": "panic: a fault", "c": ""} {
		r := results[name]
		if notes := strings.Join(r.Notes, "\n"); r.Error != "" || !strings.Contains(notes, want) || want == "" && notes != "" {
			t.Errorf("%s: error %q, notes %q, want %q", name, r.Error, notes, want)
		}
		f.restores(name)
	}
	if !bytes.Equal(f.output("c"), normal.output("c")) {
		t.Errorf("c has %d bytes, %d without faults elsewhere", len(f.output("c")), len(normal.output("c")))
	}
}

// A bordering Planner panics when a file is cut.
type bordering struct{ codec.Planner }

func (bordering) Border([]byte, int, bool) int { panic("a fault") }

// TestPanicOfCutting holds that such a file alone is skipped or, if it is small, compressed without a search.
func TestPanicOfCutting(t *testing.T) {
	f := newFleet(t, map[string][]byte{"a": samples(9_000_000, 1), "b": text(2_000_000, 2)})
	f.use(func(c *codec.WriterConfig) { c.Planner = bordering{c.Planner} })
	results := f.run()
	if r := results["a"]; r.Error != "panic: a fault" || f.output("a") != nil {
		t.Errorf("%+v", r)
	}
	if r := results["b"]; r.Error != "" || !strings.Contains(strings.Join(r.Notes, "\n"), "panic: a fault; it was coded without a search") {
		t.Errorf("%+v", r)
	}
	f.restores("b")
}

// A slow Mixer never comes to an end.
type slow struct{ codec.Mixer }

func (slow) Plans(ctx context.Context, _ []byte, _ *dsl.Program) []dsl.Proposal {
	<-ctx.Done()
	return nil
}

// TestSlowPredictors holds that coding without a search does not search for predictors either.
func TestSlowPredictors(t *testing.T) {
	f := newFleet(t, map[string][]byte{"a": samples(9_000_000, 1), "b": samples(500_000, 2)}, "-1", "--mix")
	f.SegmentTime = 100 * time.Millisecond
	f.use(func(c *codec.WriterConfig) { c.Mixer = slow{c.Mixer} })
	for name, r := range f.run() {
		if r.Error != "" || !strings.Contains(strings.Join(r.Notes, "\n"), withoutSearch) {
			t.Errorf("%s: error %q, notes %q", name, r.Error, r.Notes)
		}
		f.restores(name)
	}
}

// TestSlowSegment holds that a segment whose search takes too long is coded without one.
func TestSlowSegment(t *testing.T) {
	f := newFleet(t, map[string][]byte{"a": samples(9_000_000, 1)})
	f.SegmentTime = 300 * time.Millisecond
	var calls atomic.Int64
	f.breakSearch(func(ctx context.Context, _ []byte) {
		if calls.Add(1) == 1 {
			<-ctx.Done()
		}
	})
	r := f.run()["a"]
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "a search took over 300ms") {
		t.Errorf("error %q, notes %q", r.Error, notes)
	}
	f.restores("a")
}

// TestAttemptThatDied holds that what an attempt began, and did not end, is coded without a search.
func TestAttemptThatDied(t *testing.T) {
	c := Config{Temp: filepath.Join(t.TempDir(), ".ktfleet-test"), SegmentTime: time.Minute}
	died, key := errors.New("died"), "file\x00123"
	note, err := c.attempt(context.Background(), key, 1, func(ctx context.Context, search bool) error {
		time.Sleep(markAfter + 500*time.Millisecond)
		marks, _ := os.ReadDir(filepath.Join(c.Temp, "begun"))
		if len(marks) != 1 {
			t.Errorf("%d marks, want 1", len(marks))
		}
		// What a process that dies leaves: the mark.
		return os.Rename(filepath.Join(c.Temp, "begun", marks[0].Name()), filepath.Join(c.Temp, "kept-"+marks[0].Name()))
	})
	if err != nil || note != "" {
		t.Fatal(note, err)
	}
	kept, _ := filepath.Glob(filepath.Join(c.Temp, "kept-*"))
	if err := os.Rename(kept[0], filepath.Join(c.Temp, "begun", strings.TrimPrefix(filepath.Base(kept[0]), "kept-"))); err != nil {
		t.Fatal(err)
	}
	note, err = c.attempt(context.Background(), key, 1, func(_ context.Context, search bool) error {
		if search {
			return died
		}
		return nil
	})
	if err != nil || !strings.Contains(note, "did not end") {
		t.Errorf("note %q, error %v", note, err)
	}
	note, err = c.attempt(context.Background(), "another", 1, func(_ context.Context, search bool) error {
		if !search {
			return died
		}
		return nil
	})
	if note != "" || err != nil {
		t.Errorf("another key: note %q, error %v", note, err)
	}
}

// TestBundleAgain holds that a bundle that is done twice, by workers that do not know of each other, leaves
// what one leaves, whichever attempt the runner takes.
func TestBundleAgain(t *testing.T) {
	f := newFleet(t, map[string][]byte{"a": samples(2_500_000, 1)}, "-1", "--segment-size=256KiB")
	ctx := context.Background()
	var tasks []Task
	var leaders []Part
	file := f.file("a")
	l := &lead{Config: f.Config}
	if err := l.Setup(); err != nil {
		t.Fatal(err)
	}
	for r := l.CreateInitialRestriction(file); r.size() > 0; {
		for attempt := range 2 {
			tr := l.CreateTracker(r)
			emitted, led := len(tasks), len(leaders)
			if _, err := l.ProcessElement(ctx, tr, file, func(t Task) { tasks = append(tasks, t) }, func(_ string, p Part) { leaders = append(leaders, p) }); err != nil {
				t.Fatal(err)
			}
			if attempt == 0 {
				tasks, leaders = tasks[:emitted], leaders[:led] // lost
				continue
			}
			_, rest, err := tr.TrySplit(0)
			if err != nil {
				t.Fatal(err)
			}
			if rest == nil {
				r.End = 0
			} else {
				r = rest.(restriction)
			}
		}
	}
	for taken := range 2 {
		f.in.Force = true
		parts := leaders[:len(leaders):len(leaders)]
		var group sync.WaitGroup
		var attempts [2][]Part
		for k := range attempts {
			group.Go(func() {
				c := &code{Config: f.Config}
				emit := func(_ string, p Part) { attempts[k] = append(attempts[k], p) }
				if err := c.StartBundle(ctx, emit); err != nil {
					t.Error(err)
				}
				for _, task := range tasks {
					c.ProcessElement(ctx, task, emit)
				}
				c.FinishBundle(ctx, emit)
			})
		}
		group.Wait()
		parts = append(parts, attempts[taken]...)
		a := &assemble{Config: f.Config}
		emit := func(string) {}
		for range 2 { // the last bundle is done again, too
			if err := a.StartBundle(ctx, emit); err != nil {
				t.Fatal(err)
			}
			next := 0
			a.ProcessElement(ctx, "", func(p *Part) bool {
				if next == len(parts) {
					return false
				}
				*p = parts[next]
				next++
				return true
			}, emit)
			a.FinishBundle(ctx, emit)
		}
		if want := f.want("a"); !bytes.Equal(f.output("a"), want) {
			t.Errorf("attempt %d taken: %d bytes, want %d", taken, len(f.output("a")), len(want))
		}
	}
}

// TestVanishedFile holds that a file that vanishes, or changes, between the match and the read is skipped.
func TestVanishedFile(t *testing.T) {
	f := newFleet(t, map[string][]byte{"a": samples(300_000, 1), "b": text(1000, 2), "c": text(1000, 3), "d": text(10, 4), "e": samples(9_000_000, 5)})
	f.Workers = 1
	var once sync.Once
	f.breakSearch(func(context.Context, []byte) { // while the first file is coded
		once.Do(func() {
			if err := os.Remove(filepath.Join(f.folder, "in", "b")); err != nil {
				t.Error(err)
			}
			f.write("in/c", text(1001, 3))
			os.Truncate(filepath.Join(f.folder, "in", "e"), 8_900_000)
		})
	})
	results := f.run()
	for name, want := range map[string]string{"a": "", "b": "no such file", "c": "changed", "d": "", "e": "changed"} {
		r := results[name]
		if want == "" && r.Error != "" || !strings.Contains(r.Error, want) {
			t.Errorf("%s: %q, want %q", name, r.Error, want)
		}
		if exists := f.output(name) != nil; exists != (want == "") {
			t.Errorf("%s has an output: %v", name, exists)
		}
	}
	f.nothingElse()
}

// A tinyFS is a file system in memory that takes room bytes, and no more.
type tinyFS struct{ filesystem.Interface }

var room atomic.Int64

func init() {
	filesystem.Register("tiny", func(ctx context.Context) filesystem.Interface { return tinyFS{memfs.New(ctx)} })
}

func (f tinyFS) plain(path string) string { return strings.Replace(path, "tiny://", "memfs://", 1) }

func (f tinyFS) List(ctx context.Context, glob string) ([]string, error) {
	list, err := f.Interface.List(ctx, f.plain(glob))
	for i, path := range list {
		list[i] = strings.Replace(path, "memfs://", "tiny://", 1)
	}
	return list, err
}

func (f tinyFS) OpenRead(ctx context.Context, path string) (io.ReadCloser, error) {
	return f.Interface.OpenRead(ctx, f.plain(path))
}

func (f tinyFS) Size(ctx context.Context, path string) (int64, error) {
	return f.Interface.Size(ctx, f.plain(path))
}

func (f tinyFS) Remove(ctx context.Context, path string) error {
	return f.Interface.(filesystem.Remover).Remove(ctx, f.plain(path))
}

func (f tinyFS) OpenWrite(ctx context.Context, path string) (io.WriteCloser, error) {
	w, err := f.Interface.OpenWrite(ctx, f.plain(path))
	return &tinyWriter{w}, err
}

type tinyWriter struct{ io.WriteCloser }

func (w *tinyWriter) Write(p []byte) (int, error) {
	if room.Add(-int64(len(p))) < 0 {
		room.Add(int64(len(p)))
		return 0, syscall.ENOSPC
	}
	return w.WriteCloser.Write(p)
}

// TestFullDisk holds that outputs for which there is no room are reported, and not there.
func TestFullDisk(t *testing.T) {
	f := newFleet(t, map[string][]byte{"a": noise(1000, 1), "b": noise(2_000_000, 2), "c": noise(1100, 3), "d": noise(9_000_000, 4)})
	f.in.Output = "tiny://out"
	room.Store(100_000)
	results := f.run()
	for name, ok := range map[string]bool{"a": true, "b": false, "c": true, "d": false} {
		r := results[name]
		if (r.Error == "") != ok || !ok && !strings.Contains(r.Error, "no space left") {
			t.Errorf("%s: %q", name, r.Error)
		}
	}
	f.Temp = "tiny://temp/.ktfleet-x" // for parts
	f.in.Output = filepath.Join(f.folder, "out")
	room.Store(1_000_000)
	results = f.run()
	if r := results["d"]; !strings.Contains(r.Error, "no space left") || f.output("d") != nil {
		t.Errorf("no room for parts: %+v", r)
	}
	f.restores("b")
}

// file returns the file called name.
func (f *fleet) file(name string) input.File {
	f.t.Helper()
	path := filepath.Join(f.folder, "in", name)
	is, err := os.Stat(path)
	if err != nil {
		f.t.Fatal(err)
	}
	return input.File{
		Path: path, Output: filepath.Join(f.folder, "out", name+".ktz"), Size: is.Size(),
		ModTime: is.ModTime().UnixNano(), Mode: uint32(is.Mode().Perm()), HasMode: true,
	}
}
