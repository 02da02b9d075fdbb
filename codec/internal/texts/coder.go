package texts

// A coder is a binary arithmetic coder without carries (as lpaq's and zpaq's, M. Mahoney): the
// interval [low, high] of 32 bits is split at each decision, and leading bytes that low and high
// share are written, or read. It runs in both directions, so that both take the same walk.
type coder struct {
	low, high uint32
	code      uint32 // decoding: low <= code <= high
	decoding  bool
	at        int    // decoding: bytes of buf that were read, those beyond its end, too
	buf       []byte // the member
}

// padding is how many bytes beyond the end of a member, all 0, a coder may read: it reads as
// many ahead of what it shifts out.
const padding = 4

// encode begins a member after what dst has.
func (c *coder) encode(dst []byte) { *c = coder{high: 1<<32 - 1, buf: dst} }

// decode begins to read a member.
func (c *coder) decode(member []byte) {
	*c = coder{high: 1<<32 - 1, buf: member, decoding: true}
	for range padding {
		c.code = c.code<<8 | c.next()
	}
}

// next returns the member's next byte, 0 beyond its end.
func (c *coder) next() (b uint32) {
	if c.at < len(c.buf) {
		b = uint32(c.buf[c.at])
	}
	c.at++
	return b
}

// bit codes a decision that is 1 with probability p/65536, 0 < p < 65536, and returns it. bit
// is ignored when decoding.
func (c *coder) bit(bit int, p uint32) int {
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
func (c *coder) shift() {
	if c.decoding {
		c.code = c.code<<8 | c.next()
	} else {
		c.buf = append(c.buf, byte(c.high>>24))
	}
	c.low, c.high = c.low<<8, c.high<<8|255
}

// number codes n bits, most significant first, each as likely 0 as 1: n <= 32.
func (c *coder) number(v uint32, n int) (result uint32) {
	for n--; n >= 0; n-- {
		result = result<<1 | uint32(c.bit(int(v>>n&1), 1<<15))
	}
	return result
}

// long codes n bits as number does: n <= 64.
func (c *coder) long(v int64, n int) (result int64) {
	if n > 32 {
		result = int64(c.number(uint32(v>>32), n-32)) << 32
	}
	return result | int64(c.number(uint32(v), min(n, 32)))
}

// flush ends a member: with the shortest bytes that, followed by zeros, lie in the interval. As
// low and high differ in their first bytes, one is enough.
func (c *coder) flush() []byte {
	if c.low > 0 {
		c.buf = append(c.buf, byte(c.low>>24)+1)
	}
	return c.buf
}

// overrun reports whether more was read than a member of this length may need.
func (c *coder) overrun() bool { return c.at > len(c.buf)+padding }

// finish returns an error if the member does not end as flush ends it.
func (c *coder) finish() error {
	shifted, last := c.at-padding, uint32(0)
	if c.low > 0 {
		shifted, last = shifted+1, (c.low>>24+1)<<24
	}
	if len(c.buf) != shifted || c.code != last {
		return ErrCorrupt
	}
	return nil
}
