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
	b := l.result
	swapBytes(b, int(n.Nums[0]))
	if inLanes(n, len(b)) {
		m.predictByLanes(b, n)
	} else {
		k := kernelOf(n)
		k.run(m.direction, b, n)
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

// The prediction of channels that take turns, from each other: as Predict, with coefficients
// for each channel. So it predicts one channel from another at the same moment, and not the
// other from it.

const (
	maxMixNumbers = 1024 // in the list of Mix
	maxMixPairs   = maxPredictList / 2
)

// A mixer holds the pairs of a Mix, channel by channel: ends[k] is the end of those of channel k.
// Its slices are kept for the next one.
type mixer struct {
	taps     []tap
	ends     []int
	farthest int
}

// set reads the list of a Mix. The error says what is wrong with it.
func (m *mixer) set(list []int32) error {
	m.taps, m.ends, m.farthest = m.taps[:0], m.ends[:0], 0
	for len(list) > 0 {
		n := int(list[0])
		if n < 0 || n > maxMixPairs || len(list) <= 2*n {
			return invalid("a channel of %d pairs of distance and coefficient, want 0 to %d, and as many", n, maxMixPairs)
		}
		for k := range n {
			d, c := list[1+2*k], list[2+2*k]
			if err := distance(d); err != nil {
				return err
			}
			m.taps = append(m.taps, tap{d, c})
			m.farthest = max(m.farthest, int(d))
		}
		m.ends = append(m.ends, len(m.taps))
		list = list[1+2*n:]
	}
	if len(m.ends) == 0 {
		return invalid("a mix of no channels")
	}
	return nil
}

// channel returns the pairs of channel k.
func (m *mixer) channel(k int) []tap {
	if k == 0 {
		return m.taps[:m.ends[0]]
	}
	return m.taps[m.ends[k-1]:m.ends[k]]
}

func checkMix(n *dsl.Node) error {
	if len(n.List) > maxMixNumbers {
		return invalid("a list of %d numbers of a mix, want at most %d", len(n.List), maxMixNumbers)
	}
	var m mixer
	if err := m.set(n.List); err != nil {
		return err
	}
	if err := shift(n.Nums[1]); err != nil {
		return err
	}
	return checkElement(n)
}

// mixChannels returns how many channels a valid Mix has.
func mixChannels(n *dsl.Node) (count int) {
	for list := n.List; len(list) > 0; list = list[1+2*list[0]:] {
		count++
	}
	return count
}

// minLaneTaps is how many pairs a channel of a Mix has on average, at least, for vector
// instructions to be faster: with 1 pair they take 4.0 ns an element, a loop 5.3.
const minLaneTaps = 1

// mix is row.run of Mix.
func mix(m *Machine, n *dsl.Node, l lists) error {
	if err := m.mixer.set(n.List); err != nil {
		return err
	}
	b, w, x := l.result, elementBytes(n), &m.mixer
	swapBytes(b, int(n.Nums[0]))
	switch {
	case hasAVX2 && w <= laneBytes && x.farthest <= maxReach && len(x.taps) >= minLaneTaps*len(x.ends) && len(b)/w >= len(n.List):
		m.mixByLanes(b, n)
	case w == 1:
		mixLoop[uint8](x, b, int(n.Nums[1]), m.direction)
	case w == 2:
		mixLoop[uint16](x, b, int(n.Nums[1]), m.direction)
	case w == 4:
		mixLoop[uint32](x, b, int(n.Nums[1]), m.direction)
	default:
		mixLoop[uint64](x, b, int(n.Nums[1]), m.direction)
	}
	swapBytes(b, int(n.Nums[0]))
	return nil
}

// mixByLanes adds its prediction to each element, or subtracts it.
func (m *Machine) mixByLanes(b []byte, n *dsl.Node) {
	count := len(b) / elementBytes(n)
	m.lanes.begin(elementBytes(n), int(n.Nums[1]), false)
	for k := range m.mixer.ends {
		m.lanes.add(m.mixer.channel(k))
	}
	m.lanes.reset(min(count, chunkElements))
	m.filterChannel(&m.lanes, b, elementBytes(n), channel{0, 1, count})
}

// mixLoop is mixByLanes without vector instructions, for any element.
func mixLoop[T element](m *mixer, b []byte, shift int, d direction) {
	count, channels := len(b)/width[T](), len(m.ends)
	// From the first whole frame beyond the farthest distance on, no element needs a check.
	start := min((m.farthest+channels-1)/channels*channels, count)
	if !d.joins() {
		for i := count - 1; i >= 0; i-- {
			store(b, i, load[T](b, i)-mixed[T](b, i, m.channel(i%channels), shift))
		}
		return
	}
	for i := range start {
		store(b, i, load[T](b, i)+mixed[T](b, i, m.channel(i%channels), shift))
	}
	for i := start; i < count; {
		from := 0
		for _, end := range m.ends {
			if i == count {
				break
			}
			sum := int64(0)
			for _, t := range m.taps[from:end] {
				sum += int64(t.weight) * signed(load[T](b, i-int(t.distance)))
			}
			store(b, i, load[T](b, i)+T(sum>>shift))
			from = end
			i++
		}
	}
}

// mixed returns the prediction of element i by taps.
func mixed[T element](b []byte, i int, taps []tap, shift int) T {
	sum := int64(0)
	for _, t := range taps {
		if from := i - int(t.distance); from >= 0 {
			sum += int64(t.weight) * signed(load[T](b, from))
		}
	}
	return T(sum >> shift)
}
