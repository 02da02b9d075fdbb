package codec

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// An endless source continues with NULs after a file. It calls cancel at its tenth
// read, and ends at most reads.
type endless struct {
	file   io.Reader
	cancel func()
	reads  atomic.Int64
}

const mostReads = 1000

func (e *endless) Read(p []byte) (int, error) {
	if e.file != nil {
		n, err := e.file.Read(p)
		if err == io.EOF {
			e.file, err = nil, nil
		}
		return n, err
	}
	if err := e.count(); err != nil {
		return 0, err
	}
	clear(p)
	return len(p), nil
}

func (e *endless) ReadAt(p []byte, _ int64) (int, error) {
	if err := e.count(); err != nil {
		return 0, err
	}
	clear(p)
	return len(p), nil
}

func (e *endless) count() error {
	switch e.reads.Add(1) {
	case 10:
		e.cancel()
	case mostReads:
		return errors.New("read on")
	}
	return nil
}

// TestCancelledSources wants a source left alone once the context is done, even where
// its end is being looked for.
func TestCancelledSources(t *testing.T) {
	file := compress(t, []byte("hello"), 0, nil)
	cause := errors.New("cause")
	const size = 1 << 40
	reader := func(e *endless, c *ReaderConfig) error {
		r, err := NewReader(e, c)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		return err
	}
	for name, do := range map[string]func(e *endless, c *ReaderConfig) error{
		"Reader": reader,
		"Reader with threads": func(e *endless, c *ReaderConfig) error {
			c.Threads = 3
			return reader(e, c)
		},
		"Inspect": func(e *endless, c *ReaderConfig) error {
			return Inspect(e, c, false, func(*SegmentInfo) error { return nil })
		},
		"Archive": func(e *endless, c *ReaderConfig) error {
			_, err := NewArchive(e, size, c)
			return err
		},
		"Salvage": func(e *endless, c *ReaderConfig) error {
			_, err := Salvage(io.Discard, e, size, &SalvageConfig{ReaderConfig: *c})
			return err
		},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		e := &endless{file: bytes.NewReader(file), cancel: func() { cancel(cause) }}
		if err := do(e, &ReaderConfig{Context: ctx}); err != cause || e.reads.Load() > 11 {
			t.Errorf("%s: %v after %d reads", name, err, e.reads.Load())
		}
	}
}

// TestCancelledWrites wants nothing taken once the context is done, however little.
func TestCancelledWrites(t *testing.T) {
	cause := errors.New("cause")
	ctx, cancel := context.WithCancelCause(t.Context())
	w, err := NewWriter(io.Discard, &WriterConfig{Context: ctx})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := w.Write([]byte("x")); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	cancel(cause)
	if n, err := w.Write([]byte("x")); n != 0 || err != cause {
		t.Errorf("Write: %d, %v", n, err)
	}
	w.Reset(io.Discard)
	if n, err := w.ReadFrom(bytes.NewReader([]byte("x"))); n != 0 || err != cause {
		t.Errorf("ReadFrom: %d, %v", n, err)
	}
}

// TestHeaderOfFile wants the header of the file that bytes are of, not of the one that
// is read ahead.
func TestHeaderOfFile(t *testing.T) {
	if raceEnabled {
		t.Skip("much work, whose goroutines other tests have, too")
	}
	var file []byte
	names := []string{"a", "b", "c"}
	for i, name := range names {
		src := append(bytes.Repeat([]byte{byte(i)}, 100), motley(1<<20)...)
		for k := range src {
			src[k] = src[k]&0xfc | byte(i)
		}
		file = append(file, compress(t, src, 0, &WriterConfig{SegmentSize: 1 << 20, Header: container.Header{Name: name}})...)
	}
	for _, threads := range []int{1, 4} {
		r, err := NewReader(bytes.NewReader(file), &ReaderConfig{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100_000)
		for {
			_, err := r.Read(b)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if got, want := r.Header().Name, names[b[0]&3]; got != want {
				t.Fatalf("%d threads: a byte of file %s has the header of %s", threads, want, got)
			}
		}
	}
}

// A shortWriter takes a byte of each Write.
type shortWriter struct{}

func (shortWriter) Write(p []byte) (int, error) { return min(1, len(p)), nil }

// TestShortWrites wants destinations that take less than all, and say nothing, seen.
func TestShortWrites(t *testing.T) {
	file := compress(t, mixed(2000, 5), 0, &WriterConfig{SegmentSize: 512})
	damaged := bytes.Clone(file)
	damaged[len(damaged)/2] ^= 1
	for _, f := range [][]byte{file, damaged} {
		if _, err := Salvage(shortWriter{}, bytes.NewReader(f), int64(len(f)), nil); err != io.ErrShortWrite {
			t.Errorf("Salvage: %v", err)
		}
	}
	r, err := NewReader(bytes.NewReader(file), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.WriteTo(shortWriter{}); n != 1 || err != io.ErrShortWrite {
		t.Errorf("WriteTo: %d, %v", n, err)
	}
	w, err := NewWriter(shortWriter{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != io.ErrShortWrite {
		t.Errorf("Close: %v", err)
	}
}

// An idle Finder cancels its context and returns nothing at all, as it may then.
type idle func()

func (idle) Promising([]byte) bool { return true }

func (f idle) Find(context.Context, []byte, int, int, []dsl.Cost, int64) ([]*dsl.Program, int64) {
	f()
	return nil, 0
}

// TestFinderStops wants nothing asked of what a Finder returns once the context is done.
func TestFinderStops(t *testing.T) {
	for _, size := range []int{1000, 200_000} { // without a trial, with one
		cause := errors.New("cause")
		ctx, cancel := context.WithCancelCause(t.Context())
		w, err := NewWriter(io.Discard, &WriterConfig{Context: ctx, Level: 7, Finder: idle(func() { cancel(cause) })})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(motley(size))
		if err := w.Close(); err != cause {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// A batch Finder returns from Find only once size calls have come together.
type batch struct {
	size    int
	waiting chan struct{}
}

func (batch) Promising([]byte) bool { return true }

func (b batch) Concurrency() int { return b.size }

// Find finds a program of a block by itself, so that a trial promises others.
func (b batch) Find(ctx context.Context, stream []byte, from, _ int, limits []dsl.Cost, _ int64) ([]*dsl.Program, int64) {
	if len(limits) == 1 {
		return []*dsl.Program{{Nodes: []dsl.Node{{Op: dsl.RepeatNum, Nums: [3]int32{int32(len(stream) - from), 5}}}}}, 0
	}
	select {
	case b.waiting <- struct{}{}: // another call
	case <-b.waiting:
	case <-ctx.Done():
	}
	return make([]*dsl.Program, len(limits)), 0
}

// TestConcurrentFinder wants as many calls of Find at a time as a ConcurrentFinder can use,
// though there is one thread.
func TestConcurrentFinder(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	finder := batch{size: 2, waiting: make(chan struct{})}
	w, err := NewWriter(io.Discard, &WriterConfig{Context: ctx, Threads: 1, Level: 7, Finder: finder})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(noise(2 * runBlocks * DefaultBlockSize)) // two runs
	if err := w.Close(); err != nil {
		t.Error("the calls did not come together:", err)
	}
}
