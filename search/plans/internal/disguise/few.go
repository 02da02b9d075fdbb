package disguise

import (
	"math"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

const (
	// valueShare: a table has at most one value for so many elements: it takes about as much as they do.
	// Arbitrary.
	valueShare = 16

	// minSparse is how many times as far apart the values must be as there are of them: indices of values
	// that are nearly all there tell nothing new. Arbitrary.
	minSparse = 16

	// maxIndexJump is what indices of neighbours may differ by at most, in percent of their bits: what
	// has an order is a signal. Arbitrary.
	maxIndexJump = 75
)

// fewValues returns the table by which floating-point numbers of few values become indices, once they are
// numbers of the same order.
func fewValues(b []byte) (d Disguise, ok bool) {
	least := math.MaxInt // bits that indices jump, for 8 bytes: those in the wrong order of bytes jump more
	for _, w := range [...]int{4, -4, 8, -8} {
		size := max(w, -w)
		if len(b) < 2*size*perPlace {
			continue
		}
		lead, _ := alignment(b, w)
		x := sampled(b, lead, w)
		if !plausible(x, size) {
			continue
		}
		most := min(len(b)/size/valueShare, 1<<16)
		values, at := plan.Values(inOrder(b[lead:], w), size, most)
		if len(values) > most || len(values) < minValues || uint64(values[len(values)-1]-values[0])/uint64(len(values)) < minSparse {
			continue
		}
		for i, v := range x {
			x[i] = uint64(at[flipped(v, size)])
		}
		sum := jumps(x, 8, false)
		if changes(x)*100 < len(x)*minNonzero || sum*100 > maxIndexJump*bits.Len(uint(len(values)))*len(x) || sum*8/size >= least {
			continue
		}
		least = sum * 8 / size
		width := int32(1)
		if len(values) > 1<<8 {
			width = 2
		}
		d, ok = Disguise{Lead: lead, Node: dsl.Node{Op: dsl.Lookup, Nums: [3]int32{int32(w), width}}, Table: len(values) * size}, true
	}
	return d, ok
}

// flipped returns the number of the same order for the floating-point number of size bytes with the bits v.
func flipped(v uint64, size int) int64 {
	x := int64(v<<(64-8*size)) >> (64 - 8*size)
	if x < 0 {
		x ^= 1<<(8*size-1) - 1
	}
	return x
}

// inOrder returns the numbers of the same order for the floating-point numbers of type w of b, little endian.
func inOrder(b []byte, w int) (list []byte) {
	size := max(w, -w)
	for ; len(b) >= size; b = b[size:] {
		x := flipped(plan.Number(b, w), size)
		for k := range size {
			list = append(list, byte(x>>(8*k)))
		}
	}
	return list
}
