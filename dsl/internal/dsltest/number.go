package dsltest

import (
	"math"
	"math/rand/v2"
)

// Number draws numbers of every size, most of them small.
func Number(r *rand.Rand) int32 {
	switch r.IntN(16) {
	case 0:
		return []int32{0, 1, -1, 255, 256, math.MinInt32, math.MaxInt32, math.MaxInt32 - 1, math.MinInt32 + 1}[r.IntN(9)]
	case 1:
		return int32(r.Uint32()) >> r.IntN(32)
	case 2, 3:
		return int32(r.IntN(600) - 300)
	case 4, 5, 6:
		return int32(r.IntN(256))
	}
	return int32(r.IntN(12) - 3)
}
