package dsl

// A coder codes one bit under model i of a prior, or without a model at probability one
// half (flat). A writer writes b, a reader returns the bit that it reads, a coster adds the
// price of b.
type coder interface {
	bit(i int, b uint32) uint32
	flat(b uint32) uint32
}

// The range coder (container/FORMAT.md, section 6) keeps an interval low..high of 32 bits,
// low <= high. A 1 takes the part of the interval below its probability, a 0 the part
// above. While both ends have the same first byte, that byte is shifted out.

// split returns the last number of the part of low..high for a 1 of probability p.
func split(low, high uint32, p uint16) uint32 {
	return low + uint32(uint64(high-low)*uint64(p)>>16)
}

// evenOdds is the probability one half.
const evenOdds = 1 << 15

// A writer is a coder that appends bytes to out.
type writer struct {
	prior     *prior
	touched   *touched
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
	w.touched[i>>pageBits] = true
	w.prior[i].update(b)
	return b
}

func (w *writer) flat(b uint32) uint32 {
	w.code(evenOdds, b)
	return b
}

// finish appends the fewest bytes that lie within the interval if zeros follow them.
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
// low <= x <= high, but for bytes that no writer wrote.
type reader struct {
	prior        *prior
	touched      *touched
	low, high, x uint32
	in           []byte
	pos          int // bytes read, zeros after the end included
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

// overrun reports whether r read bits that no writer wrote: after the last bit of a
// writer, it has read at most 4 bytes beyond the end.
func (r *reader) overrun() bool { return r.pos > len(r.in)+4 }

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
		r.low <<= 8
		r.high = r.high<<8 | 255
		r.x = r.x<<8 | r.next()
	}
	return b
}

func (r *reader) bit(i int, _ uint32) uint32 {
	b := r.decode(r.prior[i].p)
	r.touched[i>>pageBits] = true
	r.prior[i].update(b)
	return b
}

func (r *reader) flat(uint32) uint32 { return r.decode(evenOdds) }

// zeros reads bits under model i up to the next 1, which it leaves, but at most n and none
// beyond the end. It returns their number. It is bit with its state in registers.
func (r *reader) zeros(i, n int) (count int) {
	m, low, high, x := r.prior[i], r.low, r.high, r.x
	for count < n {
		mid := split(low, high, m.p)
		if x <= mid {
			break
		}
		low = mid + 1
		for (low^high)>>24 == 0 {
			low <<= 8
			high = high<<8 | 255
			x = x<<8 | r.next()
		}
		if r.overrun() {
			break
		}
		m.update(0)
		count++
	}
	r.prior[i], r.low, r.high, r.x = m, low, high, x
	r.touched[i>>pageBits] = true
	return count
}

// A coster is a coder that adds up what a writer in the same state would write. It updates
// the prior as a writer does; rollback undoes that.
type coster struct {
	prior   *prior
	touched *touched
	sum     Cost
	changes []change
	keep    bool // the updates: no rollback follows
}

// A change is a model before its update.
type change struct {
	i   int
	old model
}

func (c *coster) bit(i int, b uint32) uint32 {
	c.sum += c.prior[i].cost(b)
	c.touched[i>>pageBits] = true
	if !c.keep {
		c.changes = append(c.changes, change{i, c.prior[i]})
	}
	c.prior[i].update(b)
	return b
}

func (c *coster) flat(b uint32) uint32 {
	c.sum += costOne
	return b
}

// rollback undoes all updates of the prior and returns the cost.
func (c *coster) rollback() Cost {
	for k := len(c.changes) - 1; k >= 0; k-- {
		c.prior[c.changes[k].i] = c.changes[k].old
	}
	sum := c.sum
	c.sum, c.changes = 0, c.changes[:0]
	return sum
}
