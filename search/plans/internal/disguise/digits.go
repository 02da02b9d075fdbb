package disguise

import (
	"math/bits"

	"github.com/ktzip/ktzip/dsl/plan"
)

// A DigitByte says what a byte of records may be in packed decimals.
type DigitByte struct {
	Pair bool // two digits
	Many bool // different ones
	Sign int  // the encoding of decimals that it ends, plan.SignedDigits or plan.PlainDigits; 0 if it ends none
}

// manyDigits is how many different bytes tell that pairs of digits are numbers. Arbitrary.
const manyDigits = 10

// Digits tells from the bytes at the same place of some records what that byte may be.
func Digits(column []byte) (d DigitByte) {
	pairs, signs, plus := 0, 0, 0
	var high, all [256]bool
	highs, different := 0, 0
	for _, c := range column {
		if c>>4 > 9 {
			continue
		}
		if !all[c] {
			all[c] = true
			different++
		}
		switch c & 0xF {
		case 0xC:
			plus++
			signs++
		case 0xD, 0xF:
			signs++
		case 0xA, 0xB, 0xE:
		default:
			pairs++
		}
		if !high[c>>4] {
			high[c>>4] = true
			highs++
		}
	}
	// Digits of text, whose high 4 bits are the same and not 0, are not packed.
	text := highs == 1 && !high[0] && different > 1
	d.Pair = len(column) > 0 && pairs*100 >= len(column)*minHits && !text
	d.Many = different >= manyDigits
	if len(column) > 0 && signs*100 >= len(column)*minHits {
		if d.Sign = plan.PlainDigits; plus > 0 {
			d.Sign = plan.SignedDigits
		}
	}
	return d
}

// Plausible reports whether nearly all of x, of size bytes, are as large as measurements are as floating-point numbers.
func Plausible(x []uint64, size int) bool { return plausible(x, size) }

// Gain returns the fraction of which the floating-point numbers x, of size bytes, are multiples; ok is
// false if there is none that saves much.
func Gain(x []uint64, size int) (p, q int32, ok bool) {
	if len(x) < minValues || !plausible(x, size) {
		return 0, 0, false
	}
	p, q, saving := bestGain(x, absolute(x, size), size)
	return p, q, saving > minScaleSaving
}

// maxShifted is the largest power of two: bytes that are 0 take nothing by themselves, and floating-point numbers that
// are cut have such divisors. With any ex.bag is 3 % larger.
const maxShifted = 1 << 7

// minQuotients is how many different numbers there must be, and quotients between the lowest and the highest: a few
// values always have a divisor. Arbitrary.
const minQuotients = 16

// hasValues reports whether x has n different values.
func hasValues(x []uint64, n int) bool {
	seen := map[uint64]bool{}
	for _, v := range x {
		if seen[v] = true; len(seen) == n {
			return true
		}
	}
	return false
}

// Factor returns the p and r of Multiples for the integers x, of size bytes; ok is false if they are no
// multiples.
func Factor(x []uint64, size int) (p, r int32, ok bool) {
	if len(x) < 2*voters || changes(x)*100 < len(x)*minNonzero {
		return 0, 0, false
	}
	sign := int32(-1)
	if reach(x, size, false) < reach(x, size, true) {
		sign = 1
	}
	divisor, rest := divisor(x, size, sign < 0)
	if divisor == 0 || bits.OnesCount64(divisor) == 1 && divisor > maxShifted || reach(x, size, sign < 0)/divisor < minQuotients || !hasValues(x, minQuotients) {
		return 0, 0, false
	}
	return sign * int32(divisor), int32(rest), true
}

// Voters is how many numbers in a row Votes looks at.
const Voters = 2 * voters

// Votes reports whether half of x, Voters integers of size bytes, have a common divisor, as those must that Factor
// finds one of; it takes little time.
func Votes(x []uint64, size int) bool {
	return len(x) == Voters && (votes(x[:voters], size) || votes(x[voters:], size))
}

// votes reports whether x, of size bytes, have a common divisor.
func votes(x []uint64, size int) bool {
	g := uint64(0)
	for _, v := range x[1:] {
		a, b := ordered(x[0], size, true), ordered(v, size, true)
		if g = gcd(g, max(a, b)-min(a, b)); g == 1 {
			return false
		}
	}
	return g >= minDivisor
}
