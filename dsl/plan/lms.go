package plan

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// The adaptive prediction of plans: a sign-sign LMS filter in integers, as in Monkey's
// Audio. A weighted sum of elements before it predicts each element; then every weight
// moves by one in the direction that would have predicted it better. Both directions run
// the same filter, so a file states only its shape.

// checkLMS checks the element, how many sets of weights take turns (the channels of
// interleaved samples), the shift of sums, and the distances.
func checkLMS(n *dsl.Node) error {
	sets, h := n.Nums[1], n.Nums[2]
	if len(n.List) < 1 || len(n.List) > maxDistances {
		return invalid("%d distances of an lms, want 1 to %d", len(n.List), maxDistances)
	}
	if sets < 1 || int64(sets)*int64(len(n.List)) > maxWeights {
		return invalid("%d sets of %d weights, want at least one and at most %d weights", sets, len(n.List), maxWeights)
	}
	for _, d := range n.List {
		if d < 1 || d > maxReach {
			return invalid("a distance of %d elements, want 1 to %d", d, maxReach)
		}
	}
	if err := shift(h); err != nil {
		return err
	}
	switch n.Nums[0] {
	case 1, 2, 4, -2, -4:
		return nil
	}
	return invalid("an lms of elements of %d bytes, want 1, 2 or 4, or negative for big endian", n.Nums[0])
}

// independentChannels returns how many channels of n are filtered one by one: all of them
// if each set of weights looks only at elements of its own channel, since every distance
// is a multiple of their number; else 1.
func independentChannels(n *dsl.Node) int32 {
	for _, d := range n.List {
		if d%n.Nums[1] != 0 {
			return 1
		}
	}
	return n.Nums[1]
}

// adapt is row.run of LMS: it adds its prediction to each element, or subtracts it.
func adapt(m *Machine, n *dsl.Node, l lists) error {
	b, w := l.result, elementBytes(n)
	swapBytes(b, int(n.Nums[0]))
	for c := range channelsOf(len(b)/w, int(independentChannels(n))) {
		m.distances = distancesWithin(m.distances[:0], n, c)
		switch {
		case len(m.distances) == 0:
		case hasAVX2:
			m.filterChannel(m.vectorFilter(n, c, w), b, w, c)
		default:
			m.filterChannel(m.plainFilter(n, c, w), b, w, c)
		}
	}
	swapBytes(b, int(n.Nums[0]))
	return nil
}

// distancesWithin appends the distances of n between elements of c to list.
func distancesWithin(list []int32, n *dsl.Node, c channel) []int32 {
	for _, d := range n.List {
		if d /= int32(c.stride); int(d) < c.size { // others reach before the first element
			list = append(list, d)
		}
	}
	return list
}

// plainFilter returns the filter of n for the elements of c, of width bytes, with m.distances.
func (m *Machine) plainFilter(n *dsl.Node, c channel, width int) chunkFilter {
	f := &m.filter
	f.sets, f.shift, f.unused = setsOf(n, c), uint(n.Nums[2]), uint(64-8*width)
	f.reset(m.distances, min(c.size, chunkElements))
	return f
}

// vectorFilter returns plainFilter's filter by vector instructions.
func (m *Machine) vectorFilter(n *dsl.Node, c channel, width int) chunkFilter {
	var list [maxDistances]tap
	taps := list[:len(m.distances)]
	for k, d := range m.distances {
		taps[k].distance = d
	}
	m.lanes.begin(width, int(n.Nums[2]), true)
	for range setsOf(n, c) {
		m.lanes.add(taps)
	}
	m.lanes.reset(min(c.size, chunkElements))
	return &m.lanes
}

// setsOf returns how many sets of weights of n have a turn in c.
func setsOf(n *dsl.Node, c channel) int { return min(int(n.Nums[1])/c.stride, c.size) }

// A tapRun is a run of taps whose distances are farthest, farthest-1, …: so the elements
// that they look at lie side by side.
type tapRun struct {
	farthest int // distance of the first tap
	first    int // its number within a set
	taps     int
}

// A filter is an adaptive prediction in progress, without vector instructions. Its slices are
// kept for the next one.
type filter struct {
	runs   []tapRun
	taps   int // weights of a set
	sets   int
	set    int  // whose turn it is, set < sets
	shift  uint // of sums
	unused uint // bits of 64 beyond an element's

	weights []int32 // set by set
	// Signs of the last residual of each set. Its weights move when it is used next: by
	// this sign times those of the elements that it looked at.
	residuals []int32

	// Elements and their signs: start elements before the chunk (those within reach of
	// any set), then those of the chunk.
	start          int
	history, signs []int32
}

// reset begins a filter of chunks of size elements: 0 before the first, all weights 0.
// The order of the distances makes no difference to sums, so they are sorted.
func (f *filter) reset(distances []int32, size int) {
	f.runs = tapRuns(f.runs[:0], distances)
	f.taps, f.set = len(distances), 0
	f.start = int(distances[0]) + f.sets
	f.weights = zeros(f.weights, f.sets*f.taps)
	f.residuals = zeros(f.residuals, f.sets)
	f.history = zeros(f.history, f.start+size)
	f.signs = zeros(f.signs, f.start+size)
}

// tapRuns sorts distances, the farthest first, and appends their runs to runs.
func tapRuns(runs []tapRun, distances []int32) []tapRun {
	slices.Sort(distances)
	slices.Reverse(distances)
	for k, d := range distances {
		if last := len(runs) - 1; last >= 0 && int(d) == runs[last].farthest-runs[last].taps {
			runs[last].taps++
			continue
		}
		runs = append(runs, tapRun{int(d), k, 1})
	}
	return runs
}

// zeros returns n zeros, in the array of list if that has room.
func zeros[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	list = list[:n]
	clear(list)
	return list
}

// run turns residuals into elements if joining, elements into residuals if splitting: at
// most a chunk of them.
func (f *filter) run(chunk []int32, d direction) {
	history, signs, set, taps := f.history, f.signs, f.set, f.taps
	for i, given := range chunk {
		pos := f.start + i
		weights, sign := f.weights[set*taps:][:taps], f.residuals[set]
		last := pos - f.sets // when this set was used last
		sum := int64(0)
		for _, r := range f.runs {
			w, s, x := weights[r.first:][:r.taps], signs[last-r.farthest:][:r.taps], history[pos-r.farthest:][:r.taps]
			sum += updateDot(w, s, x, sign)
		}
		element, residual := given, given
		if prediction := sum >> f.shift; d.joins() {
			element = int32((int64(given) + prediction) << f.unused >> f.unused)
			chunk[i] = element
		} else {
			residual = int32((int64(given) - prediction) << f.unused >> f.unused)
			chunk[i] = residual
		}
		history[pos], signs[pos], f.residuals[set] = element, signOf(element), signOf(residual)
		if set++; set == f.sets {
			set = 0
		}
	}
	f.set = set
	copy(history, history[len(chunk):])
	copy(signs, signs[len(chunk):])
}

// signOf returns -1, 0 or 1.
func signOf(v int32) int32 { return v>>31 | int32(uint32(-v)>>31) }

// updateDot adds sign × s to the weights w and returns their dot product with x. The
// slices have the same length; sign and the elements of s are -1, 0 or 1.
func updateDot(w, s, x []int32, sign int32) (sum int64) {
	s, x = s[:len(w)], x[:len(w)]
	for k, v := range w {
		v += sign * s[k]
		w[k] = v
		sum += int64(v) * int64(x[k])
	}
	return sum
}
