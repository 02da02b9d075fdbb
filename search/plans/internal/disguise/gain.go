package disguise

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// Samples of a converter in physical units are integers times a gain. It shows in the gaps between
// their values: most are the gain, or a few times it. Larger values then tell it better and better, and
// the simplest fraction among those that are near enough is taken.

const (
	gainNumbers = 256 // numbers in a row, from each place, whose gaps are looked at
	minValues   = 32  // different ones among them

	// A gap of this percentile is the gain, or up to maxStep times it. Arbitrary.
	gapPercent, maxStep = 10, 6

	// tolerance is how far from an integer a number may be in units of the gain. Arbitrary.
	tolerance = 0.2
)

// gains returns the scale of floating-point numbers with the gain by which most saves.
func gains(b []byte) (d Disguise, ok bool) {
	best := minScaleSaving
	for _, w := range [...]int{4, -4, 8, -8} {
		size := max(w, -w)
		for lead := range size {
			x := sampled(b, lead, w)
			if len(x) < perPlace || !plausible(x, size) {
				continue
			}
			p, q, saving := bestGain(x, values(b, lead, w), size)
			if saving > best {
				best, ok = saving, true
				d = Disguise{Lead: lead, Node: dsl.Node{Op: dsl.Scaled, Nums: [3]int32{int32(w), p, q}}}
			}
		}
	}
	return d, ok
}

// float returns the floating-point number of size bytes with the bits v.
func float(v uint64, size int) float64 {
	if size == 4 {
		return float64(math.Float32frombits(uint32(v)))
	}
	return math.Float64frombits(v)
}

// plausible reports whether nearly all of x are as large as measurements are.
func plausible(x []uint64, size int) bool {
	const least, most = 1.0 / (1 << 30), 1 << 30
	misses := 0
	for _, v := range x {
		if f := math.Abs(float(v, size)); v != 0 && !(f > least && f < most) {
			misses++
		}
	}
	return misses*100 <= len(x)*(100-minHits)
}

// values returns the different absolute values of type w among numbers from several places of b, in
// ascending order.
func values(b []byte, lead, w int) (list []float64) {
	size := max(w, -w)
	b = b[lead:]
	count := len(b) / size
	for k := range places {
		first := max(count-gainNumbers, 0) * (2*k + 1) / (2 * places)
		for i := first; i < min(first+gainNumbers, count); i++ {
			if f := math.Abs(float(plan.Number(b[i*size:], w), size)); f < 1<<30 {
				list = append(list, f)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// absolute returns the different absolute values of x, of size bytes, in ascending order.
func absolute(x []uint64, size int) (list []float64) {
	for _, v := range x {
		if f := math.Abs(float(v, size)); f < 1<<30 {
			list = append(list, f)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// bestGain returns the fraction p / q of which list, in ascending order, is multiples and which saves most of x, both
// from numbers of size bytes, in bits of a byte; 0 if none saves anything.
func bestGain(x []uint64, list []float64, size int) (p, q int32, most float64) {
	for _, g := range gainsOf(list, size) {
		s, err := plan.NewScale(size, g[0], g[1])
		if err != nil {
			continue
		}
		one := family{scales: map[int][]plan.Scale{size: {s}}}
		if _, saving := one.fit(x, size); saving/float64(size) > most {
			p, q, most = g[0], g[1], saving/float64(size)
		}
	}
	return p, q, most
}

// gainsOf returns fractions that list, in ascending order and from numbers of size bytes, may be
// multiples of, the likeliest first.
func gainsOf(list []float64, size int) (gains [][2]int32) {
	if len(list) < minValues {
		return nil
	}
	var gaps []float64
	for k := 1; k < len(list); k++ {
		gaps = append(gaps, list[k]-list[k-1])
	}
	slices.Sort(gaps)
	gap := gaps[len(gaps)*gapPercent/100]
	for step := 1; step <= maxStep; step++ {
		low, high, hits := refined(list, roughly(list, gap/float64(step)), size)
		if hits*100 < len(list)*minHits {
			continue
		}
		p, q, ok := simplest(low, high)
		if chance := float64(q) * float64(q) * (high - low); size == 4 && (!ok || chance*minChance > 1) {
			if p2, q2, ok2 := single((low + high) / 2); ok2 {
				gains = append(gains, [2]int32{p2, q2})
			}
		}
		if ok {
			gains = append(gains, [2]int32{p, q})
		}
		if len(gains) > 0 {
			break
		}
	}
	return gains
}

// minChance: between two numbers there is a fraction with a divisor q if they are about 1 / q^2 apart. One
// that is so many times less likely is the gain; otherwise that is likelier a number of 4 bytes. Arbitrary.
const minChance = 64

// roughly returns the gain by which the differences of list from its first number are multiples of about
// gain: the larger they are, the better they tell it.
func roughly(list []float64, gain float64) float64 {
	for _, v := range list {
		d := v - list[0]
		if i := math.Round(d / gain); i > 0 && math.Abs(d/gain-i) < tolerance {
			gain = d / i
		}
	}
	return gain
}

// single returns the floating-point number of 4 bytes nearest to x as a fraction; ok is false if its numbers
// are too large.
func single(x float64) (p, q int32, ok bool) {
	significand, exponent := math.Frexp(float64(float32(x)))
	n, shift := int64(math.Ldexp(significand, 24)), 24-exponent
	for n != 0 && n%2 == 0 && shift > 0 {
		n, shift = n/2, shift-1
	}
	if n < 1 || shift < -6 || shift > 30 {
		return 0, 0, false
	}
	return int32(n << max(-shift, 0)), int32(1) << max(shift, 0), true
}

// refined returns between which numbers the gain is of which list is multiples, if it is about
// gain, and how many of list are.
func refined(list []float64, gain float64, size int) (low, high float64, hits int) {
	ulp := 1.0 / (1 << 24) // of a number, rounded to the nearest: half a unit of the last place at most
	if size == 8 {
		ulp = 1.0 / (1 << 50) // what floating-point numbers can tell here
	}
	low, high = gain*(1-tolerance/4), gain*(1+tolerance/4)
	for _, v := range list {
		i := math.Round(v / gain)
		if i == 0 || math.Abs(v/gain-i) > tolerance {
			if i == 0 && v < gain*tolerance {
				hits++
			}
			continue
		}
		l, h := float64(v*(1-ulp))/i, float64(v*(1+ulp))/i
		if l > high || h < low {
			continue
		}
		hits++
		low, high = max(low, l), min(high, h)
		gain = (low + high) / 2
	}
	return low, high, hits
}

// simplest returns the fraction with the least numbers from low to high; ok is false if they are too large.
func simplest(low, high float64) (p, q int32, ok bool) {
	var whole []float64 // of the continued fraction
	for len(whole) < 24 {
		a := math.Floor(low)
		if a == low || a+1 <= high {
			if a != low {
				a++
			}
			whole = append(whole, a)
			break
		}
		whole = append(whole, a)
		low, high = 1/(high-a), 1/(low-a)
	}
	n, d := 1.0, 0.0
	for _, a := range slices.Backward(whole) {
		n, d = float64(a*n)+d, n
		if n > math.MaxInt32 || d > math.MaxInt32 {
			return 0, 0, false
		}
	}
	return int32(n), int32(d), n >= 1 && d >= 1
}
