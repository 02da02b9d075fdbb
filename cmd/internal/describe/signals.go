package describe

import (
	"fmt"
	"math"

	"github.com/ktzip/ktzip/dsl/plan"
)

const (
	maxShownChannels = 16
	minPlotted       = 256 // samples of a channel, if there are as many
	maxPlotted       = 400
)

// signalsOf returns what sampled numbers of a segment look like.
func signalsOf(v *views) []Signal {
	var signals []Signal
	for _, s := range v.signals {
		if s.seen && s.frames > 0 {
			signals = append(signals, s.signal())
		}
	}
	return signals
}

// plotted returns how many channels of s may be shown.
func (s *sampled) plotted() int { return min(max(s.shape.channels, 1), maxShownChannels) }

// fitSignal sets how many channels and samples of s are shown, of which most numbers may be.
func (s *sampled) fitSignal(most int) {
	if !s.without {
		most /= 2
	}
	s.shape.channels = max(s.shape.channels, 1)
	s.stride = s.shape.channels * s.number.width
	for c := range s.shape.channels {
		s.offsets = append(s.offsets, c*s.number.width)
	}
	s.lines, s.back = s.count/s.shape.channels, s.stride
	s.shown = min(s.plotted(), max(1, most/minPlotted))
	s.frames = min(s.lines, most/s.shown, maxPlotted)
}

// chooseSignal returns which of these numbers are shown: frames in a row, channel by channel.
func (s *sampled) chooseSignal() (at []int) {
	for c := range s.shown {
		for k := range s.frames {
			at = append(at, (s.start+k)*s.stride+s.offsets[c])
		}
	}
	return at
}

// signal returns what was seen of s.
func (s *sampled) signal() Signal {
	out := Signal{
		Node: s.node, Type: s.number.name(), Start: int64(s.start),
		Shown: s.shown, Total: s.shape.channels, Words: s.number.words(),
	}
	if s.shape.channels > 1 {
		out.Words = fmt.Sprintf("%d channels of %s", s.shape.channels, out.Words)
	}
	if s.number.bigEndian && s.number.width > 1 {
		out.Words += ", big endian"
	}
	for c := range s.shown {
		channel := Channel{Values: rounded(s.values[c*s.frames : (c+1)*s.frames])}
		if s.bits != nil {
			channel.Bits = s.bits[c]
		}
		if s.rest != nil {
			channel.Rest = rounded(s.rest[c*s.frames : (c+1)*s.frames])
		}
		out.Channels = append(out.Channels, channel)
	}
	return out
}

// weigh notes what the samples of signals in the list of x cost.
func (v *views) weigh(x *plan.Made) {
	for _, s := range v.signals {
		if s.node == x.Node && s.seen && s.bits == nil && x.Costs != nil {
			s.bits = make([]float64, s.shown)
			for c := range s.bits {
				s.bits[c] = s.bitsOf(c, x.Costs[s.skip:])
			}
		}
	}
}

// bitsOf returns what a sample of channel c costs, on average.
func (s *sampled) bitsOf(c int, costs []uint16) float64 {
	size, sum := s.number.width, uint64(0)
	for line := range s.lines {
		off := line*s.stride + s.offsets[c]
		if s.number.packing != 0 { // two in 3 bytes
			off, size = off/(2*s.number.width)*3, 3
		}
		for _, x := range costs[off:][:size] {
			sum += uint64(x)
		}
	}
	if s.number.packing != 0 {
		sum /= 2
	}
	return bitsOf(sum) / float64(max(s.lines, 1))
}

// plotSteps is how many values a plot tells apart at least.
const plotSteps = 1000

// plotDigits is how many digits a value of a plot has that does not tell how many it needs. Arbitrary.
const plotDigits = 6

// roundedTo returns the multiple of 10^digit that is nearest to x; x if a power of ten is not exact. Package strconv would do
// that by text, and its parser takes 30 KB of a page's decoder.
func roundedTo(x, digit float64) float64 {
	const most = 22 // 10^22 < 2^53 × 2^22
	if !(math.Abs(digit) <= most) {
		return x
	}
	if digit > 0 {
		scale := math.Pow10(int(digit))
		return math.Round(x/scale) * scale
	}
	scale := math.Pow10(int(-digit))
	return math.Round(x*scale) / scale
}

// rounded returns values with as many decimals as a plot needs.
func rounded(values []float64) []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range values {
		low, high = min(low, x), max(high, x)
	}
	out := make([]float64, len(values))
	step := math.Log10((high - low) / plotSteps)
	for i, x := range values {
		first := step // digit that is left out
		if high == low || step < -20 || step > 20 {
			first = math.Log10(math.Abs(x)) - plotDigits + 1
		}
		if out[i] = roundedTo(x, math.Floor(first)); out[i] == 0 {
			out[i] = 0 // also if it was -0
		}
	}
	return out
}
