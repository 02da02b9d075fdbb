package codec

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// lengthSymbol is that of each length of a match: the last symbol that begins at or
// before it, as literalEntries has them.
var lengthSymbol = func() (s [maxMatch + 1]uint16) {
	for k := lengthSymbols; k < numLiterals; k++ {
		for n := literalEntries[k].value(); n <= maxMatch; n++ {
			s[n] = uint16(k)
		}
	}
	return s
}()

// distanceSymbol is that of a distance of 1 to 32768.
func distanceSymbol(d uint16) int {
	u := uint(d - 1)
	if u < 4 {
		return int(u)
	}
	n := bits.Len(u)
	return 2*(n-1) + int(u>>(n-2))&1
}

// A deflater writes blocks of deflate data.
type deflater struct {
	buf  *bytes.Buffer
	bits uint64
	have uint // bits

	huffman huffman
	lengths [numLiterals + numDistances]uint8
	codes   [numLiterals + numDistances]uint16
	runs    []run
}

func (d *deflater) reset(buf *bytes.Buffer) { d.buf, d.bits, d.have = buf, 0, 0 }

// put writes the low n bits of v, n at most 16.
func (d *deflater) put(v uint32, n uint8) {
	d.bits |= uint64(v) << d.have
	if d.have += uint(n); d.have >= 32 {
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], uint32(d.bits))
		d.buf.Write(b[:])
		d.bits >>= 32
		d.have -= 32
	}
}

// flush fills the last byte.
func (d *deflater) flush() {
	for d.have > 0 {
		d.buf.WriteByte(byte(d.bits))
		d.bits >>= 8
		d.have -= min(d.have, 8)
	}
}

// A run is a symbol of the code lengths' own code: a length, or 16 to 18 with bits.
type run struct{ symbol, more uint8 }

// runExtra is how many bits follow its symbols (RFC 1951, 3.2.7).
var runExtra = [19]uint8{16: 2, 17: 3, 18: 7}

// block writes a block of tokens, of the symbols c, which restore to b; at most 65535
// bytes.
func (d *deflater) block(b []byte, tokens []match, c *counts, final bool) {
	c.literals[endOfBlock] = 1
	used := 0
	for _, n := range c.literals {
		if n > 0 {
			used++
		}
	}
	if used < 2 {
		c.literals[0]++ // a code of one symbol is not for all decoders
	}
	if c.distances == [numDistances]uint32{} {
		c.distances[0] = 1
	}
	d.huffman.lengths(d.lengths[:numLiterals], c.literals[:], 15)
	d.huffman.lengths(d.lengths[numLiterals:], c.distances[:], 15)
	literals, distances := numLiterals, numDistances
	for literals > lengthSymbols && d.lengths[literals-1] == 0 {
		literals--
	}
	for distances > 1 && d.lengths[numLiterals+distances-1] == 0 {
		distances--
	}
	var runCounts [19]uint32
	d.runs = appendRuns(d.runs[:0], append(append([]uint8(nil), d.lengths[:literals]...), d.lengths[numLiterals:numLiterals+distances]...))
	for _, r := range d.runs {
		runCounts[r.symbol]++
	}
	var runLengths [19]uint8
	d.huffman.lengths(runLengths[:], runCounts[:], 7)
	kept := len(headerOrder)
	for kept > 4 && runLengths[headerOrder[kept-1]] == 0 {
		kept--
	}
	size := 3 + 5 + 5 + 4 + 3*kept
	for s, n := range runCounts {
		size += int(n) * int(runLengths[s]+runExtra[s])
	}
	for s, n := range c.literals {
		size += int(n) * int(d.lengths[s])
		if s >= lengthSymbols {
			size += int(n) * int(literalEntries[s].extra())
		}
	}
	for s, n := range c.distances {
		size += int(n) * (int(d.lengths[numLiterals+s]) + int(distanceEntries[s].extra()))
	}
	last := uint32(0)
	if final {
		last = 1
	}
	if len(b)*8+35+7 < size {
		d.put(last, 3)
		d.put(0, uint8(-d.have&7))
		d.put(uint32(len(b)), 16)
		d.put(uint32(^uint16(len(b))), 16)
		d.flush()
		d.buf.Write(b)
		return
	}
	d.put(last|2<<1, 3)
	d.put(uint32(literals-lengthSymbols), 5)
	d.put(uint32(distances-1), 5)
	d.put(uint32(kept-4), 4)
	for _, s := range headerOrder[:kept] {
		d.put(uint32(runLengths[s]), 3)
	}
	var runCodes [19]uint16
	codes(runCodes[:], runLengths[:])
	for _, r := range d.runs {
		d.put(uint32(runCodes[r.symbol]), runLengths[r.symbol])
		d.put(uint32(r.more), runExtra[r.symbol])
	}
	codes(d.codes[:numLiterals], d.lengths[:numLiterals])
	codes(d.codes[numLiterals:], d.lengths[numLiterals:])
	for _, t := range tokens {
		if t.length == 0 {
			d.put(uint32(d.codes[t.distance]), d.lengths[t.distance])
			continue
		}
		s := lengthSymbol[t.length]
		d.put(uint32(d.codes[s]), d.lengths[s])
		e := literalEntries[s]
		d.put(uint32(int(t.length)-e.value()), uint8(e.extra()))
		k := distanceSymbol(t.distance)
		d.put(uint32(d.codes[numLiterals+k]), d.lengths[numLiterals+k])
		e = distanceEntries[k]
		d.put(uint32(int(t.distance)-e.value()), uint8(e.extra()))
	}
	d.put(uint32(d.codes[endOfBlock]), d.lengths[endOfBlock])
}

// appendRuns appends the runs that lengths are written as.
func appendRuns(runs []run, lengths []uint8) []run {
	for i := 0; i < len(lengths); {
		x, n := lengths[i], 1
		for i+n < len(lengths) && lengths[i+n] == x {
			n++
		}
		i += n
		if x != 0 {
			runs = append(runs, run{x, 0})
			n--
		}
		for n >= 3 {
			switch k := 0; {
			case x != 0:
				k = min(n, 6)
				runs = append(runs, run{16, uint8(k - 3)})
				n -= k
			case n <= 10:
				runs = append(runs, run{17, uint8(n - 3)})
				n = 0
			default:
				k = min(n, 138)
				runs = append(runs, run{18, uint8(k - 11)})
				n -= k
			}
		}
		for ; n > 0; n-- {
			runs = append(runs, run{x, 0})
		}
	}
	return runs
}
