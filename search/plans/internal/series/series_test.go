package series

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// apply returns what the prediction list leaves of element i of x, as the operation predict does.
func apply(x []float64, i int, list []int32) float64 {
	sum := 0.0
	for k := 0; k < len(list); k += 2 {
		sum += float64(list[k+1]) * x[i-int(list[k])]
	}
	return x[i] - math.Floor(sum/(1<<Shift))
}

// energy returns the mean square of what list leaves of x.
func energy(x []float64, list []int32, from int) (sum float64) {
	for i := from; i < len(x); i++ {
		r := apply(x, i, list)
		sum += r * r
	}
	return sum / float64(len(x)-from)
}

// resonance returns n elements of a recursion of order 2 that noise excites.
func resonance(r *rand.Rand, n int, noise float64) []float64 {
	x := make([]float64, n)
	for i := 2; i < n; i++ {
		x[i] = math.Round(1.8*x[i-1] - 0.95*x[i-2] + noise*r.NormFloat64())
	}
	return x
}

func TestLinearFindsTheRecursion(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := resonance(r, 30_000, 100)
	var w Work
	for _, list := range w.Linear(x, []int{1, 2, 3, 4}, 2, 4) {
		if got := energy(x, list, 4); got > 100*100*1.1 {
			t.Errorf("%d: a mean square of %.0f, want that of the noise, 10000", list, got)
		}
	}
	if w.Steps == 0 {
		t.Error("no steps")
	}
	if list := w.Linear(x[:100], []int{1}, 1)[0]; list != nil {
		t.Errorf("of 100 elements: %d, want none", list)
	}
}

// TestQuietStretchesCount wants a prediction that suits quiet stretches, which are most, not the
// loud one.
func TestQuietStretchesCount(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	x := resonance(r, 30_000, 50)
	for i := 10_000; i < 12_000; i++ {
		x[i] = math.Round(20_000 * r.NormFloat64())
	}
	var w Work
	list := w.Linear(x, []int{1, 2}, 2)[0]
	if got := energy(x[15_000:], list, 2); got > 50*50*1.3 {
		t.Errorf("%d leaves a mean square of %.0f, want about 2500", list, got)
	}
}

func TestMixFindsGains(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	a := resonance(r, 8000, 60)
	b, c, own := make([]float64, len(a)), make([]float64, len(a)), resonance(r, len(a), 60)
	for i, v := range a {
		b[i] = math.Round(0.7*v) + float64(r.IntN(3)-1)
		c[i] = math.Round(-0.4*v+0.5*own[i]) + float64(r.IntN(3)-1)
	}
	var w Work
	list, bits := w.Mix([][]float64{a, b}, false)
	alone, _ := w.Own(a, 1)
	if len(list) < 4 || list[0] != 0 || list[2] != 1 || math.Abs(float64(list[3])/(1<<Shift)-0.7) > 0.01 {
		t.Errorf("%d, want nothing, then 0.7 of the channel before", list)
	}
	if bits > (alone+3)/2 {
		t.Errorf("%.2f bits, want at most those of a and 3 more, %.2f, in the mean", bits, (alone+3)/2)
	}
	if list, _ := w.Mix([][]float64{a, own}, false); list != nil {
		t.Errorf("channels that tell nothing of each other: %d", list)
	}
	list, _ = w.Mix([][]float64{a, own, c}, false)
	if n := len(list); n < 7 || list[0]+list[1] != 0 || list[2] < 2 {
		t.Errorf("%d, want a prediction of the third channel alone, from both others", list)
	}
}

func TestDistancesFindVolumes(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 7))
		d := 500 + r.IntN(20_000)
		x := make([]float64, 3*d+r.IntN(d))
		noise := 1 + r.IntN(10)
		for i := range x {
			if x[i] = float64(r.IntN(200)); i >= d {
				x[i] = x[i-d] + float64(r.IntN(2*noise+1)-noise)
			}
		}
		var w Work
		if got := w.Distances(x, 16); !slices.Contains(got, d) {
			t.Errorf("%v, want %d among them", got, d)
			continue
		}
		list, with, without := w.Far(x, []int{1, 2}, d)
		if len(list) == 0 || list[0] != int32(d) || with > without-1 {
			t.Errorf("%d: %d leaves %.2f bits of %.2f", d, list, with, without)
		}
	}
}

func TestNoiseHasNoDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	x := make([]float64, 40_000)
	for i := range x {
		x[i] = float64(r.IntN(1000))
	}
	var w Work
	for _, d := range w.Distances(x, 16) {
		if list, with, without := w.Far(x, []int{1, 2}, d); list != nil && with < without*0.99 {
			t.Errorf("%d leaves %.3f bits of %.3f", list, with, without)
		}
	}
}

// TestProductsAreThoseOfPlaces compares the sums of a fit with sums that are made place by place:
// products of small whole numbers are exact in any order.
func TestProductsAreThoseOfPlaces(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2026))
	x := make([]float64, 4000)
	for i := range x {
		x[i] = float64(r.IntN(2000) - 1000)
	}
	for n := 1; n <= 9; n++ {
		var distances []int
		for range n {
			distances = append(distances, 1+r.IntN(300))
		}
		f := newFitting(x, tapsAt(x, distances...), 0, lookRuns)
		for k, sums := range f.products() {
			for j, d := range distances {
				want := make([]float64, j+2)
				for i := f.starts[k]; i < f.starts[k]+f.size; i++ {
					want[0] += x[i-d] * x[i]
					for m, c := range distances[:j+1] {
						want[1+m] += x[i-d] * x[i-c]
					}
				}
				if got := sums[j*rowOf(n):][:j+2]; !slices.Equal(got, want) {
					t.Fatalf("%d taps, tap %d of run %d: %v, want %v", n, j, k, got, want)
				}
			}
		}
	}
}
