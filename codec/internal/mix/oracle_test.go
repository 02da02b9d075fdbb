package mix

import (
	"math"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// The oracles here are slow, direct models in floating point of what the package computes in
// whole numbers.

// leastSquares solves the normal equations of rows, the newest of which count most: those of
// the last every rows 1, those before them 1-2^-fade as much, and so on.
func leastSquares(rows [][]float64, targets []float64, every int, fade float64) []float64 {
	n := len(rows[0])
	a := make([][]float64, n)
	for i := range a {
		a[i] = make([]float64, n+1)
	}
	for t, row := range rows {
		weight := math.Pow(1-math.Exp2(-fade), float64((len(rows)-1-t)/every))
		for i := range n {
			for j := range n {
				a[i][j] += weight * row[i] * row[j]
			}
			a[i][n] += weight * row[i] * targets[t]
		}
	}
	for i := range n { // Gauss and Jordan
		p := i
		for k := i; k < n; k++ {
			if math.Abs(a[k][i]) > math.Abs(a[p][i]) {
				p = k
			}
		}
		a[i], a[p] = a[p], a[i]
		for k := range n {
			if k != i {
				f := a[k][i] / a[i][i]
				for j := i; j <= n; j++ {
					a[k][j] -= f * a[i][j]
				}
			}
		}
	}
	w := make([]float64, n)
	for i := range w {
		w[i] = a[i][n] / a[i][i]
	}
	return w
}

// TestLeastSquares compares weights with the oracle's.
func TestLeastSquares(t *testing.T) {
	r := newSampler(31)
	for range 40 {
		n, every, fade := 1+r.IntN(12), 4+r.IntN(20), 3+r.IntN(5)
		var o ols
		o.reset(n, every, fade)
		var rows [][]float64
		var targets []float64
		truth := make([]float64, n)
		for i := range truth {
			truth[i] = r.NormFloat64()
		}
		for range every * (3 + r.IntN(20)) {
			row, target := make([]float64, n), r.NormFloat64()*1000
			for i := range row {
				row[i] = math.Round(r.NormFloat64() * 20000)
				o.row()[i] = int32(row[i])
				target += truth[i] * row[i]
			}
			rows, targets = append(rows, row), append(targets, math.Round(target))
			o.update(int32(math.Round(target)))
		}
		for i, want := range leastSquares(rows, targets, every, float64(fade)) {
			if got := float64(o.weights[i]) / (1 << arith.WeightBits); math.Abs(got-want) > 0.0005 {
				t.Fatalf("%d inputs, window %d<<%d: weight %d is %f, want %f", n, every, fade, i, got, want)
			}
		}
	}
}

// TestFilterFollowsTheGradient compares predictions with those of the oracle.
func TestFilterFollowsTheGradient(t *testing.T) {
	r := newSampler(32)
	for range 30 {
		taps, shift, fraction := 8*(1+r.IntN(8)), 5+r.IntN(6), r.IntN(9)
		var f nlms
		f.reset(taps, shift)
		w, past := make([]float64, taps), make([]float64, taps)
		unit := math.Exp2(float64(fraction))
		for i := range 3 * pastSamples {
			sum, power := 0.0, unit*unit
			for k, x := range past {
				sum += w[k] * x
				power += x * x
			}
			got := float64(f.predict())
			input := math.Round(unit * 1000 * (math.Cos(float64(i)/7) + r.NormFloat64()/10))
			if math.Abs(got-sum) > unit*3+math.Abs(sum)/100 {
				t.Fatalf("%d taps, shift %d, sample %d: %f, want %f", taps, shift, i, got/unit, sum/unit)
			}
			// Both go on from the prediction in whole numbers, which is why they stay close.
			wrong := input - got
			f.update(int64(wrong), int32(input), fraction)
			for k, x := range past {
				w[k] += wrong * x / power * math.Exp2(float64(gradient-tapBits-shift))
			}
			past = append(past[1:], input)
		}
	}
}

// TestLanes holds the lane of numbers to what they have in common.
func TestLanes(t *testing.T) {
	r := newSampler(35)
	for range 2000 {
		var s survey
		step, zero := int64(1+r.IntN([]int{2, 1000}[r.IntN(2)])), int64(r.IntN(1<<20)-1<<19)
		reach := []int{2, 100, 1 << 21}[r.IntN(3)]
		list := make([]int64, 1+r.IntN(20))
		for i := range list {
			list[i] = min(max(zero+step*int64(r.IntN(reach)), -1<<31), 1<<31-1)
			if r.chance(50) {
				list[i] = []int64{-1 << 31, 1<<31 - 1}[r.IntN(2)]
			}
			s.add(list[i])
		}
		l := s.lane()
		all := int64(0)
		for _, v := range list {
			x := (v - l.zero) / l.step
			if x*l.step+l.zero != v || x < l.least || x > l.most {
				t.Fatalf("%d of %d is not in %+v", v, list, l)
			}
			all = gcd(all, v-list[0])
		}
		if l.least < minLevel || l.most > maxLevel || l.step != max(max(all, -all), 1) {
			t.Fatalf("%d: %+v", list, l)
		}
		var c arith.Coder
		c.Encode(nil)
		want := l
		if err := l.code(&c, -1<<31, 1<<31-1); err != nil || l != want {
			t.Fatalf("%+v: %v", l, err)
		}
		c.Decode(c.Flush())
		l = lane{}
		if err := l.code(&c, -1<<31, 1<<31-1); err != nil || l != want {
			t.Fatalf("%+v, want %+v: %v", l, want, err)
		}
	}
}

// TestLevelsAreInOrder compares levels of floating point numbers with the numbers, and goes
// back from levels and rests.
func TestLevelsAreInOrder(t *testing.T) {
	r := newSampler(36)
	for _, p := range []Samples{{Kind: Float, Width: 2, Precision: 24}, {Kind: Float, Width: 4, Precision: 24}, {Kind: Float, Width: 8, Precision: 24}, {Kind: FloatIBM, Width: 4, Precision: 24}} {
		for range 20000 {
			var f floats
			p.Precision = 8 + r.IntN(17)
			f.reset(&p, int64(1+r.IntN(1<<p.exponentBits()-1)))
			e := min(max(f.exponent+int64(r.IntN(60)-50), 0), 1<<p.exponentBits()-1)
			m := e<<f.mantissa | int64(r.Uint64()>>1)&(1<<f.mantissa-1)
			level, ok := f.level(m)
			if !ok || level == 0 {
				continue
			}
			n, base := f.rest(level)
			if m < base || m-base >= 1<<n {
				t.Fatalf("%+v, exponent %d: %#x has level %d, which begins with %#x and has %d bits", p, f.exponent, m, level, base, n)
			}
			next, ok := f.level(base + 1<<n)
			if ok && next != level+1 {
				t.Fatalf("%+v, exponent %d: after level %d comes %d", p, f.exponent, level, next)
			}
		}
	}
}

// TestExponent holds the exponent of a lane above nearly all numbers.
func TestExponent(t *testing.T) {
	counts := make([]uint32, 256)
	counts[255], counts[200], counts[130], counts[120] = 5000, 3, 10, 10000
	if got := exponent(counts); got != 120 {
		t.Errorf("%d, want 120", got)
	}
	counts[130] = 100
	if got := exponent(counts); got != 130 {
		t.Errorf("%d, want 130", got)
	}
	if got := exponent(make([]uint32, 32)); got != 1 {
		t.Errorf("%d of no numbers, want 1", got)
	}
}

// TestDistances compares where least squares look with pictures.
func TestDistances(t *testing.T) {
	for _, c := range []struct {
		p    Samples
		want []int32
	}{
		{Samples{Channels: 1, OLS: OLS{Own: 3}}, []int32{1, 2, 3}},
		{Samples{Channels: 3, OLS: OLS{Own: 2, Other: 2}}, []int32{3, 6, 1, 4, 2, 5}},
		{Samples{Channels: 1, Row: 10, OLS: OLS{Own: 1, Rings: 1}}, []int32{1, 11, 10, 9}},
		{Samples{Channels: 1, Row: 10, OLS: OLS{Rings: 2}}, []int32{12, 11, 10, 9, 8, 21, 20, 19}},
		{Samples{Channels: 2, Row: 20, OLS: OLS{Own: 1, Other: 5}}, []int32{2, 1, 3, 21, 19, 23}},
	} {
		if got := c.p.distances(nil); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %d, want %d", c.p, got, c.want)
		}
	}
}
