package disguise

import (
	"math"
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

const (
	// minDivisor is the least divisor: predictions of numbers that are all even lose hardly anything.
	minDivisor = 3

	// maxJump is how many bits neighbours may differ by at most: noise gains nothing from a divisor, and
	// floating-point numbers lose the borders of their bytes. With 24 viking.segy is 3 % larger.
	maxJump = 19

	// maxDivisor is the largest divisor. The format's limit is one less.
	maxDivisor = 1 << 30
)

// multiples returns the operation for the elements whose divisor has most bits, of a byte.
func multiples(b []byte) (d Disguise, ok bool) {
	best := 0  // bits of a divisor for 8 bytes
	least := 0 // bits of the differences, for 8 bytes
	for _, w := range [...]int{2, -2, 4, -4, 8, -8} {
		size := max(w, -w)
		if len(b) < 2*size*perPlace {
			continue
		}
		lead, sign := alignment(b, w)
		x := sampled(b, lead, w)
		if len(x) < perPlace || jumps(x, size, sign < 0) > maxJump*len(x) || changes(x)*100 < len(x)*minNonzero {
			continue
		}
		p, r := divisor(x, size, sign < 0)
		saving, sum := (bits.Len64(p)-1)*8/size, jumps(x, size, sign < 0)*8/size
		if p != 0 && (saving > best || saving == best && sum < least) {
			best, least, ok = saving, sum, true
			d = Disguise{Lead: lead, Node: dsl.Node{Op: dsl.Multiples, Nums: [3]int32{int32(w), sign * int32(p), int32(r)}}}
		}
	}
	return d, ok
}

// alignment returns after how many bytes elements of type w differ least from the ones before, and 1
// if they are nearer to each other without a sign, else -1. Elsewhere the highest byte of a number is the lowest of one, and may
// have a divisor.
func alignment(b []byte, w int) (lead int, sign int32) {
	size := max(w, -w)
	least := math.MaxInt
	for k := range size {
		x := sampled(b, k, w)
		for _, s := range [...]int32{-1, 1} {
			if sum := jumps(x, size, s < 0); sum < least {
				lead, least = k, sum
			}
		}
	}
	if x := sampled(b, lead, w); reach(x, size, false) < reach(x, size, true) {
		return lead, 1
	}
	return lead, -1
}

// reach returns how far apart nearly all of x, of size bytes, are.
func reach(x []uint64, size int, signed bool) uint64 {
	y := make([]uint64, len(x))
	for i, v := range x {
		y[i] = ordered(v, size, signed)
	}
	slices.Sort(y)
	outside := len(y) * (100 - minHits) / 200
	return y[len(y)-1-outside] - y[outside]
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

// maxChannels is how many channels may take turns for neighbours to be of the same one. Arbitrary.
const maxChannels = 4

// jumps returns how many bits the differences of neighbours take, in the number of channels in which
// they take least.
func jumps(x []uint64, size int, signed bool) int {
	least := math.MaxInt
	for lag := 1; lag <= maxChannels; lag++ {
		sum := 0
		for i, v := range x[min(maxChannels, len(x)):] {
			a, b := ordered(x[maxChannels+i-lag], size, signed), ordered(v, size, signed)
			sum += bits.Len64(max(a, b) - min(a, b))
		}
		least = min(least, sum)
	}
	return least
}

// voters is how many numbers in a row vote for their divisor: so few that most are without an
// exception, enough for their common divisor to be that of all. Arbitrary.
const voters = 8

// divisor returns the largest p of which nearly all of x, of size bytes, are multiples and the same r
// more; 0 if there is none, or if it only says which bytes are 0.
func divisor(x []uint64, size int, signed bool) (p, r uint64) {
	for part := range slices.Chunk(x, voters) {
		g := uint64(0)
		for _, v := range part[1:] {
			a, b := ordered(part[0], size, signed), ordered(v, size, signed)
			g = gcd(g, max(a, b)-min(a, b))
		}
		for g > maxDivisor && g%2 == 0 {
			g /= 2
		}
		if g <= max(p, minDivisor-1) || g > maxDivisor || g >= 1<<(8*size-1) || bits.OnesCount64(g) == 1 && bits.Len64(g)%8 == 1 {
			continue
		}
		hits, rest := 0, remainder(part[0], g, size, signed)
		for _, v := range x {
			if remainder(v, g, size, signed) == rest {
				hits++
			}
		}
		if hits*100 >= len(x)*minHits {
			p, r = g, rest
		}
	}
	return p, r
}

// remainder returns what x, of size bytes, is more than a multiple of p.
func remainder(x, p uint64, size int, signed bool) uint64 {
	if top := uint64(1) << (8*size - 1); signed && x&top != 0 {
		return (p - (-x&(top|(top-1)))%p) % p
	}
	return x % p
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
