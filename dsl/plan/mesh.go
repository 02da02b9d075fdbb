package plan

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

// Meshes of triangles: points by number, and normals that follow from points.

// maxDistinct is the length of a group of Distinct in bytes, at most. Arbitrary.
const maxDistinct = 255

// checkDistinct is row.check of Distinct.
func checkDistinct(n *dsl.Node) error {
	if w, i := n.Nums[0], n.Nums[1]; w < 1 || w > maxDistinct || i < 1 || i > 4 {
		return invalid("groups of %d bytes by numbers of %d, want 1 to %d and 1 to 4", w, i, maxDistinct)
	}
	return nil
}

// distinctLengths is row.lengths of Distinct: a number for each whole group, then the remaining bytes.
func distinctLengths(n *dsl.Node, size int, stated [2]int) (wanted [2]int, err error) {
	w, i := int(n.Nums[0]), int(n.Nums[1])
	if t := stated[1]; t < 0 || t%w != 0 || t > size {
		return wanted, invalid("new groups of %d bytes together, want whole ones of %d bytes and a length that the plan states", t, w)
	}
	return [2]int{size/w*i + size%w, stated[1]}, nil
}

// distinct is row.run of Distinct.
func distinct(m *Machine, n *dsl.Node, l lists) error {
	w, i := int(n.Nums[0]), int(n.Nums[1])
	numbers, groups := l.args[0], l.args[1]
	whole := len(l.result) / w
	m.direction.move(l.result[whole*w:], numbers[whole*i:])
	if !m.direction.joins() {
		return splitDistinct(l.result[:whole*w], numbers, groups, w)
	}
	count := 0 // of groups so far
	for k := range whole {
		back := 0
		for j := i - 1; j >= 0; j-- {
			back = back<<8 | int(numbers[k*i+j])
		}
		at := count - back
		if back == 0 {
			count++
		}
		if at < 0 || back < 0 || (at+1)*w > len(groups) {
			return invalid("group %d, %d before the next one of %d", k, back, len(groups)/w)
		}
		copy(l.result[k*w:(k+1)*w], groups[at*w:])
	}
	if count*w != len(groups) {
		return invalid("%d groups are new, want %d", count, len(groups)/w)
	}
	return nil
}

// spreadDistinct adds what a group costs to where it is first.
func spreadDistinct(_ *Machine, n *dsl.Node, c *carried) error {
	w, i := int(n.Nums[0]), int(n.Nums[1])
	spreadGroups(c.costs, c.argCosts[0], w, i)
	groups, none := c.argCosts[1], make([]byte, i)
	for k := 0; k < len(c.costs)/w && len(groups) >= w; k++ {
		if bytes.Equal(c.args[0][k*i:(k+1)*i], none) {
			addEvenly(c.costs[k*w:(k+1)*w], total(groups[:w]))
			groups = groups[w:]
		}
	}
	return nil
}

// splitDistinct undoes joining for groups of w bytes.
func splitDistinct(result, numbers, groups []byte, w int) error {
	count, i := 0, 0
	if len(result) > 0 {
		i = len(numbers) / (len(result) / w)
	}
	seen := map[string]int{}
	for k := 0; k < len(result)/w; k++ {
		group := result[k*w : (k+1)*w]
		back := 0
		if at, ok := seen[string(group)]; ok {
			back = count - at
		} else {
			if (count+1)*w > len(groups) {
				return invalid("more groups than %d", len(groups)/w)
			}
			seen[string(group)] = count
			copy(groups[count*w:], group)
			count++
		}
		if uint64(back)>>(8*i) != 0 {
			return invalid("a group %d before the next one, want a number of %d bytes", back, i)
		}
		for j := range i {
			numbers[k*i+j] = byte(back >> (8 * j))
		}
	}
	if count*w != len(groups) {
		return invalid("%d groups are different, want %d", count, len(groups)/w)
	}
	return nil
}

// Facets of STL: 50 bytes with a normal and three points, of three floating-point numbers of 4 bytes each, little
// endian, and 2 bytes more.
const (
	facetBytes = 50
	facetPoint = 12
)

// normals is row.run of Normals. The normals are the differences between those in the facets and
// those of the points, in the order of floating-point numbers, folded.
func normals(m *Machine, _ *dsl.Node, l lists) error {
	for b := l.result; len(b) >= facetBytes; b = b[facetBytes:] {
		expected := normalOf(b[facetPoint:])
		for k := range expected {
			x := binary.LittleEndian.Uint32(b[4*k:])
			e := flipped32(expected[k])
			if m.direction.joins() {
				x = flipped32(e + (x>>1 ^ -(x & 1)))
			} else {
				d := int32(flipped32(x) - e)
				x = uint32(d<<1 ^ d>>31)
			}
			binary.LittleEndian.PutUint32(b[4*k:], x)
		}
	}
	return nil
}

// flipped32 returns x with all bits but the highest inverted if that is 1.
func flipped32(x uint32) uint32 { return x ^ uint32(int32(x)>>31)>>1 }

