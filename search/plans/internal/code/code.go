package code

import (
	"slices"

	"github.com/ktzip/ktzip/dsl/plan"
)

// Sizes are in bytes.
const (
	// surveyParts excerpts of surveyBytes each are looked at for each architecture: 2 ms for all of
	// them on a core of an AMD EPYC (November 2026). Arbitrary.
	surveyParts, surveyBytes = 4, 16 << 10

	// unit is what is code or not. It is a multiple of what instructions start at.
	unit = 4 << 10

	// repeatShare: in code, one more target than distances repeats in so many bytes. Real code has
	// one in 20 to 100, other data one in 2,000 or fewer (November 2026).
	repeatShare = 500

	// changeRepeats is how many repeats a change from code to other data, or back, costs: a stretch
	// must have twice as many more than other data has. Arbitrary.
	changeRepeats = 40

	// maxStretches is how many stretches there may be; all of the code is one otherwise. Arbitrary.
	maxStretches = 4
)

// A counter counts how often numbers repeat: how many it has seen before, lately.
type counter struct {
	seen [1 << counterBits]uint32 // the last number of each hash, plus 1
}

// counterBits: 4,096 numbers, more than most code of 64 KiB has targets. Arbitrary.
const counterBits = 12

// repeats returns 1 if c has seen v, and else 0.
func (c *counter) repeats(v uint32) int {
	at := &c.seen[v*2654435769>>(32-counterBits)] // Fibonacci hashing
	if *at == v+1 {
		return 1
	}
	*at = v + 1
	return 0
}

// A counted says how often the targets of one architecture repeat more than distances.
type counted struct {
	targets, distances counter
}

// add looks at b, which it overwrites, as code of architecture a at the address base. It tells gain
// of each instruction what it adds: 1, 0 or -1.
func (c *counted) add(b []byte, a, base int, gain func(i, repeats int)) {
	plan.Targets(b, a, base, func(i int, distance, target uint32) {
		gain(i, c.targets.repeats(target)-c.distances.repeats(distance))
	})
}

// Steps is what Survey and Stretches take for a segment of size bytes, in nanoseconds.
func Steps(size int) int64 {
	const each = 3 // a byte of an architecture
	return each * int64(len(plan.Architectures())*min(size, surveyParts*surveyBytes))
}

// Survey returns the architecture of which there is code in src; 0 if there seems to be none.
func Survey(src []byte) (architecture int) {
	size := min(surveyBytes, len(src)/surveyParts)
	size -= size % 16 // a whole number of instructions
	most := surveyParts * size / repeatShare
	b := make([]byte, size)
	for _, a := range plan.Architectures() {
		var c counted
		sum := 0
		for k := range surveyParts {
			from := (len(src) - size) * (2*k + 1) / (2 * surveyParts)
			from -= from % unit
			copy(b, src[from:])
			c.add(b, a, from, func(_, repeats int) { sum += repeats })
		}
		if sum > most {
			architecture, most = a, sum
		}
	}
	return architecture
}

// A Stretch is code, from From to To.
type Stretch struct{ From, To int }

// Stretches returns where src has code of an architecture: whole units, but for the last one.
func Stretches(src []byte, architecture int) (list []Stretch) {
	gains := make([]int, len(src)/unit+1)
	var c counted
	c.add(slices.Clone(src), architecture, 0, func(i, repeats int) { gains[i/unit] += repeats })
	code := inside(gains)
	for u := 0; u < len(code); u++ {
		if !code[u] {
			continue
		}
		from := u
		for u < len(code) && code[u] {
			u++
		}
		if from*unit < len(src) {
			list = append(list, Stretch{from * unit, min(u*unit, len(src))})
		}
	}
	if len(list) > maxStretches {
		list = []Stretch{{list[0].From, list[len(list)-1].To}}
	}
	return list
}

// inside reports which units are code, so that they have the most repeats in all: each unit less
// what other data may have, each change less what it costs.
func inside(gains []int) []bool {
	best := [2]int{0, -changeRepeats}     // of the units so far, if the last is other data, or code
	before := make([][2]bool, len(gains)) // whether the unit before is code, if this one is not, or is
	for u, gain := range gains {
		out, in := best[0], best[1]
		if in-changeRepeats > out {
			out, before[u][0] = in-changeRepeats, true
		}
		if before[u][1] = true; u == 0 || best[0]-changeRepeats > in {
			in, before[u][1] = best[0]-changeRepeats, false
		}
		best = [2]int{out, in + gain - unit/repeatShare}
	}
	code := make([]bool, len(gains))
	last := best[1] > best[0]
	for u := len(gains) - 1; u >= 0; u-- {
		code[u] = last
		if last {
			last = before[u][1]
		} else {
			last = before[u][0]
		}
	}
	return code
}
