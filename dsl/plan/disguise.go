package plan

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Numbers in disguise: floating-point numbers that stand for integers, and integers that are multiples
// of another one. Each is an operation on elements that maps all numbers of a width to all numbers of
// that width, one to one: those in disguise to the small integers behind them, which predictions
// and layouts then take as they take any others, and the rest, of which there are few, to what is
// left. So there is no list of exceptions, every bit pattern is exact, and the length stays.

// A Scale exchanges floating-point numbers of 4 or 8 bytes with integers i of either sign and of at most
// 2^23 or 2^52: i with the number nearest to i × p / q, ties to even, which is in disguise. All other
// bit patterns stay as they are.
//
// For different i these numbers differ, whatever p and q, since a significand has as many bits; and
// but for 0, which stays, none of them has the bits of an integer that small: those are subnormal
// numbers, and ones that are not finite. So the exchange undoes itself. The zero with a negative sign stays.
type Scale struct {
	p, q        uint64
	normal      uint64 // q × 2^leading, with its highest bit set
	leading     int
	width       uint // bits of a number
	significand uint // bits of it that are stored
	bias        int  // of the exponent
}

// NewScale returns the Scale of numbers of width bytes with factor p / q. The error is
// dsl.ErrExecution.
func NewScale(width int, p, q int32) (s Scale, err error) {
	if p < 1 || q < 1 {
		return s, invalid("floating-point numbers of integers times %d / %d, want both positive", p, q)
	}
	s = Scale{p: uint64(p), q: uint64(q), width: uint(8 * width)}
	switch width {
	case 4:
		s.significand, s.bias = 23, 127
	case 8:
		s.significand, s.bias = 52, 1023
	default:
		return s, invalid("floating-point numbers of %d bytes, want 4 or 8", width)
	}
	s.leading = bits.LeadingZeros64(s.q)
	s.normal = s.q << s.leading
	return s, nil
}

// most returns the largest integer that a number stands for.
func (s *Scale) most() uint64 { return 1 << s.significand }

// signBit returns the sign of a floating-point number.
func (s *Scale) signBit() uint64 { return 1 << (s.width - 1) }

// float returns the bits of the number nearest to i × p / q, 0 < i <= s.most().
func (s *Scale) float(i uint64) uint64 {
	high, low := bits.Mul64(i, s.p) // < 2^83
	shift := bits.LeadingZeros64(high)
	if high == 0 {
		shift += bits.LeadingZeros64(low)
		high, low = low, 0
	}
	high, low = high<<(shift&63)|low>>(64-shift&63), low<<(shift&63)
	quotient, remainder := bits.Div64(high>>1, high<<63|low>>1, s.normal) // > 2^62
	unused := bits.LeadingZeros64(quotient)
	exponent := 64 - unused - shift + s.leading
	drop := 63 - uint(unused) - s.significand // bits
	x, dropped := quotient>>drop, quotient<<(64-drop)
	x += uint64(exponent+s.bias-1) << s.significand
	if half := uint64(1) << 63; dropped > half || dropped == half && (remainder != 0 || x&1 != 0) {
		x++ // up to the next power of two, perhaps
	}
	return x
}

// integer returns the integer that the number with the bits x, without a sign, stands for; ok is false
// if it is not in disguise.
func (s *Scale) integer(x uint64) (i uint64, ok bool) {
	exponent := x >> s.significand
	if exponent == 0 {
		return 0, x == 0
	}
	high, low := bits.Mul64(x&(s.most()-1)|s.most(), s.q) // < 2^84
	const most = 32                                       // i < 2^53 and p < 2^31
	switch shift := int(exponent) - s.bias - int(s.significand) + 1; {
	case shift > most || shift <= -128:
		return 0, false
	case shift >= 0:
		high, low = high<<shift|low>>(64-shift), low<<shift
	case shift > -64:
		high, low = high>>-shift, low>>-shift|high<<(64+shift)
	default:
		high, low = 0, high>>(-shift-64)
	}
	if high >= s.p {
		return 0, false
	}
	twice, _ := bits.Div64(high, low, s.p)
	if i = (twice + 1) >> 1; twice == ^uint64(0) || i == 0 || i > s.most() {
		return 0, false
	}
	return i, s.float(i) == x
}

// Integer returns the integer of either sign that the number with the bits x stands for, in two's
// complement of its width; ok is false if it is not in disguise.
func (s *Scale) Integer(x uint64) (i uint64, ok bool) {
	sign := x & s.signBit()
	i, ok = s.integer(x ^ sign)
	if sign != 0 {
		return -i << (64 - s.width) >> (64 - s.width), ok && i != 0
	}
	return i, ok
}

