package deflate

import "math/bits"

// log2 returns log₂(num/den), for num >= den > 0, in 1/2^frac, rounded down. It finds a
// binary digit per squaring: the integer part of log₂(m²) is the next one of log₂(m).
// Digits beyond the 30th are not exact.
func log2(num, den uint64, frac int) uint64 {
	e := bits.Len64(num) - bits.Len64(den)
	num <<= bits.LeadingZeros64(num)
	den <<= bits.LeadingZeros64(den)
	var m uint64 // num/den/2^e in 1/2^63, 1 <= m < 2
	if num >= den {
		m, _ = bits.Div64(num>>1, num<<63, den)
	} else {
		e--
		m, _ = bits.Div64(num, 0, den)
	}
	log := uint64(e)
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
