package plan

import (
	"fmt"

	"github.com/ktzip/ktzip/dsl"
)

// Samples of other lengths than elements have, packed into groups of bytes, as analogue
// to digital converters and recorders of 10, 12, 14 or 24 bits leave them.

// The orders of bits in a group of packed samples.
const (
	PackLow  = 0 // each sample from its lowest bit on, bytes from theirs: a stream of bits
	PackHigh = 1 // from the highest on
	Pack212  = 2 // two samples of 12 bits: the low byte of one, both's high bits, the low byte of the other (PhysioNet's format 212)
)

// A packing is how samples of bits bits are packed; they are elements of 2 bytes, or of 4
// where they have 24 bits.
type packing struct {
	bits, order    int
	width          int // of an element
	signed         bool
	bytes, samples int // of a group
}

func packingOf(n *dsl.Node) (p packing, err error) {
	p = packing{bits: int(n.Nums[0]), order: int(n.Nums[1])}
	if p.signed = p.bits < 0; p.signed {
		p.bits = -p.bits
	}
	if (p.bits < 9 || p.bits > 15) && p.bits != 24 || p.order < PackLow || p.order > Pack212 || p.order == Pack212 && p.bits != 12 {
		return p, fmt.Errorf("%w: samples are packed of 9 to 15 or 24 bits, in orders 0 to 2", dsl.ErrExecution)
	}
	if p.width = 2; p.bits > 16 {
		p.width = 4
	}
	p.bytes, p.samples = p.bits, 8
	for p.bytes%2 == 0 && p.samples > 1 {
		p.bytes, p.samples = p.bytes/2, p.samples/2
	}
	return p, nil
}

// unpacked is the length of the list of which size bytes are packed.
func (p *packing) unpacked(size int) int {
	if p.bytes == 0 {
		return 0
	}
	return size/p.bytes*p.samples*p.width + size%p.bytes
}

// pack copies between packed samples and elements, to packed where forward. What is
// no whole group stays at the end.
func pack(packed []byte, n *dsl.Node, elements []byte, forward bool) {
	p, _ := packingOf(n)
	for len(packed) >= p.bytes {
		if forward {
			p.put(packed[:p.bytes], elements)
		} else {
			p.get(packed[:p.bytes], elements)
		}
		packed, elements = packed[p.bytes:], elements[p.width*p.samples:]
	}
	if forward {
		copy(packed, elements)
	} else {
		copy(elements, packed)
	}
}

// put packs the first samples of elements into a group.
func (p *packing) put(group, elements []byte) {
	acc, have, mask := uint64(0), 0, uint64(1)<<p.bits-1
	if p.order == Pack212 {
		a, b := load[uint16](elements, 0), load[uint16](elements, 1)
		group[0], group[1], group[2] = byte(a), byte(a>>8&15|b>>8<<4), byte(b)
		return
	}
	at := 0
	for k := range p.samples {
		x := p.load(elements, k) & mask
		if p.order == PackLow {
			acc |= x << have
		} else {
			acc = acc<<p.bits | x
		}
		for have += p.bits; have >= 8; have -= 8 {
			if p.order == PackLow {
				group[at] = byte(acc)
				acc >>= 8
			} else {
				group[at] = byte(acc >> (have - 8))
			}
			at++
		}
	}
}

// get unpacks a group.
func (p *packing) get(group, elements []byte) {
	if p.order == Pack212 {
		a, b := uint64(group[0])|uint64(group[1]&15)<<8, uint64(group[2])|uint64(group[1]>>4)<<8
		p.store(elements, 0, a)
		p.store(elements, 1, b)
		return
	}
	acc, have, k := uint64(0), 0, 0
	for _, c := range group {
		if p.order == PackLow {
			acc |= uint64(c) << have
		} else {
			acc = acc<<8 | uint64(c)
		}
		if have += 8; have < p.bits {
			continue
		}
		have -= p.bits
		if p.order == PackLow {
			p.store(elements, k, acc)
			acc >>= p.bits
		} else {
			p.store(elements, k, acc>>have)
		}
		k++
	}
}

// load is element k, store sets it to the number that the low bits of x are.
func (p *packing) load(elements []byte, k int) uint64 {
	if p.width == 4 {
		return uint64(load[uint32](elements, k))
	}
	return uint64(load[uint16](elements, k))
}

func (p *packing) store(elements []byte, k int, x uint64) {
	x &= 1<<p.bits - 1
	if p.signed {
		x = uint64(int64(x<<(64-p.bits)) >> (64 - p.bits))
	}
	if p.width == 4 {
		store(elements, k, uint32(x))
	} else {
		store(elements, k, uint16(x))
	}
}
