package plans

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Far distances: a volume is much like the one before, which is longer ago than any row.

const (
	// farSteps is how many elements are compared to find the likely distances, about; at least
	// minFarPlaces and at most maxFarPlaces for each distance.
	farSteps                   = 8 << 20
	minFarPlaces, maxFarPlaces = 24, 512
	// farLikely are the distances that are looked at more closely, at farCloser places.
	farLikely, farCloser = 64, 1024
	// maxMultiple is of which multiple the period is looked for at most. Arbitrary.
	maxMultiple = 512
	// farTried are those that predictions are fitted to.
	farTried = 3
	// farLeast is the shortest far distance in bytes: nearer ones are those of channels.
	farLeast = 16
)

// distant returns the layer that predicts elements x from far away; nil if none saves enough.
func (t *trial) distant(x typed, all []float64, near, far []int) (best *layer) {
	for _, d := range far {
		w, own := t.farFit(all, near, d)
		if w.back != nil && w.bits < own*(1-1.0/layerSaving) && (best == nil || w.bits < best.bits) {
			best = &layer{
				lead: x.lead, element: x.element, planes: 1, bits: w.bits,
				node: w.predict(x.element), ends: []int{d, len(all)},
			}
		}
	}
	return best
}

// jointly returns recipes that predict elements x from near ones and from those about each of
// the distances far, of which an excerpt has many.
func (t *trial) jointly(x typed, all []float64, near, far []int) (list []recipe) {
	if x.element == 1 { // signed, as recipes have it, bytes of images jump
		return nil
	}
	sets := [][]int{near}
	for _, d := range far {
		if d*abs(x.element)*distanceShare > t.effort.windowBytes || d <= x.near {
			continue
		}
		set := slices.Clone(near)
		for _, back := range []int{d, d + x.near, d - x.near, 2 * d, 2*d + x.near} {
			if !slices.Contains(set, back) {
				set = append(set, back)
			}
		}
		sets = append(sets, set)
	}
	for _, set := range sets {
		if coef := t.filter(all, set); coef != nil {
			w := weighing{back: set, coef: coef}
			list = append(list, planes(recipe{lead: x.lead, ops: []dsl.Node{w.predict(x.element)}}))
		}
	}
	return list
}

// nearOf returns the distances of elements x that tell what far ones add: those of the same
// channel and of the row before, in the order in which they matter.
func nearOf(ev *evidence, x typed) []int {
	size, lag, row := abs(x.element), x.near, 0
	if x.lag > maxPlanes {
		row = x.lag
	} else if len(ev.far) > 0 && ev.far[0]%size == 0 && ev.far[0] > 2*lag*size {
		row = ev.far[0] / size
	}
	if row <= 2*lag {
		return []int{lag, 2 * lag, 3 * lag}
	}
	return []int{lag, 2 * lag, row, row + lag, row - lag}
}

// A distance is one in elements, with the bits of differences at it.
type distance struct {
	lag  int
	bits float64
}

// farPays reports whether what l leaves takes less than the segment by simple predictions from
// near elements, at the same places.
func (t *trial) farPays(ev *evidence, l *layer) bool {
	parts, ok := t.divide(l)
	if !ok {
		return false
	}
	from := l.ends[0] * abs(l.element)
	before, after := t.src[l.lead+from:l.lead+l.size()], parts[1]
	size := t.effort.firstBytes
	plain := t.simply(ev, l.element, (excerpt{0, before}).spread(farExcerpts, size/farExcerpts))
	return saves(t.simply(ev, l.element, (excerpt{0, after}).spread(farExcerpts, size/farExcerpts)), plain, layerSaving)
}

// farExcerpts is how many excerpts decide. Arbitrary.
const farExcerpts = 4

// simply estimates what excerpts of elements of type w take by the best simple prediction, in
// bytes.
func (t *trial) simply(ev *evidence, w int, excerpts []excerpt) int64 {
	s := &sample{excerpts, roughly}
	size := abs(w)
	least := min(t.price(recipe{}, s), t.price(recipe{ops: []dsl.Node{node(dsl.Zigzag, w), transpose(1, size)}}, s))
	for _, lag := range lagsOf(ev, size) {
		list := simplest(w, lag)
		for _, far := range ev.far {
			if far%size == 0 && far > 2*lag*size {
				list = append(list, node(dsl.Median, w, lag, far/size))
			}
		}
		for _, p := range list {
			least = min(least, t.price(planes(recipe{ops: []dsl.Node{p}}), s))
		}
	}
	return least
}

