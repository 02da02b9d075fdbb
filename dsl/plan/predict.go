package plan

import "github.com/ktzip/ktzip/dsl"

// minLanePairs is how many pairs a Predict has at least for vector instructions to be faster: with
// 1 and 2, they take 4.0 and 4.1 ns an element of 2 bytes, loops 3.9 and 5.0.
const minLanePairs = 2

// Channels of a Predict that are filtered one by one, since all distances are multiples of their
// number. To begin a filter takes as long as some 50 elements; far apart, each element is a line
// of the cache: 64 channels take 3 times as long. The values are arbitrary.
const (
	maxPredictChannels = 8
	minChannelElements = 256 // of a channel
)

// predict is row.run of Predict.
func predict(m *Machine, n *dsl.Node, l lists) error {
	b, k := l.result, kernelOf(n)
	swapBytes(b, int(n.Nums[0]))
	switch {
	case inLanes(n, len(b)):
		m.predictByLanes(b, n)
	case m.direction == joining:
		k.join(b, n)
	default:
		k.split(b, n)
	}
	swapBytes(b, int(n.Nums[0]))
	return nil
}

// inLanes reports whether n, a Predict of size bytes, is executed by vector instructions.
func inLanes(n *dsl.Node, size int) bool {
	w := elementBytes(n)
	if !hasAVX2 || w > laneBytes || len(n.List) < 2*minLanePairs || size/w < len(n.List) {
		return false
	}
	for k := 0; k < len(n.List); k += 2 {
		if n.List[k] > maxReach {
			return false
		}
		for j := 0; j < k; j += 2 {
			if n.List[j] == n.List[k] { // if 1, the second waits for each element to be stored
				return false
			}
		}
	}
	return true
}

// predictByLanes adds its prediction to each element, or subtracts it.
func (m *Machine) predictByLanes(b []byte, n *dsl.Node) {
	stride := n.List[0]
	for k := 0; k < len(n.List); k += 2 {
		stride = divisor(stride, n.List[k])
	}
	w := elementBytes(n)
	if stride > maxPredictChannels || int(stride) > len(b)/w/minChannelElements {
		stride = 1
	}
	var taps [maxPredictList / 2]tap
	for c := range channelsOf(len(b)/w, int(stride)) {
		used := taps[:0]
		for k := 0; k < len(n.List); k += 2 {
			if d := n.List[k] / stride; int(d) < c.size { // others reach before the first element
				used = append(used, tap{d, n.List[k+1]})
			}
		}
		m.lanes.begin(w, int(n.Nums[1]), false)
		m.lanes.add(used)
		m.lanes.reset(min(c.size, chunkElements))
		m.filterChannel(&m.lanes, b, w, c)
	}
}

// divisor returns the greatest common divisor of a and b, which are positive.
func divisor(a, b int32) int32 {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}