const (
	pointBits   = 30 // below the last bit of the largest number of a facet
	normalBits  = 62 // of the largest number of a cross product
	singleBits  = 23 // of a significand, but for its first one
	singleBias  = 127
	notFinite   = 255 // exponent
	singleSign  = 1 << 31
	facetPoints = 9 // numbers
)

// normalOf returns the normal of the triangle whose points b has, as bits of floating-point numbers: that of the cross
// product of two sides, divided by its length, each rounded to the nearest number. It is 0 if it has no length
// or the points are not finite.
func normalOf(b []byte) (normal [3]uint32) {
	var p [facetPoints]int64
	var exponents [facetPoints]uint32
	most := uint32(0)
	for k := range p {
		x := binary.LittleEndian.Uint32(b[4*k:])
		exponent, fraction := x>>singleBits&notFinite, x&(1<<singleBits-1)
		if exponent == notFinite {
			return normal
		}
		if exponent > 0 {
			fraction |= 1 << singleBits
		}
		p[k], exponents[k] = int64(fraction)<<pointBits, max(exponent, 1)
		if x&singleSign != 0 {
			p[k] = -p[k]
		}
		most = max(most, exponents[k])
	}
	for k := range p {
		p[k] >>= min(most-exponents[k], 63)
	}
	var u, v [3]int64
	for k := range u {
		u[k], v[k] = p[3+k]-p[k], p[6+k]-p[k]
	}
	c := [3]wideNumber{cross(u[1], v[2], u[2], v[1]), cross(u[2], v[0], u[0], v[2]), cross(u[0], v[1], u[1], v[0])}
	length := max(c[0].len(), c[1].len(), c[2].len()) // bits
	if length == 0 {
		return normal
	}
	var sum wideNumber
	var sides [3]uint64
	for k := range c {
		sides[k] = c[k].shifted(length - normalBits)
		sum.add(bits.Mul64(sides[k], sides[k]))
	}
	root := sum.root()
	for k, side := range sides {
		if normal[k] = single(side, root); c[k].negative && side > 0 {
			normal[k] |= singleSign
		}
	}
	return normal
}

// A wideNumber is a number of 127 bits and a sign.
type wideNumber struct {
	high, low uint64
	negative  bool
}

// cross returns a × b - c × d, each of at most 56 bits.
func cross(a, b, c, d int64) wideNumber {
	x, y := product(a, b), product(c, d)
	low, borrow := bits.Sub64(x.low, y.low, 0)
	high, _ := bits.Sub64(x.high, y.high, borrow)
	if int64(high) < 0 {
		low, borrow = bits.Sub64(0, low, 0)
		high, _ = bits.Sub64(0, high, borrow)
		return wideNumber{high, low, true}
	}
	return wideNumber{high, low, false}
}

// product returns a × b in two's complement.
func product(a, b int64) wideNumber {
	high, low := bits.Mul64(uint64(a), uint64(b))
	high -= uint64(a>>63)&uint64(b) + uint64(b>>63)&uint64(a)
	return wideNumber{high: high, low: low}
}

// len returns how many bits x has.
func (x wideNumber) len() int {
	if x.high > 0 {
		return 64 + bits.Len64(x.high)
	}
	return bits.Len64(x.low)
}

// shifted returns x without its last n bits, or with -n zeros more; x then has at most 64 bits.
func (x wideNumber) shifted(n int) uint64 {
	switch {
	case n <= 0:
		return x.low << -n
	case n < 64:
		return x.high<<(64-n) | x.low>>n
	}
	return x.high >> (n - 64)
}

// add adds a number to x.
func (x *wideNumber) add(high, low uint64) {
	var carry uint64
	x.low, carry = bits.Add64(x.low, low, 0)
	x.high, _ = bits.Add64(x.high, high, carry)
}

// root returns the integer part of the square root of x, which has 123 to 126 bits.
func (x wideNumber) root() uint64 {
	// Newton's iteration from above falls until it has the root.
	r := uint64(1) << 63
	for {
		quotient, _ := bits.Div64(x.high, x.low, r) // x.high < 2^62 <= r
		next := r>>1 + quotient>>1 + r&quotient&1
		if next >= r {
			return r
		}
		r = next
	}
}

// single returns the bits of the floating-point number nearest to side / root, ties to even, of
// at most 62 and 63 bits.
func single(side, root uint64) uint32 {
	if side == 0 {
		return 0
	}
	up, down := bits.LeadingZeros64(side)-1, bits.LeadingZeros64(root)
	quotient, remainder := bits.Div64(side<<up, 0, root<<down) // side × 2^up < 2^63 <= root × 2^down
	unused := bits.LeadingZeros64(quotient)
	drop := uint(63 - unused - singleBits)
	x := quotient >> drop
	exponent := 63 - unused - 64 + down - up + singleBias
	y := uint32(x) + uint32(exponent-1)<<singleBits
	dropped := quotient << (64 - drop)
	if half := uint64(1) << 63; dropped > half || dropped == half && (remainder != 0 || x&1 != 0) {
		y++ // up to the next power of two, perhaps
	}
	return y
}
