package codec

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"testing"
)

// TestSqueeze restores what a squeezer wrote, with a decoder that is not ours and with
// ours.
func TestSqueeze(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	r := rand.New(rand.NewPCG(1, 2))
	make := func(n, kinds, copies int) []byte {
		var b []byte
		for len(b) < n {
			if k := r.IntN(40_000); copies > 0 && r.IntN(copies) == 0 && k < len(b) {
				at := len(b) - 1 - k
				b = append(b, b[at:min(at+1+r.IntN(400), len(b))]...)
			} else {
				b = append(b, byte(r.IntN(kinds)*r.IntN(kinds)))
			}
		}
		return b[:n]
	}
	for _, q := range []*squeezer{{matches: matches{depth: 1, nice: 3}}, {matches: matches{depth: 16, nice: 64}, passes: 1}, {matches: matches{depth: 500, nice: 258}, passes: 3}} {
		times := 60
		if testing.Short() {
			times = 12
		}
		for i := range times {
			n := []int{0, 1, 2, 3, 4, 5, 100, squeezeWindow - 1, squeezeWindow, squeezeWindow + 1, 200_000, r.IntN(300_000)}[i%12]
			b := make(n, []int{1, 2, 3, 16, 256}[i%5], []int{0, 5, 50, 500}[i%4])
			if i == 10 {
				b = bytes.Repeat([]byte{7}, n)
			}
			var buf bytes.Buffer
			q.squeeze(t.Context(), &buf, b)
			got, err := io.ReadAll(flate.NewReader(bytes.NewReader(buf.Bytes())))
			if err != nil || !bytes.Equal(got, b) {
				t.Fatalf("%d: %d bytes: restored to %d others, %v", i, n, len(got), err)
			}
			t.Logf("%d: %d bytes in %d", i, n, buf.Len())
		}
	}
}

// TestHuffman compares the lengths of codes with the entropy, and holds them to the limit
// and to what a complete code has.
func TestHuffman(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var h huffman
	for range 300 {
		counts, n := make([]uint32, 1+r.IntN(300)), 0
		for s := range counts {
			if counts[s] = r.Uint32N(1<<r.IntN(20)) >> r.IntN(20); counts[s] > 0 {
				n++
			}
		}
		lengths := make([]uint8, len(counts))
		h.lengths(lengths, counts, 15)
		sum := 0
		for s, l := range lengths {
			if (l > 0) != (counts[s] > 0) || l > 15 {
				t.Fatalf("a symbol that comes up %d times has %d bits", counts[s], l)
			}
			if l > 0 {
				sum += 1 << (15 - l)
			}
		}
		if n > 1 && sum != 1<<15 {
			t.Fatalf("%d symbols: a sum of %d / 32768", n, sum)
		}
	}
	// Fibonacci numbers ask for the longest codes.
	fib := []uint32{1, 1}
	for len(fib) < 30 {
		fib = append(fib, fib[len(fib)-1]+fib[len(fib)-2])
	}
	lengths := make([]uint8, len(fib))
	h.lengths(lengths, fib, 7)
	for s, l := range lengths {
		if l == 0 || l > 7 {
			t.Errorf("symbol %d has %d bits", s, l)
		}
	}
}
