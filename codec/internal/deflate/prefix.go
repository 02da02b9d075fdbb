package deflate

import "math/bits"

// A prefixCode decodes codewords of at most maxCodeBits bits: by a table of the first
// tableBits bits, and longer ones by the canonical order.
type prefixCode struct {
	table   [1 << tableBits]entry // by the next bits, the first one lowest; 0: no codeword, or a longer one
	sorted  [288]entry            // in canonical order; 0: a symbol without a meaning
	place   [maxCodeBits + 1]int  // in sorted, of the first codeword of each length
	first   [maxCodeBits + 1]int  // the first codeword of each length
	limit   [maxCodeBits + 1]int  // the codeword after the last of each length, as maxCodeBits bits
	longest uint                  // codeword, in bits
}

// tableBits is the size of the table, in bits: 8 KiB per code. libdeflate uses 11 for literals
// and 8 for distances, zlib 9 and 6.
const tableBits = 11

// A codeRule says which codes build accepts: those that zlib accepts (inflate_table in its
// inftrees.c), so that no file restores here and not there.
type codeRule int

const (
	completeCode codeRule = iota // every string of bits begins with a codeword
	singleCode                   // or there is one codeword, of one bit, or none
)

// build makes c the code in which symbol i has a codeword of lengths[i] bits, none if that
// is 0, and stands for entries[i]. It reports whether there is such a code and rule
// accepts it.
func (c *prefixCode) build(lengths []uint8, entries []entry, rule codeRule) bool {
	var count, next [maxCodeBits + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	code, place, unused := 0, 0, 1
	c.longest = 0
	for n := 1; n <= maxCodeBits; n++ {
		code <<= 1
		c.first[n], c.place[n], next[n] = code, place, place
		code += count[n]
		place += count[n]
		c.limit[n] = code << (maxCodeBits - n)
		if unused = 2*unused - count[n]; unused < 0 {
			return false
		}
		if count[n] > 0 {
			c.longest = uint(n)
		}
	}
	if unused > 0 && (rule == completeCode || c.longest > 1) {
		return false
	}
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		e := entry(0)
		if symbol < len(entries) {
			e = entries[symbol] | entry(n)
		}
		c.sorted[next[n]] = e
		next[n]++
	}
	// After the step for n bits table[:1<<n] is right for the codewords of at most n bits:
	// the entry of a shorter one is the same whatever follows it.
	c.table[0] = 0
	for n := 1; n <= tableBits; n++ {
		half := 1 << (n - 1)
		copy(c.table[half:2*half], c.table[:half])
		code := c.first[n]
		for _, e := range c.sorted[c.place[n] : c.place[n]+count[n]] {
			c.table[bits.Reverse16(uint16(code))>>(16-n)] = e
			code++
		}
	}
	return true
}

// entry returns the entry of the codeword that begins acc; 0 if there is none.
func (c *prefixCode) entry(acc uint64) entry {
	if e := c.table[acc&(1<<tableBits-1)]; e != 0 {
		return e
	}
	return c.long(acc)
}

// long is entry for a codeword that is not in the table.
func (c *prefixCode) long(acc uint64) entry {
	if c.longest <= tableBits {
		return 0
	}
	// The code is complete, and what begins acc is longer than tableBits.
	code := int(bits.Reverse16(uint16(acc)) >> (16 - maxCodeBits))
	n := tableBits + 1
	for code >= c.limit[n] {
		n++
	}
	return c.sorted[c.place[n]+code>>(maxCodeBits-n)-c.first[n]]
}

// fixedLengths are the lengths of the codewords of a block with fixed codes: 288 of
// literals and lengths, then 32 of distances (RFC 1951, 3.2.6).
var fixedLengths = func() (l [320]uint8) {
	for i := range l {
		switch {
		case i < 144:
			l[i] = 8
		case i < 256:
			l[i] = 9
		case i < 280:
			l[i] = 7
		case i < 288:
			l[i] = 8
		default:
			l[i] = 5
		}
	}
	return l
}()

// The codes of a block with fixed codes.
var fixedLiterals, fixedDistances = func() (l, d *prefixCode) {
	l, d = new(prefixCode), new(prefixCode)
	if !l.build(fixedLengths[:288], literalEntries[:], completeCode) || !d.build(fixedLengths[288:], distanceEntries[:], completeCode) {
		panic("deflate: the fixed codes are not complete")
	}
	return l, d
}()
