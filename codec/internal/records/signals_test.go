package records

import (
	"encoding/binary"
	"math/rand/v2"
)

// A sampler draws parameters and records.
type sampler struct{ *rand.Rand }

func newSampler(seed uint64) sampler { return sampler{rand.New(rand.NewPCG(seed, 22))} }

// chance is true once in n times.
func (r sampler) chance(n int) bool { return r.IntN(n) == 0 }

// params returns parameters of bytes within their limits.
func (r sampler) params() *Params {
	p := &Params{
		Contexts: uint(r.IntN(1 << len(rows))),
		Experts:  uint(r.IntN(1 << experts)),
		Log:      leastLog + r.IntN(4),
		Frame:    r.frame(),
	}
	if p.Contexts|p.Experts == 0 || r.chance(4) {
		p.Contexts |= 1
	}
	if !r.chance(3) {
		p.Match = leastMatch + r.IntN(6)
	}
	return p
}

// frame returns a frame within its limits.
func (r sampler) frame() Frame {
	f := Frame{First: r.IntN(2) * r.IntN(100)}
	switch r.IntN(5) {
	case 0:
		return Frame{}
	case 1:
		f.Length = 1 + r.IntN(100)
		return f
	}
	f.Head = 1 + r.IntN(16)
	f.Unit, f.Align, f.Plus = 1+r.IntN(4), 1+r.IntN(4), r.IntN(40)-4
	f.Element = []int{0, 1, 2, 3, 4, -2, -3, -4, VarintElement}[r.IntN(9)]
	size := max(f.Element, -f.Element, 1)
	if f.Element == VarintElement {
		size = 2
	}
	f.Head = max(f.Head, size)
	f.At = r.IntN(f.Head - size + 1)
	for range r.IntN(4) {
		f.Keys = append(f.Keys, r.IntN(f.Head))
	}
	if f.Element == 0 {
		from := 0
		for range 1 + r.IntN(9) {
			f.Types = append(f.Types, Type{r.IntN(6), f.Head + r.IntN(60), from})
			from += r.IntN(2) * r.IntN(20)
		}
	}
	return f
}

// logged returns records of a few kinds, with heads of four bytes: the length with the head, two
// bytes, the kind, and 7. They hold a time, counters, numbers that wander, noise, and copies of what the
// record before had.
func (r sampler) logged(size int) []byte {
	const head = 4
	type field struct {
		what, width int
		value, step uint32
	}
	kinds := make([][]field, 2+r.IntN(5))
	for k := range kinds {
		for range 1 + r.IntN(9) {
			kinds[k] = append(kinds[k], field{r.IntN(5), 1 + r.IntN(4), r.Uint32(), r.Uint32N(1 << r.IntN(14))})
		}
	}
	var out []byte
	time, last := r.Uint32(), uint32(0)
	for len(out) < size {
		k := r.IntN(len(kinds))
		body := binary.LittleEndian.AppendUint32(nil, time)
		time += 100 + r.Uint32N(20)
		for i := range kinds[k] {
			f := &kinds[k][i]
			switch f.what {
			case 0:
				f.value += f.step
			case 1:
				f.value += r.Uint32N(2*f.step+1) - f.step
			case 2:
				f.value = r.Uint32()
			case 3:
				f.value = last
			}
			last = f.value
			body = append(body, binary.LittleEndian.AppendUint32(nil, f.value)[:f.width]...)
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(len(body)+head))
		out = append(append(out, byte(k), 7), body...)
	}
	return out[:size]
}

// loggedFrame is the frame of what logged returns.
var loggedFrame = Frame{Head: 4, Element: 2, Unit: 1, Align: 1, Keys: []int{2}}

// random returns size bytes of no structure.
func (r sampler) random(size int) []byte {
	b := make([]byte, size+8)
	for i := 0; i < size; i += 8 {
		binary.LittleEndian.PutUint64(b[i:], r.Uint64())
	}
	return b[:size]
}
