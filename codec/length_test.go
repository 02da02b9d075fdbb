package codec

import (
	"bytes"
	"context"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/ktzip/ktzip/dsl"
)

// A marker is a Divider that starts a segment at each mark, unless it is the last byte and more may
// follow.
type marker struct{ mark byte }

func (marker) Plans(context.Context, []byte, func([]byte) int) []*dsl.Program { return nil }
func (marker) Promising([]byte) bool                                          { return false }

func (m marker) Border(src []byte, looked int, more bool) int {
	from := max(1, looked-1)
	i := bytes.IndexByte(src[min(from, len(src)):], m.mark)
	if i < 0 || more && from+i == len(src)-1 {
		return 0
	}
	return from + i
}

// segmentSizes returns the sizes of the segments of a file.
func segmentSizes(t *testing.T, file []byte) (sizes []int) {
	t.Helper()
	err := Inspect(bytes.NewReader(file), nil, false, func(s *SegmentInfo) error {
		if s.Size > 0 {
			sizes = append(sizes, int(s.Size))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sizes
}

// writes are ways to write b.
var writes = []func(w *Writer, b []byte) error{
	func(w *Writer, b []byte) error { _, err := w.Write(b); return err },
	func(w *Writer, b []byte) error {
		for chunk := range slices.Chunk(b, 77_777) {
			if _, err := w.Write(chunk); err != nil {
				return err
			}
		}
		return nil
	},
	func(w *Writer, b []byte) error {
		_, err := w.ReadFrom(iotest.HalfReader(bytes.NewReader(b)))
		return err
	},
}

// TestSegmentsEndAtBorders marks places: there segments end, however the data is written, by any
// number of threads; the others have the lengths that they have without marks.
func TestSegmentsEndAtBorders(t *testing.T) {
	if raceEnabled {
		t.Skip("much work, whose goroutines other tests have, too")
	}
	const mark = 0xff
	marked := func(size int, places ...int) []byte {
		b := bytes.Repeat([]byte("abcdefgh"), size/8)
		for _, p := range places {
			b[p] = mark
		}
		return b
	}
	for _, c := range []struct {
		name   string
		src    []byte
		size   int // of segments; 0: the Writer chooses
		want   []int
		flush  int // after so many bytes; 0: never
		header int // bytes of memory for a segment, that the header states; 0: any
	}{
		{name: "none", src: marked(3 << 20), want: []int{3 << 20}},
		{name: "early", src: marked(1<<16, 100, 200, 60_000), want: []int{100, 100, 59_800, 1<<16 - 60_000}},
		{name: "first byte", src: marked(1<<12, 0), want: []int{1 << 12}, header: 1 << 12},
		{name: "last byte", src: marked(1<<12, 1<<12-1), want: []int{1<<12 - 1, 1}},
		{name: "end of the first look", src: marked(2<<20, 1<<20-1), want: []int{1<<20 - 1, 1<<20 + 1}},
		{name: "start of the second look", src: marked(2<<20, 1<<20), want: []int{1 << 20, 1 << 20}},
		{name: "within a long segment", src: marked(6<<20, 5<<20+77), want: []int{5<<20 + 77, 1<<20 - 77}},
		{name: "end of the longest segment", src: marked(9<<20, 8<<20-1), want: []int{8<<20 - 1, 1<<20 + 1}},
		{name: "flushed", src: marked(1<<16, 100, 5000), want: []int{100, 900, 4000, 1<<16 - 5000}, flush: 1000},
		{name: "configured", src: marked(1<<16, 100, 200), size: 1 << 15, want: []int{1 << 15, 1 << 15}},
	} {
		var first []byte
		for k, write := range writes {
			var out bytes.Buffer
			w, err := NewWriter(&out, &WriterConfig{Level: 1, Threads: 1 + k, Planner: marker{mark}, SegmentSize: c.size})
			if err != nil {
				t.Fatal(err)
			}
			if err := write(w, c.src[:c.flush]); err != nil {
				t.Fatal(err)
			}
			if c.flush > 0 {
				w.Flush()
			}
			if err := write(w, c.src[c.flush:]); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if k == 0 {
				first = out.Bytes()
			} else if !bytes.Equal(out.Bytes(), first) {
				t.Errorf("%s: another file by writer %d", c.name, k)
			}
		}
		if got := segmentSizes(t, first); !slices.Equal(got, c.want) {
			t.Errorf("%s: segments of %d bytes, want %d", c.name, got, c.want)
		}
		r, err := NewReader(bytes.NewReader(first), nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.header > 0 && r.Header().SegmentSize() != c.header {
			t.Errorf("%s: the header states segments of %d bytes, want %d", c.name, r.Header().SegmentSize(), c.header)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, c.src) {
			t.Errorf("%s: not restored: %v", c.name, err)
		}
	}
}

// A refitter is a Refitter that fits each plan by becoming another one; nil if it fits none.
type refitter struct{ to *dsl.Program }

func (refitter) Plans(context.Context, []byte, func([]byte) int) []*dsl.Program { return nil }
func (refitter) Promising([]byte) bool                                          { return false }
func (r refitter) Refit(*dsl.Program, []byte) *dsl.Program                      { return r.to }

// TestSegmentsAreAsLongAsFittedPlansCode holds that segments of data which deflates well are no longer than plans
// code if a plan that the caller proposes pays once it is fitted.
func TestSegmentsAreAsLongAsFittedPlansCode(t *testing.T) {
	if raceEnabled {
		t.Skip("much work, whose goroutines other tests have, too")
	}
	src := make([]byte, 3<<20)
	for i := 0; i < len(src); i += 2 {
		src[i], src[i+1] = byte(i/2*3), byte(i/2*3>>8)
	}
	parse := func(text string) *dsl.Program {
		p, err := dsl.Parse(text, dsl.Plan)
		if err != nil {
			t.Fatal(err)
		}
		return p.Canonical()
	}
	of1000 := parse("sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 1000)\noutput = sequence_2")
	slope := parse("sequence_1 = payload(0)\nsequence_2 = predict(sequence_1, 2, 0, [1, 1])\noutput = sequence_2")
	for _, c := range []struct {
		fits *dsl.Program
		want []int
	}{{nil, []int{3 << 20}}, {slope, []int{1 << 20, 1 << 20, 1 << 20}}} {
		var file bytes.Buffer
		w, err := NewWriter(&file, &WriterConfig{Level: 1, Planner: refitter{c.fits}, Plans: []*dsl.Program{of1000}})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(src)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := segmentSizes(t, file.Bytes()); !slices.Equal(got, c.want) {
			t.Errorf("fitted to %v: segments of %v bytes, want %v", c.fits, got, c.want)
		}
	}
}
