package deflate

import (
	"bytes"
	"compress/flate"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/internal/mutate"
)

// FuzzInflate compares an Inflater with the standard library's decoder, which refuses some
// codes that zlib accepts: TestCodes has those.
func FuzzInflate(plain *testing.F) {
	f := mutate.Of(plain)
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range []string{"", "a", "hello hello hello", string(random(r, 300, 40, 20))} {
		for _, level := range []int{flate.HuffmanOnly, 0, 9} {
			f.Add(standard(f, []byte(s), level), len(s))
		}
	}
	for _, c := range codeCases {
		data, err := hex.DecodeString(c.data)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, max(c.size, 0))
	}
	const most = 1 << 16
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		want, after, wantErr := oracle(data, most)
		if wantErr == nil {
			size = len(want)
		}
		if size < 0 || size > most {
			return
		}
		var z Inflater
		out := make([]byte, size)
		_, err := z.Inflate(out, data, NoLimit)
		if whole := wantErr == nil && len(want) < most; whole && after == 0 && (err != nil || !bytes.Equal(out, want)) {
			t.Fatalf("%v; the oracle has %d bytes", err, len(want))
		} else if whole && after > 0 && err == nil {
			t.Fatal("bytes after the end are accepted")
		}
		if _, costErr := z.Costs(make([]byte, size), data, []int{size / 3, size / 2, size}); costErr != err {
			t.Fatalf("with costs: %v, without: %v", costErr, err)
		}
	})
}

// FuzzCompress restores what each method made.
func FuzzCompress(plain *testing.F) {
	f := mutate.Of(plain)
	r := rand.New(rand.NewPCG(1, 2))
	methods := allMethods()
	for k := range methods {
		f.Add([]byte("hello hello hello"), uint8(k))
		f.Add(random(r, 3000, 40, 20), uint8(k))
	}
	var c Compressor
	f.Fuzz(func(t *testing.T, src []byte, k uint8) {
		var dst bytes.Buffer
		if err := c.Compress(t.Context(), &dst, src, methods[int(k)%len(methods)].effort); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(src))
		if _, err := new(Inflater).Inflate(got, dst.Bytes(), NoLimit); err != nil || !bytes.Equal(got, src) {
			t.Fatal("does not restore:", err)
		}
		if want, after, err := oracle(dst.Bytes(), 1<<30); err != nil || after > 0 || !bytes.Equal(want, src) {
			t.Fatalf("the oracle: %v, %d bytes follow", err, after)
		}
	})
}
