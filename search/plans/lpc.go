package plans

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// linearOrders are the orders of linear predictions that are tried, up to an effort's taps.
var linearOrders = [...]int{2, 3, 4, 6, 8, 12, 16, 24, 32}

const (
	linearShift   = 10      // coefficients are in units of 1/1024
	maxCoef       = 1 << 15 // in these units; larger ones stem from a recursion that became unstable
	maxLinearSize = 4       // bytes of an element: sums of products of larger ones are not exact enough
	whiteNoise    = 1e-9    // of the energy, added to it: keeps the recursion stable
)

// linear returns r with linear predictions of more coefficients in place of its prediction,
// if it has one. They are fitted to the sample by least squares: autocorrelation and
// Levinson's recursion, as FLAC does (RFC 9639, section 8.2).
func (t *trial) linear(_ *evidence, r recipe) (list []recipe) {
	if len(r.ops) == 0 || len(r.fields) > 0 || r.ops[0].Op != dsl.Predict ||
		slices.ContainsFunc(r.ops, func(n dsl.Node) bool { return n.Op == dsl.LMS }) {
		return nil
	}
	w, lag := int(r.ops[0].Nums[0]), int(r.ops[0].List[0])
	if abs(w) > maxLinearSize {
		return nil
	}
	orders := linearOrders[:]
	for len(orders) > 0 && orders[len(orders)-1] > t.effort.taps {
		orders = orders[:len(orders)-1]
	}
	if len(orders) == 0 || t.enough() {
		return nil
	}
	corr := t.autocorrelation(w, lag, slices.Max(orders), r.lead)
	for _, order := range orders {
		if taps := quantize(levinson(corr[:order+1]), lag); taps != nil {
			q := r
			q.ops = slices.Clone(r.ops)
			q.ops[0] = predict(w, linearShift, taps...)
			list = append(list, q)
		}
	}
	return list
}

// autocorrelation returns the autocorrelation of the sample's elements of type w after the
// lead, at the distances 0, lag, … order*lag.
func (t *trial) autocorrelation(w, lag, order, lead int) []float64 {
	corr := make([]float64, order+1)
	for _, e := range t.sample.excerpts {
		x := numbers(e.b[min(lead, len(e.b)):], w)
		t.meter.steps += int64(len(corr) * len(x))
		for k := range corr {
			for i := k * lag; i < len(x); i++ {
				corr[k] += float64(x[i] * x[i-k*lag]) // not fused: the same on every machine
			}
		}
	}
	return corr
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

// levinson returns the coefficients of the best linear prediction for an autocorrelation;
// nil if there is none.
func levinson(corr []float64) []float64 {
	if corr[0] == 0 {
		return nil
	}
	corr = slices.Clone(corr)
	corr[0] *= 1 + whiteNoise
	coef := make([]float64, len(corr)-1)
	residual := corr[0] // energy
	for i := range coef {
		sum := corr[i+1]
		for j := range i {
			sum -= float64(coef[j] * corr[i-j])
		}
		if residual <= 0 {
			return nil
		}
		reflection := sum / residual
		last := slices.Clone(coef[:i])
		for j := range i {
			coef[j] = last[j] - float64(reflection*last[i-1-j])
		}
		coef[i] = reflection
		residual *= 1 - float64(reflection*reflection)
	}
	return coef
}

// quantize returns the list of a prediction with coefficients coef for elements lag, 2 lag,
// … before; nil if one is too large.
func quantize(coef []float64, lag int) (list []int) {
	for k, c := range coef {
		q := math.Round(c * (1 << linearShift))
		if math.Abs(q) > maxCoef {
			return nil
		}
		if q != 0 {
			list = append(list, (k+1)*lag, int(q))
		}
	}
	return list
}
