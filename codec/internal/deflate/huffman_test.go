package deflate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestHuffmanIsOptimal compares code lengths with the entropy, and wants the code complete.
func TestHuffmanIsOptimal(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var h huffman
	for range 300 {
		counts, n := make([]uint32, 1+r.IntN(300)), 0
		total := 0.0
		for s := range counts {
			if counts[s] = r.Uint32N(1<<r.IntN(20)) >> r.IntN(20); counts[s] > 0 {
				n++
			}
			total += float64(counts[s])
		}
		lengths := make([]uint8, len(counts))
		h.lengths(lengths, counts, maxCodeBits)
		kraft, bits, entropy := 0, 0.0, 0.0
		for s, l := range lengths {
			if (l > 0) != (counts[s] > 0) || l > maxCodeBits {
				t.Fatalf("a symbol that occurs %d times has %d bits", counts[s], l)
			}
			if l > 0 {
				kraft += 1 << (maxCodeBits - l)
				bits += float64(counts[s]) * float64(l)
				entropy -= float64(counts[s]) * math.Log2(float64(counts[s])/total)
			}
		}
		if n > 1 && kraft != 1<<maxCodeBits {
			t.Fatalf("%d symbols: a Kraft sum of %d / 32768", n, kraft)
		}
		if n > 1 && (bits < entropy*0.999999 || bits > entropy+total) {
			t.Fatalf("%d symbols: %.0f bits, the entropy is %.0f", n, bits, entropy)
		}
	}
}

// TestHuffmanCostsNoMoreThanPackageMerge compares codes, short ones and long ones, with those of the
// slower way, which is right for any limit.
func TestHuffmanCostsNoMoreThanPackageMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var h huffman
	for range 1000 {
		counts := make([]uint32, 2+r.IntN(300))
		bound := uint32(1) << r.IntN(12)
		for s := range counts {
			counts[s] = 1 + r.Uint32N(bound)>>r.IntN(12)
		}
		got, want := make([]uint8, len(counts)), make([]uint8, len(counts))
		h.lengths(got, counts, maxCodeBits)
		h.limited(want, counts, maxCodeBits) // the same symbols
		cost := func(lengths []uint8) (bits int) {
			for s, l := range lengths {
				bits += int(l) * int(counts[s])
			}
			return bits
		}
		if cost(got) != cost(want) {
			t.Fatalf("counts %d: %d bits, by package-merge %d", counts, cost(got), cost(want))
		}
	}
}

// TestHuffmanLimit asks for codewords longer than allowed: Fibonacci numbers do.
func TestHuffmanLimit(t *testing.T) {
	fib := []uint32{1, 1}
	for len(fib) < 30 {
		fib = append(fib, fib[len(fib)-1]+fib[len(fib)-2])
	}
	lengths := make([]uint8, len(fib))
	new(huffman).lengths(lengths, fib, maxMetaBits)
	for s, l := range lengths {
		if l == 0 || l > maxMetaBits {
			t.Errorf("symbol %d has %d bits", s, l)
		}
	}
}

func TestLog2(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		n := 1 + r.Uint32N(1<<r.IntN(32))
		want := math.Log2(float64(n))
		if got := float64(log2(uint64(n), 32)) / (1 << 32); math.Abs(got-want) > 1e-8 {
			t.Fatalf("log2(%d) = %v, want %v", n, got, want)
		}
		if got := float64(logTable().log(n)) / (1 << logBits); got > want+1e-9 || got < want-1e-4 {
			t.Fatalf("log(%d) = %v, want %v", n, got, want)
		}
	}
}
