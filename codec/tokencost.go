package codec

import (
	"errors"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

// errTokens reports data that is not deflate's.
var errTokens = errors.New("codec: malformed deflate data")

// blockCosts walks the tokens of deflate data (RFC 1951) and charges the bits of
// each to the bytes that it stands for: costs[i] is what the bytes of block i,
// of size bytes, take. Headers, which would stay if a block left, are not
// charged. It fills as many costs as the data has blocks.
func blockCosts(costs []dsl.Cost, data []byte, size int) error {
	w := tokenWalker{in: data, costs: costs, shift: uint(bits.TrailingZeros(uint(size)))}
	for final := false; !final && w.err == nil; {
		final = w.take(1) == 1
		switch w.take(2) {
		case 0:
			w.stored()
		case 1:
			w.tokens(&fixedCodes.literals, &fixedCodes.distances)
		case 2:
			var c codes
			if w.header(&c) {
				w.tokens(&c.literals, &c.distances)
			}
		default:
			w.err = errTokens
		}
	}
	return w.err
}

// A tokenWalker reads bits, least significant first.
type tokenWalker struct {
	in    []byte
	pos   int
	acc   uint64
	n     uint // bits in acc
	costs []dsl.Cost
	out   int  // bytes that the tokens so far stand for
	shift uint // log2 of the block size
	err   error
}

func (w *tokenWalker) fill() {
	for w.n <= 56 {
		if w.pos < len(w.in) {
			w.acc |= uint64(w.in[w.pos]) << w.n
		} else if w.pos > len(w.in)+8 {
			w.err = errTokens
		}
		w.pos++
		w.n += 8
	}
}

func (w *tokenWalker) take(n uint) uint {
	if w.n < n {
		w.fill()
	}
	v := uint(w.acc & (1<<n - 1))
	w.acc >>= n
	w.n -= n
	return v
}

// charge adds the price of a token of the given bits for length bytes.
func (w *tokenWalker) charge(bits uint, length int) {
	end := w.out + length
	if (end-1)>>w.shift >= len(w.costs) {
		w.err = errTokens
		return
	}
	if w.out>>w.shift == (end-1)>>w.shift {
		w.costs[w.out>>w.shift] += dsl.Cost(bits) << 8
		w.out = end
		return
	}
	each := dsl.Cost(bits) << 8 / dsl.Cost(length)
	for w.out < end {
		k := w.out >> w.shift
		part := min(end, (k+1)<<w.shift) - w.out
		w.costs[k] += each * dsl.Cost(part)
		w.out += part
	}
}

func (w *tokenWalker) stored() {
	w.take(w.n & 7)
	length := int(w.take(16))
	w.take(16)
	w.pos -= int(w.n / 8)
	w.acc, w.n = 0, 0
	if w.pos+length > len(w.in) {
		w.err = errTokens
		return
	}
	w.pos += length
	for length > 0 && w.err == nil {
		part := min(length, 1<<w.shift-w.out&(1<<w.shift-1))
		w.charge(uint(8*part), part)
		length -= part
	}
}

// A prefixCode decodes symbols of at most 15 bits: a table over the first
// tableBits bits holds symbol<<4 | length; longer codes are found bit by bit.
type prefixCode struct {
	table  [1 << tableBits]uint16
	first  [16]int // first code of each length
	offset [16]int // its place in sorted, less its value
	count  [16]int
	sorted [288]uint16
}

const tableBits = 10

func (c *prefixCode) build(lengths []uint8) {
	c.count = [16]int{}
	for _, n := range lengths {
		c.count[n]++
	}
	c.count[0] = 0
	code, place := 0, 0
	var next [16]int
	for n := 1; n < 16; n++ {
		code = (code + c.count[n-1]) << 1
		c.first[n], c.offset[n], next[n] = code, place-code, code
		place += c.count[n]
	}
	clear(c.table[:])
	for sym, n := range lengths {
		if n == 0 {
			continue
		}
		code := next[n]
		next[n]++
		if k := c.offset[n] + code; k < len(c.sorted) {
			c.sorted[k] = uint16(sym)
		}
		if n <= tableBits {
			rev := int(bits.Reverse16(uint16(code)) >> (16 - n))
			for ; rev < len(c.table); rev += 1 << n {
				c.table[rev] = uint16(sym)<<4 | uint16(n)
			}
		}
	}
}

// symbol decodes a symbol and returns it with the length of its code.
func (w *tokenWalker) symbol(c *prefixCode) (sym int, n uint) {
	if w.n < 48 {
		w.fill()
	}
	if e := c.table[w.acc&(1<<tableBits-1)]; e != 0 {
		n = uint(e & 15)
		w.acc >>= n
		w.n -= n
		return int(e >> 4), n
	}
	code := 0
	for n = 1; n < 16; n++ {
		code |= int(w.acc & 1)
		w.acc >>= 1
		w.n--
		if code-c.first[n] < c.count[n] {
			return int(c.sorted[c.offset[n]+code]), n
		}
		code <<= 1
	}
	w.err = errTokens
	return 256, 0
}

type codes struct{ literals, distances prefixCode }

var fixedCodes = func() *codes {
	var l [288]uint8
	for i := range l {
		switch {
		case i < 144:
			l[i] = 8
		case i < 256:
			l[i] = 9
		case i < 280:
			l[i] = 7
		default:
			l[i] = 8
		}
	}
	c := new(codes)
	c.literals.build(l[:])
	for i := range 30 {
		l[i] = 5
	}
	c.distances.build(l[:30])
	return c
}()

var headerOrder = [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// header reads the codes of a dynamic block.
func (w *tokenWalker) header(c *codes) bool {
	literals, distances, n := int(w.take(5))+257, int(w.take(5))+1, int(w.take(4))+4
	var meta [19]uint8
	for i := range n {
		meta[headerOrder[i]] = uint8(w.take(3))
	}
	c.literals.build(meta[:])
	var lengths [320]uint8
	for i := 0; i < literals+distances && w.err == nil; {
		sym, _ := w.symbol(&c.literals)
		value, times := uint8(sym), 1
		switch sym {
		case 16:
			if i == 0 {
				w.err = errTokens
				return false
			}
			value, times = lengths[i-1], int(w.take(2))+3
		case 17:
			value, times = 0, int(w.take(3))+3
		case 18:
			value, times = 0, int(w.take(7))+11
		}
		if i+times > literals+distances {
			w.err = errTokens
			return false
		}
		for range times {
			lengths[i] = value
			i++
		}
	}
	if literals > 286 {
		w.err = errTokens
	}
	c.literals.build(lengths[:literals])
	c.distances.build(lengths[literals : literals+distances])
	return w.err == nil
}

// Bits and lengths that follow a length symbol, from 257, and a distance
// symbol (RFC 1951, 3.2.5).
var (
	lengthBits = [29]uint8{8: 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	lengthBase = func() (b [29]int) {
		at := 3
		for i := range b {
			b[i] = at
			at += 1 << lengthBits[i]
		}
		b[28] = 258
		return b
	}()
)

func (w *tokenWalker) tokens(literals, distances *prefixCode) {
	for w.err == nil {
		sym, n := w.symbol(literals)
		switch {
		case sym < 256:
			if w.out>>w.shift >= len(w.costs) {
				w.err = errTokens
				return
			}
			w.costs[w.out>>w.shift] += dsl.Cost(n) << 8
			w.out++
		case sym == 256:
			return
		case sym > 285:
			w.err = errTokens
		default:
			k := sym - 257
			extra := uint(lengthBits[k])
			length := lengthBase[k] + int(w.take(extra))
			d, m := w.symbol(distances)
			far := uint(max(0, d/2-1))
			w.take(far)
			w.charge(n+extra+m+far, length)
		}
	}
}
