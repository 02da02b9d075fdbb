package deflate

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// A blockWriter writes blocks of deflate data.
type blockWriter struct {
	out *bytes.Buffer
	buf []byte // storage for a block
	acc uint64 // bits not written yet, the first one lowest
	n   uint   // bits in acc, less than 8 between calls

	huffman huffman
	code    blockCode
	header  header
}

// A blockCode is the codes of a block.
type blockCode struct {
	lengths [numLiterals + numDistances]uint8 // of the codewords
	codes   [numLiterals + numDistances]uint16
}

func (w *blockWriter) reset(out *bytes.Buffer) { w.out, w.acc, w.n = out, 0, 0 }

// put writes the low n bits of v, n at most 56, to buf.
func (w *blockWriter) put(v uint64, n uint8) {
	w.acc |= v << w.n
	w.n += uint(n)
	for w.n >= 8 {
		w.buf = append(w.buf, byte(w.acc))
		w.acc >>= 8
		w.n -= 8
	}
}

// flush fills the last byte with zero bits.
func (w *blockWriter) flush() {
	if w.n > 0 {
		w.out.WriteByte(byte(w.acc))
	}
	w.acc, w.n = 0, 0
}

// block writes a block of tokens that stand for b, in the shortest of the three ways; c counts
// their symbols.
func (w *blockWriter) block(b []byte, tokens []token, c *counts, final bool) {
	last := uint64(0)
	if final {
		last = 1
	}
	c.literals[endOfBlock] = 1
	dynamic := w.dynamicCode(c) + c.bits(&w.code.lengths)
	fixed := 3 + c.bits(&fixedCode.lengths)
	stored := 8*len(b) + (len(b)/maxStored+1)*storedBits
	w.buf = slices.Grow(w.buf[:0], min(dynamic, fixed, stored)/8+16)
	switch {
	case stored < min(dynamic, fixed):
		w.stored(b, last)
	case fixed <= dynamic:
		w.put(last|fixedBlock<<1, 3)
		w.tokens(tokens, &fixedCode)
	default:
		w.put(last|dynamicBlock<<1, 3)
		w.header.write(w)
		assign(w.code.codes[:numLiterals], w.code.lengths[:numLiterals])
		assign(w.code.codes[numLiterals:], w.code.lengths[numLiterals:])
		w.tokens(tokens, &w.code)
	}
	w.out.Write(w.buf)
}

// dynamicCode makes the codes for the symbols c, and returns how many bits their header takes.
func (w *blockWriter) dynamicCode(c *counts) int {
	used := 0
	for _, n := range c.literals {
		if n > 0 {
			used++
		}
	}
	d := *c
	if used < 2 {
		d.literals[0]++ // some decoders refuse a code of one symbol
	}
	if d.distances == [numDistances]uint32{} {
		d.distances[0] = 1
	}
	w.huffman.lengths(w.code.lengths[:numLiterals], d.literals[:], maxCodeBits)
	w.huffman.lengths(w.code.lengths[numLiterals:], d.distances[:], maxCodeBits)
	w.header.set(&w.huffman, w.code.lengths[:numLiterals], w.code.lengths[numLiterals:])
	return w.header.size
}

// bits returns how many bits the symbols take, with their extra bits, by codewords of the
// given lengths.
func (c *counts) bits(lengths *[numLiterals + numDistances]uint8) int {
	size := c.extra()
	for s, n := range c.literals {
		size += uint64(n) * uint64(lengths[s])
	}
	for s, n := range c.distances {
		size += uint64(n) * uint64(lengths[numLiterals+s])
	}
	return int(size)
}

// stored writes b as it is; last is the first bit of the last block.
func (w *blockWriter) stored(b []byte, last uint64) {
	for {
		k := min(len(b), maxStored)
		bit := last
		if k < len(b) {
			bit = 0
		}
		w.put(bit|storedBlock<<1, 3)
		w.put(0, uint8(-w.n&7))
		w.put(uint64(k)|uint64(^uint16(k))<<16, 32)
		w.buf = append(w.buf, b[:k]...)
		if b = b[k:]; len(b) == 0 {
			return
		}
	}
}

// A codeword is the bits of a symbol and, above them, extra bits; and how many these are.
type codeword struct {
	bits uint32
	n    uint32
}

// tokens writes the tokens and the end of the block.
func (w *blockWriter) tokens(tokens []token, c *blockCode) {
	var literals [256]codeword
	var lengths [maxMatch + 1]codeword
	for s := range literals {
		literals[s] = codeword{uint32(c.codes[s]), uint32(c.lengths[s])}
	}
	for n := minMatch; n <= maxMatch; n++ {
		s := lengthSymbol[n]
		e, k := literalEntries[s], uint32(c.lengths[s])
		lengths[n] = codeword{uint32(c.codes[s]) | uint32(n-e.value())<<k, k + uint32(e.extra())}
	}
	acc, n := w.acc, w.n
	out := w.buf[:cap(w.buf)]
	at := len(w.buf)
	for _, t := range tokens {
		if t.isLiteral() {
			l := literals[t.literal()]
			acc |= uint64(l.bits) << (n & 63)
			n += uint(l.n)
		} else {
			l := &lengths[t.length()]
			acc |= uint64(l.bits) << (n & 63)
			n += uint(l.n)
			d := t.distance()
			s := distanceSymbol(d)
			acc |= uint64(c.codes[numLiterals+s]) << (n & 63)
			n += uint(c.lengths[numLiterals+s])
			e := distanceEntries[s]
			acc |= uint64(d-e.value()) << (n & 63)
			n += e.extra()
		}
		// A token has at most maxTokenBits, and 7 are left of those before.
		binary.LittleEndian.PutUint64(out[at:], acc)
		at += int(n >> 3)
		acc >>= n &^ 7 & 63
		n &= 7
	}
	w.acc, w.n, w.buf = acc, n, out[:at]
	w.put(uint64(c.codes[endOfBlock]), c.lengths[endOfBlock])
}

// fixedCode is the code of blocks with fixed codes.
var fixedCode = func() (c blockCode) {
	copy(c.lengths[:numLiterals], fixedLengths[:numLiterals])
	copy(c.lengths[numLiterals:], fixedLengths[288:])
	var all [288]uint16
	assign(all[:], fixedLengths[:288])
	copy(c.codes[:], all[:numLiterals])
	assign(c.codes[numLiterals:], c.lengths[numLiterals:])
	return c
}()
