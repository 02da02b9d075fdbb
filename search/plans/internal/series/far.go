package series

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

const (
	// farSteps is how many elements are compared to find the likely distances, about; at least
	// minFarPlaces and at most maxFarPlaces for each distance.
	farSteps                   = 4 << 20
	minFarPlaces, maxFarPlaces = 16, 512
	// farLikely are the distances that are looked at more closely, at farCloser places.
	farLikely, farCloser = 64, 1024
	// maxMultiple is of which multiple the period is looked for at most. Arbitrary.
	maxMultiple = 512
	// farTried are those that predictions are fitted to.
	farTried = 3
	// beside: a distance less than 1/beside from a listed one is part of its peak.
	beside = 64
	// multipleSaving is what a distance must save over a divisor of it, one part in so many.
	multipleSaving = 33
)

// A distance is one in elements, with the bits of differences at it.
type distance struct {
	lag  int
	bits float64
}

// Distances returns the distances from least elements on at which elements of x are most
// alike, the most telling first. It compares elements at a few places for each distance, and at
// more for the likeliest.
func (w *Work) Distances(x []float64, least int) (lags []int) {
	most := len(x) / 2
	if most <= least {
		return nil
	}
	places := min(max(farSteps/most, minFarPlaces), maxFarPlaces)
	w.Steps += int64(2*places*most + len(x))
	whole := make([]int32, len(x))
	for i, v := range x {
		whole[i] = int32(v)
	}
	rough := make([]int, most+1)
	for k := range places {
		i := spreadPlace(k, most, len(x))
		v := whole[i]
		before := whole[i-most : i]
		for j, u := range before {
			d := v - u // may wrap, as elements do
			rough[most-j] += bits.Len32(uint32(d ^ d>>31))
		}
	}
	around := Surroundings(rough, least)
	for lag := least; lag <= most; lag++ {
		rough[lag] = rough[lag] * Usual / max(around[lag], 1)
	}
	var list []distance
	for _, lag := range Order(rough, least)[:min(farLikely, most-least)] {
		list = append(list, distance{lag, w.Differences(x, lag, farCloser)})
	}
	slices.SortStableFunc(list, func(a, b distance) int { return cmp.Compare(a.bits, b.bits) })
	for _, d := range list {
		isBeside := func(lag int) bool { return max(lag-d.lag, d.lag-lag) <= d.lag/beside || d.lag%lag == 0 }
		if slices.ContainsFunc(lags, isBeside) {
			continue
		}
		d.lag = w.fundamental(x, d, least)
		if slices.ContainsFunc(lags, isBeside) {
			continue
		}
		if lags = append(lags, d.lag); len(lags) == farTried {
			break
		}
	}
	return lags
}

// fundamental returns the least divisor of the distance d, at least least, at which x differs
// hardly more: what has a period differs as much at its multiples.
func (w *Work) fundamental(x []float64, d distance, least int) int {
	for k := min(d.lag/least, maxMultiple); k > 1; k-- {
		if d.lag%k == 0 && w.Differences(x, d.lag/k, farCloser) < d.bits*(1+1.0/multipleSaving) {
			return d.lag / k
		}
	}
	return d.lag
}

// A weighing is a linear prediction from elements far back.
type weighing struct {
	back []int
	coef []int   // in units of 1/2^Shift
	bits float64 // of an element, after a prediction from near
}

// historyParts: elements that lack some of those far back are predicted badly. They may be one part
// in so many. At 1.5 epi.rec, of three volumes, is 20 % larger with some bytes after it.
const historyParts = 3