// floatOf returns the bits of the number that y, in two's complement, stands for; ok is false if there
// is none.
func (s *Scale) floatOf(y uint64) (x uint64, ok bool) {
	sign := y & s.signBit()
	if sign != 0 {
		y = -y << (64 - s.width) >> (64 - s.width)
	}
	if y == 0 || y > s.most() {
		return 0, y == 0
	}
	return s.float(y) | sign, true
}

// Swap returns the integer for the floating-point number with the bits x, or the other way round.
func (s *Scale) Swap(x uint64) uint64 {
	if y, ok := s.floatOf(x); ok {
		return y
	}
	if i, ok := s.Integer(x); ok {
		return i
	}
	return x
}

// A multiple turns integers that are r more than multiples of p into the quotients. The numbers from
// low on, which is 0 or the lowest one with a sign, are counted from there: the first in
// disguise is number start, and there are count of them. They become numbers from first on, the
// others, in their order, those that follow.
type multiple struct {
	p, low, start, count, first uint64
	unused                      uint // bits of a word
}

// multipleOf returns the multiple that n states.
func multipleOf(n *dsl.Node) (m multiple, err error) {
	if err = checkElement(n); err != nil {
		return m, err
	}
	return newMultiple(int(max(n.Nums[0], -n.Nums[0])), n.Nums[1], n.Nums[2])
}

// newMultiple returns the multiple of numbers of width bytes that are r more than multiples of p, of either sign if p is
// negative.
func newMultiple(width int, p, r int32) (m multiple, err error) {
	m = multiple{p: uint64(max(int64(p), -int64(p))), unused: uint(64 - 8*width)}
	top := uint64(1) << 63 >> m.unused
	if p > -2 && p < 2 || p == math.MinInt32 || m.p >= top || r < 0 || uint64(r) >= m.p {
		return m, invalid("multiples of %d and %d more in numbers of %d bytes", p, r, width)
	}
	m.start = uint64(r)
	if p < 0 { // of either sign
		m.low = top
		// -top = -quotient p - remainder, and the first one from there on is r more than a multiple.
		quotient, remainder := top/m.p, top%m.p
		if m.start += remainder; m.start >= m.p {
			m.start -= m.p
			quotient++
		}
		m.first = -quotient
	}
	m.count = (^uint64(0)>>m.unused-m.start)/m.p + 1
	return m, nil
}

// split returns the number for x.
func (m *multiple) split(x uint64) uint64 {
	x = (x - m.low) << m.unused >> m.unused
	y := x // among those that are not in disguise
	if x >= m.start {
		quotient := (x - m.start) / m.p
		if y = x + m.count - quotient - 1; quotient*m.p == x-m.start {
			y = quotient
		}
	} else {
		y += m.count
	}
	return (y + m.first) << m.unused >> m.unused
}

// join undoes split.
func (m *multiple) join(y uint64) uint64 {
	x := (y - m.first) << m.unused >> m.unused
	switch {
	case x < m.count:
		x = m.start + x*m.p
	case x-m.count >= m.start:
		x -= m.count
		x += (x-m.start)/(m.p-1) + 1
	default:
		x -= m.count
	}
	return (x + m.low) << m.unused >> m.unused
}

func checkScaled(n *dsl.Node) error {
	_, err := NewScale(int(max(n.Nums[0], -n.Nums[0])), n.Nums[1], n.Nums[2])
	return err
}

func checkMultiples(n *dsl.Node) error { _, err := multipleOf(n); return err }

// scaled is row.run of Scaled.
func scaled(_ *Machine, n *dsl.Node, l lists) error {
	s, err := NewScale(int(max(n.Nums[0], -n.Nums[0])), n.Nums[1], n.Nums[2])
	if err != nil {
		return err
	}
	mapElements(l.result, int(n.Nums[0]), s.Swap)
	return nil
}

// multiples is row.run of Multiples.
func multiples(m *Machine, n *dsl.Node, l lists) error {
	k, err := multipleOf(n)
	if err != nil {
		return err
	}
	if m.direction.joins() {
		mapElements(l.result, int(n.Nums[0]), k.join)
	} else {
		mapElements(l.result, int(n.Nums[0]), k.split)
	}
	return nil
}

