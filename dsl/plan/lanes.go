package plan

import (
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
)

// Vector instructions for the predictions that are weighted sums: LMS, Predict and Mix. Weights
// lie in groups of as many as a vector has lanes, each for elements that lie side by side.
//
// An element must not wait long for those just before it. Those at the distances 1 and 2 have
// weights of their own (near), which the kernel multiplies last; those at the distances 3 to 10
// stay in a register (the window), as a vector of which parts were just stored loads slowly.

const (
	laneBytes   = 4                      // of a number
	laneCount   = 8                      // numbers in a vector
	nearCount   = 2                      // distances before the window
	nearWindow  = nearCount + laneCount  // the farthest distance in the window
	nearFar     = nearWindow + laneCount // the farthest distance of the first group beyond
	windowStart = nearWindow + 1         // elements before a chunk that the kernel loads
)

// A laneGroup has the weights of the elements at distances far, far-1, …, far-7.
type laneGroup struct {
	weights [laneCount]int32
	mask    [laneCount]int32 // -1 where there is a weight, 0 elsewhere
	offset  int64            // -laneBytes × far
}

// A laneSet has the weights of one set. Its groups stand in lanes.groups, after those of the
// sets before it.
type laneSet struct {
	weights  [laneCount]int32 // of the window
	mask     [laneCount]int32
	near     [nearCount]int32 // at distances 1 and 2
	nearMask [nearCount]int32
	groups   int64 // how many it has
}

// A laneState is where the kernel stands, and what it needs. Offsets in lanes_amd64.s follow from
// the names of the fields.
type laneState struct {
	element, last *int32 // of the chunk, in the history: the next, the last
	residual      *int32 // of the next element
	set           *laneSet
	group         *laneGroup // the first of the set

	firstSet, lastSet *laneSet
	firstGroup        *laneGroup
	shift             uint64 // of sums
	unused            uint64 // bits of 64 beyond an element's
	joining           uint64 // 1 or 0
	known             uint64 // 1 if joining with weights that move: residuals are known
	adapt             uint64 // 1 if the weights move, as those of LMS, else 0
}

// lanes is a prediction by vector instructions in progress. Its slices are kept for the next.
type lanes struct {
	sets    []laneSet
	groups  []laneGroup
	start   int     // elements before the chunk, in history
	history []int32 // those, then the elements of the chunk
	state   laneState
}

// begin begins a prediction of elements of width bytes.
func (l *lanes) begin(width, shift int, adapt bool) {
	l.sets, l.groups, l.start = l.sets[:0], l.groups[:0], windowStart
	l.state = laneState{shift: uint64(shift), unused: uint64(64 - 8*width)}
	if adapt {
		l.state.adapt = 1
	}
}

// A tap is a distance with its weight.
type tap struct{ distance, weight int32 }

// add adds a set of weights. It sorts the taps, the farthest first.
func (l *lanes) add(taps []tap) {
	slices.SortFunc(taps, func(a, b tap) int { return cmp.Compare(b.distance, a.distance) })
	l.sets = append(l.sets, laneSet{})
	s := &l.sets[len(l.sets)-1]
	var g *laneGroup
	far := 0 // of g
	for _, t := range taps {
		d := int(t.distance)
		switch {
		case d <= nearCount && s.nearMask[d-1] == 0:
			s.near[d-1], s.nearMask[d-1] = t.weight, -1
		case d > nearCount && d <= nearWindow && s.mask[nearWindow-d] == 0:
			s.weights[nearWindow-d], s.mask[nearWindow-d] = t.weight, -1
		default:
			if g == nil || d <= far-laneCount || g.mask[far-d] != 0 {
				if far = max(d, laneCount); d > nearWindow {
					far = max(d, nearFar) // beyond the window
				}
				l.groups = append(l.groups, laneGroup{offset: -laneBytes * int64(far)})
				g = &l.groups[len(l.groups)-1]
				s.groups++
				l.start = max(l.start, far)
			}
			g.weights[far-d], g.mask[far-d] = t.weight, -1
		}
	}
}

