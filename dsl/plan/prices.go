package plan

import "github.com/ktzip/ktzip/dsl"

// Prices of plans in steps. They were measured, as those of block programs, on an AMD EPYC
// in 2026-11 with nothing else running, so that the slowest parameters and data that were
// found take about a nanosecond a step; BenchmarkHostilePlan measures them again. Reading
// a node is counted once, as in block programs (dsl.Node.ReadSteps). Each execution takes
// the steps below in addition.

const (
	onceSteps    = 64 // an execution
	numberSteps  = 2  // each number of a node's list: a check, or a field without records
	bytesPerStep = 4  // moved from list to list
)

// A price says what an execution takes beyond the steps that every one takes.
type price struct {
	// text is the price in container/FORMAT.md, section 9, which defines its letters.
	text  string
	steps func(n *dsl.Node, z, s, t int) int64 // for z bytes, of arguments of s and t bytes
}

// perByte is the price of each steps a byte, perElement that of each steps an element,
// whose width is the first number.
func perByte(each int, text string) price {
	return price{text, func(_ *dsl.Node, z, _, _ int) int64 { return int64(each) * int64(z) }}
}

func perElement(each int, text string) price {
	return price{text, func(n *dsl.Node, z, _, _ int) int64 { return elementSteps(z, int(n.Nums[0]), each) }}
}

// prices is the table of FORMAT.md, in its order.
var prices = [...]price{
	dsl.Payload:     perByte(0, "0"),
	dsl.Between:     perByte(0, "0"),
	dsl.Concatenate: perByte(0, "0"),
	dsl.ReverseList: perByte(1, "z"),
	dsl.AddItem:     perByte(1, "z"),
	dsl.Interleave:  perByte(1, "z"),
	dsl.ScanAdd:     perByte(3, "3 z"),
	dsl.Zigzag:      perElement(4, "4 e"),
	dsl.Floats:      perElement(4, "4 e"),
	dsl.ScanXor:     perElement(4, "4 e"),
	dsl.Median:      perElement(16, "16 e"),
	dsl.Paeth:       perElement(18, "18 e"),
	dsl.Predict: {"(4 + m) e", func(n *dsl.Node, z, _, _ int) int64 {
		return elementSteps(z, int(n.Nums[0]), 4+len(n.List))
	}},
	dsl.LMS:       {"(20 + floor(m / 4)) e if r = 1, else (12 + 5 r + m) e; and 128 min(k, e)", lmsSteps},
	dsl.Transpose: {"8 floor(z / w)", func(n *dsl.Node, z, _, _ int) int64 { return 8 * int64(z/int(n.Nums[0])) }},
	dsl.Fields: {"8 m floor(z / (w1 + … + wk))", func(n *dsl.Node, z, _, _ int) int64 {
		return 8 * int64(len(n.List)) * int64(z/sum(n.List))
	}},
	dsl.Pack: perByte(8, "8 z"),
	dsl.Records: {"4 z + 32 floor(s / h)", func(n *dsl.Node, z, s, _ int) int64 {
		return 4*int64(z) + 32*int64(s/int(n.Nums[0]))
	}},
	dsl.Expand: {"64 floor(t / (r + l + d))", func(n *dsl.Node, _, _, t int) int64 {
		return 64 * int64(t/sum(n.List))
	}},
	dsl.Columns: {"8 m + 14 z + (8 m / 3) floor(z / n)", func(n *dsl.Node, z, _, _ int) int64 {
		return 8*int64(len(n.List)) + 14*int64(z) + 8*int64(len(n.List)/fieldNumbers)*int64(z/recordBytes(n))
	}},
	dsl.Kinds: {"8 m + 32 z + 32 floor(s / h)", func(n *dsl.Node, z, s, _ int) int64 {
		return 8*int64(len(n.List)) + 32*int64(z) + 32*int64(s/int(n.Nums[0]))
	}},
	dsl.Mix: {"8 e + m ceil(e / c)", func(n *dsl.Node, z, _, _ int) int64 {
		w, c := int(n.Nums[0]), mixChannels(n)
		frames := (z/max(w, -w) + c - 1) / c
		return elementSteps(z, w, 8) + int64(len(n.List))*int64(frames)
	}},
	dsl.Lines: {"z + 16 r + 16 s + 16 t", func(n *dsl.Node, z, s, t int) int64 {
		return int64(z) + 16*(int64(n.Nums[1])+int64(s)+int64(t))
	}},
	dsl.Branches:  perByte(5, "5 z"),
	dsl.Scaled:    perElement(32, "32 e"),
	dsl.Multiples: perElement(12, "12 e"),
	dsl.Lookup:    perElement(8, "8 e"),
	dsl.Converted: perElement(64, "64 e"),
	dsl.Distinct:  {"z + 12 s", func(_ *dsl.Node, z, s, _ int) int64 { return int64(z) + 12*int64(s) }},
	dsl.Normals:   perByte(8, "8 z"),
	dsl.Letters:   {"6 z + 48 t", func(_ *dsl.Node, z, _, t int) int64 { return 6*int64(z) + 48*int64(t) }},
}

// executionSteps returns the steps of making a list of z bytes by n, each time. The
// parameters of n are valid; s and t are the lengths of its arguments.
func executionSteps(n *dsl.Node, z, s, t int) int64 {
	return int64(onceSteps+numberSteps*len(n.List)+z/bytesPerStep) + prices[n.Op].steps(n, z, s, t)
}

// elementSteps returns the steps for size bytes of elements of |w| bytes, each steps an
// element. The bytes of big-endian elements are reversed, twice.
func elementSteps(size, w, each int) int64 {
	if w < 0 {
		w = -w
		each += 2 + w/2
	}
	return int64(size/w) * int64(each)
}

// lmsSteps depends on the independent channels of n and the runs of taps in each.
func lmsSteps(n *dsl.Node, z, _, _ int) int64 {
	w, m, channels := int(n.Nums[0]), len(n.List), independentChannels(n)
	var list [maxDistances]int32
	distances := list[:copy(list[:], n.List)]
	for k := range distances {
		distances[k] /= channels
	}
	each := 20 + m/4
	if runs := len(tapRuns(nil, distances)); runs > 1 {
		each = 12 + 5*runs + m
	}
	return elementSteps(z, w, each) + 128*int64(min(int(channels), z/max(w, -w)))
}

// sum returns the sum of list.
func sum(list []int32) (n int) {
	for _, v := range list {
		n += int(v)
	}
	return n
}
