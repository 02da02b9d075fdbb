package plans

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl/plan"
)

// TestFindsDisguises is TestFindsTruePlans for numbers in disguise.
func TestFindsDisguises(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	findsTruePlans(t, 240, []func(*rand.Rand) puzzle{decimals, fixedPoints, multiplesOfNumber, decimalRecords, gains, companded})
}

// wandering returns integers of up to about most that wander, swing or rise, in channels that take turns.
func wandering(r *rand.Rand, channels int, most float64) func() float64 {
	noise := 1 + r.Float64()*min(most/200, 500)
	x, period := make([]float64, channels), 20+300*r.Float64()
	kind, i := r.IntN(3), -1
	for k := range x {
		x[k] = most * (r.Float64() - 0.5)
	}
	return func() float64 {
		i++
		k := i % channels
		step := noise * (2*r.Float64() - 1)
		switch kind {
		case 0:
			if x[k] += step; math.Abs(x[k]) > most {
				x[k] = 0
			}
			return math.Round(x[k])
		case 1:
			return math.Round(most/2*math.Sin(float64(i/channels)/period*2*math.Pi) + step)
		}
		if x[k] += noise + step; x[k] > most {
			x[k] = -most
		}
		return math.Round(x[k])
	}
}

// floatBits returns the bits of x as a floating-point number of size bytes.
func floatBits(x float64, size int) int64 {
	if size == 4 {
		return int64(math.Float32bits(float32(x)))
	}
	return int64(math.Float64bits(x))
}

// samplesInDisguise are samples of some channels, after a header, each of which form makes of an integer,
// among exceptions. The text of the operation that undoes it is op.
func samplesInDisguise(r *rand.Rand, w int, most float64, op string, form func(x float64) int64) puzzle {
	c, size := 1+r.IntN(4), max(w, -w)
	next := wandering(r, c, most)
	exceptions := []int{0, 0, 500, 60}[r.IntN(4)] // one in so many
	head := header(r)
	b := slices.Clone(head)
	for range 20_000 + r.IntN(20_000) {
		x := form(next())
		if exceptions > 0 && r.IntN(exceptions) == 0 {
			x = []int64{floatBits(math.NaN(), size), floatBits(math.Copysign(0, -1), size), floatBits(math.Pi, size)}[r.IntN(3)]
		}
		b = appendNumber(b, w, x)
	}
	p := puzzle{name: fmt.Sprintf("%s of %d channels, most %.0f, exceptions %d, after %d bytes", op, c, most, exceptions, len(head)), data: b}
	for _, list := range []string{fmt.Sprintf("[%d, 1]", c), fmt.Sprintf("[%d, 2, %d, -1]", c, 2*c)} {
		for _, columns := range []int{size, size * c} {
			p.truth = append(p.truth, afterHeader(len(head), func(a *planText) string {
				s := a.add("transpose(%s, 1, %d)", a.payload(), columns)
				s = a.add("predict(%s, %d, 0, %s)", a.add("zigzag(%s, %d)", s, w), w, list)
				return a.add(strings.Replace(op, "(", "(%s, ", 1), s)
			}))
		}
	}
	return p
}

// floatType draws a type of floating-point numbers and an integer that has far fewer bits than their
// significand.
func floatType(r *rand.Rand) (w int, most float64) {
	if r.IntN(2) == 0 {
		return []int{4, -4}[r.IntN(2)], math.Exp2(7 + 12*r.Float64())
	}
	return []int{8, -8}[r.IntN(2)], math.Exp2(7 + 25*r.Float64())
}

// decimals are floating-point numbers of few digits after the point.
func decimals(r *rand.Rand) puzzle {
	w, most := floatType(r)
	q := math.Pow10(r.IntN(7))
	return samplesInDisguise(r, w, most, fmt.Sprintf("scaled(%d, 1, %.0f)", w, q), func(x float64) int64 { return floatBits(x/q, max(w, -w)) })
}