// farDistances returns the distances from least elements on at which elements of x are most
// alike, the most telling first. It compares elements at a few places for each distance, and at
// more for the likeliest.
func (t *trial) farDistances(x []float64, least int) (lags []int) {
	most := len(x) / 2
	if most <= least {
		return nil
	}
	places := min(max(farSteps/most, minFarPlaces), maxFarPlaces)
	t.meter.steps += int64(2*places*most + len(x))
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
	around := surroundings(rough, least)
	for lag := least; lag <= most; lag++ {
		rough[lag] = rough[lag] * usualShare / max(around[lag], 1)
	}
	var list []distance
	for _, lag := range order(rough, least)[:min(farLikely, most-least)] {
		list = append(list, distance{lag, t.differences(x, lag, farCloser)})
	}
	slices.SortStableFunc(list, func(a, b distance) int { return cmp.Compare(a.bits, b.bits) })
	for _, d := range list {
		d.lag = t.fundamental(x, d, least)
		beside := func(lag int) bool { return abs(lag-d.lag) <= d.lag/besidePeak || d.lag%lag == 0 }
		if len(lags) < farTried && !slices.ContainsFunc(lags, beside) {
			lags = append(lags, d.lag)
		}
	}
	return lags
}

// fundamental returns the least divisor of the distance d, at least least, at which x differs
// hardly more: what has a period differs as much at its multiples.
func (t *trial) fundamental(x []float64, d distance, least int) int {
	for k := min(d.lag/least, maxMultiple); k > 1; k-- {
		if d.lag%k == 0 && t.differences(x, d.lag/k, farCloser) < d.bits*(1+1.0/multipleSaving) {
			return d.lag / k
		}
	}
	return d.lag
}

// spreadPlace returns place k of those from from to end, which are spread without a period.
func spreadPlace(k, from, end int) int {
	const golden = 0x9E3779B9 // 2^32 over the golden ratio
	return from + int(uint64(uint32(k)*golden)*uint64(end-from)>>32)
}

// differences returns the bits of the differences of elements of x that are lag apart, at n
// places.
func (t *trial) differences(x []float64, lag, n int) (sum float64) {
	t.meter.steps += differenceSteps * 4 * int64(n)
	for k := range n {
		i := spreadPlace(k, lag, len(x))
		sum += residualBits(x[i] - x[i-lag])
	}
	return sum
}

// A weighing is a linear prediction from elements far back.
type weighing struct {
	back []int
	coef []int   // in units of 1/2^fitShift
	bits float64 // of an element, after a prediction from near
}

// farFit returns the prediction of x from elements about d back that leaves the least bits
// after one from the elements near, and the bits without it. It is nothing if none saves
// anything.
func (t *trial) farFit(x []float64, near []int, d int) (best weighing, without float64) {
	shapes := [][]int{{d}, {d, d - near[0], d + near[0]}, {d, 2 * d}, {d, 2 * d, 3 * d, 4 * d}}
	if len(near) > 3 {
		row := near[2]
		shapes = append(shapes, []int{d, d - near[0], d + near[0], d - row, d + row})
	}
	from := d
	for _, times := range [...]int{2, 4} {
		if times*d*3 < 2*len(x) {
			from = times * d
		}
	}
	from += 2 * slices.Max(near)
	z, white := make([]float64, len(x)), make([]float64, len(x)) // where they are needed
	var own []int
	try := func(w weighing) {
		f := newFitting(z, taps(z, near...), from, lookRuns)
		if f == nil {
			return
		}
		for _, start := range f.starts {
			w.residual(z, x, start-slices.Max(near), start+f.size)
		}
		t.meter.steps += f.steps()
		coef := f.equations().quantized(len(near))
		if coef == nil {
			return
		}
		if w.bits = f.bits(coef); own == nil {
			best.bits, own, without = w.bits, coef, w.bits
		} else if w.bits < best.bits*(1-1.0/crossSaving) {
			best, own = w, coef
		}
	}
	if try(weighing{}); own == nil {
		return best, 0
	}
	try(weighing{back: []int{d}, coef: []int{1 << fitShift}})
	for _, back := range shapes {
		f := newFitting(white, taps(white, back...), from, lookRuns)
		if f == nil || slices.Min(back) < 1 || slices.Max(back) > from-slices.Max(near) {
			continue
		}
		for _, start := range f.starts {
			for _, b := range append([]int{0}, back...) {
				(&weighing{back: near, coef: own}).residual(white, x, start-b, start-b+f.size)
			}
		}
		t.meter.steps += f.steps()
		if coef := f.equations().quantized(len(back)); coef != nil {
			try(weighing{back: back, coef: coef})
		}
	}
	return best, without
}

// filter returns the prediction of x from the elements near; nil if there is none.
func (t *trial) filter(x []float64, near []int) (coef []int) {
	f := newFitting(x, taps(x, near...), 0, fitRuns)
	if f == nil {
		return nil
	}
	t.meter.steps += f.steps()
	return f.equations().quantized(len(near))
}

// residual sets z[from:to] to what w leaves of x.
func (w *weighing) residual(z, x []float64, from, to int) {
	for i := from; i < to; i++ {
		p := 0.0
		for k, d := range w.back {
			p += float64(float64(w.coef[k]) * x[i-d])
		}
		z[i] = x[i] - math.Floor(p/(1<<fitShift))
	}
}

// predict returns the operation of w on elements of type e.
func (w *weighing) predict(e int) dsl.Node {
	var list []int
	for k, d := range w.back {
		if w.coef[k] != 0 {
			list = append(list, d, w.coef[k])
		}
	}
	return predict(e, fitShift, list...)
}
