package texts

// A bytesContext is executed as a mask of the last eight bytes, or by its kind.
type bytesContext struct {
	Context
	mask uint64
	salt uint64
}

const (
	wordKinds     = 5
	followedKinds = 3
)

// newContext returns the k-th context.
func newContext(c Context, k int) bytesContext {
	x := bytesContext{Context: c, salt: uint64(k+1) * 0x9E3779B97F4A7C15}
	switch c.Kind {
	case Order:
		x.mask = 1<<(8*c.A) - 1
	case Masked:
		for k, m := range c.Masks {
			x.mask |= uint64(m) << (8 * k)
		}
	}
	return x
}

// look returns the hash of what a context knows.
func (c *bytesContext) look(v *view) uint32 {
	x := v.past & c.mask
	switch c.Kind {
	case Word:
		x = v.ofWords(c.A)
	case Followed:
		x = v.followed(c.A)
	case Column:
		x = v.past&(1<<(8*c.B)-1) | uint64(v.column(c.A))<<24
	case Above:
		x = v.neighbors(c.A, c.B)
	case Foretold:
		x = uint64(v.told)
		if c.A != 1 {
			x |= uint64(v.sure) << 9
		}
		if c.A > 0 {
			x |= v.past & 0xff << 16
		}
	case Repeated:
		x = v.repeated(c.A)
	case Opcode:
		x = v.opcodes(c.A)
	}
	return mixed(x + c.salt)
}

// mixed returns a hash of x whose bits all depend on all of it (the finalizer of splitmix64, without the last step).
func mixed(x uint64) uint32 {
	x ^= x >> 32
	x *= 0xD6E8FEB86659FD93
	x ^= x >> 32
	x *= 0xD6E8FEB86659FD93
	return uint32(x >> 32)
}

// ofWords returns the word so far with: nothing; the word before; that before the word before;
// both; the last byte.
func (v *view) ofWords(k int) uint64 {
	w := uint64(v.word)
	switch k {
	case 1:
		return w | uint64(v.words[0])<<32
	case 2:
		return w | uint64(v.words[1])<<32
	case 3:
		return w | uint64(v.words[0]+v.words[1]*golden)<<32
	case 4:
		return w | uint64(byte(v.past))<<32
	}
	return w
}

// followed returns what the last two times followed: the last byte, with it; the last two
// bytes; the last two, with the last one.
func (v *view) followed(k int) uint64 {
	last := v.past & 0xff << 16
	switch k {
	case 1:
		return uint64(v.after1[byte(v.past)]) | last
	case 2:
		return uint64(v.after2[uint16(v.past)])
	}
	return uint64(v.after2[uint16(v.past)]) | last
}

// neighbors returns the neighbors of a sum.
func (v *view) neighbors(width, sum int) uint64 {
	x, north := uint64(0), v.above(width, 1)
	add := func(in int, value uint32) {
		if sum&in != 0 {
			x = (x + uint64(value) + 1) * 0x9E3779B97F4A7C15
			x ^= x >> 29
		}
	}
	add(West, uint32(v.past&0xff))
	add(WestWest, uint32(v.past>>8&0xff))
	if north >= 0 {
		add(North, v.at(north))
		add(NorthWest, v.at(north-1))
		add(NorthEast, v.at(north+1))
	}
	if sum&North2 != 0 {
		add(North2, v.at(v.above(width, 2)))
	}
	if sum&North3 != 0 {
		add(North3, v.at(v.above(width, 3)))
	}
	if sum&InRow != 0 {
		add(InRow, uint32(v.column(width)))
	}
	return x
}

// repeated returns the last byte, how often it came again, and if k is 2 the byte before these.
func (v *view) repeated(k int) uint64 {
	x := v.past&0xff | uint64(v.again)<<8
	if k == 2 {
		x |= uint64(v.other) << 16
	}
	return x
}

// opcodes returns the place in an instruction of n bytes, its bytes so far, and the first one of
// the instruction before.
func (v *view) opcodes(n int) uint64 {
	k := v.i % n
	x := v.past & (1<<(8*k) - 1)
	return x | uint64(k)<<56 | v.past>>(8*(k+n-1))&0xff<<48
}
