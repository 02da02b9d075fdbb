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
	// farBlocks is how many sums of elements in a row a segment is reduced to, at least: they
	// are alike at the distances at which the elements are.
	farBlocks = 8 << 10
	// farLooks are the places that are looked at for each distance, farCloser for those around
	// a likely one.
	farLooks, farCloser = 128, 1024
	// farLikely are the distances of sums around which elements are looked at, farTried those
	// of elements that predictions are fitted to.
	farLikely, farTried = 8, 2
	// farLeast is the shortest far distance in bytes: shorter ones are met in excerpts.
	farLeast = 4 << 10
)

// distant returns the layer that predicts elements x from far away; nil if none saves enough.
func (t *trial) distant(ev *evidence, x typed) (best *layer) {
	body := t.src[x.lead:]
	all := elementsOf(body, x.element)
	size := abs(x.element)
	t.meter.steps += int64(len(all))
	near := nearOf(ev, x)
	for _, d := range t.farDistances(all, farLeast/size) {
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

// nearOf returns the distances of elements x that tell what far ones add: those of the same
// channel and of the row before, in the order in which they matter.
func nearOf(ev *evidence, x typed) []int {
	size, lag, row := abs(x.element), x.lag, 0
	if lag > maxPlanes {
		lag, row = 1, lag
	} else if len(ev.far) > 0 && ev.far[0]%size == 0 && ev.far[0] > 2*lag*size {
		row = ev.far[0] / size
	}
	if row == 0 {
		return []int{lag, 2 * lag, 3 * lag}
	}
	return []int{lag, 2 * lag, row, row + lag, row - lag}
}

// A distance is one in elements, with the bits of differences at it.
type distance struct {
	lag  int
	bits float64
}

// farDistances returns the distances from least elements on at which elements of x are most
// alike, the most telling first. It compares sums of some elements at each distance, at more
// places around the likeliest ones, then elements.
func (t *trial) farDistances(x []float64, least int) (lags []int) {
	unit := 1 << max(bits.Len(uint(len(x)/farBlocks))-1, 0) // divides most volumes
	sums := make([]float64, len(x)/unit)
	for i, v := range x[:len(sums)*unit] {
		sums[i/unit] += v
	}
	t.meter.steps += int64(len(x))
	from, most := max(least/unit, 2), len(sums)/2
	if most <= from {
		return nil
	}
	rough := make([]int, most+1)
	for lag := from; lag <= most; lag++ {
		rough[lag] = int(8 * t.differences(sums, lag, farLooks))
	}
	around := surroundings(rough, from)
	share := slices.Clone(rough)
	for lag := from; lag <= most; lag++ {
		share[lag] = rough[lag] * usualShare / max(around[lag], 1)
	}
	var list []distance
	for _, lag := range peaks(share, from, farLikely) {
		beside := lag/besidePeak + 1
		d := t.closest(sums, max(from, lag-beside), min(most, lag+beside))
		d = t.closest(x, max(least, (d.lag-1)*unit), min(len(x)/2, (d.lag+1)*unit))
		list = append(list, d)
	}
	slices.SortStableFunc(list, func(a, b distance) int { return cmp.Compare(a.bits, b.bits) })
	for _, d := range list {
		if len(lags) < farTried && !slices.Contains(lags, d.lag) {
			lags = append(lags, d.lag)
		}
	}
	return lags
}

// closest returns the distance from from to to, at least one, at which x differs least.
func (t *trial) closest(x []float64, from, to int) distance {
	best := distance{from, math.Inf(1)}
	for lag := from; lag <= to; lag++ {
		if bits := t.differences(x, lag, farCloser); bits < best.bits {
			best = distance{lag, bits}
		}
	}
	return best
}

// differences returns the bits of the differences of elements of x that are lag apart, at n
// places that are spread without a period.
func (t *trial) differences(x []float64, lag, n int) (sum float64) {
	const golden = 0x9E3779B9 // 2^32 over the golden ratio
	t.meter.steps += differenceSteps * 4 * int64(n)
	for k := range uint32(n) {
		i := lag + int(uint64(k*golden)*uint64(len(x)-lag)>>32)
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
	own, without := t.filter(x, near, d)
	if own == nil {
		return best, 0
	}
	best.bits = without
	try := func(w weighing) {
		t.meter.steps += int64(len(w.back) * len(x))
		filter, bits := t.filter(w.residual(x), near, d)
		if filter != nil && bits < best.bits*(1-1.0/crossSaving) {
			best, own = w, filter
			best.bits = bits
		}
	}
	try(weighing{back: []int{d}, coef: []int{1 << fitShift}})
	shapes := [][]int{{d}, {d, d - near[0], d + near[0]}}
	if len(near) > 2 {
		row := near[2]
		shapes = append(shapes, []int{d, d - near[0], d + near[0], d - row, d + row})
	}
	for _, back := range shapes {
		t.meter.steps += int64(len(near) * len(x))
		white := whitened(x, near, own)
		f := newFitting(white, taps(white, back...), d+slices.Max(near), lookRuns)
		if f == nil {
			continue
		}
		t.meter.steps += f.steps()
		if coef := f.equations().quantized(len(back)); coef != nil {
			try(weighing{back: back, coef: coef})
		}
	}
	return best, without
}

// filter returns the prediction of x from the elements near at places from on, and the bits of
// an element that it leaves; nil if there is none.
func (t *trial) filter(x []float64, near []int, from int) (coef []int, bits float64) {
	f := newFitting(x, taps(x, near...), from, lookRuns)
	if f == nil {
		return nil, 0
	}
	t.meter.steps += f.steps()
	if coef = f.equations().quantized(len(near)); coef == nil {
		return nil, 0
	}
	return coef, f.bits(coef)
}

// whitened returns the residuals of x predicted from the elements near by coef.
func whitened(x []float64, near, coef []int) []float64 {
	list := make([]float64, len(x))
	for i := slices.Max(near); i < len(x); i++ {
		r := float64(x[i] * (1 << fitShift))
		for k, c := range coef {
			r -= float64(float64(c) * x[i-near[k]])
		}
		list[i] = r / (1 << fitShift)
	}
	return list
}

// residual returns what w leaves of x.
func (w *weighing) residual(x []float64) []float64 {
	z := slices.Clone(x)
	for i := slices.Max(w.back); i < len(x); i++ {
		p := 0.0
		for k, d := range w.back {
			p += float64(float64(w.coef[k]) * x[i-d])
		}
		z[i] -= math.Floor(p / (1 << fitShift))
	}
	return z
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
