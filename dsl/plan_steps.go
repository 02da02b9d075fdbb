package dsl

// Prices of plans in steps. As those of block programs they were measured, on an AMD
// EPYC of 2026-11 with nothing else running: the slowest parameters and data that were
// found take about a nanosecond a step (BenchmarkHostilePlan measures them again).
// What reading a node takes is counted once, as in block programs; this is what each
// execution takes in addition, for a list of size bytes of which s is the first argument.

const (
	onceSteps = 64 // an execution
	wordSteps = 2  // each number of a node's list: checked, or a field without records
	copySteps = 8  // bytes a step: of a list that is only moved
)

// planSteps is what making a list of size bytes by n takes of steps, each time.
func planSteps(n *Node, size, s int) int64 {
	steps := onceSteps + wordSteps*len(n.List) + size/copySteps
	w, m := int(n.Nums[0]), len(n.List)
	switch n.Op {
	case ReverseList, AddItem, Interleave:
		steps += size
	case ScanAdd:
		steps += 3 * size
	case Zigzag, Floats, ScanXor:
		steps += ofElements(size, w, 4)
	case Median:
		steps += ofElements(size, w, 16)
	case Paeth:
		steps += ofElements(size, w, 18)
	case Predict:
		steps += ofElements(size, w, 4+m)
	case LMS:
		channels, runs := n.runs()
		each := 16 + m/4
		if runs > 1 {
			each = 12 + 5*runs + m
		}
		steps += ofElements(size, w, each) + 128*min(channels, size/max(w, -w))
	case Transpose:
		steps += 8 * (size / w)
	case Fields:
		steps += 8 * m * (size / sum(n.List))
	case Pack:
		steps += 8 * size
	case Records:
		steps += 4*size + 32*(s/w)
	}
	return int64(steps)
}

// ofElements is the price of elements of |w| bytes, each of them each steps; those whose
// first byte is the highest are turned round, twice.
func ofElements(size, w, each int) int {
	if w < 0 {
		w = -w
		each += 2 + w/2
	}
	return size / w * each
}

// sum is the sum of list.
func sum(list []int32) (n int) {
	for _, v := range list {
		n += int(v)
	}
	return n
}

// runs is how many channels an lms has that don't know of each other, and how many rows
// its distances form within one.
func (n *Node) runs() (channels, runs int) {
	channel := n.apart()
	var list [maxLMSTaps]int32
	distances := list[:copy(list[:], n.List)]
	for k := range distances {
		distances[k] /= channel
	}
	return int(channel), len(tapRuns(nil, distances))
}
