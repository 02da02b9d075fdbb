package describe

import (
	"math"
	"slices"
)

const (
	maxStretches = 64      // that are compared, of a list
	maxCompared  = 512     // numbers of each
	maxTold      = 1 << 14 // numbers that tell their form. All arbitrary
	probeStep    = 7919    // numbers of a row from one that is looked at to the next: a prime
)

// probe returns the place of a number in a line, the j-th that is looked at, and that of the one to compare.
func (s *sampled) probe(line, j int) (off, before int) {
	if s.offsets == nil {
		off = line*s.stride + j*probeStep%s.shape.row*s.number.width
	} else {
		off = line*s.stride + s.offsets[j%len(s.offsets)]
	}
	return off, off - s.back
}

// busyStretch returns the start of a stretch of s.frames lines: the one next to the middle of all in which
// about as many numbers differ from those before them as in any.
func (s *sampled) busyStretch(list []byte) int {
	room := s.lines - s.frames
	if room <= 0 {
		return 0
	}
	n := min(room/max(s.frames, 1)+1, maxStretches)
	starts, changes := make([]int, n), make([]int, n)
	most := 0
	for k := range n {
		if starts[k] = k * s.frames; n == maxStretches {
			starts[k] = int(int64(room) * int64(k) / int64(n-1))
		}
		for j := range maxCompared {
			off, before := s.probe(starts[k]+1+j*(s.frames-1)/maxCompared, j)
			if s.number.raw(list, off) != s.number.raw(list, before) {
				changes[k]++
			}
		}
		most = max(most, changes[k])
	}
	busy := func(start int) bool { return 4*changes[slices.Index(starts, start)] >= 3*most }
	if start, ok := fromMiddle(starts, func(start int) bool { return busy(start) && s.steady(list, start) }); ok {
		return start
	}
	start, _ := fromMiddle(starts, busy)
	return start
}

// fromMiddle returns the first of starts, from the middle on, of which ok holds.
func fromMiddle(starts []int, ok func(start int) bool) (start int, found bool) {
	middle := len(starts) / 2
	for d := range starts {
		for _, k := range []int{middle + d, middle - d} {
			if k >= 0 && k < len(starts) && ok(starts[k]) {
				return starts[k], true
			}
		}
	}
	return starts[middle], false
}

// steady reports whether no jump of a signal's first channel, from start on, takes most of its range.
func (s *sampled) steady(list []byte, start int) bool {
	if s.offsets == nil {
		return true
	}
	last := s.number.read(list, start*s.stride+s.offsets[0])
	low, high, jump := last, last, 0.0
	for k := 1; k < s.frames; k++ {
		x := s.number.read(list, (start+k)*s.stride+s.offsets[0])
		low, high, jump, last = min(low, x), max(high, x), max(jump, math.Abs(x-last)), x
	}
	return 2*jump < high-low
}

// tell tells the form of the numbers of list, unless it is known: that of the smaller jumps from those
// before them.
func (s *sampled) tell(list []byte) {
	n := &s.number
	if n.form != untold {
		return
	}
	if n.form = signed; s.seemFloating(list) {
		n.form = floating
		return
	}
	without := *n
	without.form = unsigned
	balance := 0.0 // by how much jumps of unsigned numbers are longer
	for j := range min(s.count, maxTold) {
		off, before := s.probe(s.told(j), j)
		if before >= 0 {
			x, y := n.raw(list, off), n.raw(list, before)
			balance += math.Abs(without.value(x)-without.value(y)) - math.Abs(n.value(x)-n.value(y))
		}
	}
	if balance < 0 {
		n.form = unsigned
	}
}

// told returns the line of the j-th number that tells.
func (s *sampled) told(j int) int {
	return int(int64(j) * int64(s.lines) / int64(min(s.count, maxTold)))
}

// seemFloating reports whether numbers of 4 or 8 bytes seem to be floating point: nearly all are 0 or have
// an exponent near 0, which integers hardly have.
func (s *sampled) seemFloating(list []byte) bool {
	if s.number.width != 4 && s.number.width != 8 {
		return false
	}
	like, zeros, total := 0, 0, min(s.count, maxTold)
	for j := range total {
		off, _ := s.probe(s.told(j), j)
		x := math.Abs(floatOf(s.number.raw(list, off), s.number.width))
		if x == 0 {
			zeros++
		} else if x > 1e-12 && x < 1e12 {
			like++
		}
	}
	return 64*(total-like-zeros) <= total && 16*like > total
}
