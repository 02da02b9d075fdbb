package series

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Linear predictions from any elements, near or far, of the same series or of another one.
// They are fitted by least squares in which quiet and loud stretches weigh the same: bits are
// the logarithm of residuals, and their squares are all of the loud ones.

const (
	fitRuns    = 32      // stretches of a series that a prediction is fitted to
	lookRuns   = 8       // fewer, to compare predictions
	fitRun     = 256     // elements of a stretch
	fitRounds  = 2       // of weighing: the residuals of one weigh the stretches of the next
	weighTaps  = 8       // by which they are weighed
	Shift      = 12      // coefficients are in units of 1/4096: those of audio reach 4 and nearly cancel out
	whiteNoise = 1e-9    // of the energy, added to it: keeps equations stable
	maxFitted  = 1 << 17 // in these units; larger ones stem from equations that are nearly singular
)

// A tap is an element from which another is predicted: that of series, back before the place
// of the other one.
type tap struct {
	series []float64
	back   int
}

// tapsAt returns the taps of series at distances.
func tapsAt(series []float64, distances ...int) (list []tap) {
	for _, d := range distances {
		list = append(list, tap{series, d})
	}
	return list
}

// A fitting is the places of y, in runs, and the taps by which they are predicted.
type fitting struct {
	y      []float64
	taps   []tap
	starts []int // of runs
	size   int   // of a run
}

// newFitting returns a fitting of y to taps in at most so many runs from place from on, at which
// all taps are; nil if there are too few.
func newFitting(y []float64, taps []tap, from, most int) *fitting {
	to := len(y)
	for _, p := range taps {
		from = max(from, p.back)
		to = min(to, len(p.series)+min(p.back, 0))
	}
	if to-from < 2*fitRun {
		return nil
	}
	f := &fitting{y: y, taps: taps, size: fitRun}
	runs := min(most, (to-from)/fitRun)
	for k := range runs {
		f.starts = append(f.starts, from+(to-from-fitRun)*k/max(runs-1, 1))
	}
	return f
}

// steps returns what the equations of f take.
func (f *fitting) steps() int64 {
	n, few := len(f.taps), min(len(f.taps), weighTaps)
	return int64(len(f.starts) * f.size * (n*n + 2*n + fitRounds*(few*few+4*few)))
}

// equations are those of least squares, a c = b: the lower triangle of a is given, in rows.
type equations struct{ a, b []float64 }

// equations returns the equations of f's coefficients.
func (f *fitting) equations() equations {
	few := *f
	few.taps = f.taps[:min(len(f.taps), weighTaps)]
	weights := slices.Repeat([]float64{1}, len(f.starts))
	for range fitRounds {
		coef := few.weighted(weights).solve(len(few.taps))
		for k, start := range f.starts {
			if coef == nil {
				break
			}
			energy := 0.0
			for i := start; i < start+f.size; i++ {
				r := f.y[i]
				for j, p := range few.taps {
					r -= float64(coef[j] * p.series[i-p.back])
				}
				energy += float64(r * r)
			}
			weights[k] = 1 / (energy/float64(f.size) + 1)
		}
	}
	return f.weighted(weights)
}

// weighted returns the equations in which each run has a weight. The products of a cell are added in
// the order of places, and not fused: sums are the same on every machine.
func (f *fitting) weighted(weights []float64) equations {
	n := len(f.taps)
	e := equations{make([]float64, n*n), make([]float64, n)}
	weighed := make([]float64, f.size) // of a tap
	for k, start := range f.starts {
		y := f.y[start:][:f.size]
		for j, p := range f.taps {
			for i, v := range p.series[start-p.back:][:f.size] {
				weighed[i] = float64(v * weights[k])
			}
			e.b[j] = addProducts(e.b[j], weighed, y)
			row := e.a[j*n:][:j+1]
			m := 0
			for ; m+4 <= len(row); m += 4 {
				t := f.taps[m : m+4]
				addProducts4((*[4]float64)(row[m:]), weighed, [4][]float64{
					t[0].series[start-t[0].back:], t[1].series[start-t[1].back:],
					t[2].series[start-t[2].back:], t[3].series[start-t[3].back:],
				})
			}
			for ; m < len(row); m++ {
				row[m] = addProducts(row[m], weighed, f.taps[m].series[start-f.taps[m].back:])
			}
		}
	}
	return e
}

// addProducts adds to sum the products of x and the first elements of y.
func addProducts(sum float64, x, y []float64) float64 {
	y = y[:len(x)]
	for i, v := range x {
		sum += float64(v * y[i])
	}
	return sum
}

// addProducts4 is addProducts for four sums and lists: none waits for another.
func addProducts4(sums *[4]float64, x []float64, y [4][]float64) {
	n := len(x)
	y0, y1, y2, y3 := y[0][:n], y[1][:n], y[2][:n], y[3][:n]
	s0, s1, s2, s3 := sums[0], sums[1], sums[2], sums[3]
	for i, v := range x {
		s0 += float64(v * y0[i])
		s1 += float64(v * y1[i])
		s2 += float64(v * y2[i])
		s3 += float64(v * y3[i])
	}
	*sums = [4]float64{s0, s1, s2, s3}
}

