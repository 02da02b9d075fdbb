package plan

import "github.com/ktzip/ktzip/dsl"

// minLanePairs is how many pairs a Predict has at least for vector instructions to be faster.
const minLanePairs = 3

// predict is row.run of Predict.
func predict(m *Machine, n *dsl.Node, l lists) error {
	b, w := l.result, int(n.Nums[0])
	swapBytes(b, w)
	switch {
	case !inLanes(n):
		k := kernelOf(n)
		if m.direction == joining {
			k.join(b, n)
		} else {
			k.split(b, n)
		}
	case max(w, -w) == 1:
		predictElements[uint8](m, b, n)
	case max(w, -w) == 2:
		predictElements[uint16](m, b, n)
	default:
		predictElements[uint32](m, b, n)
	}
	swapBytes(b, w)
	return nil
}

// inLanes reports whether n, a Predict, is executed by vector instructions.
func inLanes(n *dsl.Node) bool {
	if w := n.Nums[0]; !hasAVX2 || max(w, -w) > 4 || len(n.List) < 2*minLanePairs {
		return false
	}
	for k := 0; k < len(n.List); k += 2 {
		if n.List[k] > maxReach {
			return false
		}
	}
	return true
}

// predictElements adds its prediction to each element, or subtracts it.
func predictElements[T element](m *Machine, b []byte, n *dsl.Node) {
	stride := n.List[0]
	for k := 0; k < len(n.List); k += 2 {
		stride = divisor(stride, n.List[k])
	}
	var taps [maxPredictList / 2]tap
	for c := range channelsOf(len(b)/width[T](), int(stride)) {
		used := taps[:0]
		for k := 0; k < len(n.List); k += 2 {
			if d := n.List[k] / stride; int(d) < c.size { // others reach before the first element
				used = append(used, tap{d, n.List[k+1]})
			}
		}
		m.lanes.begin(width[T](), int(n.Nums[1]), false)
		m.lanes.add(used)
		m.lanes.reset(min(c.size, chunkElements))
		filterChannel[T](m, &m.lanes, b, c)
	}
}

// divisor returns the greatest common divisor of a and b, which are positive.
func divisor(a, b int32) int32 {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}
