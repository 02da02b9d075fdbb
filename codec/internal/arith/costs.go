package arith

import (
	"math"
	"math/bits"
)

// costs are what the bytes cost that a Coder decodes. The zero value charges nothing.
type costs struct {
	bytes []uint16 // of those that were not charged yet, in 1/16 bit; nil if nobody asks
	spent int64    // on all before them, in 1/16 bit
}

// Charge makes the next Decode charge what each byte costs to list, in 1/16 bit, as Charged says when a
// byte is decoded; nil if nobody asks.
func (c *Coder) Charge(list []uint16) { c.costs = costs{bytes: list} }

// Charged charges the decisions since the last call to the next n bytes, in equal shares; to nothing if n is 0.
func (c *Coder) Charged(n int) {
	if c.costs.bytes != nil {
		c.costs.charge(c.spent(), n)
	}
}

// spent returns what was decoded, in 1/16 bit: bytes shifted out, and what the interval is shorter than 2^32.
func (c *Coder) spent() int64 { return int64(c.at)<<7 - log2(uint64(c.high-c.low)+1) }

// charge charges what was spent since the last call to n bytes.
func (c *costs) charge(spent int64, n int) {
	sum := spent - c.spent
	n = min(n, len(c.bytes))
	c.spent = spent
	for i := range n {
		c.bytes[i] = uint16(min((int64(i)+1)*sum/int64(n)-int64(i)*sum/int64(n), math.MaxUint16))
	}
	c.bytes = c.bytes[n:]
}

// log2 returns the logarithm of v > 0 to base 2, in 1/16, rounded down.
func log2(v uint64) (log int64) {
	n := bits.Len64(v) - 1
	log = int64(n)
	m := v << (63 - n) >> 32 // 2^31 <= m < 2^32
	for range 4 {
		m = m * m >> 31
		log = log<<1 | int64(m>>32)
		m >>= m >> 32
	}
	return log
}