// quantized returns the coefficients of the first n taps in units of 1/2^Shift; nil if
// there are none, or if one is too large.
func (e equations) quantized(n int) []int {
	list := make([]int, n)
	coef := e.solve(n)
	if coef == nil {
		return nil
	}
	for k, c := range coef {
		q := math.Round(float64(c * (1 << Shift)))
		if math.Abs(q) > maxFitted {
			return nil
		}
		list[k] = int(q)
	}
	return list
}

// bits returns about how many bits the residuals of f's places take by coef, per place.
func (f *fitting) bits(coef []int) float64 {
	sum := 0.0
	for _, start := range f.starts {
		for i := start; i < start+f.size; i++ {
			p := 0.0 // a sum of whole numbers: exact
			for j, t := range f.taps {
				p += float64(float64(coef[j]) * t.series[i-t.back])
			}
			r := f.y[i] - math.Floor(p/(1<<Shift))
			sum += residualBits(r)
		}
	}
	return sum / float64(len(f.starts)*f.size)
}

// residualBits returns about how many bits the residual r takes.
func residualBits(r float64) float64 {
	r = math.Abs(r)
	if k := int(r); r < smallResiduals && float64(k) == r {
		return smallBits[k]
	}
	return dsl.Log2(1 + float64(3*r))
}

// smallBits are the bits of small whole residuals, which most are: to look them up takes a third of
// the time of a logarithm.
var smallBits = func() (bits [smallResiduals]float64) {
	for r := range bits {
		bits[r] = dsl.Log2(1 + 3*float64(r))
	}
	return bits
}()

// smallResiduals is how many they are: 4 KiB.
const smallResiduals = 512

// solve returns the coefficients of the first n taps; nil if there is no stable solution. It
// is the square-root-free Cholesky decomposition.
func (e equations) solve(n int) []float64 {
	size := len(e.b)
	low := make([]float64, n*n) // the unit triangle, with the diagonal in its place
	for j := range n {
		d := float64(e.a[j*size+j]*(1+whiteNoise)) + whiteNoise
		for k := range j {
			d -= float64(float64(low[j*n+k]*low[j*n+k]) * low[k*n+k])
		}
		if d <= 0 {
			return nil
		}
		low[j*n+j] = d
		for i := j + 1; i < n; i++ {
			v := e.a[i*size+j]
			for k := range j {
				v -= float64(float64(low[i*n+k]*low[j*n+k]) * low[k*n+k])
			}
			low[i*n+j] = v / d
		}
	}
	x := slices.Clone(e.b[:n])
	for i := range n {
		for k := range i {
			x[i] -= float64(low[i*n+k] * x[k])
		}
	}
	for i := n - 1; i >= 0; i-- {
		x[i] /= low[i*n+i]
		for k := i + 1; k < n; k++ {
			x[i] -= float64(low[k*n+i] * x[k])
		}
	}
	return x
}

// Linear returns predictions of x from the elements at distances before: for each order from as
// many of the first distances, as a list of pairs; nil if there is none.
func (w *Work) Linear(x []float64, distances []int, orders ...int) [][]int32 {
	lists := make([][]int32, len(orders))
	f := newFitting(x, tapsAt(x, distances...), 0, fitRuns)
	if f == nil {
		return lists
	}
	w.Steps += f.steps()
	e := f.equations()
	for k, n := range orders {
		lists[k] = pairs(distances[:n], e.quantized(n))
	}
	return lists
}

// pairs returns the list of a prediction; nil if there is none.
func pairs(distances, coef []int) (list []int32) {
	for k, c := range coef {
		if c != 0 {
			list = append(list, int32(distances[k]), int32(c))
		}
	}
	return list
}

// own returns the prediction of x from elements at multiples of lag, and the bits of an element
// that it leaves; nil if there is none.
func (w *Work) own(x []float64, lag int) (coef []int, bits float64) {
	var distances []int
	for k := range ownTaps {
		distances = append(distances, (k+1)*lag)
	}
	f := newFitting(x, tapsAt(x, distances...), 0, lookRuns)
	if f == nil {
		return nil, 0
	}
	w.Steps += f.steps()
	if coef = f.equations().quantized(ownTaps); coef == nil {
		return nil, 0
	}
	return coef, f.bits(coef)
}

// Own returns the bits of an element of x that is predicted from those at multiples of lag; ok is
// false if none is.
func (w *Work) Own(x []float64, lag int) (bits float64, ok bool) {
	coef, bits := w.own(x, lag)
	return bits, coef != nil
}

// differenceSteps is what the bits of a difference take.
const differenceSteps = 16

// Differences returns the bits of the differences of elements of x that are lag apart, at n
// places.
func (w *Work) Differences(x []float64, lag, n int) (sum float64) {
	w.Steps += differenceSteps * int64(n)
	for k := range n {
		i := spreadPlace(k, lag, len(x))
		sum += residualBits(x[i] - x[i-lag])
	}
	return sum
}

// spreadPlace returns place k of those from from to end, which are spread without a period.
func spreadPlace(k, from, end int) int {
	const golden = 0x9E3779B9 // 2^32 over the golden ratio
	return from + int(uint64(uint32(k)*golden)*uint64(end-from)>>32)
}
