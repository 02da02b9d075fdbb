package deflate

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"testing"
)

// random returns n bytes of the given number of kinds, the small ones the likeliest, with
// copies of earlier strings: one per copies bytes, 0 for none.
func random(r *rand.Rand, n, kinds, copies int) []byte {
	var b []byte
	for len(b) < n {
		if k := r.IntN(40_000); copies > 0 && r.IntN(copies) == 0 && k < len(b) {
			start := len(b) - 1 - k
			b = append(b, b[start:min(start+1+r.IntN(400), len(b))]...)
		} else {
			b = append(b, byte(r.IntN(kinds)*r.IntN(kinds)/kinds))
		}
	}
	return b[:n]
}

// standard compresses src with the standard library.
func standard(t testing.TB, src []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(src)
	w.Close()
	return b.Bytes()
}

// oracle restores deflate data with the standard library, up to limit bytes; after is how
// many bytes of data follow its end.
func oracle(data []byte, limit int64) (out []byte, after int, err error) {
	src := bytes.NewReader(data)
	out, err = io.ReadAll(io.LimitReader(flate.NewReader(src), limit))
	return out, src.Len(), err
}
