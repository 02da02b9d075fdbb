package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/plans/internal/series"
)

// linearOrders are the orders of linear predictions that are tried, up to an effort's taps.
var linearOrders = [...]int{2, 3, 4, 6, 8, 12, 16, 24, 32}

// maxLinearSize is the size of an element, in bytes: sums of products of larger ones are not exact
// enough.
const maxLinearSize = 4

// linear returns r with linear predictions of more coefficients in place of its prediction,
// if it has one. They are fitted by least squares.
func (t *trial) linear(_ *evidence, r recipe) (list []recipe) {
	if len(r.ops) == 0 || len(r.fields) > 0 || r.ops[0].Op != dsl.Predict ||
		slices.ContainsFunc(r.ops, func(n dsl.Node) bool { return n.Op == dsl.LMS }) {
		return nil
	}
	return t.fitted(r)
}

// fitted returns r with linear predictions from more elements at multiples of the distance at
// which its first operation predicts.
func (t *trial) fitted(r recipe) (list []recipe) {
	w, lag := int(r.ops[0].Nums[0]), int(r.ops[0].List[0])
	orders := linearOrders[:]
	for len(orders) > 0 && orders[len(orders)-1] > t.effort.taps {
		orders = orders[:len(orders)-1]
	}
	if abs(w) > maxLinearSize || len(orders) == 0 || t.enough() {
		return nil
	}
	x := numbers(t.src[min(r.lead, len(t.src)):], w)
	var work series.Work
	for _, taps := range work.Linear(x, multiplesOf(lag, slices.Max(orders)), orders...) {
		if taps != nil {
			q := r
			q.ops = slices.Clone(r.ops)
			q.ops[0] = weighted(dsl.Predict, w, taps)
			list = append(list, q)
		}
	}
	t.meter.steps += work.Steps + int64(len(x))
	return list
}

// fitsAs reports whether q and r are linear predictions that are fitted to elements at multiples
// of the same distance, and nothing else predicts.
func (r recipe) fitsAs(q recipe) bool {
	a, b := r.bare().ops, q.bare().ops
	isFit := func(ops []dsl.Node) bool {
		return len(ops) == 1 && ops[0].Op == dsl.Predict && ops[0].Nums[1] == series.Shift && len(ops[0].List) > 0
	}
	return isFit(a) && isFit(b) && a[0].Nums == b[0].Nums && a[0].List[0] == b[0].List[0]
}

// numbers returns the elements of type w of b as signed numbers.
func numbers(b []byte, w int) []float64 {
	size := abs(w)
	x := make([]float64, len(b)/size)
	for i := range x {
		shift := 64 - 8*size
		x[i] = float64(int64(number(b[i*size:], w)<<shift) >> shift)
	}
	return x
}

// number returns the element of type w that b starts with, unsigned.
func number(b []byte, w int) (x uint64) {
	for k := range w {
		x |= uint64(b[k]) << (8 * k)
	}
	for k := range -w {
		x = x<<8 | uint64(b[k])
	}
	return x
}
