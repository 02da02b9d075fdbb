package codec

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
)

// A waiting Planner returns once the context is done.
type waiting chan struct{}

func (w waiting) Plans(ctx context.Context, _ []byte, _ func([]byte) int) []*dsl.Program {
	w <- struct{}{}
	<-ctx.Done()
	return nil
}

func (w waiting) Promising([]byte) bool { return true }

// TestCancel ends files at any moment: the error is the cause, and there is no end mark.
func TestCancel(t *testing.T) {
	cause := errors.New("cause")
	src := motley(300_000)
	for _, c := range []struct {
		name string
		do   func(w *Writer, p waiting, cancel func())
	}{
		{"nothing written", func(_ *Writer, _ waiting, cancel func()) { cancel() }},
		{"less than a segment", func(w *Writer, _ waiting, cancel func()) { w.Write(src[:1000]); cancel() }},
		{"segments under way", func(w *Writer, p waiting, cancel func()) { w.Write(src); <-p; cancel() }},
		{"while closing", func(w *Writer, p waiting, cancel func()) {
			w.Write(src[:1000])
			go func() { <-p; cancel() }()
		}},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		var out bytes.Buffer
		p := make(waiting, 100)
		w, err := NewWriter(&out, &WriterConfig{Context: ctx, Threads: 2, SegmentSize: 64 << 10, Planner: p})
		if err != nil {
			t.Fatal(err)
		}
		c.do(w, p, func() { cancel(cause) })
		for range 2 {
			if err := w.Close(); err != cause {
				t.Errorf("%s: Close returned %v", c.name, err)
			}
		}
		if _, err := w.Write(src); err != cause {
			t.Errorf("%s: Write returned %v", c.name, err)
		}
		if r, err := NewReader(bytes.NewReader(out.Bytes()), nil); err == nil {
			if _, err = io.Copy(io.Discard, r); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: the file is read with %v", c.name, err)
			}
		}
	}
}

// A countdown is a context that is done from its look number last on.
type countdown struct {
	context.Context
	looks, last int
}

func (c *countdown) Err() error {
	if c.looks++; c.looks > c.last {
		return context.Canceled
	}
	return nil
}

// TestCancelledSegments ends the coding of a segment at looks at the context: it looks
// often, and nothing more is done after the one that ends it.
func TestCancelledSegments(t *testing.T) {
	src := motley(512 << 10)
	plan, err := dsl.Parse("sequence_1 = payload(0)\nsequence_2 = add_item_list(sequence_1, 7)\noutput = sequence_2", dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		cfg  WriterConfig
		size int
		most int // more looks while the ways to code it go back, one after the other
	}{
		{WriterConfig{Level: 9}, 256 << 10, 4},
		{WriterConfig{Level: 9, only: plan}, 128 << 10, 4},
		{WriterConfig{Level: 1}, 512 << 10, 4},
		{WriterConfig{Level: 7, Finder: finder}, 3 << 10, 200},
	} {
		cfg, src := c.cfg, src[:c.size]
		code := func(last int) (looks int, err error) {
			ctx := &countdown{Context: t.Context(), last: last}
			cfg.Context, cfg.BlockSize, cfg.Threads = ctx, 128, 1
			e := newEncoder(&cfg)
			e.cfg.Header = container.Header{BlockLog: 7, SegmentLog: 18}
			_, _, err = e.segment(nil, &work{src: src})
			return ctx.looks, err
		}
		all, err := code(1 << 30)
		if err != nil {
			t.Fatal(err)
		}
		if least := 8; all < least {
			t.Errorf("level %d: %d looks", cfg.Level, all)
		}
		for last := 0; last < all-1; last = last*5 + 1 {
			looks, err := code(last)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("level %d, look %d of %d: %v", cfg.Level, last, all, err)
			}
			if looks > last+1+c.most {
				t.Errorf("level %d: %d looks after it was cancelled", cfg.Level, looks-last)
			}
		}
	}
}