// fixedPoints are floating-point numbers of few bits after the point.
func fixedPoints(r *rand.Rand) puzzle {
	w, most := floatType(r)
	q := math.Exp2(float64(r.IntN(24)))
	return samplesInDisguise(r, w, most, fmt.Sprintf("scaled(%d, 1, %.0f)", w, q), func(x float64) int64 { return floatBits(x/q, max(w, -w)) })
}

// gains are floating-point numbers that are integers times a gain, one that is itself a floating-point number
// or a fraction.
func gains(r *rand.Rand) puzzle {
	w := []int{4, -4, 8, -8}[r.IntN(4)]
	most := math.Exp2(7 + 10*r.Float64())
	p, q := int64(1+r.IntN(500)), int64(1+r.IntN(5000))
	if r.IntN(3) == 0 && max(w, -w) == 4 {
		p, q = 1<<23+r.Int64N(1<<23), 1<<(24+r.IntN(7))
	}
	op := fmt.Sprintf("scaled(%d, %d, %d)", w, p, q)
	return samplesInDisguise(r, w, most, op, func(x float64) int64 { return floatBits(x*float64(p)/float64(q), max(w, -w)) })
}

// companded are floating-point numbers of few values without a common gain.
func companded(r *rand.Rand) puzzle {
	w := []int{4, -4, 8, -8}[r.IntN(4)]
	size, most := max(w, -w), math.Exp2(6+3*r.Float64())
	p := samplesInDisguise(r, w, most, "", func(x float64) int64 { return floatBits(math.Sinh(x/100), size) })
	p.truth = nil
	p.name = fmt.Sprintf("few values of %d bytes", w) + p.name
	for lead := range len(p.data)%size + 1 {
		values, _ := plan.Values(p.data[lead:], w, 1<<16)
		for channels := 1; channels <= 4; channels++ {
			p.truth = append(p.truth, afterHeader(lead, func(a *planText) string {
				s := a.add("transpose(%s, 1, 2)", a.payload())
				s = a.add("predict(%s, 2, 0, [%d, 1])", a.add("zigzag(%s, 2)", s), channels)
				table := a.add("get_subsequence_between_indices(%s, 0, %d)", a.payload(), size*len(values))
				return a.add("lookup(%s, %s, %d, 2)", s, table, w)
			}))
		}
	}
	return p
}

// multiplesOfNumber are integers that are multiples of another one, and something more.
func multiplesOfNumber(r *rand.Rand) puzzle {
	w := []int{2, -2, 4, -4}[r.IntN(4)]
	p := 1 << (2 + r.IntN(5))
	if r.IntN(2) == 0 {
		p = 3 + r.IntN(60)
	}
	most := float64(30000 / p)
	if max(w, -w) == 4 {
		most *= float64(1 + r.IntN(5000))
	}
	rest := r.IntN(3) * r.IntN(p) / 2
	return samplesInDisguise(r, w, most, fmt.Sprintf("multiples(%d, %d, %d)", w, -p, rest), func(x float64) int64 { return int64(x)*int64(p) + int64(rest) })
}

// decimalRecords are records with fields of few digits after the point.
func decimalRecords(r *rand.Rand) puzzle {
	columns := someColumns(r, 1+r.IntN(4))
	var list []string
	for range 1 + r.IntN(4) {
		w, most := floatType(r)
		k := r.IntN(6)
		next := wandering(r, 1, most)
		columns = append(columns, column{w, true, func() int64 { return floatBits(next()/math.Pow10(k), max(w, -w)) }})
		list = append(list, fmt.Sprintf("%d, %d, 0", w, plan.FieldDelta+plan.FieldDecimal+k*plan.FieldFloat))
	}
	list = append([]string{fieldNumbersOf(columns[:len(columns)-len(list)])}, list...)
	head := header(r)
	b := slices.Clone(head)
	for range 2000 + r.IntN(4000) {
		b = appendRecord(b, columns)
	}
	text := strings.Join(list, ", ")
	return puzzle{
		name: fmt.Sprintf("records of %d bytes, after %d bytes: %s", widthOf(columns), len(head), text), data: b,
		truth: []string{afterHeader(len(head), func(a *planText) string { return a.add("columns(%s, [%s])", a.payload(), text) })},
	}
}
