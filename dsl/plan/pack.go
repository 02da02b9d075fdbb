package plan

import "github.com/ktzip/ktzip/dsl"

// Samples of 9 to 15 or 24 bits, packed into groups of bytes, as analogue to digital
// converters and recorders leave them.

// Orders of bits in a group of packed samples.
const (
	PackLow  = 0 // a stream of bits: lowest bit of a sample first, lowest bit of a byte first
	PackHigh = 1 // a stream of bits: highest first
	Pack212  = 2 // two samples of 12 bits: the low byte of one, the high bits of both, the low byte of the other (PhysioNet's format 212)
)

// A packing says how samples are packed. Unpacked they are elements.
type packing struct {
	bits, order  int
	signed       bool // elements extend the sign of samples
	elementBytes int  // 2, or 4 if a sample has 24 bits
	groupBytes   int  // the smallest whole number of samples that fills whole bytes
	samples      int  // of a group
}

// packingOf returns the packing that n states.
func packingOf(n *dsl.Node) (p packing, err error) {
	p = packing{bits: int(n.Nums[0]), order: int(n.Nums[1])}
	if p.signed = p.bits < 0; p.signed {
		p.bits = -p.bits
	}
	if (p.bits < 9 || p.bits > 15) && p.bits != 24 {
		return p, invalid("samples of %d bits, want 9 to 15 or 24", p.bits)
	}
	if p.order < PackLow || p.order > Pack212 || p.order == Pack212 && p.bits != 12 {
		return p, invalid("samples of %d bits in order %d, want 0 or 1, or 2 if they have 12 bits", p.bits, p.order)
	}
	if p.elementBytes = 2; p.bits > 16 {
		p.elementBytes = 4
	}
	p.groupBytes, p.samples = p.bits, 8
	for p.groupBytes%2 == 0 && p.samples > 1 {
		p.groupBytes, p.samples = p.groupBytes/2, p.samples/2
	}
	return p, nil
}

func checkPack(n *dsl.Node) error { _, err := packingOf(n); return err }

// packLength is row.lengths of Pack: whole groups as elements, then the remaining bytes.
func packLength(n *dsl.Node, size int, _ [2]int) (wanted [2]int, err error) {
	p, err := packingOf(n)
	if err != nil {
		return wanted, err
	}
	return [2]int{size/p.groupBytes*p.samples*p.elementBytes + size%p.groupBytes}, nil
}

// pack is row.run of Pack. Bytes after the last whole group stay at the end.
func pack(m *Machine, n *dsl.Node, l lists) error {
	packed, elements := l.result, l.args[0]
	p, err := packingOf(n)
	if err != nil {
		return err
	}
	for len(packed) >= p.groupBytes {
		if m.direction.joins() {
			p.packGroup(packed[:p.groupBytes], elements)
		} else {
			p.unpackGroup(packed[:p.groupBytes], elements)
		}
		packed, elements = packed[p.groupBytes:], elements[p.elementBytes*p.samples:]
	}
	m.direction.move(packed, elements)
	return nil
}

// packGroup packs the first samples of elements.
func (p *packing) packGroup(group, elements []byte) {
	if p.order == Pack212 {
		a, b := load[uint16](elements, 0), load[uint16](elements, 1)
		group[0], group[1], group[2] = byte(a), byte(a>>8&15|b>>8<<4), byte(b)
		return
	}
	acc, held, mask := uint64(0), 0, uint64(1)<<p.bits-1 // held bits of acc are not written yet
	pos := 0
	for k := range p.samples {
		x := p.load(elements, k) & mask
		if p.order == PackLow {
			acc |= x << held
		} else {
			acc = acc<<p.bits | x
		}
		for held += p.bits; held >= 8; held -= 8 {
			if p.order == PackLow {
				group[pos] = byte(acc)
				acc >>= 8
			} else {
				group[pos] = byte(acc >> (held - 8))
			}
			pos++
		}
	}
}

// unpackGroup unpacks a group to the first elements.
func (p *packing) unpackGroup(group, elements []byte) {
	if p.order == Pack212 {
		p.store(elements, 0, uint64(group[0])|uint64(group[1]&15)<<8)
		p.store(elements, 1, uint64(group[2])|uint64(group[1]>>4)<<8)
		return
	}
	acc, held, k := uint64(0), 0, 0 // held bits of acc are of sample k
	for _, c := range group {
		if p.order == PackLow {
			acc |= uint64(c) << held
		} else {
			acc = acc<<8 | uint64(c)
		}
		if held += 8; held < p.bits {
			continue
		}
		held -= p.bits
		if p.order == PackLow {
			p.store(elements, k, acc)
			acc >>= p.bits
		} else {
			p.store(elements, k, acc>>held)
		}
		k++
	}
}

// load returns element k.
func (p *packing) load(elements []byte, k int) uint64 {
	if p.elementBytes == 4 {
		return uint64(load[uint32](elements, k))
	}
	return uint64(load[uint16](elements, k))
}

// store sets element k to the sample in the low bits of x.
func (p *packing) store(elements []byte, k int, x uint64) {
	x &= 1<<p.bits - 1
	if p.signed {
		x = uint64(int64(x<<(64-p.bits)) >> (64 - p.bits))
	}
	if p.elementBytes == 4 {
		store(elements, k, uint32(x))
	} else {
		store(elements, k, uint16(x))
	}
}
