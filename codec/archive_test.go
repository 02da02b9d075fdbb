package codec

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
)

// manyParts is a concatenation of more files than an Archive has places for, some of
// them empty and one with more segments than that, and what it restores to.
func manyParts(t testing.TB) (file, want []byte) {
	h := container.Header{BlockLog: 4, SegmentLog: 6}
	segment := func(s string) container.Segment {
		want = append(want, s...)
		return rawSegment([]byte(s), h.BlockLog)
	}
	for k := range maxPlaces + 1500 {
		switch {
		case k == 3000:
			var segments []container.Segment
			for i := range maxPlaces + 700 {
				segments = append(segments, segment(fmt.Sprint("part ", i, ";")[i%6:]))
			}
			file = append(file, fileOf(t, h, segments...)...)
		case k%10 == 9:
			file = append(file, fileOf(t, h)...)
		default:
			file = append(file, fileOf(t, h, segment(fmt.Sprint(k, ",")), segment("-"))...)
		}
	}
	return file, want
}

// TestArchivePlaces reads at random and in order from more files and segments than an
// Archive remembers.
func TestArchivePlaces(t *testing.T) {
	if testing.Short() {
		t.Skip("reads thousands of files")
	}
	file, want := manyParts(t)
	a, err := NewArchive(bytes.NewReader(file), int64(len(file)), nil)
	if err != nil || a.Size() != int64(len(want)) {
		t.Fatal(a.Size(), len(want), err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		off, b := r.IntN(len(want)+5), make([]byte, r.IntN(30))
		n, err := a.ReadAt(b, int64(off))
		rest := want[min(off, len(want)):]
		rest = rest[:min(len(b), len(rest))]
		if !bytes.Equal(b[:n], rest) || (err == io.EOF) != (n < len(b)) || err != nil && err != io.EOF {
			t.Fatalf("%d bytes at %d: %q, %v; want %q", len(b), off, b[:n], err, rest)
		}
	}
	if got, err := io.ReadAll(a); err != nil || !bytes.Equal(got, want) {
		t.Errorf("in order: %d bytes, %v; want %d", len(got), err, len(want))
	}
	if x := &a.index; len(x.files.list) > maxPlaces || len(x.points.list) > maxPlaces {
		t.Errorf("%d and %d places", len(x.files.list), len(x.points.list))
	}
}

// counted counts what is read of it.
type counted struct {
	io.ReaderAt
	reads int
}

func (c *counted) ReadAt(b []byte, off int64) (int, error) {
	c.reads++
	return c.ReaderAt.ReadAt(b, off)
}

// TestArchiveInOrder wants files that are read in order to be looked for twice each, not
// once for each file since the last place that the Archive remembers.
func TestArchiveInOrder(t *testing.T) {
	const files, read = 12 * maxPlaces, 300
	one := fileOf(t, container.Header{BlockLog: 4, SegmentLog: 4}, rawSegment([]byte("x"), 4))
	src := &counted{ReaderAt: bytes.NewReader(bytes.Repeat(one, files))}
	a, err := NewArchive(src, int64(files*len(one)), nil)
	if err != nil {
		t.Fatal(err)
	}
	src.reads = 0
	b := make([]byte, read)
	if _, err := a.ReadAt(b, files/2); err != nil || string(b) != strings.Repeat("x", read) {
		t.Fatalf("%q, %v", b, err)
	}
	if most := 10 * read; src.reads > most {
		t.Errorf("%d reads of the source for %d files, want at most %d", src.reads, read, most)
	}
}

// TestIndexListsAnEnd wants an Archive to refuse an index whose second entry is an end, with or
// without the header of the next file: it neither restores the first segment again nor ends there.
func TestIndexListsAnEnd(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 20}
	header, err := h.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := rawSegment([]byte("all that there is"), h.BlockLog)
	first, err := s.Append(nil, &h)
	if err != nil {
		t.Fatal(err)
	}
	for _, second := range [][]byte{nil, header} {
		file := append(fileOf(t, h, s), second...)
		x := container.Index{Header: int64(len(header)), Entries: []container.Entry{
			{Coded: int64(len(first)), Size: int64(s.Size)},
			{Coded: int64(len(file) - len(header) - len(first)), Size: int64(s.Size)},
		}}
		file = x.Append(file, &h)
		a, err := NewArchive(bytes.NewReader(file), int64(len(file)), nil)
		if err == nil {
			_, err = io.ReadAll(a)
		}
		wantError(t, "an end as a segment", err)
	}
}

// TestArchiveSegments wants the segments of all files as they were written.
func TestArchiveSegments(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 10}
	segments, want := segmentsOf(2*listedAtOnce+21, h)
	groups := [][]container.Segment{segments[:2*listedAtOnce], nil, segments[2*listedAtOnce:][:1], segments[2*listedAtOnce+1:]}
	var file []byte
	var expected []SegmentRange
	off := int64(0)
	for number, g := range groups {
		at, err := h.Append(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range g {
			from := len(at)
			if at, err = s.Append(at, &h); err != nil {
				t.Fatal(err)
			}
			expected = append(expected, SegmentRange{Off: off, Size: int64(s.Size), CodedOff: int64(from), Coded: int64(len(at) - from), File: number})
			off += int64(s.Size)
		}
		file = append(file, fileOf(t, h, g...)...)
	}
	a, err := NewArchive(bytes.NewReader(file), int64(len(file)), nil)
	if err != nil || a.Size() != int64(len(want)) {
		t.Fatal(a.Size(), err)
	}
	for range 2 {
		var got []SegmentRange
		for s, err := range a.Segments() {
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, s); len(got)%100 == 0 { // a read in between does no harm
				if _, err := a.ReadAt(make([]byte, 1), a.Size()-1); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !slices.Equal(got, expected) {
			t.Errorf("%d segments, want %d", len(got), len(expected))
		}
	}
}
