package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/ktzip/ktzip/dsl"
)

var (
	// errDeflate reports data that is not deflate's, or not what was expected.
	errDeflate = errors.New("malformed deflate data")
	errBlock   = fmt.Errorf("%w: steps of deflate blocks", dsl.ErrLimit)
)

// What a block of deflate data costs, in steps (container/FORMAT.md, section 8).
// Measured on one core of a server of 2026: an empty block with dynamic codes takes 1.3
// to 3 µs, one with fixed codes 10 ns.
const (
	blockSteps   = 16
	dynamicSteps = 1024 // more, if it has codes of its own
)

// memberSteps is how many steps the deflate blocks of a segment of n bytes may
// take together.
func memberSteps(n int) int64 { return 8*min(int64(n), 4<<20) + 1<<17 }

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
	ends  []int      // not nil: of the parts of dst that costs are of, instead of blocks
	part  int        // the number of the one that is being filled

	literals, distances *prefixCode // of the block
	own                 [2]prefixCode
	steps               int64 // that blocks may still take
}

// inflate fills dst from src, both to the last byte; else the error is
// errDeflate. Where costs is not nil, the bits of each token are charged to the
// bytes that it stands for: costs[i] becomes what block i of dst, of 1<<shift
// bytes, takes. Headers, which would stay if a block left, are not charged.
func (z *inflater) inflate(dst, src []byte, costs []dsl.Cost, shift uint) error {
	z.costs, z.shift, z.ends = costs, shift, nil
	_, err := z.run(dst, src, math.MaxInt64)
	return err
}

// within is inflate without costs, for blocks that take no more than steps steps
// together; else the error is errBlock. It returns the steps that are left.
func (z *inflater) within(dst, src []byte, steps int64) (left int64, err error) {
	z.costs, z.ends = nil, nil
	return z.run(dst, src, steps)
}

// price is inflate for parts of dst: costs[i] becomes what dst[ends[i-1]:ends[i]]
// takes.
func (z *inflater) price(dst, src []byte, costs []dsl.Cost, ends []int) error {
	z.costs, z.ends, z.part = costs, ends, 0
	_, err := z.run(dst, src, math.MaxInt64)
	return err
}

func (z *inflater) run(dst, src []byte, steps int64) (left int64, err error) {
	z.in, z.pos, z.acc, z.n = src, 0, 0, 0
	z.dst, z.out, z.steps = dst, 0, steps
	for final := false; !final; {
		z.fill()
		final = z.take(1) == 1
		kind, ok := z.take(2), false
		z.steps -= blockSteps
		if kind == 2 {
			z.steps -= dynamicSteps
		}
		if z.steps < 0 {
			return 0, errBlock
		}
		switch kind {
		case 0:
			ok = z.stored()
		case 1:
			z.literals, z.distances = fixedLiterals, fixedDistances
			ok = z.tokens()
		case 2:
			z.literals, z.distances = &z.own[0], &z.own[1]
			ok = z.header() && z.tokens()
		}
		if !ok {
			return 0, errDeflate
		}
	}
	if z.out != len(dst) || z.pos-int(z.n/8) != len(src) {
		return 0, errDeflate
	}
	return z.steps, nil
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
	for z.ends != nil && at < end {
		for at >= z.ends[z.part] {
			z.part++
		}
		n := min(end, z.ends[z.part]) - at
		z.costs[z.part] += each * dsl.Cost(n)
		at += n
	}
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
	if literals > 286 || distances > 30 || !z.literals.build(meta[:], plainEntries[:], completeCode) {
		return false
	}
	var lengths [286 + 30]uint8
	for i := 0; i < literals+distances; {
		z.fill()
		e := z.symbol(z.literals)
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
	return lengths[256] > 0 && z.literals.build(lengths[:literals], literalEntries[:], singleCode) &&
		z.distances.build(lengths[literals:literals+distances], distanceEntries[:], singleCode)
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
		e := z.symbol(z.literals)
		if e.isLiteral() {
			if z.out >= len(z.dst) {
				return false
			}
			if z.ends != nil {
				z.charge(e.length(), 1)
			} else if z.costs != nil {
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
		d := z.symbol(z.distances)
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
	literals, distances := z.literals, z.distances
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
