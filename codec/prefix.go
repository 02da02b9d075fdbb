package codec

import "math/bits"

// An entry says what a code stands for: its length in bits (bits 0 to 3),
// whether it is a literal (bit 7), how many bits follow it (bits 8 to 11), and
// the value to which these are added (bits 16 to 31): the literal, the length
// of a match, its distance; 0 and 1 end a block.
type entry uint32

const literalFlag entry = 1 << 7

func (e entry) length() uint    { return uint(e & 15) }
func (e entry) isLiteral() bool { return e&literalFlag != 0 }
func (e entry) extra() uint     { return uint(e >> 8 & 15) }
func (e entry) value() int      { return int(e >> 16) }

// What the symbols stand for, lengths of codes left out (RFC 1951, 3.2.5).
var (
	literalEntries = func() (t [286]entry) {
		for i := range 256 {
			t[i] = entry(i)<<16 | literalFlag
		}
		t[256] = 1 << 16 // the end
		base := 3
		for i := range 29 {
			extra := max(0, i/4-1)
			if i == 28 {
				base, extra = 258, 0
			}
			t[257+i] = entry(base)<<16 | entry(extra)<<8
			base += 1 << extra
		}
		return t
	}()
	distanceEntries = func() (t [30]entry) {
		base := 1
		for i := range t {
			extra := max(0, i/2-1)
			t[i] = entry(base)<<16 | entry(extra)<<8
			base += 1 << extra
		}
		return t
	}()
	plainEntries = func() (t [19]entry) {
		for i := range t {
			t[i] = entry(i)<<16 | literalFlag
		}
		return t
	}()
	fixedLengths = func() (l [320]uint8) {
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
)

// A prefixCode decodes symbols of at most 15 bits: a table for the first
// tableBits bits, and the canonical order for longer codes.
type prefixCode struct {
	table   [1 << tableBits]entry // by the next bits, the first one lowest; 0: no symbol, or a longer code
	sorted  [288]entry            // in canonical order; 0: a symbol without a meaning
	place   [16]int               // in sorted, of the first code of each length
	first   [16]int               // the first code of each length
	limit   [16]int               // the code after the last of each length, as 15 bits
	longest uint                  // code, in bits
}

const tableBits = 11

// Which codes build takes: as zlib does, so that no file restores here and not
// there (inflate_table in its inftrees.c).
const (
	completeCode = iota // every string of bits has a symbol
	singleCode          // or there is one symbol, of one bit, or none
)

// build makes c the code in which symbol i has lengths[i] bits, 0 for none, and
// stands for what[i]. It reports whether there is such a code and rule allows it.
func (c *prefixCode) build(lengths []uint8, what []entry, rule int) bool {
	var count, next [16]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	code, place, unused := 0, 0, 1
	c.longest = 0
	for n := 1; n < 16; n++ {
		code <<= 1
		c.first[n], c.place[n], next[n] = code, place, place
		code += count[n]
		place += count[n]
		c.limit[n] = code << (15 - n)
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
	for sym, n := range lengths {
		if n == 0 {
			continue
		}
		e := entry(0)
		if sym < len(what) {
			e = what[sym] | entry(n)
		}
		c.sorted[next[n]] = e
		next[n]++
	}
	// After the step for n bits table[:1<<n] is right for the codes of at most n
	// bits: the entry of a shorter one is the same whatever follows it.
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

// long finds the entry of a code that the table does not have; 0 for none.
func (c *prefixCode) long(acc uint64) entry {
	if c.longest <= tableBits {
		return 0
	}
	// The code is complete, and what begins acc is longer than tableBits.
	code := int(bits.Reverse16(uint16(acc)) >> 1)
	n := tableBits + 1
	for code >= c.limit[n] {
		n++
	}
	return c.sorted[c.place[n]+code>>(15-n)-c.first[n]]
}

// The codes of a block with fixed codes (RFC 1951, 3.2.6).
var fixedLiterals, fixedDistances = func() (l, d *prefixCode) {
	l, d = new(prefixCode), new(prefixCode)
	if !l.build(fixedLengths[:288], literalEntries[:], completeCode) || !d.build(fixedLengths[288:], distanceEntries[:], completeCode) {
		panic("codec: the fixed codes are no codes")
	}
	return l, d
}()
