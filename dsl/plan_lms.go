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
	runs, reach := tapRuns(n.List)
	size, sets, taps, shift := len(b)/width[T](), int(n.Nums[1]), len(n.List), uint(n.Nums[2])
	weights := make([]int32, sets*taps)
	// The elements from place from-reach on, and their signs.
	past := make([]int32, reach+lmsChunk)
	signs := make([]int32, reach+lmsChunk)
	set := 0
	for from := 0; from < size; from += lmsChunk {
		for i := range min(lmsChunk, size-from) {
			ws := weights[set : set+taps]
			if set += taps; set == len(weights) {
				set = 0
			}
			at := reach + i
			sum := int64(0)
			for _, r := range runs {
				x := past[at-r.far:][:r.n]
				w := ws[r.at:][:len(x)]
				for k, v := range x {
					sum += int64(v) * int64(w[k])
				}
			}
			foreseen := T(sum >> shift)
			x := load[T](b, from+i)
			rest := x
			if forward {
				x += foreseen
				store(b, from+i, x)
			} else {
				rest -= foreseen
				store(b, from+i, rest)
			}
			v := int32(signed(x))
			past[at], signs[at] = v, sign(v)
			switch e := signed(rest); {
			case e > 0:
				for _, r := range runs {
					s := signs[at-r.far:][:r.n]
					w := ws[r.at:][:len(s)]
					for k, v := range s {
						w[k] += v
					}
				}
			case e < 0:
				for _, r := range runs {
					s := signs[at-r.far:][:r.n]
					w := ws[r.at:][:len(s)]
					for k, v := range s {
						w[k] -= v
					}
				}
			}
		}
		copy(past, past[lmsChunk:])
		copy(signs, signs[lmsChunk:])
	}
}

// sign is -1, 0 or 1.
func sign(v int32) int32 { return v>>31 | int32(uint32(-v)>>31) }