// motley returns n bytes, of which some have programs, some are like text, some are noise.
func motley(n int) []byte {
	b := make([]byte, 0, n)
	for i := 0; len(b) < n; i++ {
		for k := range 64 {
			b = append(b, byte(i*k))
		}
		b = append(b, "a line of text that comes again and again, but for its number\n"...)
		for k := range 32 {
			b = append(b, byte(uint32(i*32+k)*2654435761>>13))
		}
	}
	return b[:n]
}

// empty is a reader that returns nothing for ever.
type empty struct{}

func (empty) Read([]byte) (int, error) { return 0, nil }

// TestNoProgress reads sources that return nothing again and again.
func TestNoProgress(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter(&out, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := w.ReadFrom(io.MultiReader(bytes.NewReader(make([]byte, 100)), empty{})); n != 100 || err != io.ErrNoProgress {
		t.Errorf("ReadFrom returned %d, %v", n, err)
	}
	if err := w.Close(); err != nil {
		t.Error("what was read is lost:", err)
	}
	for _, one := range []bool{false, true} {
		for cut := range out.Len() {
			src := io.MultiReader(bytes.NewReader(out.Bytes()[:cut]), empty{})
			r, err := NewReader(src, &ReaderConfig{OneFile: one})
			if err == nil {
				_, err = io.Copy(io.Discard, r)
			}
			if !errors.Is(err, io.ErrNoProgress) {
				t.Errorf("cut at %d: %v", cut, err)
			}
		}
	}
}

// TestWriterErrors holds the errors that callers tell apart.
func TestWriterErrors(t *testing.T) {
	w, err := NewWriter(io.Discard, &WriterConfig{Header: container.Header{HasSize: true, Size: 5}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("four")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); !errors.Is(err, ErrSize) {
		t.Errorf("4 bytes of 5: %v", err)
	}
	w.Reset(io.Discard)
	if _, err := w.Write([]byte("five!")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := w.Write([]byte("more")); n != 0 || err != ErrClosed {
		t.Errorf("Write after Close: %d, %v", n, err)
	}
	if n, err := w.ReadFrom(empty{}); n != 0 || err != ErrClosed {
		t.Errorf("ReadFrom after Close: %d, %v", n, err)
	}
	if err := w.Flush(); err != ErrClosed {
		t.Errorf("Flush after Close: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

// TestEncodersForget holds that an encoder codes a segment as a new one does, whatever it coded before:
// a file's bytes must not depend on which of the threads codes which segment.
func TestEncodersForget(t *testing.T) {
	gaps := func(n int, seed uint64) (b []byte) { // blocks of programs of 16 bytes between blocks of noise
		noise := mixed(n, seed)
		for i := 0; len(b) < n; i++ {
			for k := range 32 {
				b = append(b, byte(i*k+i))
			}
			b = append(b, noise[len(noise)-96:][:i%2*96]...)
		}
		return b[:n]
	}
	segments := [][]byte{
		gaps(2000, 1), mixed(1000, 1), samples16(2000, 3), motley(1000), gaps(600, 3),
		bytes.Repeat([]byte("a line of text\n"), 200), gaps(6000, 2), samples16(300, 1),
	}
	quick := programs.New(&programs.Config{Level: 1})
	for _, level := range []int{1, 6, 7, 9} {
		cfg := WriterConfig{
			Level: level, BlockSize: 16, Threads: 1, Context: t.Context(), Finder: quick,
			Header: container.Header{BlockLog: 4, SegmentLog: 18},
		}
		code := func(e *encoder, src []byte) []byte {
			t.Helper()
			coded, _, err := e.segment(nil, &work{src: src})
			if err != nil {
				t.Fatal(err)
			}
			return coded
		}
		used := newEncoder(&cfg)
		for i := range 2 * len(segments) {
			src := segments[i*3%len(segments)]
			if !bytes.Equal(code(used, src), code(newEncoder(&cfg), src)) {
				t.Errorf("level %d: segment %d of %d bytes depends on those before", level, i, len(src))
			}
		}
	}
}
