package describe

import (
	"bytes"
	"math"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// TestBuildLyingIndex describes a file whose index lists segments that are not there, of any size.
func TestBuildLyingIndex(t *testing.T) {
	const segments = maxParts + 50 // so that some are listed with a neighbour
	var b bytes.Buffer
	w, err := codec.NewWriter(&b, &codec.WriterConfig{SegmentSize: codec.DefaultBlockSize})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.Write(make([]byte, segments*codec.DefaultBlockSize)); err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, lie := range []int64{math.MaxInt64, 1 << 62, 1 << 56, 1} {
		x, end := container.Index{}, int64(0)
		var h *container.Header
		err = codec.Inspect(bytes.NewReader(b.Bytes()), nil, false, func(s *codec.SegmentInfo) error {
			if h = s.Header; s.Size == 0 {
				header, err := h.Append(nil)
				x.Header, end = int64(len(header)), int64(len(header))
				return err
			}
			x.Entries = append(x.Entries, container.Entry{Coded: s.Coded, Size: s.Size}, container.Entry{Coded: 1, Size: lie})
			end += s.Coded
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		h = &container.Header{Version: h.Version, BlockLog: h.BlockLog, SegmentLog: h.SegmentLog}
		r := build(t, "a lying index", x.Append(b.Bytes()[:end:end], h), nil)
		if r.List.Segments != segments || len(r.Damage) == 0 {
			t.Errorf("%d segments, %d stretches of damage", r.List.Segments, len(r.Damage))
		}
		for _, d := range r.Damage {
			if d.Offset < -1 || d.Size < -1 {
				t.Errorf("%+v", d)
			}
		}
		before := int64(0)
		for _, s := range r.Segments {
			if s.Offset < before || s.Size <= 0 {
				t.Errorf("%d bytes at %d, after %d", s.Size, s.Offset, before)
			}
			before = s.Offset + s.Size
		}
	}
}
