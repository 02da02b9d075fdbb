package dsl

import (
	"fmt"
	"slices"
)

// The adaptive prediction of plans: a sign-sign LMS filter in integers, as Monkey's
// Audio has them. Each element is foreseen by a weighted sum of elements before it;
// after each, every weight moves by one in the direction that would have foreseen it
// better. Both directions run it alike, so that nothing is stored but its shape.

var errWeights = fmt.Errorf("%w: adaptive predictions have 1 to %d distances, at most %d weights and %d elements of reach",
	ErrExecution, maxLMSTaps, maxWeights, maxReach)

// checkLMS says what is wrong with n: an element, how many sets of weights take turns
// (the channels of interleaved samples), the shift of sums, and the distances.
func checkLMS(n *Node) error {
	sets, shift := n.Nums[1], n.Nums[2]
	if len(n.List) < 1 || len(n.List) > maxLMSTaps || sets < 1 || int64(sets)*int64(len(n.List)) > maxWeights {
		return errWeights
	}
	for _, d := range n.List {
		if d < 1 || d > maxReach {
			return errWeights
		}
	}
	if shift < 0 || shift > 30 {
		return errShape
	}
	switch n.Nums[0] {
	case 1, 2, 4, -2, -4:
		return nil
	}
	return fmt.Errorf("%w: adaptive predictions are for elements of 1, 2 or 4 bytes", ErrExecution)
}

// A tapRun is a row of distances, from far on each one less than the one before: so
// the elements are in a row.
type tapRun struct {
	far, at, n int // at: of the first weight within a set
}

// tapRuns are the distances of list as runs: in which order they are makes no
// difference.
func tapRuns(list []int32) (runs []tapRun, reach int) {
	list = slices.Clone(list)
	slices.Sort(list)
	slices.Reverse(list)
	reach = int(list[0])
	for k, d := range list {
		if m := len(runs) - 1; m >= 0 && int(d) == runs[m].far-runs[m].n {
			runs[m].n++
			continue
		}
		runs = append(runs, tapRun{int(d), k, 1})
	}
	return runs, reach
}

// adapt adds to the elements of b what n foresees of those before, or subtracts it.
func adapt(b []byte, n *Node, forward bool) {
	w := int(n.Nums[0])
	swapBytes(b, w)
	switch max(w, -w) {
	case 1:
		adaptAll[uint8](b, n, forward)
	case 2:
		adaptAll[uint16](b, n, forward)
	default:
		adaptAll[uint32](b, n, forward)
	}
	swapBytes(b, w)
}

// lmsChunk is how many elements are known beside those within reach.
const lmsChunk = 4096

func adaptAll[T element](b []byte, n *Node, forward bool) {
	sets := int(n.Nums[1])
	for _, d := range n.List {
		if int(d)%sets != 0 {
			adaptEach[T](b, n.List, 0, 1, sets, uint(n.Nums[2]), forward)
			return
		}
	}
	// Channels that don't know of each other: one after the other.
	list := slices.Clone(n.List)
	for k := range list {
		list[k] /= int32(sets)
	}
	for c := range min(sets, len(b)/width[T]()) {
		adaptEach[T](b, list, c, sets, 1, uint(n.Nums[2]), forward)
	}
}

// adaptEach is adapt for every stride-th element from the first one on, as if there were
// no others.
func adaptEach[T element](b []byte, list []int32, first, stride, sets int, shift uint, forward bool) {
	size := (len(b)/width[T]() - first + stride - 1) / stride
	list = slices.DeleteFunc(slices.Clone(list), func(d int32) bool { return int(d) >= size }) // before the first
	if len(list) == 0 {
		return
	}
	sets = min(sets, size) // the others have no turn
	f := newFilter(list, sets, shift, 64-8*width[T](), min(size, lmsChunk))
	elements := make([]int32, min(size, lmsChunk))
	for from := 0; from < size; from += lmsChunk {
		part := elements[:min(lmsChunk, size-from)]
		place := first + from*stride
		for i := range part {
			part[i] = int32(signed(load[T](b, place+i*stride)))
		}
		f.run(part, forward)
		for i, x := range part {
			store(b, place+i*stride, T(x))
		}
	}
}

// A filter is an adaptive prediction under way.
type filter struct {
	runs     []tapRun
	sets     int
	shift    uint
	unused   uint // bits of 64 beside an element's
	taps, at int  // at: the set of weights that is next
	weights  []int32
	// The signs of what each set of weights foresaw wrong last: it moves when it is next
	// used, by these times the signs of the elements that it looked at.
	pending []int32
	// The elements before a chunk and in it, and their signs.
	start       int // of the chunk
	past, signs []int32
}

func newFilter(list []int32, sets int, shift uint, unused, chunk int) *filter {
	runs, reach := tapRuns(list)
	f := &filter{runs: runs, sets: sets, shift: shift, unused: uint(unused), taps: len(list), start: reach + sets}
	f.weights, f.pending = make([]int32, sets*len(list)), make([]int32, sets)
	f.past, f.signs = make([]int32, f.start+chunk), make([]int32, f.start+chunk)
	return f
}

// run makes elements of what was foreseen wrong, forward, or backwards; at most a chunk.
func (f *filter) run(part []int32, forward bool) {
	past, signs, set, taps := f.past, f.signs, f.at, f.taps
	for i, given := range part {
		at := f.start + i
		ws, wrong := f.weights[set*taps:][:taps], f.pending[set]
		sum := int64(0)
		runs := f.runs
		if r := runs[0]; len(runs) == 1 && hasAVX2 { // most
			sum = movedAVX2(&ws[0], &signs[at-f.sets-r.far], &past[at-r.far], taps, wrong)
			runs = nil
		}
		for _, r := range runs {
			w, s, y := ws[r.at:][:r.n], signs[at-f.sets-r.far:][:r.n], past[at-r.far:][:r.n]
			if hasAVX2 && r.n >= 4 {
				sum += movedAVX2(&w[0], &s[0], &y[0], r.n, wrong)
			} else {
				sum += moved(w, s, y, wrong)
			}
		}
		x, rest := given, given
		if foreseen := sum >> f.shift; forward {
			x = int32((int64(given) + foreseen) << f.unused >> f.unused)
			part[i] = x
		} else {
			rest = int32((int64(given) - foreseen) << f.unused >> f.unused)
			part[i] = rest
		}
		past[at], signs[at], f.pending[set] = x, sign(x), sign(rest)
		if set++; set == f.sets {
			set = 0
		}
	}
	f.at = set
	copy(past, past[len(part):])
	copy(signs, signs[len(part):])
}

// sign is -1, 0 or 1.
func sign(v int32) int32 { return v>>31 | int32(uint32(-v)>>31) }

// moved adds e times s to w and returns the sum of the products of w and x; all have the
// same length; e and s are signs.
func moved(w, s, x []int32, e int32) (sum int64) {
	s, x = s[:len(w)], x[:len(w)]
	for k, v := range w {
		v += e * s[k]
		w[k] = v
		sum += int64(v) * int64(x[k])
	}
	return sum
}
