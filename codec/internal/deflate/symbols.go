package deflate

import "math/bits"

// Sizes of RFC 1951.
const (
	minMatch     = 3        // bytes
	maxMatch     = 258      // bytes
	windowSize   = 32 << 10 // bytes: the longest distance
	maxStored    = 1<<16 - 1
	endOfBlock   = 256 // symbol
	firstLength  = 257 // the first symbol of a match
	numLiterals  = 286 // symbols of the literal/length code
	numDistances = 30  // symbols of the distance code
	maxCodeBits  = 15  // the longest codeword of these two codes
)

// Symbols of the code of codeword lengths (RFC 1951, 3.2.7): 0 to 15 are lengths.
const (
	repeatLast     = 16 // the last length, 3 to 6 times
	repeatZero     = 17 // 0, 3 to 10 times
	repeatZeroLong = 18 // 0, 11 to 138 times

	numMeta     = 19
	maxMetaBits = 7 // the longest codeword
)

var (
	// metaOrder is the order in which a header states the lengths of the codewords of
	// the code of codeword lengths.
	metaOrder = [numMeta]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	// metaExtra is the number of bits that follow its symbols.
	metaExtra = [numMeta]uint8{repeatLast: 2, repeatZero: 3, repeatZeroLong: 7}
)

// An entry says what a codeword stands for: its length in bits (bits 0 to 3), whether it is
// a literal (bit 7), how many extra bits follow it (bits 8 to 11), and the value to which
// these are added (bits 16 to 31): the literal, the length of a match or its distance. The
// end of a block has the value endValue. No codeword has the entry 0.
type entry uint32

const (
	literalFlag entry = 1 << 7
	endValue          = 1 // less than minMatch, and not 0
)

func (e entry) length() uint    { return uint(e & 15) }
func (e entry) isLiteral() bool { return e&literalFlag != 0 }
func (e entry) extra() uint     { return uint(e >> 8 & 15) }
func (e entry) value() int      { return int(e >> 16) }

// The entries of the symbols of each code, without the lengths of codewords (RFC 1951,
// 3.2.5 to 3.2.7).
var (
	literalEntries = func() (t [numLiterals]entry) {
		for i := range 256 {
			t[i] = entry(i)<<16 | literalFlag
		}
		t[endOfBlock] = endValue << 16
		base := minMatch
		for i := range numLiterals - firstLength {
			extra := max(0, i/4-1)
			if i == numLiterals-firstLength-1 {
				base, extra = maxMatch, 0
			}
			t[firstLength+i] = entry(base)<<16 | entry(extra)<<8
			base += 1 << extra
		}
		return t
	}()
	distanceEntries = func() (t [numDistances]entry) {
		base := 1
		for i := range t {
			extra := max(0, i/2-1)
			t[i] = entry(base)<<16 | entry(extra)<<8
			base += 1 << extra
		}
		return t
	}()
	metaEntries = func() (t [numMeta]entry) {
		for i := range t {
			t[i] = entry(i)<<16 | literalFlag
		}
		return t
	}()
)

// lengthSymbol maps the length of a match to its symbol: the last one whose lengths begin
// at or before it.
var lengthSymbol = func() (s [maxMatch + 1]uint16) {
	for k := firstLength; k < numLiterals; k++ {
		for n := literalEntries[k].value(); n <= maxMatch; n++ {
			s[n] = uint16(k)
		}
	}
	return s
}()

// distanceSymbol returns the symbol of a distance of 1 to windowSize.
func distanceSymbol(d int) int {
	u := uint(d - 1)
	if u < 4 {
		return int(u)
	}
	n := bits.Len(u)
	return 2*(n-1) + int(u>>(n-2))&1
}

// A token is a literal or a match: the length of the match in the high 16 bits, 0 for a
// literal; the distance or the literal in the low ones.
type token uint32

func literalToken(b byte) token { return token(b) }

// matchToken returns the token of a match of minMatch <= length <= maxMatch and
// 1 <= distance <= windowSize.
func matchToken(length, distance int) token { return token(length<<16 | distance) }

func (t token) isLiteral() bool { return t < 1<<16 }
func (t token) literal() byte   { return byte(t) }
func (t token) length() int     { return int(t >> 16) }
func (t token) distance() int   { return int(t & 0xffff) }

// size returns how many bytes t stands for.
func (t token) size() int {
	if t.isLiteral() {
		return 1
	}
	return t.length()
}

// counts are how often symbols occur.
type counts struct {
	literals  [numLiterals]uint32
	distances [numDistances]uint32
}

func (c *counts) add(tokens []token) {
	for _, t := range tokens {
		if t.isLiteral() {
			c.literals[t.literal()]++
		} else {
			c.literals[lengthSymbol[t.length()]]++
			c.distances[distanceSymbol(t.distance())]++
		}
	}
}
