package mix

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// TestVectorsAreTheirTwins compares vector instructions with the code that has none.
func TestVectorsAreTheirTwins(t *testing.T) {
	if !arith.HasAVX2 {
		t.Skip("no AVX2")
	}
	r := rand.New(rand.NewPCG(1, 2))
	signed := func(n int) int32 { return int32(r.IntN(2*n+1) - n) }
	for range 200 {
		var fast, slow ols
		n, every, fade := 1+r.IntN(maxInputs), 1+r.IntN(20), 2+r.IntN(8)
		fast.reset(n, every, fade)
		slow.reset(n, every, fade)
		for range 5 {
			for i := range fast.rows {
				if i%fast.stride <= n {
					fast.rows[i] = signed(1 << (1 + r.IntN(inputBits)))
				}
			}
			copy(slow.rows, fast.rows)
			fast.addProducts()
			slow.addProductsPlain()
			for i := range n + 1 {
				for j := i; j <= n; j++ {
					if a, b := fast.sums[i*fast.stride+j], slow.sums[i*slow.stride+j]; a != b {
						t.Fatalf("%d inputs, every %d: sum %d %d is %d, want %d", n, every, i, j, a, b)
					}
				}
			}
			fast.solve()
			for j := range n {
				scale := uint(r.IntN(10))
				for i := range fast.columns {
					fast.columns[i] = signed(1 << 30)
				}
				copy(slow.columns, fast.columns)
				fast.subtractProducts(j, scale)
				slow.subtractProductsPlain(j, scale)
				if !slices.Equal(fast.column[j:n+1], slow.column[j:n+1]) {
					t.Fatalf("%d inputs: column %d is %d, want %d", n, j, fast.column[j:n+1], slow.column[j:n+1])
				}
			}
		}
		if a, b := fast.predict(), arith.Dot(fast.weights[:n], fast.row()[:n]); a != b {
			t.Fatalf("%d inputs: predicted %d, want %d", n, a, b)
		}
	}
	for range 200 {
		var fast, slow nlms
		n := tapVector * (1 + r.IntN(20))
		fast.reset(n, 8)
		slow.reset(n, 8)
		for range 20 {
			for i := range fast.past {
				fast.past[i] = signed(1 << (1 + r.IntN(filterBits)))
			}
			fast.step, fast.double = int64(signed(1<<31-1)), uint(r.IntN(31))
			slow.step, slow.double = fast.step, fast.double
			past := fast.past[r.IntN(50):][:n+1]
			got := moveAndSumAVX2(&fast.weights[0], &past[0], n, int32(fast.step), uint64(fast.double))
			if want := slow.moveAndSumPlain(past); got != want || !slices.Equal(fast.weights, slow.weights) {
				t.Fatalf("%d taps: %d, want %d", n, got, want)
			}
		}
	}
}
