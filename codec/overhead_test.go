package codec

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// Bars of what a plain segment takes beside its deflate data, in bytes.
const (
	segmentOverhead = 16 // of up to 64 KiB
	fileOverhead    = 28 // of up to 4096 bytes in a file of its own, header and end included
	indexOverhead   = 9  // of the index of a file of several
	entryOverhead   = 6  // of each of its segments
	storedBlock     = 5  // of deflate, for up to 64 KiB that it can't shorten
)

// sizeOf returns what the file b takes, and what its members take of that.
func sizeOf(t *testing.T, b []byte) (all, members int) {
	t.Helper()
	err := Inspect(bytes.NewReader(b), nil, false, func(s *SegmentInfo) error {
		if s.ProgramBytes != 0 {
			t.Error("a segment has a section")
		}
		members += int(s.RawBytes)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return len(b), members
}

// TestSmallSegments holds the bars of short segments, as files and flushed, of text and of bytes
// that can't be shortened.
func TestSmallSegments(t *testing.T) {
	text := bytes.Repeat([]byte("a line of text that repeats itself, but not at once; "), 1300)
	for _, n := range []int{1, 64, 127, 128, 255, 256, 1024, 4096, 16_383, 16_384, 1<<16 - 1, 1 << 16} {
		for kind, src := range map[string][]byte{"text": text[:n], "noise": noise(n)} {
			all, members := sizeOf(t, compress(t, src, 0, nil))
			t.Logf("%d bytes of %s: a file takes %d + %d bytes", n, kind, members, all-members)
			if all-members > fileOverhead && n <= 4096 {
				t.Errorf("%d bytes of %s: %d bytes beside the deflate data, want at most %d", n, kind, all-members, fileOverhead)
			}
			blocks := (n + 0xffff - 1) / 0xffff
			if members > n+storedBlock*blocks {
				t.Errorf("%d bytes of %s: %d bytes of deflate data", n, kind, members)
			}
			segment, index := flushedTwice(t, src)
			if got := segment - members; got > segmentOverhead {
				t.Errorf("%d bytes of %s, flushed: %d bytes beside the deflate data, want at most %d", n, kind, got, segmentOverhead)
			}
			if most := indexOverhead + 2*entryOverhead; index > most {
				t.Errorf("%d bytes of %s, flushed: an index of %d bytes, want at most %d", n, kind, index, most)
			}
		}
	}
}

// flushedTwice returns how many bytes a Writer writes for src the second time that it is flushed,
// and for the index of both.
func flushedTwice(t *testing.T, src []byte) (segment, index int) {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		b.Reset()
		w.Write(src)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	segment = b.Len()
	b.Reset()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return segment, b.Len()
}

// TestAlikeMessages holds that messages of one size, flushed to one file, take at most
// segmentOverhead bytes each beside their deflate data, with their entries of the index.
func TestAlikeMessages(t *testing.T) {
	const count, headerBytes = 100, 11
	for _, size := range []int{64, 256, 1024, 4096} {
		var b bytes.Buffer
		w, err := NewWriter(&b, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, uint64(size)))
		for range count {
			var message []byte
			for len(message) < size {
				message = fmt.Appendf(message, `{"sensor": %d, "value": %.2f}`+"\n", r.IntN(9), r.NormFloat64())
			}
			w.Write(message[:size])
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		all, members := sizeOf(t, b.Bytes())
		each := float64(all-members-headerBytes-indexOverhead) / count
		t.Logf("%d bytes: %.1f bytes beside the deflate data, with an entry of the index", size, each)
		if each > segmentOverhead {
			t.Errorf("%d bytes: %.1f bytes beside the deflate data, want at most %d", size, each, segmentOverhead)
		}
	}
}