// reset goes to the first element: 0 before it. Chunks have at most size elements.
func (l *lanes) reset(size int) {
	l.history = zeros(l.history, l.start+size)
	s := &l.state
	s.set, s.firstSet, s.lastSet = &l.sets[0], &l.sets[0], &l.sets[len(l.sets)-1]
	if len(l.groups) > 0 {
		s.group, s.firstGroup = &l.groups[0], &l.groups[0]
	}
}

// run turns residuals into elements if joining, elements into residuals if splitting: at
// most a chunk of them.
func (l *lanes) run(chunk []int32, d direction) {
	elements := l.history[l.start:][:len(chunk)]
	s := &l.state
	s.element, s.last, s.residual = &elements[0], &elements[len(chunk)-1], &chunk[0]
	if d.joins() {
		s.joining, s.known = 1, s.adapt
		runLanesAVX2(s)
		copy(chunk, elements)
	} else {
		s.joining, s.known = 0, 0
		copy(elements, chunk)
		runLanesAVX2(s)
	}
	copy(l.history, l.history[len(chunk):][:l.start])
}

// A channel is every stride-th element from the first one on, size elements.
type channel struct{ first, stride, size int }

// channelsOf yields the channels of count elements that take turns, stride of them.
func channelsOf(count, stride int) iter.Seq[channel] {
	return func(yield func(channel) bool) {
		for first := range min(stride, count) {
			if !yield(channel{first, stride, (count - first + stride - 1) / stride}) {
				return
			}
		}
	}
}

// chunkElements is how many elements a filter takes at a time. Its histories have that
// many in addition to those within reach: 16 KiB each fit into the first-level cache.
const chunkElements = 4096

// A chunkFilter turns residuals into elements if joining, elements into residuals if splitting:
// at most chunkElements of them.
type chunkFilter interface {
	run(chunk []int32, d direction)
}

// filterChannel filters the elements of c, of w bytes each, as if there were no others.
func (m *Machine) filterChannel(f chunkFilter, b []byte, w int, c channel) {
	m.chunk = zeros(m.chunk, min(c.size, chunkElements))
	step := w * c.stride // bytes
	for done := 0; done < c.size; done += chunkElements {
		chunk := m.chunk[:min(chunkElements, c.size-done)]
		elements := b[c.first*w+done*step:]
		widen(chunk, elements, w, step)
		f.run(chunk, m.direction)
		narrow(elements, chunk, w, step)
	}
}

// widen sets list to the signed elements of w bytes that are step bytes apart in b. It is not
// generic, as load is, since it took twice as long.
func widen(list []int32, b []byte, w, step int) {
	pos := 0
	switch w {
	case 1:
		for i := range list {
			list[i] = int32(int8(b[pos]))
			pos += step
		}
	case 2:
		for ; step == 2 && len(list) >= 4; list, b = list[4:], b[8:] {
			x := binary.LittleEndian.Uint64(b)
			list[0], list[1], list[2], list[3] = int32(int16(x)), int32(int16(x>>16)), int32(int16(x>>32)), int32(int16(x>>48))
		}
		for i := range list {
			list[i] = int32(int16(binary.LittleEndian.Uint16(b[pos:])))
			pos += step
		}
	default:
		for i := range list {
			list[i] = int32(binary.LittleEndian.Uint32(b[pos:]))
			pos += step
		}
	}
}

// narrow undoes widen.
func narrow(b []byte, list []int32, w, step int) {
	pos := 0
	switch w {
	case 1:
		for _, x := range list {
			b[pos] = byte(x)
			pos += step
		}
	case 2:
		for ; step == 2 && len(list) >= 4; list, b = list[4:], b[8:] {
			low, high := uint32(uint16(list[0]))|uint32(list[1])<<16, uint32(uint16(list[2]))|uint32(list[3])<<16
			binary.LittleEndian.PutUint64(b, uint64(low)|uint64(high)<<32)
		}
		for _, x := range list {
			binary.LittleEndian.PutUint16(b[pos:], uint16(x))
			pos += step
		}
	default:
		for _, x := range list {
			binary.LittleEndian.PutUint32(b[pos:], uint32(x))
			pos += step
		}
	}
}
