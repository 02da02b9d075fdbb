package deflate

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

// charges are what the parts of a buffer cost so far. The zero value charges nothing.
type charges struct {
	sums []int64 // in 1/256 bit
	ends []int   // of the parts
	part int     // ends[:part] are at or before the byte charged last
}

func (c *charges) wanted() bool { return c.sums != nil }

// charge charges bits to n bytes from off on, which follow those charged before.
func (c *charges) charge(bits uint, off, n int) {
	if !c.wanted() || n == 0 {
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
