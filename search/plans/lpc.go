package plans

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// linear are r with its prediction made a linear one of more coefficients, fitted to
// the sample by least squares (autocorrelation and Levinson's recursion; as FLAC
// does, RFC 9639, section 8.2).
func (t *trial) linear(_ *evidence, r recipe) (list []recipe) {
	if len(r.ops) == 0 || len(r.fields) > 0 || r.ops[0].Op != dsl.Predict || t.effort.taps == 0 ||
		slices.ContainsFunc(r.ops, func(n dsl.Node) bool { return n.Op == dsl.LMS }) {
		return nil
	}
	first := r.ops[0]
	w, lag := int(first.Nums[0]), int(first.List[0])
	if size := max(w, -w); size > 4 {
		return nil
	}
	for _, order := range [...]int{2, 3, 4, 6, 8, 12, 16, 24, 32} {
		if order > t.effort.taps || t.enough() {
			break
		}
		if taps := t.fit(w, lag, order, r.head); taps != nil {
			q := r.with()
			q.ops[0] = predict(w, linearShift, taps...)
			list = append(list, q)
		}
	}
	return list
}

const linearShift = 10 // coefficients are in units of 1/1024

// fit returns the list of a prediction of order coefficients, lag elements of w
// bytes apart.
func (t *trial) fit(w, lag, order, head int) []int32 {
	size := max(w, -w)
	corr := make([]float64, order+1)
	for _, e := range t.excerpts {
		b := e.b[min(head, len(e.b)):]
		x := make([]float64, len(b)/size)
		for i := range x {
			u := uint64(0)
			for k := range size {
				at := i*size + k
				if w < 0 {
					at = i*size + size - 1 - k
				}
				u |= uint64(b[at]) << (8 * k)
			}
			x[i] = float64(int64(u<<(64-8*size)) >> (64 - 8*size))
		}
		t.meter.taken += int64(len(corr) * len(x))
		for k := range corr {
			for i := k * lag; i < len(x); i++ {
				corr[k] += float64(x[i] * x[i-k*lag]) // not fused: the same on every machine
			}
		}
	}
	if corr[0] == 0 {
		return nil
	}
	corr[0] *= 1 + 1e-9
	coef := make([]float64, order)
	rest := corr[0]
	for i := range order {
		sum := corr[i+1]
		for j := range i {
			sum -= float64(coef[j] * corr[i-j])
		}
		if rest <= 0 {
			return nil
		}
		k := sum / rest
		last := append([]float64(nil), coef[:i]...)
		for j := range i {
			coef[j] = last[j] - float64(k*last[i-1-j])
		}
		coef[i] = k
		rest *= 1 - float64(k*k)
	}
	var list []int32
	for k, c := range coef {
		q := math.Round(c * (1 << linearShift))
		if math.Abs(q) > 1<<15 {
			return nil
		}
		if q != 0 {
			list = append(list, int32((k+1)*lag), int32(q))
		}
	}
	return list
}
