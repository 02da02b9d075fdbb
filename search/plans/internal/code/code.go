package code

import (
	"slices"

	"github.com/ktzip/ktzip/dsl/plan"
)

// Sizes are in bytes.
const (
	// surveyParts excerpts of surveyBytes each are looked at for each kind of code: 2 ms for all of
	// them on a core of an AMD EPYC (November 2026). Arbitrary.
	surveyParts, surveyBytes = 4, 6 << 10

	// unit is what is code or not. It is a multiple of what instructions start at.
	unit = 4 << 10

	// repeatShare: in code, one more target than distances repeats in so many bytes. Real code has
	// one in 20 to 200. Other data has none: its distances repeat more often (of 70 real files,
	// November 2026).
	repeatShare = 500

	// minRepeats is how many more targets than distances a short segment must have. Arbitrary.
	minRepeats = 12

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

// A Code is a kind of machine code.
type Code struct {
	Architecture int // as plan.Architectures has it; 0 if there is none
	Phase        int // bytes from a multiple of what instructions start at to their start
}

// kinds are all kinds of code.
var kinds = func() (list []Code) {
	for _, a := range plan.Architectures() {
		for phase := range plan.Align(a) {
			list = append(list, Code{a, phase})
		}
	}
	return list
}()

// Steps is what Survey takes for a segment of size bytes, in nanoseconds.
func Steps(size int) int64 {
	const each = 2 // a byte of a kind
	return each * int64(len(kinds)*min(size, surveyParts*surveyBytes))
}

// Survey returns the code of which there is most in src; no architecture if there seems to be none, or
// less than a unit.
func Survey(src []byte) (best Code) {
	size := min(surveyBytes, len(src)/surveyParts)
	if size < unit/surveyParts {
		return best
	}
	most := max(surveyParts*size/repeatShare, minRepeats)
	b := make([]byte, size)
	c := new(counted)
	sums := map[Code]int{}
	for _, k := range kinds {
		if simpler := plan.Simpler(k.Architecture); simpler != 0 && sums[Code{simpler, k.Phase}] < minRepeats {
			continue
		}
		*c = counted{}
		sum := 0
		for part := range surveyParts {
			from := (len(src) - size) * (2*part + 1) / (2 * surveyParts)
			from -= from % unit
			n := copy(b, src[from+k.Phase:])
			c.add(b[:n], k.Architecture, from, func(_, repeats int) { sum += repeats })
		}
		if sums[k] = sum; sum > most {
			best, most = k, sum
		}
	}
	return best
}

// A Stretch is code, from From to To.
type Stretch struct{ From, To int }

// Stretches returns where src has code k: whole units, but for the last one, each from its phase on.
func Stretches(src []byte, k Code) (list []Stretch) {
	if len(src) <= k.Phase {
		return nil
	}
	b := slices.Clone(src[k.Phase:])
	gains := make([]int, (len(b)+unit-1)/unit)
	new(counted).add(b, k.Architecture, 0, func(i, repeats int) { gains[i/unit] += repeats })
	code := inside(gains)
	for u := 0; u < len(code); u++ {
		from := u
		for u < len(code) && code[u] {
			u++
		}
		if from < u {
			list = append(list, Stretch{from*unit + k.Phase, min(u*unit+k.Phase, len(src))})
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
