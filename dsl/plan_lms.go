package dsl

import (
	"fmt"
	"slices"
)

// The adaptive prediction of plans: a sign-sign LMS filter in integers, as Monkey's
// Audio has them. Each element is foreseen by a weighted sum of elements before it;
// after each, every weight moves by one in the direction that would have foreseen it
// better. Both directions run it alike, so that nothing is stored but its shape.

var errWeights = fmt.Errorf("%w: adaptive predictions have 1 to %d distances, at most %d weights and %d elements of reach",
	ErrExecution, maxLMSTaps, maxWeights, maxReach)

// checkLMS says what is wrong with n: an element, how many sets of weights take turns
// (the channels of interleaved samples), the shift of sums, and the distances.
func checkLMS(n *Node) error {
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
	return fmt.Errorf("%w: adaptive predictions are for elements of 1, 2 or 4 bytes", ErrExecution)
}

// A tapRun is a row of distances, from far on each one less than the one before: so
// the elements are in a row.
type tapRun struct {
	far, at, n int // at: of the first weight within a set
}

// tapRuns are the distances of list as runs: in which order they are makes no
// difference.
func tapRuns(list []int32) (runs []tapRun, reach int) {
	list = slices.Clone(list)
	slices.Sort(list)
	slices.Reverse(list)
	reach = int(list[0])
	for k, d := range list {
		if m := len(runs) - 1; m >= 0 && int(d) == runs[m].far-runs[m].n {
			runs[m].n++
			continue
		}
		runs = append(runs, tapRun{int(d), k, 1})
	}
	return runs, reach
}

// adapt adds to the elements of b what n foresees of those before, or subtracts it.
func adapt(b []byte, n *Node, forward bool) {
	w := int(n.Nums[0])
	swapBytes(b, w)
	switch max(w, -w) {
	case 1:
		adaptAll[uint8](b, n, forward)
	case 2:
		adaptAll[uint16](b, n, forward)
	default:
		adaptAll[uint32](b, n, forward)
	}
	swapBytes(b, w)
}

// lmsChunk is how many elements are known beside those within reach.
const lmsChunk = 4096

func adaptAll[T element](b []byte, n *Node, forward bool) {
	sets := int(n.Nums[1])
	for _, d := range n.List {
		if int(d)%sets != 0 {
			adaptEach[T](b, n.List, 0, 1, sets, uint(n.Nums[2]), forward)
			return
		}
	}
	// Channels that don't know of each other: one after the other.
	list := slices.Clone(n.List)
	for k := range list {
		list[k] /= int32(sets)
	}
	for c := range sets {
		adaptEach[T](b, list, c, sets, 1, uint(n.Nums[2]), forward)
	}
}

// adaptEach is adapt for every stride-th element from the first one on, as if there were
// no others.
func adaptEach[T element](b []byte, list []int32, first, stride, sets int, shift uint, forward bool) {
	runs, reach := tapRuns(list)
	size, taps := (len(b)/width[T]()-first+stride-1)/stride, len(list)
	weights := make([]int32, sets*taps)
	// The signs of what each set of weights foresaw wrong last: it moves when it is next
	// used, by these times the signs of the elements that it looked at.
	pending := make([]int32, sets)
	// The elements from place from-start on, and their signs.
	start := reach + sets
	past, signs := make([]int32, start+lmsChunk), make([]int32, start+lmsChunk)
	set := 0
	for from := 0; from < size; from += lmsChunk {
		for i := range min(lmsChunk, size-from) {
			at := start + i
			ws, wrong := weights[set*taps:][:taps], pending[set]
			sum := int64(0)
			for _, r := range runs {
				sum += moved(ws[r.at:][:r.n], signs[at-sets-r.far:][:r.n], past[at-r.far:][:r.n], wrong)
			}
			foreseen := T(sum >> shift)
			place := first + (from+i)*stride
			x := load[T](b, place)
			rest := x
			if forward {
				x += foreseen
				store(b, place, x)
			} else {
				rest -= foreseen
				store(b, place, rest)
			}
			v := int32(signed(x))
			past[at], signs[at], pending[set] = v, sign(v), sign(int32(signed(rest)))
			if set++; set == sets {
				set = 0
			}
		}
		copy(past, past[lmsChunk:])
		copy(signs, signs[lmsChunk:])
	}
}

// sign is -1, 0 or 1.
func sign(v int32) int32 { return v>>31 | int32(uint32(-v)>>31) }

// movedSlowly adds e times s to w and returns the sum of the products of w and x; all
// have the same length; e and s are signs. It is the oracle of moved, which does more at
// once where processors can.
func movedSlowly(w, s, x []int32, e int32) (sum int64) {
	s, x = s[:len(w)], x[:len(w)]
	for k, v := range w {
		v += e * s[k]
		w[k] = v
		sum += int64(v) * int64(x[k])
	}
	return sum
}
