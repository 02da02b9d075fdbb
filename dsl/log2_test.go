package dsl

import (
	"hash/crc32"
	"math"
	"math/rand/v2"
	"testing"
)

// TestLog2 holds Log2 to the same bits on every machine, near those of package math.
func TestLog2(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sum := crc32.NewIEEE()
	for i := range 200_000 {
		x := math.Ldexp(r.Float64()+1e-9, r.IntN(60)-20)
		if i < 5000 {
			x = float64(i + 1)
		}
		got, want := Log2(x), math.Log2(x)
		if math.Abs(got-want) > 1e-14*max(1, math.Abs(want)) {
			t.Fatalf("Log2(%v) = %v, want %v", x, got, want)
		}
		u := math.Float64bits(got)
		for k := range 8 {
			sum.Write([]byte{byte(u >> (8 * k))})
		}
	}
	if got := sum.Sum32(); got != 0x8c7f9cdb {
		t.Errorf("checksum of the bits: %#x", got)
	}
}