// mapElements changes each element of b, of type w, to what f makes of it.
func mapElements(b []byte, w int, f func(uint64) uint64) {
	swapBytes(b, w)
	switch max(w, -w) {
	case 1:
		mapAll[uint8](b, f)
	case 2:
		mapAll[uint16](b, f)
	case 4:
		mapAll[uint32](b, f)
	default:
		mapAll[uint64](b, f)
	}
	swapBytes(b, w)
}

func mapAll[T element](b []byte, f func(uint64) uint64) {
	for i := range len(b) / width[T]() {
		store(b, i, T(f(uint64(load[T](b, i)))))
	}
}

// Elements of few values: a table of these, in ascending order so that near values have near
// indices, and for each element the index of 1 or 2 bytes. What scales samples of a converter to
// physical units, by whatever factor and rounding, leaves such elements.

// checkLookup is row.check of Lookup.
func checkLookup(n *dsl.Node) error {
	if i := n.Nums[1]; i != 1 && i != 2 {
		return invalid("indices of %d bytes, want 1 or 2", i)
	}
	return checkElement(n)
}

// lookupLengths is row.lengths of Lookup: an index for each whole element, then the remaining bytes.
func lookupLengths(n *dsl.Node, size int, stated [2]int) (wanted [2]int, err error) {
	w, i := int(max(n.Nums[0], -n.Nums[0])), int(n.Nums[1])
	switch t := stated[1]; {
	case t < 0:
		return wanted, invalid("the plan states no length of the table of a lookup")
	case t%w != 0 || t/w > 1<<(8*i):
		return wanted, invalid("a table of %d bytes, want at most %d elements of %d bytes", t, 1<<(8*i), w)
	}
	return [2]int{size/w*i + size%w, stated[1]}, nil
}

// lookup is row.run of Lookup.
func lookup(m *Machine, n *dsl.Node, l lists) error {
	w, i := int(max(n.Nums[0], -n.Nums[0])), int(n.Nums[1])
	indices, table := l.args[0], l.args[1]
	m.direction.move(l.result[len(l.result)/w*w:], indices[len(l.result)/w*i:])
	indices = indices[:len(l.result)/w*i]
	if !m.direction.joins() {
		return splitLookup(l.result, indices, table, int(n.Nums[0]))
	}
	if i == 1 {
		return joinLookup[uint8](l.result, indices, table, w)
	}
	return joinLookup[uint16](l.result, indices, table, w)
}

// joinLookup sets the elements of result, of w bytes, to those of the table at the indices, of type I.
func joinLookup[I element](result, indices, table []byte, w int) error {
	count := len(table) / w
	for i := range len(indices) / width[I]() {
		at := int(load[I](indices, i))
		if at >= count {
			return invalid("index %d of a table of %d elements", at, count)
		}
		copy(result[i*w:(i+1)*w], table[at*w:])
	}
	return nil
}

// splitLookup undoes joinLookup for elements of type w.
func splitLookup(result, indices, table []byte, w int) error {
	size := max(w, -w)
	count, most := len(result)/size, len(table)/size
	values, places := Values(result, w, most)
	if len(values) > most {
		return invalid("more values than the %d of a table", most)
	}
	for k := range most {
		if len(values) > 0 {
			storeNumber(table[k*size:], w, values[min(k, len(values)-1)])
		}
	}
	for i := range count {
		at := places[loadNumber(result[i*size:], w)]
		if len(indices) == count {
			indices[i] = byte(at)
		} else {
			binary.LittleEndian.PutUint16(indices[2*i:], at)
		}
	}
	return nil
}

// Values returns the values of the elements of type w of b in ascending order, and the place of each;
// or most + 1 of them, without places, if there are more than most, which is at most 2^16.
func Values(b []byte, w, most int) (values []int64, places map[int64]uint16) {
	places = map[int64]uint16{}
	for size := max(w, -w); len(b) >= size && len(values) <= most; b = b[size:] {
		x := loadNumber(b, w)
		if _, ok := places[x]; !ok {
			places[x] = 0
			values = append(values, x)
		}
	}
	slices.Sort(values)
	if len(values) > most {
		return values, nil
	}
	for k, x := range values {
		places[x] = uint16(k)
	}
	return values, places
}

// loadNumber returns the number of type w that b starts with, with its sign.
func loadNumber(b []byte, w int) int64 {
	unused := 64 - 8*max(w, -w) // bits
	return int64(Number(b, w)<<unused) >> unused
}

// storeNumber sets the number of type w that b starts with to x.
func storeNumber(b []byte, w int, x int64) {
	for k := range max(w, -w) {
		at := k
		if w < 0 {
			at = -w - 1 - k
		}
		b[at] = byte(x >> (8 * k))
	}
}
