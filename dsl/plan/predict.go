package plan

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// minFixedPairs is how many pairs a Predict has at least for its sums to be those of a filter:
// with 16 pairs of elements of 2 bytes in a row, joining then takes 8 ns an element, not 16.
const minFixedPairs = 6

// predict is row.run of Predict.
func predict(m *Machine, n *dsl.Node, l lists) error {
	b, w := l.result, int(n.Nums[0])
	swapBytes(b, w)
	switch {
	case !m.filter.fix(n):
		k := kernelOf(n)
		if m.direction == joining {
			k.join(b, n)
		} else {
			k.split(b, n)
		}
	case max(w, -w) == 1:
		predictElements[uint8](&m.filter, b, m.direction)
	case max(w, -w) == 2:
		predictElements[uint16](&m.filter, b, m.direction)
	default:
		predictElements[uint32](&m.filter, b, m.direction)
	}
	swapBytes(b, w)
	return nil
}

// fix makes f the filter of n, a Predict, whose coefficients are weights that stay. It reports
// whether that is faster: if n has many pairs, of which most are of distances in a row.
func (f *filter) fix(n *dsl.Node) bool {
	count := len(n.List) / 2
	if w := n.Nums[0]; count < minFixedPairs || max(w, -w) > 4 {
		return false
	}
	order := make([]int, count)
	for k := range order {
		order[k] = 2 * k
	}
	slices.SortStableFunc(order, func(i, j int) int { return -cmp.Compare(n.List[i], n.List[j]) })
	f.distances, f.weights = f.distances[:0], zeros(f.weights, count)
	for k, i := range order {
		f.distances = append(f.distances, n.List[i])
		f.weights[k] = n.List[i+1]
	}
	if f.distances[0] > maxReach {
		return false
	}
	f.runs = tapRuns(f.runs[:0], f.distances)
	if len(f.runs)*minVectorTaps > count {
		return false
	}
	f.taps, f.shift, f.start = count, uint(n.Nums[1]), int(f.distances[0])
	return true
}

// predictElements adds to each element the prediction of f, or subtracts it.
func predictElements[T element](f *filter, b []byte, d direction) {
	count := len(b) / width[T]()
	size := min(count, chunkElements)
	f.unused = uint(64 - 8*width[T]())
	f.history, f.signs, f.chunk = zeros(f.history, f.start+size), zeros(f.signs, f.taps), zeros(f.chunk, size)
	for start := 0; start < count; start += chunkElements {
		chunk := f.chunk[:min(chunkElements, count-start)]
		for i := range chunk {
			chunk[i] = int32(signed(load[T](b, start+i)))
		}
		f.runFixed(chunk, d)
		for i, x := range chunk {
			store(b, start+i, T(x))
		}
	}
}

// runFixed is run without a change of the weights.
func (f *filter) runFixed(chunk []int32, d direction) {
	history := f.history
	for i, given := range chunk {
		pos := f.start + i
		sum := int64(0)
		for _, r := range f.runs {
			w, x := f.weights[r.first:][:r.taps], history[pos-r.farthest:][:r.taps]
			if hasAVX2 && r.taps >= minVectorTaps {
				sum += updateDotAVX2(&w[0], &f.signs[0], &x[0], r.taps, 0)
				continue
			}
			for k, v := range w {
				sum += int64(v) * int64(x[k])
			}
		}
		prediction := sum >> f.shift
		if d == joining {
			chunk[i] = int32((int64(given) + prediction) << f.unused >> f.unused)
			history[pos] = chunk[i]
		} else {
			chunk[i] = int32((int64(given) - prediction) << f.unused >> f.unused)
			history[pos] = given
		}
	}
	copy(history, history[len(chunk):])
}
