package plans

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// adaptive is r with its prediction made a difference from the element that is most
// alike, and after it an adaptive prediction of that from its neighbours: earlier ones
// of the same channel, of all channels, of the rows above. Which of them, and how fast
// they adapt, is judged by the entropy of what is left of long excerpts.
func (t *trial) adaptive(ev *evidence, r recipe) (list []recipe) {
	if len(r.ops) == 0 || len(r.fields) > 0 || t.effort.weights == 0 {
		return nil
	}
	var floats []dsl.Node // as they are in the same order as numbers
	if r.ops[0].Op == dsl.Floats && len(r.ops) > 1 {
		floats = r.ops[:1]
	}
	w, lag, line := nearest(r.ops[len(floats)])
	if size := max(w, -w); size == 8 || size == 0 || lag > maxSets {
		return nil
	}
	best, least := recipe{}, math.Inf(1)
	try := func(q recipe) {
		if bits := t.entropy(planes(q)); bits < least {
			best, least = q, bits
		}
	}
	start := recipe{head: r.head, ops: append(slices.Clip(floats), predict(w, 0, int32(lag), 1))}
	shapes := around(lag, line, t.effort.weights)
	if size := max(w, -w); line == 0 && len(ev.far) > 0 && ev.far[0]%size == 0 {
		shapes = append(shapes, around(lag, ev.far[0]/size, t.effort.weights)...)
	}
	for _, distances := range shapes {
		try(start.with(lms(w, lag, rates[0], distances)))
	}
	if best.ops == nil {
		return nil
	}
	for _, rate := range rates[1:] { // slower or faster
		try(start.with(lms(w, lag, rate, best.ops[len(start.ops)].List)))
	}
	// Once more, with few weights, for what is left.
	first := best
	for _, rate := range rates[:t.effort.again] {
		try(first.with(lms(w, lag, rate, multiples(lag, 8))))
		if lag > 1 && 2*lag <= t.effort.weights {
			try(first.with(lms(w, lag, rate, multiples(1, 2*lag))))
		}
	}
	return []recipe{planes(best)}
}

const maxSets = 64 // of weights

// rates are the shifts of adaptive predictions that are tried: the larger, the slower
// they adapt.
var rates = [...]int{8, 7, 9, 10}

// entropy is about how many bits the bytes that r leaves of long excerpts take.
func (t *trial) entropy(r recipe) (bits float64) {
	if t.enough() {
		return math.Inf(1)
	}
	for _, e := range t.long {
		b := e.b[min(r.head, len(e.b)):]
		body := r
		body.head = 0
		parts, err := t.split(b, body.plan(len(b)))
		if err != nil {
			return math.Inf(1)
		}
		for _, s := range parts {
			t.meter.taken += countSteps * int64(len(s))
			// Of planes the lower ones are not like the higher ones.
			for part := range slices.Chunk(s, min(entropyPart, len(s)/2+1)) {
				var count [256]int
				for _, c := range part {
					count[c]++
				}
				bits += entropy(&count, len(part))
			}
		}
	}
	return bits
}

const entropyPart = 16 << 10 // bytes that are taken to be alike

func lms(w, sets, shift int, distances []int32) dsl.Node {
	n := element(dsl.LMS, w, int32(sets), int32(shift))
	n.List = distances
	return n
}

// nearest says what n foresees an element from: the width of elements, how many
// before the nearest one is, and the one a row before; 0: there is none.
func nearest(n dsl.Node) (w, lag, line int) {
	w = int(n.Nums[0])
	switch {
	case n.Op == dsl.Paeth || n.Op == dsl.Median:
		return w, int(n.Nums[1]), int(n.Nums[2])
	case n.Op == dsl.Predict && n.Nums[1] == 0 && len(n.List) == 6:
		return w, int(n.List[0]), int(n.List[2])
	case n.Op == dsl.Predict && len(n.List) > 0:
		return w, int(n.List[0]), 0
	}
	return 0, 0, 0
}

// multiples are the distances lag, 2 lag, … to n lag.
func multiples(lag, n int) (list []int32) {
	for k := range n {
		list = append(list, int32((k+1)*lag))
	}
	return list
}

// around are sets of at most n distances for elements whose nearest is lag before them,
// and a row line; 0: there are no rows.
func around(lag, line, n int) (sets [][]int32) {
	if line > 2*lag {
		// As many on the row as on the one above, fewer on the one before.
		list := multiples(lag, min(3, n/3))
		for k := -min(2, n/5); k <= min(2, n/5); k++ {
			list = append(list, int32(line+k*lag))
		}
		if n >= 11 {
			for k := -1; k <= 1; k++ {
				list = append(list, int32(2*line+k*lag))
			}
		}
		if lag > 1 { // the other colours
			cross := multiples(1, 2*lag) // in a row each, which is quickest
			for k := -lag; k <= lag; k++ {
				cross = append(cross, int32(line+k))
			}
			if len(cross) <= n {
				sets = append(sets, cross)
			}
		}
		return append(sets, list)
	}
	for _, k := range [...]int{8, 16, 32} {
		if k <= n {
			sets = append(sets, multiples(lag, k))
		}
	}
	if lag > 1 {
		last := 0
		for _, k := range [...]int{lag, lag + lag/2, 2 * lag, 3 * lag, min(8*lag, n)} {
			if k > last && k >= lag && k <= n {
				sets = append(sets, multiples(1, k))
			}
			last = k
		}
	}
	return sets
}
