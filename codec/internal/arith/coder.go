package arith

// A Coder is a binary arithmetic coder without carries (as lpaq's and zpaq's, M. Mahoney): the
// interval [low, high] of 32 bits is split at each decision, and leading bytes that low and high
// share are written, or read. It runs in both directions, so that both take the same walk.
type Coder struct {
	low, high uint32
	code      uint32 // decoding: low <= code <= high
	decoding  bool
	at        int    // decoding: bytes of buf that were read, those beyond its end, too
	buf       []byte // the member
	costs     costs  // decoding
}

// padding is how many bytes beyond the end of a member, all 0, a coder may read: it reads as
// many ahead of what it shifts out.
const padding = 4

// Encode begins a member after what dst has.
func (c *Coder) Encode(dst []byte) { *c = Coder{high: 1<<32 - 1, buf: dst} }

// Decode begins to read a member.
func (c *Coder) Decode(member []byte) {
	*c = Coder{high: 1<<32 - 1, buf: member, decoding: true, costs: c.costs}
	for range padding {
		c.code = c.code<<8 | c.next()
	}
}

// Decoding reports whether a member is read.
func (c *Coder) Decoding() bool { return c.decoding }

// next returns the member's next byte, 0 beyond its end.
func (c *Coder) next() (b uint32) {
	if c.at < len(c.buf) {
		b = uint32(c.buf[c.at])
	}
	c.at++
	return b
}

// Bit codes a decision that is 1 with probability p/65536, 0 < p < 65536, and returns it. bit
// is ignored when decoding.
func (c *Coder) Bit(bit int, p uint32) int {
	mid := c.low + uint32(uint64(c.high-c.low)*uint64(p)>>16)
	if c.decoding {
		bit = 0
		if c.code <= mid {
			bit = 1
		}
	}
	low, high := mid+1, c.high
	if bit != 0 { // without a jump, which would often be predicted wrongly
		low = c.low
	}
	if bit != 0 {
		high = mid
	}
	c.low, c.high = low, high
	for (c.low^c.high)>>24 == 0 {
		c.shift()
	}
	return bit
}

// shift moves a byte that low and high share out of the interval.
func (c *Coder) shift() {
	if c.decoding {
		c.code = c.code<<8 | c.next()
	} else {
		c.buf = append(c.buf, byte(c.high>>24))
	}
	c.low, c.high = c.low<<8, c.high<<8|255
}

// Number codes n bits, most significant first, each as likely 0 as 1: n <= 32.
func (c *Coder) Number(v uint32, n int) (result uint32) {
	for n--; n >= 0; n-- {
		result = result<<1 | uint32(c.Bit(int(v>>n&1), 1<<15))
	}
	return result
}

// Long codes n bits as Number does: n <= 64.
func (c *Coder) Long(v int64, n int) (result int64) {
	if n > 32 {
		result = int64(c.Number(uint32(v>>32), n-32)) << 32
	}
	return result | int64(c.Number(uint32(v), min(n, 32)))
}

// Flush ends a member: with the shortest bytes that, followed by zeros, lie in the interval. As
// low and high differ in their first bytes, one is enough.
func (c *Coder) Flush() []byte {
	if c.low > 0 {
		c.buf = append(c.buf, byte(c.low>>24)+1)
	}
	return c.buf
}

// Overrun reports whether more was read than a member of this length may need.
func (c *Coder) Overrun() bool { return c.at > len(c.buf)+padding }

// Finish returns ErrCorrupt if the member does not end as Flush ends it.
func (c *Coder) Finish() error {
	shifted, last := c.at-padding, uint32(0)
	if c.low > 0 {
		shifted, last = shifted+1, (c.low>>24+1)<<24
	}
	if len(c.buf) != shifted || c.code != last {
		return ErrCorrupt
	}
	return nil
}
