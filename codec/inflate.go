package codec

import (
	"encoding/binary"
	"errors"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

// errDeflate reports data that is not deflate's, or not what was expected.
var errDeflate = errors.New("malformed deflate data")

// An inflater decodes deflate data (RFC 1951) that is whole in memory to a
// buffer of known length, and can say what each block of it cost. The zero
// value is ready to use.
type inflater struct {
	in  []byte
	pos int    // bytes taken into acc, those beyond the end included
	acc uint64 // bits not used yet, the next one lowest
	n   uint   // how many of them count

	dst []byte
	out int // bytes written

	costs []dsl.Cost // nil: not wanted
	shift uint       // log2 of the block size

	literals, distances prefixCode
}

// inflate fills dst from src, both to the last byte; else the error is
// errDeflate. Where costs is not nil, the bits of each token are charged to the
// bytes that it stands for: costs[i] becomes what block i of dst, of 1<<shift
// bytes, takes. Headers, which would stay if a block left, are not charged.
func (z *inflater) inflate(dst, src []byte, costs []dsl.Cost, shift uint) error {
	z.in, z.pos, z.acc, z.n = src, 0, 0, 0
	z.dst, z.out, z.costs, z.shift = dst, 0, costs, shift
	for final := false; !final; {
		z.fill()
		final = z.take(1) == 1
		ok := false
		switch z.take(2) {
		case 0:
			ok = z.stored()
		case 1:
			z.literals.build(fixedLengths[:288], literalEntries[:])
			z.distances.build(fixedLengths[288:318], distanceEntries[:])
			ok = z.tokens()
		case 2:
			ok = z.header() && z.tokens()
		}
		if !ok {
			return errDeflate
		}
	}
	if z.out != len(dst) || z.pos-int(z.n/8) != len(src) {
		return errDeflate
	}
	return nil
}

// fill makes acc hold at least 56 bits; zeros follow the end of the data.
func (z *inflater) fill() {
	if z.pos+8 <= len(z.in) {
		z.acc |= binary.LittleEndian.Uint64(z.in[z.pos:]) << z.n
		z.pos += int(63-z.n) >> 3
		z.n |= 56
		return
	}
	for z.n < 56 {
		if z.pos < len(z.in) {
			z.acc |= uint64(z.in[z.pos]) << z.n
		}
		z.pos++
		z.n += 8
	}
}

// overrun reports whether bits beyond the end of the data were used.
func (z *inflater) overrun() bool { return z.pos-int(z.n/8) > len(z.in) }

// take uses n bits of acc.
func (z *inflater) take(n uint) uint {
	v := uint(z.acc & (1<<n - 1))
	z.acc >>= n
	z.n -= n
	return v
}

func (z *inflater) stored() bool {
	z.take(z.n & 7)
	at := z.pos - int(z.n/8)
	z.acc, z.n = 0, 0
	if at+4 > len(z.in) {
		return false
	}
	length := int(binary.LittleEndian.Uint16(z.in[at:]))
	if length^0xffff != int(binary.LittleEndian.Uint16(z.in[at+2:])) {
		return false
	}
	at += 4
	if at+length > len(z.in) || z.out+length > len(z.dst) {
		return false
	}
	copy(z.dst[z.out:], z.in[at:at+length])
	z.pos = at + length
	if z.costs != nil {
		z.charge(uint(8*length), length)
	}
	z.out += length
	return true
}

// charge adds the price of bits for the next length bytes.
func (z *inflater) charge(bits uint, length int) {
	at, end := z.out, z.out+length
	if length == 0 {
		return
	}
	each := dsl.Cost(bits) << 8 / dsl.Cost(length)
	for at < end {
		k := at >> z.shift
		part := min(end, (k+1)<<z.shift) - at
		z.costs[k] += each * dsl.Cost(part)
		at += part
	}
}

var headerOrder = [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// header reads the codes of a dynamic block.
func (z *inflater) header() bool {
	literals, distances, n := int(z.take(5))+257, int(z.take(5))+1, int(z.take(4))+4
	var meta [19]uint8
	for _, k := range headerOrder[:n] {
		z.fill()
		meta[k] = uint8(z.take(3))
	}
	if literals > 286 || distances > 30 || !z.literals.build(meta[:], plainEntries[:]) {
		return false
	}
	var lengths [286 + 30]uint8
	for i := 0; i < literals+distances; {
		z.fill()
		e := z.symbol(&z.literals)
		if e == 0 {
			return false
		}
		sym := e.value()
		value, times := uint8(sym), 1
		switch sym {
		case 16:
			if i == 0 {
				return false
			}
			value, times = lengths[i-1], int(z.take(2))+3
		case 17:
			value, times = 0, int(z.take(3))+3
		case 18:
			value, times = 0, int(z.take(7))+11
		}
		if i+times > literals+distances {
			return false
		}
		for range times {
			lengths[i] = value
			i++
		}
	}
	return z.literals.build(lengths[:literals], literalEntries[:]) &&
		z.distances.build(lengths[literals:literals+distances], distanceEntries[:])
}

// symbol uses the bits of the next symbol of c, which acc must hold; 0 where
// there is none.
func (z *inflater) symbol(c *prefixCode) entry {
	e := c.table[z.acc&(1<<tableBits-1)]
	if e == 0 {
		e = c.long(z.acc)
	}
	z.acc >>= e.length()
	z.n -= e.length()
	return e
}

// tokens decodes the literals and matches of a block to its end. Far from the
// ends of both buffers, and where no costs are wanted, rush does most of it.
func (z *inflater) tokens() bool {
	for {
		if z.costs == nil && !z.rush() {
			return false
		}
		if z.n < maxToken {
			z.fill()
			if z.overrun() {
				return false
			}
		}
		e := z.symbol(&z.literals)
		if e.isLiteral() {
			if z.out >= len(z.dst) {
				return false
			}
			if z.costs != nil {
				z.costs[z.out>>z.shift] += dsl.Cost(e.length()) << 8
			}
			z.dst[z.out] = byte(e.value())
			z.out++
			continue
		}
		length := e.value()
		if length < minMatch {
			return e != 0 && !z.overrun() // the end of the block, or no symbol
		}
		start := e.length() + e.extra()
		length += int(z.take(e.extra()))
		d := z.symbol(&z.distances)
		if d == 0 {
			return false
		}
		distance := d.value() + int(z.take(d.extra()))
		if distance > z.out || length > len(z.dst)-z.out {
			return false
		}
		if z.costs != nil {
			z.charge(start+d.length()+d.extra(), length)
		}
		for end := z.out + length; z.out < end; z.out++ {
			z.dst[z.out] = z.dst[z.out-distance]
		}
	}
}

const (
	maxToken = 48 // bits: two codes of 15, with 5 and 13 more
	minMatch = 3
	maxMatch = 258
)

// rush decodes tokens as long as both buffers have room for any token and then
// 8 bytes more, and stops before the end of the block. It keeps the state of
// the inflater in registers.
func (z *inflater) rush() bool {
	in, dst := z.in, z.dst
	pos, acc, n, out := z.pos, z.acc, z.n, z.out
	literals, distances := &z.literals, &z.distances
	ok := true
	for pos+8 <= len(in) && out+maxMatch+8 <= len(dst) {
		acc |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63)
		pos += int(63-n) >> 3
		n |= 56
		e := literals.table[acc&(1<<tableBits-1)]
		if e == 0 {
			e = literals.long(acc)
		}
		if e.isLiteral() {
			// Three literals take at most 45 bits.
			acc >>= e.length()
			n -= e.length()
			dst[out] = byte(e >> 16)
			out++
			if e = literals.table[acc&(1<<tableBits-1)]; !e.isLiteral() {
				continue
			}
			acc >>= e.length()
			n -= e.length()
			dst[out] = byte(e >> 16)
			out++
			if e = literals.table[acc&(1<<tableBits-1)]; !e.isLiteral() {
				continue
			}
			acc >>= e.length()
			n -= e.length()
			dst[out] = byte(e >> 16)
			out++
			continue
		}
		length := e.value()
		if length < minMatch {
			break
		}
		acc >>= e.length()
		length += int(acc & (1<<e.extra() - 1))
		acc >>= e.extra()
		d := distances.table[acc&(1<<tableBits-1)]
		if d == 0 {
			if d = distances.long(acc); d == 0 {
				ok = false
				break
			}
		}
		acc >>= d.length()
		distance := d.value() + int(acc&(1<<d.extra()-1))
		acc >>= d.extra()
		n -= e.length() + e.extra() + d.length() + d.extra()
		if distance > out {
			ok = false
			break
		}
		end := out + length
		switch {
		case length > 32 && distance >= length:
			copy(dst[out:end], dst[out-distance:])
		case distance >= 8:
			for ; out < end; out += 8 {
				binary.LittleEndian.PutUint64(dst[out:], binary.LittleEndian.Uint64(dst[out-distance:]))
			}
		case distance == 1:
			v := uint64(dst[out-1]) * 0x0101010101010101
			for ; out < end; out += 8 {
				binary.LittleEndian.PutUint64(dst[out:], v)
			}
		default:
			for ; out < end; out++ {
				dst[out] = dst[out-distance]
			}
		}
		out = end
	}
	z.pos, z.acc, z.n, z.out = pos, acc, n, out
	return ok
}

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
	fixedLengths = func() (l [318]uint8) {
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
	table  [1 << tableBits]entry
	first  [16]int // first code of each length
	count  [16]int
	place  [16]int // its place in sorted
	sorted [288]entry
}

const tableBits = 11

// build makes c the code in which symbol i has lengths[i] bits, 0 for none, and
// stands for what[i]. It reports whether there is such a code; one that leaves
// some bits without a symbol is one.
func (c *prefixCode) build(lengths []uint8, what []entry) bool {
	c.count = [16]int{}
	for _, n := range lengths {
		c.count[n]++
	}
	c.count[0] = 0
	code, place := 0, 0
	var next, to [16]int
	for n := 1; n < 16; n++ {
		code = (code + c.count[n-1]) << 1
		c.first[n], next[n] = code, code
		c.place[n], to[n] = place, place
		place += c.count[n]
		if code+c.count[n] > 1<<n {
			return false
		}
	}
	clear(c.table[:])
	for sym, n := range lengths {
		if n == 0 {
			continue
		}
		e := entry(n) // a symbol without a meaning stands for the end of nothing
		if sym < len(what) {
			e |= what[sym]
		}
		c.sorted[to[n]] = e
		to[n]++
		rev := int(bits.Reverse16(uint16(next[n])) >> (16 - n))
		next[n]++
		if n <= tableBits && sym < len(what) {
			for ; rev < len(c.table); rev += 1 << n {
				c.table[rev] = e
			}
		}
	}
	return true
}

// long finds the entry of a code that the table does not have; 0 for none.
func (c *prefixCode) long(acc uint64) entry {
	code := 0
	for n := 1; n < 16; n++ {
		code |= int(acc & 1)
		acc >>= 1
		if k := code - c.first[n]; k >= 0 && k < c.count[n] {
			if e := c.sorted[c.place[n]+k]; e>>4 != 0 {
				return e
			}
			return 0
		}
		code <<= 1
	}
	return 0
}
