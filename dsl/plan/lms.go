package plan

import (
	"fmt"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// The adaptive prediction of plans: a sign-sign LMS filter in integers, as Monkey's
// Audio has them. Each element is foreseen by a weighted sum of elements before it;
// after each, every weight moves by one in the direction that would have foreseen it
// better. Both directions run it alike, so that nothing is stored but its shape.

var errWeights = fmt.Errorf("%w: adaptive predictions have 1 to %d distances, at most %d weights and %d elements of reach",
	dsl.ErrExecution, maxLMSTaps, maxWeights, maxReach)

// checkLMS says what is wrong with n: an element, how many sets of weights take turns
// (the channels of interleaved samples), the shift of sums, and the distances.
func checkLMS(n *dsl.Node) error {
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
	return fmt.Errorf("%w: adaptive predictions are for elements of 1, 2 or 4 bytes", dsl.ErrExecution)
}

// A tapRun is a row of distances, from far on each one less than the one before: so
// the elements are in a row.
type tapRun struct {
	far, at, n int // at: of the first weight within a set
}

// A filter is an adaptive prediction under way. Its lists are taken once, for the
// largest prediction so far.
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
	elements    []int32 // of a chunk
	distances   []int32 // within reach, the farthest first
}

// lmsChunk is how many elements are known beside those within reach.
const lmsChunk = 4096

// adapt adds to the elements of b what n foresees of those before, or subtracts it.
func (f *filter) adapt(b []byte, n *dsl.Node, forward bool) {
	w := int(n.Nums[0])
	swapBytes(b, w)
	switch max(w, -w) {
	case 1:
		adaptAll[uint8](f, b, n, forward)
	case 2:
		adaptAll[uint16](f, b, n, forward)
	default:
		adaptAll[uint32](f, b, n, forward)
	}
	swapBytes(b, w)
}

// channelsApart is by what the distances of n can be divided: where the sets of weights, as many
// as there are channels, look at elements of their own channel only, their number; else 1.
func channelsApart(n *dsl.Node) int32 {
	for _, d := range n.List {
		if d%n.Nums[1] != 0 {
			return 1
		}
	}
	return n.Nums[1]
}

func adaptAll[T element](f *filter, b []byte, n *dsl.Node, forward bool) {
	// Channels that don't know of each other: one after the other.
	channels := int(channelsApart(n))
	for c := range min(channels, len(b)/width[T]()) {
		adaptEach[T](f, b, n, c, channels, forward)
	}
}

// adaptEach is adapt for every stride-th element from the first one on, as if there were
// no others.
func adaptEach[T element](f *filter, b []byte, n *dsl.Node, first, stride int, forward bool) {
	size := (len(b)/width[T]() - first + stride - 1) / stride
	f.distances = f.distances[:0]
	for _, d := range n.List {
		if d /= int32(stride); int(d) < size { // others are before the first element
			f.distances = append(f.distances, d)
		}
	}
	if len(f.distances) == 0 {
		return
	}
	f.sets = min(int(n.Nums[1])/stride, size) // the others have no turn
	f.shift, f.unused = uint(n.Nums[2]), uint(64-8*width[T]())
	chunk := min(size, lmsChunk)
	f.reset(chunk)
	for from := 0; from < size; from += lmsChunk {
		part := f.elements[:min(lmsChunk, size-from)]
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

// reset begins anew with chunks of chunk elements: there are none before the first, and
// no weights. In which order the distances are makes no difference.
func (f *filter) reset(chunk int) {
	f.runs = tapRuns(f.runs[:0], f.distances)
	f.taps, f.at = len(f.distances), 0
	f.start = int(f.distances[0]) + f.sets
	f.weights = zeros(f.weights, f.sets*f.taps)
	f.pending = zeros(f.pending, f.sets)
	f.past = zeros(f.past, f.start+chunk)
	f.signs = zeros(f.signs, f.start+chunk)
	f.elements = zeros(f.elements, chunk)
}

// tapRuns sorts distances, the farthest first, and appends their rows to runs.
func tapRuns(runs []tapRun, distances []int32) []tapRun {
	slices.Sort(distances)
	slices.Reverse(distances)
	for k, d := range distances {
		if m := len(runs) - 1; m >= 0 && int(d) == runs[m].far-runs[m].n {
			runs[m].n++
			continue
		}
		runs = append(runs, tapRun{int(d), k, 1})
	}
	return runs
}

// zeros is n zeros, in the array of list where that has room.
func zeros(list []int32, n int) []int32 {
	if cap(list) < n {
		return make([]int32, n)
	}
	list = list[:n]
	clear(list)
	return list
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
			sum = updateDotAVX2(&ws[0], &signs[at-f.sets-r.far], &past[at-r.far], taps, wrong)
			runs = nil
		}
		for _, r := range runs {
			w, s, y := ws[r.at:][:r.n], signs[at-f.sets-r.far:][:r.n], past[at-r.far:][:r.n]
			if hasAVX2 && r.n >= 4 {
				sum += updateDotAVX2(&w[0], &s[0], &y[0], r.n, wrong)
			} else {
				sum += updateDot(w, s, y, wrong)
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
func updateDot(w, s, x []int32, e int32) (sum int64) {
	s, x = s[:len(w)], x[:len(w)]
	for k, v := range w {
		v += e * s[k]
		w[k] = v
		sum += int64(v) * int64(x[k])
	}
	return sum
}
