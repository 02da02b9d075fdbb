package deflate

import "math"

// Costs is Inflate without a limit, and returns what the parts of dst cost: costs[i] is the
// price of dst[ends[i-1]:ends[i]], in 1/256 bit. The bits of a token are charged to the
// bytes that it stands for, in equal shares. The headers of blocks, which would stay if a
// part left, are not charged. The ends must not decrease, and the last one must be
// len(dst).
func (z *Inflater) Costs(dst, src []byte, ends []int) (costs []int64, err error) {
	z.costs = charges{ends: ends, sums: make([]int64, len(ends))}
	if _, err = z.run(dst, src, NoLimit); err == nil && z.out != len(dst) {
		err = ErrCorrupt
	}
	return z.costs.sums, err
}

// ByteCosts is InflateUpTo without a limit, and sets each[i], for the bytes that there are, to what dst[i]
// costs as Costs says, in 1/16 bit: at most 2^16 - 1. It must be as long as dst.
func (z *Inflater) ByteCosts(dst, src []byte, each []uint16) (n int, err error) {
	z.costs = charges{each: each}
	_, err = z.run(dst, src, NoLimit)
	return z.out, err
}

// charges are what the parts or the bytes of a buffer cost so far. The zero value charges nothing.
type charges struct {
	sums []int64  // in 1/256 bit
	ends []int    // of the parts
	part int      // ends[:part] are at or before the byte charged last
	each []uint16 // in 1/16 bit
}

func (c *charges) wanted() bool { return c.sums != nil || c.each != nil }

// charge charges bits to n bytes from off on, which follow those charged before.
func (c *charges) charge(bits uint, off, n int) {
	if !c.wanted() || n == 0 {
		return
	}
	if c.each != nil {
		Share(c.each[off:off+n], 16*int64(bits))
		return
	}
	each := int64(bits) << 8 / int64(n)
	for end := off + n; off < end; {
		for off >= c.ends[c.part] {
			c.part++
		}
		k := min(end, c.ends[c.part]) - off
		c.sums[c.part] += each * int64(k)
		off += k
	}
}

// Share divides sum among the elements of list, in shares that differ by one at most; an element is at most 2^16 - 1.
func Share(list []uint16, sum int64) {
	n := int64(len(list))
	for i := range list {
		list[i] = uint16(min((int64(i)+1)*sum/n-int64(i)*sum/n, math.MaxUint16))
	}
}
