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

// steps returns what the equations of f take: 7 ns a place for a tap, 26 for 8, 180 for 32 on a core
// of an AMD EPYC (November 2026).
func (f *fitting) steps() int64 {
	n := len(f.taps)
	return int64(len(f.starts) * f.size * (n*n/6 + 2*n + 4))
}

// equations are those of least squares, a c = b: the lower triangle of a is given, in rows.
type equations struct{ a, b []float64 }

// equations returns the equations of f's coefficients.
func (f *fitting) equations() equations {
	runs := f.products()
	few := f.taps[:min(len(f.taps), weighTaps)]
	weights := slices.Repeat([]float64{1}, len(f.starts))
	left := make([]float64, f.size) // residuals of a run
	for range fitRounds {
		coef := weighted(runs, weights, len(f.taps)).solve(len(few))
		for k, start := range f.starts {
			if coef == nil {
				break
			}
			copy(left, f.y[start:])
			for j, p := range few {
				for i, v := range p.series[start-p.back:][:f.size] {
					left[i] -= float64(coef[j] * v)
				}
			}
			energy := 0.0
			for _, r := range left {
				energy += float64(r * r)
			}
			weights[k] = 1 / (energy/float64(f.size) + 1)
		}
	}
	return weighted(runs, weights, len(f.taps))
}

// weighted returns the equations of n taps from the products of runs, each of which has a weight.
func weighted(runs [][]float64, weights []float64, n int) equations {
	e := equations{make([]float64, n*n), make([]float64, n)}
	width := rowOf(n)
	for k, sums := range runs {
		for j := range n {
			e.b[j] += float64(weights[k] * sums[j*width]) // not fused: the same on every machine
			for m, v := range sums[j*width+1:][:j+1] {
				e.a[j*n+m] += float64(weights[k] * v)
			}
		}
	}
	return e
}

// products returns for each run and each of its n taps rowOf(n) sums of products: with y, then with
// each tap up to itself.
func (f *fitting) products() (runs [][]float64) {
	n, width := len(f.taps), rowOf(len(f.taps))
	list := make([][]float64, width) // y, the taps, and y again to fill up
	for _, start := range f.starts {
		for j := range list {
			list[j] = f.y[start:][:f.size]
		}
		sums := make([]float64, n*width)
		for j, p := range f.taps {
			list[1+j] = p.series[start-p.back:][:f.size]
			addProducts(sums[j*width:][:j+2], list[1+j], list)
		}
		runs = append(runs, sums)
	}
	return runs
}

// rowOf returns how many sums a tap of n has: a multiple of abreast.
func rowOf(n int) int { return (n/abreast + 1) * abreast }

// abreast is how many sums are made at a time, so that additions don't wait for each other.
const abreast = 4

// addProducts adds the product of v and of each of list to sums, and to as many after them as make
// the number a multiple of abreast.
func addProducts(sums, v []float64, list [][]float64) {
	for m := 0; m < len(sums); m += abreast {
		s := sums[m:][:abreast]
		x0, x1, x2, x3 := list[m][:len(v)], list[m+1][:len(v)], list[m+2][:len(v)], list[m+3][:len(v)]
		s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
		for i, y := range v {
			s0 += float64(y * x0[i]) // not fused: the same on every machine
			s1 += float64(y * x1[i])
			s2 += float64(y * x2[i])
			s3 += float64(y * x3[i])
		}
		s[0], s[1], s[2], s[3] = s0, s1, s2, s3
	}
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
	list := make([]float64, f.size) // predictions: sums of whole numbers, exact
	for _, start := range f.starts {
		clear(list)
		for j, t := range f.taps {
			c := float64(coef[j])
			for i, v := range t.series[start-t.back:][:f.size] {
				list[i] += float64(c * v)
			}
		}
		for i, y := range f.y[start:][:f.size] {
			sum += residualBits(y - math.Floor(list[i]/(1<<Shift)))
		}
	}
	return sum / float64(len(f.starts)*f.size)
}

// bitsSteps returns what bits takes: about 10 ns a place with 8 taps.
func (f *fitting) bitsSteps() int64 { return int64(len(f.starts) * f.size * (len(f.taps)/2 + 8)) }

// residualBits returns about how many bits the residual r, a whole number, takes.
func residualBits(r float64) float64 {
	r = math.Abs(r)
	if r < float64(len(smallBits)) {
		return smallBits[int(r)]
	}
	return dsl.Log2(1 + float64(3*r))
}

// smallBits are the bits of the residuals that most have.
var smallBits = func() (list [1 << 10]float64) {
	for r := range list {
		list[r] = dsl.Log2(1 + float64(3*r))
	}
	return list
}()

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
	w.Steps += f.steps() + f.bitsSteps()
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
const differenceSteps = 10

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
