package plans

import (
	"math"

	"github.com/ktzip/ktzip/dsl"
)

// channels returns the layer that divides interleaved channels into planes and predicts each
// from those before it: from the same moment, and from the moments around it, which are known.
// It returns nil if none saves enough.
func (t *trial) channels(ev *evidence) (best *layer) {
	x, ok := t.typed(ev)
	if !ok {
		return nil
	}
	least := x.bits * (1 - 1.0/layerSaving)
	for n := 2; n <= maxPlanes; n++ {
		if l := t.planar(x, n); l != nil && l.bits < least {
			best, least = l, l.bits
		}
	}
	return best
}

// planar returns the layer of x in n channels; nil if there is none.
func (t *trial) planar(x typed, n int) *layer {
	rows := len(x.x) / n
	if rows < layerLeast {
		return nil
	}
	planes := make([][]float64, n)
	for k := range planes {
		planes[k] = make([]float64, rows)
		for i := range rows {
			planes[k][i] = x.x[i*n+k]
		}
	}
	t.meter.steps += int64(len(x.x))
	l := &layer{lead: x.lead, element: x.element, planes: n, ends: make([]int, n), nodes: make([]dsl.Node, n)}
	for k := n - 1; k >= 0; k-- {
		l.ends[k] = (k + 1) * rows
		c, ok := t.crossed(planes[:k+1])
		if !ok {
			return nil
		}
		l.bits += c.bits / float64(n)
		if len(c.coef) == 0 {
			continue
		}
		l.nodes[k] = c.predict(x.element, rows)
		for j := k; j > 0; j-- { // the prediction is of all that ends with plane k
			c.subtract(planes[:j+1])
		}
	}
	return l
}

// A cross is a prediction of a plane from those before it.
type cross struct {
	offsets []offset
	coef    []int // in units of 1/2^shift
	shift   int
	bits    float64 // of an element
}

// An offset says where an element is that predicts another: planes before it, elements after.
type offset struct{ planes, after int }

// crossShapes are the offsets of which predictions are fitted, in the order in which they are
// tried.
var crossShapes = [...]struct{ planes, around int }{{1, 0}, {maxPlanes, 0}, {maxPlanes, 1}, {maxPlanes, 2}}

// crossSaving is what a prediction must save over a simpler one, one part in so many.
const crossSaving = 200

// crossed returns the prediction of the last of planes by those before it that is best. It has
// no coefficients if none saves anything.
func (t *trial) crossed(planes [][]float64) (best cross, ok bool) {
	k := len(planes) - 1
	y := planes[k]
	f := newFitting(y, taps(y, multiplesOf(1, layerTaps)...), 0)
	if f == nil {
		return best, false
	}
	t.meter.steps += f.steps()
	own := f.equations().quantized(len(f.taps))
	if own == nil {
		return best, false
	}
	best.bits = f.bits(own)
	if k == 0 {
		return best, true
	}
	white := make([][]float64, len(planes))
	for j, p := range planes {
		t.meter.steps += layerTaps * int64(len(p))
		white[j] = filtered(p, own)
	}
	try := func(c cross) {
		z := make([]float64, len(y))
		copy(z, y)
		all := append(append([][]float64{}, planes[:k]...), z)
		c.subtract(all)
		t.meter.steps += int64(len(c.coef) * len(y))
		if bits, ok := t.ownBits(z, 1); ok && bits < best.bits*(1-1.0/crossSaving) {
			c.bits = bits
			best = c
		}
	}
	try(cross{offsets: []offset{{1, 0}}, coef: []int{1}})
	for _, s := range crossShapes {
		c := cross{shift: fitShift}
		var list []tap
		for j := 1; j <= min(k, s.planes); j++ {
			for d := -s.around; d <= s.around; d++ {
				c.offsets = append(c.offsets, offset{j, d})
				list = append(list, tap{white[k-j], -d})
			}
		}
		f := newFitting(white[k], list, layerTaps)
		if f == nil {
			continue
		}
		t.meter.steps += f.steps()
		if c.coef = f.equations().quantized(len(list)); c.coef != nil {
			try(c)
		}
	}
	return best, true
}

// filtered returns the residuals of x predicted by coef, of the elements 1, 2, … before.
func filtered(x []float64, coef []int) []float64 {
	list := make([]float64, len(x))
	for i := len(coef); i < len(x); i++ {
		r := float64(x[i] * (1 << fitShift))
		for k, c := range coef {
			r -= float64(float64(c) * x[i-1-k])
		}
		list[i] = r / (1 << fitShift)
	}
	return list
}

// subtract subtracts the prediction c from the last of planes.
func (c *cross) subtract(planes [][]float64) {
	k := len(planes) - 1
	y := planes[k]
	scale := float64(int(1) << c.shift)
	for i := range y {
		p := 0.0
		for j, o := range c.offsets {
			if at := i + o.after; o.planes <= k && 0 <= at && at < len(y) {
				p += float64(float64(c.coef[j]) * planes[k-o.planes][at])
			}
		}
		y[i] -= math.Floor(p / scale)
	}
}

// predict returns the operation of c on elements of type w in planes of rows elements.
func (c *cross) predict(w, rows int) dsl.Node {
	var list []int
	for j, o := range c.offsets {
		if c.coef[j] != 0 {
			list = append(list, o.planes*rows-o.after, c.coef[j])
		}
	}
	return predict(w, c.shift, list...)
}
