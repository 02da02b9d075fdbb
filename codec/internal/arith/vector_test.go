package arith

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestVectorsAreTheirTwins compares vector instructions with the code that has none.
func TestVectorsAreTheirTwins(t *testing.T) {
	if !HasAVX2 {
		t.Skip("no AVX2")
	}
	r := rand.New(rand.NewPCG(71, 22))
	list := func(n, most int) []int32 {
		x := make([]int32, n)
		for i := range x {
			x[i] = int32(r.IntN(2*most+1) - most)
		}
		return x
	}
	for range 200 {
		n := VectorInputs * (1 + r.IntN(8))
		x := list(n, MaxLogit)
		var fast, slow [3][]int32
		for i := range fast {
			fast[i] = list(n, math.MaxInt32)
			slow[i] = slices.Clone(fast[i])
		}
		d0, d1, d2 := dotsAVX2(&x[0], &fast[0][0], &fast[1][0], &fast[2][0], n)
		for i, got := range []int64{d0, d1, d2} {
			if want := Dot(slow[i], x); got != want {
				t.Fatalf("%d inputs: sum %d is %d, want %d", n, i, got, want)
			}
		}
		e := list(3, math.MaxUint16)
		trainsAVX2(&x[0], &fast[0][0], &fast[1][0], &fast[2][0], n, e[0], e[1], e[2])
		for i := range slow {
			if Train(slow[i], x, e[i]); !slices.Equal(fast[i], slow[i]) {
				t.Fatalf("%d inputs: weights %d are %d, want %d", n, i, fast[i], slow[i])
			}
		}
	}
}
