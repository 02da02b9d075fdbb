package dsl

// A coder codes one bit under model number i of a prior: a writer consumes b, a
// reader returns the bit it read, a coster adds the bit's price. flat codes a
// bit of probability one half.
type coder interface {
	bit(i int, b uint32) uint32
	flat(b uint32) uint32
}

// The range coder (container/FORMAT.md, section 6) keeps an interval low..high
// of 32 bits. A bit takes the part of the interval below its probability, or
// the part above; leading bytes on which both ends agree are shifted out.

func split(low, high uint32, p uint16) uint32 {
	return low + uint32(uint64(high-low)*uint64(p)>>16)
}

// A writer is a coder that appends bytes to out.
type writer struct {
	prior     *prior
	low, high uint32
	out       []byte
}

func (w *writer) code(p uint16, b uint32) {
	mid := split(w.low, w.high, p)
	if b != 0 {
		w.high = mid
	} else {
		w.low = mid + 1
	}
	for (w.low^w.high)>>24 == 0 {
		w.out = append(w.out, byte(w.high>>24))
		w.low <<= 8
		w.high = w.high<<8 | 255
	}
}

func (w *writer) bit(i int, b uint32) uint32 {
	w.code(w.prior[i].p, b)
	w.prior[i].update(b)
	return b
}

func (w *writer) flat(b uint32) uint32 {
	w.code(1<<15, b)
	return b
}

// finish appends the fewest bytes that, followed by zeros without end, lie
// within the interval.
func (w *writer) finish() {
	for keep := uint(0); ; keep += 8 {
		v := uint32(uint64(w.high) >> (32 - keep) << (32 - keep))
		if v >= w.low {
			for ; keep > 0; keep -= 8 {
				w.out = append(w.out, byte(v>>24))
				v <<= 8
			}
			return
		}
	}
}

// A reader is a coder that reads the bytes of in, and zeros after them.
type reader struct {
	prior        *prior
	low, high, x uint32
	in           []byte
	pos          int // bytes read, those beyond the end included
}

func (r *reader) next() uint32 {
	v := uint32(0)
	if r.pos < len(r.in) {
		v = uint32(r.in[r.pos])
	}
	r.pos++
	return v
}

func (r *reader) start() {
	r.low, r.high = 0, 1<<32-1
	for range 4 {
		r.x = r.x<<8 | r.next()
	}
}

// overrun reports whether bits were read that no writer wrote: after the last
// bit that a writer wrote, a reader is at most 4 bytes beyond the end.
func (r *reader) overrun() bool { return r.pos > len(r.in)+4 }

// shift takes the top byte out of the interval.
func (r *reader) shift() {
	r.low <<= 8
	r.high = r.high<<8 | 255
	r.x = r.x<<8 | r.next()
}

func (r *reader) decode(p uint16) uint32 {
	mid := split(r.low, r.high, p)
	b := uint32(0)
	if r.x <= mid {
		b = 1
		r.high = mid
	} else {
		r.low = mid + 1
	}
	for (r.low^r.high)>>24 == 0 {
		r.shift()
	}
	return b
}

func (r *reader) bit(i int, _ uint32) uint32 {
	b := r.decode(r.prior[i].p)
	r.prior[i].update(b)
	return b
}

func (r *reader) flat(uint32) uint32 { return r.decode(1 << 15) }

// A coster is a coder that adds up what a writer in the same state would write.
// It updates the prior as a writer does and can take the updates back.
type coster struct {
	prior *prior
	sum   Cost
	undo  []change
	keep  bool // the updates: there is no rollback
}

type change struct {
	i   int
	old model
}

func (c *coster) bit(i int, b uint32) uint32 {
	c.sum += c.prior[i].cost(b)
	if !c.keep {
		c.undo = append(c.undo, change{i, c.prior[i]})
	}
	c.prior[i].update(b)
	return b
}

func (c *coster) flat(b uint32) uint32 {
	c.sum += costOne
	return b
}

// rollback takes all updates of the prior back and returns the cost.
func (c *coster) rollback() Cost {
	for k := len(c.undo) - 1; k >= 0; k-- {
		c.prior[c.undo[k].i] = c.undo[k].old
	}
	sum := c.sum
	c.sum, c.undo = 0, c.undo[:0]
	return sum
}
