package codec

import (
	"bytes"
	"testing"

	"github.com/ktzip/ktzip/container"
)

// TestHeaderOfShortInput holds that input of unknown size which ends within the first
// segment makes the file of input whose size was given, also after Reset, with a header that fits,
// and that longer or flushed input has the header of any size.
func TestHeaderOfShortInput(t *testing.T) {
	text := bytes.Repeat([]byte("a short text, "), 90000) // 1.2 MiB
	var file bytes.Buffer
	w, err := NewWriter(&file, &WriterConfig{SegmentSize: 1 << 20, Level: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{2, len(text), 0, 1, 127, 128, 129, 5000, 1<<20 - 1} {
		file.Reset()
		w.Reset(&file)
		if _, err := w.Write(text[:n]); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := NewReader(bytes.NewReader(file.Bytes()), nil)
		if err != nil {
			t.Fatal(err)
		}
		if h := r.Header(); n == len(text) {
			if h.HasSize || h.SegmentSize() != 1<<20 {
				t.Errorf("%d bytes: %+v", n, h)
			}
			continue
		}
		want := compress(t, text[:n], 0, &WriterConfig{SegmentSize: 1 << 20, Level: 1, Header: container.Header{Size: int64(n), HasSize: true}})
		known, err := NewReader(bytes.NewReader(want), nil)
		if err != nil {
			t.Fatal(err)
		}
		if h := r.Header(); Memory(h) != Memory(known.Header()) || h.HasSize || !bytes.Equal(file.Bytes(), want) {
			t.Errorf("%d bytes: %+v in %d bytes; of known size %+v in %d", n, h, file.Len(), known.Header(), len(want))
		}
	}
	file.Reset()
	w.Reset(&file)
	w.Write(text[:10])
	w.Flush()
	w.Write(text[:10])
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := NewReader(bytes.NewReader(file.Bytes()), nil)
	if err != nil {
		t.Fatal(err)
	}
	if h := r.Header(); h.HasSize || h.SegmentSize() != 1<<20 {
		t.Errorf("flushed: %+v", h)
	}
}
