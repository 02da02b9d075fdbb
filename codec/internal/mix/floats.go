package mix

import (
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// Floating point numbers are predicted in fixed point: with the lane's exponent, the level has
// the first Precision bits of the significand, with a smaller one fewer. The others are the rest,
// which is coded after the level: is it 0, and if not, its bits. Of these, the last ones of the
// significand are decisions, since numbers often have fewer bits than fit. Level 0 is what has no
// bit in common with great numbers; its rest is the number.
//
// Numbers with greater exponents, among them NaN and what stands for a missing number, are gaps:
// a decision says so, another one whether it is the last one again. Predictors see what they
// predicted.
type floats struct {
	width    int   // bytes
	mantissa int   // bits
	radix    int   // bits by which a significand moves with an exponent: 1, 4 of IBM's
	hidden   int64 // the first bit of significands, which numbers do not show, or 0
	drop     int   // bits of the significand that no level has
	exponent int64 // of the lane

	gap   [gapClasses]arith.Pair // is it a gap? by gaps before and above
	again arith.Pair             // is it the last gap again?
	last  int64                  // gap
	whole [65]arith.Pair         // is the rest 0? by its bits
	low   [4 * lowBits]arith.Pair
}

const (
	lowBits    = 12 // of significands that are decisions if they are rest
	gapClasses = 8
	gapShare   = 256 // of numbers that may be gaps, as the lane's exponent is chosen
)

// reset begins without knowledge of numbers of the kind and width of p.
func (f *floats) reset(p *Samples, exponent int64) {
	*f = floats{width: p.Width, radix: 1, mantissa: 8*p.Width - 1 - p.exponentBits(), exponent: exponent, again: arith.EvenPair}
	if p.Kind == FloatIBM {
		f.radix = 4
	} else {
		f.hidden = 1 << f.mantissa
	}
	f.drop = max(f.significand()-p.Precision, 0)
	for i := range f.gap {
		f.gap[i] = arith.EvenPair
	}
	for i := range f.whole {
		f.whole[i] = arith.EvenPair
	}
	for i := range f.low {
		f.low[i] = arith.EvenPair
	}
}

// exponentBits returns how many bits exponents have.
func (p *Samples) exponentBits() int {
	switch {
	case p.Kind == FloatIBM:
		return 7
	case p.Width == 2:
		return 5
	case p.Width == 4:
		return 8
	}
	return 11
}

// significand returns how many bits a significand has.
func (f *floats) significand() int { return f.mantissa + bits.Len64(uint64(f.hidden>>f.mantissa)) }

// most returns the greatest level.
func (f *floats) most() int64 { return 1<<(f.significand()-f.drop) - 1 }

// split returns the exponent and the significand of a number's magnitude.
func (f *floats) split(m int64) (e, s int64) {
	e, s = m>>f.mantissa, m&(1<<f.mantissa-1)
	if f.hidden == 0 {
		return e, s
	}
	if e == 0 {
		return 1, s
	}
	return e, s | f.hidden
}

// level returns the level of a magnitude, ok false if it is a gap.
func (f *floats) level(m int64) (level int64, ok bool) {
	e, s := f.split(m)
	if e > f.exponent || f.hidden == 0 && e > 0 && s>>(f.mantissa-f.radix) == 0 {
		return 0, false // too great, or not as the rest supposes
	}
	return s >> min(int64(f.drop)+(f.exponent-e)*int64(f.radix), 63), true
}

// rest returns how many bits are left over of magnitudes of a level above 0, and the magnitude
// whose rest is 0.
func (f *floats) rest(level int64) (n int, m int64) {
	least := int64(0)
	if f.hidden != 0 {
		least = 1
	}
	missing := f.significand() - f.drop - bits.Len64(uint64(level)) // digits of the level
	down := min(int64(missing/f.radix), f.exponent-least)
	e := f.exponent - down
	n = f.drop + int(down)*f.radix
	s := level << n
	if f.hidden != 0 && s&f.hidden == 0 {
		e = 0
	}
	return n, e<<f.mantissa | s&^f.hidden
}

// magnitude returns v without its sign.
func (f *floats) magnitude(v int64) int64 { return v & (1<<(8*f.width-1) - 1) }

// signed returns a magnitude with a sign, as numbers are.
func (f *floats) signed(m int64, negative bool) int64 {
	if negative {
		return m | -1<<(8*f.width-1)
	}
	return m
}

// float codes the floating point number v at at, and learns.
func (m *Machine) float(h *channel, at int, v int64) int64 {
	f := &h.floats
	level, ok := f.level(f.magnitude(v))
	if m.isGap(h, at, !ok) {
		m.passOver(h, at)
		if f.again.Code(&m.c, bitOf(v == f.last)) == 0 {
			negative := m.c.Number(bitsOf(v < 0), 1) != 0
			f.last = f.signed(m.c.Long(f.magnitude(v), 8*f.width-1), negative)
		}
		return f.last
	}
	if v < 0 {
		level = -level
	}
	level = m.code(h, at, level)
	h.learn(m, at, level)
	if level == 0 {
		return m.small(f, v)
	}
	n, magnitude := f.rest(abs(level))
	if rest := f.magnitude(v) - magnitude; n > 0 && !m.restIs0(f, n, rest) {
		magnitude += m.rest(f, level, rest, n)
	}
	return f.signed(magnitude, level < 0)
}

// rest codes the rest of a level, n bits, the last ones by where they are in the significand:
// of IBM's numbers, after how many zeros it begins.
func (m *Machine) rest(f *floats, level, rest int64, n int) int64 {
	zeros := (f.significand() - n - bits.Len64(uint64(abs(level)))) & (f.radix - 1)
	low := min(n, lowBits)
	result := m.c.Long(rest>>low, n-low)
	for i := low - 1; i >= 0; i-- {
		bit := f.low[4*i+zeros].Code(&m.c, int(rest>>i&1))
		result = result<<1 | int64(bit)
	}
	return result
}

// isGap codes whether the number at at is a gap.
func (m *Machine) isGap(h *channel, at int, gap bool) bool {
	p := m.p
	class := m.gaps[at-p.Channels]<<2 | m.gaps[at-2*p.Channels]<<1
	if p.Row > 0 {
		class |= m.gaps[at-p.Row]
	}
	m.left--
	bit := h.floats.gap[class].Code(&m.c, bitOf(gap))
	m.gaps[at] = uint8(bit)
	return bit == 1
}

// passOver takes for the number at at, a gap, what was predicted.
func (m *Machine) passOver(h *channel, at int) {
	level := (h.guess + 1<<(fractionBits-1)) >> fractionBits
	m.levels[at] = int32(level)
	m.inputs[at] = int32(shiftLeft(level, h.scaling))
	m.wrong[at] = 0
}

// small codes a number of level 0: it may have any sign.
func (m *Machine) small(f *floats, v int64) int64 {
	if m.restIs0(f, 0, v) {
		return 0
	}
	negative := m.c.Number(bitsOf(v < 0), 1) != 0
	_, one := f.rest(1)
	return f.signed(m.c.Long(f.magnitude(v), bits.Len64(uint64(one-1))), negative)
}

// restIs0 codes whether a rest of n bits is 0.
func (m *Machine) restIs0(f *floats, n int, rest int64) bool {
	m.left--
	return f.whole[n].Code(&m.c, bitOf(rest == 0)) == 1
}

// exponent returns the lane's exponent, of how often numbers have each: at most one number in
// gapShare has a greater one.
func exponent(counts []uint32) int64 {
	all := uint64(0)
	for _, n := range counts {
		all += uint64(n)
	}
	over := uint64(0)
	for e := len(counts) - 2; e > 1; e-- { // the greatest is no number's
		if over += uint64(counts[e]); over*gapShare > all {
			return int64(e)
		}
	}
	return 1
}

// bitOf returns 1 if b is true, else 0.
func bitOf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// bitsOf returns the same, as a number.
func bitsOf(b bool) uint32 { return uint32(bitOf(b)) }
