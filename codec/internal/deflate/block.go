package deflate

import (
	"bytes"
	"encoding/binary"
)

// A blockWriter writes blocks of deflate data.
type blockWriter struct {
	out *bytes.Buffer
	acc uint64 // bits not written yet, the first one lowest
	n   uint   // bits in acc, less than 32 between calls

	huffman huffman
	lengths [numLiterals + numDistances]uint8 // of the codewords of the block
	codes   [numLiterals + numDistances]uint16
	header  header
}

func (w *blockWriter) reset(out *bytes.Buffer) { w.out, w.acc, w.n = out, 0, 0 }

// put writes the low n bits of v, n at most 16.
func (w *blockWriter) put(v uint32, n uint8) {
	w.acc |= uint64(v) << w.n
	if w.n += uint(n); w.n >= 32 {
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], uint32(w.acc))
		w.out.Write(b[:])
		w.acc >>= 32
		w.n -= 32
	}
}

// flush fills the last byte with zero bits.
func (w *blockWriter) flush() {
	for w.n > 0 {
		w.out.WriteByte(byte(w.acc))
		w.acc >>= 8
		w.n -= min(w.n, 8)
	}
}

// block writes a block of tokens that stand for b, of at most maxStored bytes; c counts
// their symbols. It is stored if that is shorter.
func (w *blockWriter) block(b []byte, tokens []token, c *counts, final bool) {
	c.literals[endOfBlock] = 1
	used := 0
	for _, n := range c.literals {
		if n > 0 {
			used++
		}
	}
	if used < 2 {
		c.literals[0]++ // some decoders refuse a code of one symbol
	}
	if c.distances == [numDistances]uint32{} {
		c.distances[0] = 1
	}
	w.huffman.lengths(w.lengths[:numLiterals], c.literals[:], maxCodeBits)
	w.huffman.lengths(w.lengths[numLiterals:], c.distances[:], maxCodeBits)
	w.header.set(&w.huffman, w.lengths[:numLiterals], w.lengths[numLiterals:])
	last := uint32(0)
	if final {
		last = 1
	}
	const storedBits = 3 + 7 + 2*16 // with the most bits that fill a byte
	if len(b)*8+storedBits < w.size(c) {
		w.stored(b, last)
	} else {
		w.dynamic(tokens, last)
	}
}

// size returns how many bits a dynamic block of the symbols c takes.
func (w *blockWriter) size(c *counts) int {
	size := w.header.size
	for s, n := range c.literals {
		size += int(n) * (int(w.lengths[s]) + int(literalEntries[s].extra()))
	}
	for s, n := range c.distances {
		size += int(n) * (int(w.lengths[numLiterals+s]) + int(distanceEntries[s].extra()))
	}
	return size
}

// stored writes b as it is; last is the first bit of the block.
func (w *blockWriter) stored(b []byte, last uint32) {
	w.put(last|storedBlock<<1, 3)
	w.put(0, uint8(-w.n&7))
	w.put(uint32(len(b)), 16)
	w.put(uint32(^uint16(len(b))), 16)
	w.flush()
	w.out.Write(b)
}

// dynamic writes the header and the tokens; last is the first bit of the block.
func (w *blockWriter) dynamic(tokens []token, last uint32) {
	w.put(last|dynamicBlock<<1, 3)
	w.header.write(w)
	literals, distances := w.codes[:numLiterals], w.codes[numLiterals:]
	assign(literals, w.lengths[:numLiterals])
	assign(distances, w.lengths[numLiterals:])
	for _, t := range tokens {
		if t.isLiteral() {
			w.put(uint32(literals[t.literal()]), w.lengths[t.literal()])
			continue
		}
		s := lengthSymbol[t.length()]
		w.put(uint32(literals[s]), w.lengths[s])
		w.extra(literalEntries[s], t.length())
		k := distanceSymbol(t.distance())
		w.put(uint32(distances[k]), w.lengths[numLiterals+k])
		w.extra(distanceEntries[k], t.distance())
	}
	w.put(uint32(literals[endOfBlock]), w.lengths[endOfBlock])
}

// extra writes the extra bits of the symbol with entry e that v needs.
func (w *blockWriter) extra(e entry, v int) { w.put(uint32(v-e.value()), uint8(e.extra())) }
