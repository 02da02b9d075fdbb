package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/ktzip/ktzip/container"
)

// TestArchiveOfChangedIndex wants an error if the index changes after the Archive was opened: it neither
// waits for memory that there is not, nor panics, nor hands out other bytes.
func TestArchiveOfChangedIndex(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 10}
	segments, want := segmentsOf(9, h)
	whole := fileOf(t, h, segments...)
	for _, sizes := range [][2]uint64{
		{100, 1 << 20}, {100, 1 << 40}, {100, math.MaxInt64}, {math.MaxInt64, 1000}, {math.MaxInt64, math.MaxInt64}, {1, 1}, {0, 0}, {math.MaxUint64, 5},
	} {
		file := bytes.Clone(whole)
		a, err := NewArchive(bytes.NewReader(file), int64(len(file)), &ReaderConfig{MemoryLimit: Memory(&h)})
		if err != nil {
			t.Fatal(err)
		}
		entries := file[a.index.file.Entries:]
		changed := binary.AppendUvarint(binary.AppendUvarint(nil, sizes[0]), sizes[1])
		copy(entries, slices.Concat(changed, bytes.Repeat([]byte{0xff, 0x7f}, len(entries))))
		done := make(chan struct{})
		go func() {
			defer close(done)
			for off := range int64(len(want)) {
				b := make([]byte, 10)
				n, err := a.ReadAt(b, off)
				if !bytes.HasPrefix(want[off:], b[:n]) || err == nil && n < len(b) {
					t.Errorf("%x at %d: %q, %v", sizes, off, b[:n], err)
				}
				if off == 0 && !errors.Is(err, container.ErrCorrupt) && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("%x at 0: %v", sizes, err)
				}
			}
			if _, err := a.WriteTo(io.Discard); err == nil {
				t.Errorf("%x: all of it restores", sizes)
			}
			for range a.Segments() {
			}
		}()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Fatalf("%x: it waits", sizes)
		}
	}
}

// TestArchiveOfChangedHeader wants an error if a file of several needs more memory than it did when the
// Archive was opened.
func TestArchiveOfChangedHeader(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 10}
	large := h
	large.SegmentLog = 24
	segments, want := segmentsOf(2, h)
	one, changed := fileOf(t, h, segments...), fileOf(t, large, segments...)
	if len(one) != len(changed) {
		t.Fatalf("%d and %d bytes", len(one), len(changed))
	}
	file := slices.Concat(one, one)
	a, err := NewArchive(bytes.NewReader(file), int64(len(file)), &ReaderConfig{MemoryLimit: Memory(&h)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.ReadAt(make([]byte, 10), 0); err != nil { // it looks at the first file
		t.Fatal(err)
	}
	copy(file[len(one):], changed)
	failed := make(chan error, 1)
	go func() {
		_, err := a.ReadAt(make([]byte, 10), int64(len(want)))
		failed <- err
	}()
	select {
	case err := <-failed:
		if !errors.Is(err, container.ErrCorrupt) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it waits")
	}
}
