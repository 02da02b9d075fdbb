package plan

import "github.com/ktzip/ktzip/dsl"

// Prices of plans in steps. As those of block programs they were measured, on an AMD
// EPYC of 2026-11 with nothing else running: the slowest parameters and data that were
// found take about a nanosecond a step (BenchmarkHostilePlan measures them again).
// What reading a node takes is counted once, as in block programs; this is what each
// execution takes in addition, for a list of size bytes of which s is the first argument.

const (
	onceSteps = 64 // an execution
	wordSteps = 2  // each number of a node's list: checked, or a field without records
	copySteps = 4  // bytes a step: of a list that is only moved
)

// A price is what an execution takes beyond what each does.
type price struct {
	// text is the price in container/FORMAT.md, section 9, which says what its letters are.
	text  string
	steps func(n *dsl.Node, z, s int) int
}

// ofSize is the price of operations on bytes, ofWidth of those on elements of the width
// that their first number says.
func ofSize(each int, text string) price {
	return price{text, func(_ *dsl.Node, z, _ int) int { return each * z }}
}

func ofWidth(each int, text string) price {
	return price{text, func(n *dsl.Node, z, _ int) int { return ofElements(z, int(n.Nums[0]), each) }}
}

// prices is the table of prices of plans, in the order of FORMAT.md.
var prices = [...]price{
	dsl.Payload:     ofSize(0, "0"),
	dsl.Between:     ofSize(0, "0"),
	dsl.Concatenate: ofSize(0, "0"),
	dsl.ReverseList: ofSize(1, "z"),
	dsl.AddItem:     ofSize(1, "z"),
	dsl.Interleave:  ofSize(1, "z"),
	dsl.ScanAdd:     ofSize(3, "3 z"),
	dsl.Zigzag:      ofWidth(4, "4 e"),
	dsl.Floats:      ofWidth(4, "4 e"),
	dsl.ScanXor:     ofWidth(4, "4 e"),
	dsl.Median:      ofWidth(16, "16 e"),
	dsl.Paeth:       ofWidth(18, "18 e"),
	dsl.Predict: {"(4 + m) e", func(n *dsl.Node, z, _ int) int {
		return ofElements(z, int(n.Nums[0]), 4+len(n.List))
	}},
	dsl.LMS: {"(20 + floor(m / 4)) e if r = 1, else (12 + 5 r + m) e; and 128 min(k, e)", func(n *dsl.Node, z, _ int) int {
		w, m := int(n.Nums[0]), len(n.List)
		channels, runs := rowsOfTaps(n)
		each := 20 + m/4
		if runs > 1 {
			each = 12 + 5*runs + m
		}
		return ofElements(z, w, each) + 128*min(channels, z/max(w, -w))
	}},
	dsl.Transpose: {"8 floor(z / w)", func(n *dsl.Node, z, _ int) int { return 8 * (z / int(n.Nums[0])) }},
	dsl.Fields:    {"8 m floor(z / (w1 + … + wk))", func(n *dsl.Node, z, _ int) int { return 8 * len(n.List) * (z / sum(n.List)) }},
	dsl.Pack:      ofSize(8, "8 z"),
	dsl.Records:   {"4 z + 32 floor(s / h)", func(n *dsl.Node, z, s int) int { return 4*z + 32*(s/int(n.Nums[0])) }},
}

// executionSteps is what making a list of z bytes by n takes of steps, each time; its
// parameters were checked, and s is the length of its first argument.
func executionSteps(n *dsl.Node, z, s int) int64 {
	return int64(onceSteps + wordSteps*len(n.List) + z/copySteps + prices[n.Op].steps(n, z, s))
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

// rowsOfTaps is how many channels an lms has that don't know of each other, and how many rows
// its distances form within one.
func rowsOfTaps(n *dsl.Node) (channels, runs int) {
	channel := channelsApart(n)
	var list [maxLMSTaps]int32
	distances := list[:copy(list[:], n.List)]
	for k := range distances {
		distances[k] /= channel
	}
	return int(channel), len(tapRuns(nil, distances))
}
