package deflate

import (
	"encoding/binary"
	"errors"
	"math"
)

// The errors of an Inflater.
var (
	// ErrCorrupt reports input that is not deflate data, or not as long as expected.
	ErrCorrupt = errors.New("malformed deflate data")
	// ErrSteps reports blocks that take more steps than allowed.
	ErrSteps = errors.New("steps of deflate blocks")
)

// The steps that a block takes, whatever it holds: a step is about a nanosecond. Measured
// on a core of a server of 2026: an empty block with dynamic codes takes 1.3 to 3 µs, one
// with fixed codes 10 ns. (ktzip's format states these numbers: container/FORMAT.md,
// section 8.)
const (
	BlockSteps   = 16
	DynamicSteps = 1024 // in addition, if the block has codes of its own
)

// NoLimit allows any number of steps.
const NoLimit int64 = math.MaxInt64

// An Inflater restores what deflate data stands for. The zero value is ready to use. It is
// not safe for concurrent use.
//
// Invariants while it runs: 0 <= n <= 64; acc holds the n bits that precede byte pos of in,
// and zeros above them or, after fill, bits of in that fill adds again; 0 <= out <= len(dst).
type Inflater struct {
	in  []byte
	pos int    // bytes taken into acc, including those beyond the end
	acc uint64 // bits not used yet, the next one lowest
	n   uint   // bits in acc

	dst []byte
	out int // bytes written

	costs charges

	literals, distances *prefixCode // of the block
	own                 [2]prefixCode
}

// Inflate fills dst from src, both to the last byte, in blocks that take at most steps
// together, and returns the steps left. The error is ErrCorrupt or ErrSteps.
func (z *Inflater) Inflate(dst, src []byte, steps int64) (left int64, err error) {
	n, left, err := z.InflateUpTo(dst, src, steps)
	if err == nil && n != len(dst) {
		return 0, ErrCorrupt
	}
	return left, err
}

// InflateUpTo is Inflate of at most len(dst) bytes, and returns how many there are. What follows
// them in dst may be changed.
func (z *Inflater) InflateUpTo(dst, src []byte, steps int64) (n int, left int64, err error) {
	z.costs = charges{}
	left, err = z.run(dst, src, steps)
	return z.out, left, err
}

// run restores src, to its last byte, to the beginning of dst.
func (z *Inflater) run(dst, src []byte, steps int64) (left int64, err error) {
	z.in, z.pos, z.acc, z.n = src, 0, 0, 0
	z.dst, z.out = dst, 0
	for final := false; !final; {
		z.fill()
		final = z.take(1) == 1
		kind, ok := z.take(2), false
		steps -= BlockSteps
		if kind == dynamicBlock {
			steps -= DynamicSteps
		}
		if steps < 0 {
			return 0, ErrSteps
		}
		switch kind {
		case storedBlock:
			ok = z.stored()
		case fixedBlock:
			z.literals, z.distances = fixedLiterals, fixedDistances
			ok = z.tokens()
		case dynamicBlock:
			z.literals, z.distances = &z.own[0], &z.own[1]
			ok = z.header() && z.tokens()
		}
		if !ok {
			return 0, ErrCorrupt
		}
	}
	if z.pos-int(z.n/8) != len(src) {
		return 0, ErrCorrupt
	}
	return steps, nil
}

// Kinds of blocks (RFC 1951, 3.2.3).
const (
	storedBlock  = 0
	fixedBlock   = 1
	dynamicBlock = 2
)

// fill makes acc hold at least 56 bits; zeros follow the end of the data.
func (z *Inflater) fill() {
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
func (z *Inflater) overrun() bool { return z.pos-int(z.n/8) > len(z.in) }

// take uses n bits of acc.
func (z *Inflater) take(n uint) uint {
	v := uint(z.acc & (1<<n - 1))
	z.acc >>= n
	z.n -= n
	return v
}

func (z *Inflater) stored() bool {
	z.take(z.n & 7)
	pos := z.pos - int(z.n/8)
	z.acc, z.n = 0, 0
	if pos+4 > len(z.in) {
		return false
	}
	length := int(binary.LittleEndian.Uint16(z.in[pos:]))
	if length^0xffff != int(binary.LittleEndian.Uint16(z.in[pos+2:])) {
		return false
	}
	pos += 4
	if pos+length > len(z.in) || z.out+length > len(z.dst) {
		return false
	}
	copy(z.dst[z.out:], z.in[pos:pos+length])
	z.pos = pos + length
	z.costs.charge(uint(8*length), z.out, length)
	z.out += length
	return true
}

// header reads the codes of a dynamic block (RFC 1951, 3.2.7).
func (z *Inflater) header() bool {
	literals, distances, n := int(z.take(5))+firstLength, int(z.take(5))+1, int(z.take(4))+4
	var meta [numMeta]uint8
	for _, k := range metaOrder[:n] {
		z.fill()
		meta[k] = uint8(z.take(3))
	}
	if literals > numLiterals || distances > numDistances || !z.literals.build(meta[:], metaEntries[:], completeCode) {
		return false
	}
	var lengths [numLiterals + numDistances]uint8
	for i := 0; i < literals+distances; {
		z.fill()
		symbol := z.symbol(z.literals).value()
		value, times := uint8(symbol), 1
		switch symbol {
		case repeatLast:
			if i == 0 {
				return false
			}
			value, times = lengths[i-1], int(z.take(2))+3
		case repeatZero:
			value, times = 0, int(z.take(3))+3
		case repeatZeroLong:
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
	return lengths[endOfBlock] > 0 && z.literals.build(lengths[:literals], literalEntries[:], singleCode) &&
		z.distances.build(lengths[literals:literals+distances], distanceEntries[:], singleCode)
}

// symbol uses the bits of the next codeword of c, which acc must hold, and returns its
// entry; 0 if there is none.
func (z *Inflater) symbol(c *prefixCode) entry {
	e := c.entry(z.acc)
	z.acc >>= e.length()
	z.n -= e.length()
	return e
}

// maxTokenBits bounds the bits of a token: two codewords of 15, with 5 and 13 extra bits.
const maxTokenBits = 48

// tokens decodes the literals and matches of a block to its end. Far from the ends of both
// buffers, and if no costs are wanted, fastTokens does most of it.
func (z *Inflater) tokens() bool {
	for {
		if !z.costs.wanted() && !z.fastTokens() {
			return false
		}
		if z.n < maxTokenBits {
			z.fill()
			if z.overrun() {
				return false
			}
		}
		e := z.symbol(z.literals)
		if e.isLiteral() {
			if z.out >= len(z.dst) {
				return false
			}
			z.costs.charge(e.length(), z.out, 1)
			z.dst[z.out] = byte(e.value())
			z.out++
			continue
		}
		length := e.value()
		if length < minMatch {
			return e != 0 && !z.overrun() // the end of the block, or no symbol
		}
		bits := e.length() + e.extra()
		length += int(z.take(e.extra()))
		d := z.symbol(z.distances)
		if d == 0 {
			return false
		}
		bits += d.length() + d.extra()
		distance := d.value() + int(z.take(d.extra()))
		if distance > z.out || length > len(z.dst)-z.out {
			return false
		}
		z.costs.charge(bits, z.out, length)
		for end := z.out + length; z.out < end; z.out++ {
			z.dst[z.out] = z.dst[z.out-distance]
		}
	}
}