// farFit returns the prediction of x from elements about d back that leaves the least bits
// after one from the elements near, and the bits without it. It is nothing if none saves
// anything.
func (w *Work) farFit(x []float64, near []int, d int) (best weighing, without float64) {
	shapes := [][]int{{d}, {d, d - near[0], d + near[0]}, {d, 2 * d}, {d, 2 * d, 3 * d, 4 * d}}
	if len(near) > 3 {
		row := near[2]
		shapes = append(shapes, []int{d, d - near[0], d + near[0], d - row, d + row})
	}
	from := d
	for _, times := range [...]int{2, 4} {
		if times*d*historyParts < len(x) {
			from = times * d
		}
	}
	from += 2 * slices.Max(near)
	z, white := make([]float64, len(x)), make([]float64, len(x)) // where they are needed
	var own []int
	try := func(p weighing) {
		f := newFitting(z, tapsAt(z, near...), from, lookRuns)
		if f == nil {
			return
		}
		for _, start := range f.starts {
			p.residual(z, x, start-slices.Max(near), start+f.size)
		}
		w.Steps += f.steps() + f.bitsSteps()
		coef := f.equations().quantized(len(near))
		if coef == nil {
			return
		}
		if p.bits = f.bits(coef); own == nil {
			best.bits, own, without = p.bits, coef, p.bits
		} else if p.bits < best.bits*(1-1.0/crossSaving) {
			best, own = p, coef
		}
	}
	if try(weighing{}); own == nil {
		return best, 0
	}
	try(weighing{back: []int{d}, coef: []int{1 << Shift}})
	for _, back := range shapes {
		f := newFitting(white, tapsAt(white, back...), from, lookRuns)
		if f == nil || slices.Min(back) < 1 || slices.Max(back) > from-slices.Max(near) {
			continue
		}
		for _, start := range f.starts {
			for _, b := range append([]int{0}, back...) {
				(&weighing{back: near, coef: own}).residual(white, x, start-b, start-b+f.size)
			}
		}
		w.Steps += f.steps()
		if coef := f.equations().quantized(len(back)); coef != nil {
			try(weighing{back: back, coef: coef})
		}
	}
	return best, without
}

// Far returns the list of a prediction of x from elements about d back, and the bits of an element
// with it and without, after one from the elements near; nil if it saves nothing.
func (w *Work) Far(x []float64, near []int, d int) (list []int32, with, without float64) {
	p, without := w.farFit(x, near, d)
	return pairs(p.back, p.coef), p.bits, without
}

// residual sets z[from:to] to what w leaves of x.
func (w *weighing) residual(z, x []float64, from, to int) {
	for i := from; i < to; i++ {
		p := 0.0
		for k, d := range w.back {
			p += float64(float64(w.coef[k]) * x[i-d])
		}
		z[i] = x[i] - math.Floor(p/(1<<Shift))
	}
}

// Usual is what a distance like those around it has of their bits.
const Usual = 1 << 10

// Surroundings returns the mean of sum around each distance from from on, without the
// nearest ones: the length of a row stands out from distances a little longer or shorter,
// however alike all of them are.
func Surroundings(sum []int, from int) []int {
	const wide, gap = 40, 4          // to either side
	total := make([]int, len(sum)+1) // of sum[:i]
	for i, x := range sum {
		total[i+1] = total[i] + x
	}
	span := func(i, j int) (n, s int) {
		i, j = max(i, from), min(j, len(sum))
		if i >= j {
			return 0, 0
		}
		return j - i, total[j] - total[i]
	}
	around := make([]int, len(sum))
	for lag := from; lag < len(sum); lag++ {
		n1, s1 := span(lag-wide, lag-gap)
		n2, s2 := span(lag+gap+1, lag+wide+1)
		around[lag] = (s1 + s2) / max(n1+n2, 1)
	}
	return around
}

// Order returns the distances from from on, that of the least sum first, of equal sums the nearest.
// Sums are not negative, and below 2^40.
func Order(sum []int, from int) []int {
	const lagBits = 24 // of a distance
	keys := make([]uint64, 0, max(len(sum)-from, 0))
	for lag := from; lag < len(sum); lag++ {
		keys = append(keys, uint64(sum[lag])<<lagBits|uint64(lag))
	}
	slices.Sort(keys) // a third of the time of a stable sort of distances
	list := make([]int, len(keys))
	for i, k := range keys {
		list[i] = int(k & (1<<lagBits - 1))
	}
	return list
}
