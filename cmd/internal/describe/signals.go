package describe

import (
	"fmt"
	"math"
	"strconv"
)

const (
	maxShownChannels = 16
	fewSamples       = 256 // of a channel, if there are as many
	maxSamples       = 400
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

// fitSignal sets how many channels and samples of s are shown, of which most numbers may be.
func (s *sampled) fitSignal(most int) {
	if !s.without {
		most /= 2
	}
	s.shape.channels = max(s.shape.channels, 1)
	s.shown = min(s.shape.channels, maxShownChannels, max(1, most/fewSamples))
	s.frames = min(s.count/s.shape.channels, most/s.shown, maxSamples)
}

// chooseSignal returns which of these numbers are shown: frames in a row, channel by channel.
func (s *sampled) chooseSignal(list []byte) (at []int) {
	channels := s.shape.channels
	s.start = s.busyStretch(list, s.count/channels, s.frames, channels)
	for c := range s.shown {
		for k := range s.frames {
			at = append(at, (s.start+k)*channels+c)
		}
	}
	return at
}

const (
	maxStretches = 64  // that are compared, of a list
	maxCompared  = 512 // numbers of each
)

// busyStretch returns the start of a stretch of size lines, of count lines of unit numbers each: the one
// next to the middle of all in which about as many numbers differ from those a line before as in any.
func (s *sampled) busyStretch(list []byte, count, size, unit int) int {
	room := count - size
	if room <= 0 {
		return 0
	}
	n := min(room/max(size, 1)+1, maxStretches)
	starts, changes := make([]int, n), make([]int, n)
	most := 0
	for k := range n {
		if starts[k] = k * size; n == maxStretches {
			starts[k] = int(int64(room) * int64(k) / int64(n-1))
		}
		first, end := (starts[k]+1)*unit, (starts[k]+size)*unit
		for i := first; i < end; i += max(1, (end-first)/maxCompared) {
			if s.number.raw(list, i) != s.number.raw(list, i-unit) {
				changes[k]++
			}
		}
		most = max(most, changes[k])
	}
	best := n / 2
	for d := range n {
		for _, k := range []int{n/2 + d, n/2 - d} {
			if k >= 0 && k < n && 4*changes[k] >= 3*most {
				return starts[k]
			}
		}
	}
	return starts[best]
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
		if s.rest != nil {
			channel.Rest = rounded(s.rest[c*s.frames : (c+1)*s.frames])
		}
		out.Channels = append(out.Channels, channel)
	}
	return out
}

// plotSteps is how many values a plot tells apart at least.
const plotSteps = 1000

// rounded returns values with as many decimals as a plot needs.
func rounded(values []float64) []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range values {
		low, high = min(low, x), max(high, x)
	}
	out := make([]float64, len(values))
	step := math.Log10((high - low) / plotSteps)
	for i, x := range values {
		switch {
		case high == low || step < -20 || step > 20:
			x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
		case step < 1:
			x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'f', max(0, int(math.Ceil(-step))), 64), 64)
		default:
			scale := math.Pow10(int(step))
			x = math.Round(x/scale) * scale
		}
		if out[i] = x; x == 0 {
			out[i] = 0 // also if it was -0
		}
	}
	return out
}
