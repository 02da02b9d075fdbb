package deflate

import (
	"math/bits"
	"sync"
)

const (
	// Logarithms are in 2^-logBits bit: sums of many are compared, and must fit 64 bits.
	logBits = 16

	tableLogs = 1 << 10 // logarithms in a table
)

// A logs is a table of logarithms of small numbers, in 2^-logBits.
type logs struct {
	values   [tableLogs + 1]uint32
	products [tableLogs]uint64 // n log₂ n
}

// logTable returns the only logs.
var logTable = sync.OnceValue(func() *logs {
	t := new(logs)
	for n := 1; n < len(t.values); n++ {
		t.values[n] = uint32(log2(uint64(n), logBits))
		if n < tableLogs {
			t.products[n] = uint64(n) * uint64(t.values[n])
		}
	}
	return t
})

// log returns log₂(n) for n > 0: of large numbers between those in the table, by a straight
// line, which is less than 2^-20 below.
func (t *logs) log(n uint32) uint32 {
	if n < tableLogs {
		return t.values[n]
	}
	shift := bits.Len32(n) - bits.Len32(tableLogs-1)
	k := n >> shift
	part := uint64(t.values[k+1]-t.values[k]) * uint64(n&(1<<shift-1)) >> shift
	return t.values[k] + uint32(shift)<<logBits + uint32(part)
}

// log2 returns log₂(n), for n > 0, in 1/2^frac, rounded down. It finds a binary digit per
// squaring: the integer part of log₂(m²) is the next one of log₂(m). Digits beyond the 30th
// are not exact.
func log2(n uint64, frac int) uint64 {
	log := uint64(bits.Len64(n) - 1)
	m := n << bits.LeadingZeros64(n) // in 1/2^63, 1 <= m < 2
	for range frac {
		hi, lo := bits.Mul64(m, m) // in 1/2^126
		log <<= 1
		if hi>>63 != 0 {
			log++
			m = hi
		} else {
			m = hi<<1 | lo>>63
		}
	}
	return log
}
