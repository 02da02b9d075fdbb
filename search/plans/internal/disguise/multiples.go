package disguise

import (
	"math"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

const (
	// minMultiples is how many numbers must be multiples of a divisor, in percent: of as many places as
	// there are, one may be a header. Arbitrary.
	minMultiples = 100 - 100/places

	// minDivisor is the least divisor: predictions of numbers that are all even lose hardly anything.
	minDivisor = 3

	// maxDivisor is the largest divisor. The format's limit is one less.
	maxDivisor = 1 << 30
)

// multiples returns the operation for the elements whose divisor has most bits, of a byte.
func multiples(b []byte) (d Disguise, ok bool) {
	best := 0 // bits of a divisor for 8 bytes
	for _, w := range [...]int{2, -2, 4, -4, 8, -8} {
		size := max(w, -w)
		lead, sign := alignment(b, w)
		x := sampled(b, lead, w)
		if changes(x)*100 < len(x)*minNonzero {
			continue
		}
		p, r := divisor(x, size, sign < 0)
		if saving := (bits.Len64(p) - 1) * 8 / size; p >= minDivisor && saving > best {
			best, ok = saving, true
			d = Disguise{lead, dsl.Node{Op: dsl.Multiples, Nums: [3]int32{int32(w), sign * int32(p), int32(r)}}}
		}
	}
	return d, ok
}

// alignment returns after how many bytes elements of type w differ least from the ones before, and -1
// if they do so with a sign, else 1. Elsewhere the highest byte of a number is the lowest of one, and may
// have a divisor.
func alignment(b []byte, w int) (lead int, sign int32) {
	size := max(w, -w)
	least := math.MaxInt
	for k := range size {
		x := sampled(b, k, w)
		for _, s := range [...]int32{1, -1} {
			if sum := jumps(x, size, s < 0); sum < least {
				lead, sign, least = k, s, sum
			}
		}
	}
	return lead, sign
}

// changes returns how many elements differ from the ones before.
func changes(x []uint64) (n int) {
	for i := 1; i < len(x); i++ {
		if x[i] != x[i-1] {
			n++
		}
	}
	return n
}

// ordered returns x, of size bytes, as an unsigned number: with a sign, the lowest one is 0.
func ordered(x uint64, size int, signed bool) uint64 {
	if signed {
		return x ^ 1<<(8*size-1)
	}
	return x
}

// jumps returns how many bits the differences of neighbours take.
func jumps(x []uint64, size int, signed bool) (sum int) {
	for i := 1; i < len(x); i++ {
		a, b := ordered(x[i-1], size, signed), ordered(x[i], size, signed)
		sum += bits.Len64(max(a, b) - min(a, b))
	}
	return sum
}

// divisor returns the largest p of which nearly all of x, of size bytes and from all places, are
// multiples and the same r more; 0 if there is none, or if it only says which bytes are 0.
func divisor(x []uint64, size int, signed bool) (p, r uint64) {
	other := 0 // places where numbers have no divisor
	var first uint64
	for k := 0; k < len(x); k += perPlace {
		part := x[k:min(k+perPlace, len(x))]
		g := uint64(0)
		for _, v := range part[1:] {
			a, b := ordered(part[0], size, signed), ordered(v, size, signed)
			g = gcd(g, max(a, b)-min(a, b))
		}
		if g == 1 {
			if other++; other > 1 {
				return 0, 0
			}
			continue
		}
		if p = gcd(p, g); g != 0 {
			first = part[0]
		}
	}
	for p > maxDivisor && p%2 == 0 {
		p /= 2
	}
	if p > maxDivisor || p >= 1<<(8*size-1) || bits.OnesCount64(p) == 1 && bits.Len64(p)%8 == 1 {
		return 0, 0
	}
	r = remainder(first, p, size, signed)
	hits := 0
	for _, v := range x {
		if remainder(v, p, size, signed) == r {
			hits++
		}
	}
	if hits*100 < len(x)*minMultiples {
		return 0, 0
	}
	return p, r
}

// remainder returns what x, of size bytes, is more than a multiple of p.
func remainder(x, p uint64, size int, signed bool) uint64 {
	if top := uint64(1) << (8*size - 1); signed && x&top != 0 {
		return (p - (-x&(top|top-1))%p) % p
	}
	return x % p
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
