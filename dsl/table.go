package dsl

import (
	"math"
	"slices"
)

// A kind is the type of a parameter: it says how the parameter is priced and coded.
type kind uint8

const (
	kindRef     kind = iota // the list of an earlier line
	kindList                // integers
	kindValue               // an element of a list
	kindIndex               // a position in a list
	kindSmall               // an interval, a jump, the repeat count of a list
	kindCount               // the repeat count of a number
	kindEnd                 // the end of a range or slice, coded relative to its start
	kindStream              // the number of a stream, from 0
	kindElement             // bytes of an element, 1, 2, 4 or 8, negative for big endian
	kindShape               // a distance, a number of columns, a shift
)

// uniformBits[k] is the price of a parameter of kind k under the benchmark's prior, in
// bits; for kindList, of each element. That of kindRef depends on the line.
var uniformBits = [...]float64{
	kindList: 8, kindValue: 8, kindIndex: 8, kindSmall: 3,
	kindCount: math.Log2(20), kindEnd: 8, kindStream: 8, kindElement: 3, kindShape: 8,
}

// A row says everything about an operation but what it means in a plan (package plan).
type row struct {
	name   string
	word   string // a keyword before the first argument ("is_even")
	params []kind // in the order of the text
	coded  []int  // the order of the bit form, if it differs
	plan   bool   // plans can use the operation
	text   bool   // a string may follow the parameters (Node.Text)

	// given returns a list that the operation has in addition to its arguments; nil if
	// it has none.
	given func(m *Machine, n *Node) ([]int32, error)
	// size returns at least the length of the output of n, whose lists have s and t
	// elements. A negative size counts as 0.
	size func(n *Node, s, t int) int64
	// sorts says that the operation takes n log n steps.
	sorts bool
	// each is how many steps each element takes beyond the one of every operation: for
	// branches that no processor predicts, and for divisions.
	each int64
	// eval appends the output to dst, which has room for size elements. nil if the
	// operation is for plans only.
	eval func(dst []int32, n *Node, s, t []int32) ([]int32, error)
}

// Sizes of outputs: that of the first list, of the shorter, of both together.
var (
	sizeOfFirst   = func(_ *Node, s, _ int) int64 { return int64(s) }
	sizeOfShorter = func(_ *Node, s, t int) int64 { return int64(min(s, t)) }
	sizeOfBoth    = func(_ *Node, s, t int) int64 { return int64(s) + int64(t) }
)

// table is the language. The published functions mean what they mean in Python: % has the
// sign of the divisor, slices are clamped, ranges have steps of either sign.
var table = [endOps]row{
	// set_list([v, w, …]): v, w, ….
	SetList: {name: "set_list", params: []kind{kindList},
		size: func(n *Node, _, _ int) int64 { return int64(len(n.List)) },
		eval: func(dst []int32, n *Node, _, _ []int32) ([]int32, error) { return append(dst, n.List...), nil }},
	// range_func_up(a, b): a, a+1, …, b.
	RangeUp: {name: "range_func_up", params: []kind{kindValue, kindEnd},
		size: func(n *Node, _, _ int) int64 { return int64(n.Nums[1]) - int64(n.Nums[0]) + 1 },
		eval: func(dst []int32, n *Node, _, _ []int32) ([]int32, error) {
			return appendRange(dst, int64(n.Nums[0]), int64(n.Nums[1])+1, 1), nil
		}},
	// range_func_interval(a, b, k): a, a+k, a+2k, … up to b, without b.
	RangeInterval: {name: "range_func_interval", params: []kind{kindValue, kindEnd, kindSmall}, coded: []int{2, 0, 1},
		size: func(n *Node, _, _ int) int64 {
			return rangeLen(int64(n.Nums[0]), int64(n.Nums[1]), int64(n.Nums[2]))
		},
		eval: func(dst []int32, n *Node, _, _ []int32) ([]int32, error) {
			if n.Nums[2] == 0 {
				return dst, errStep
			}
			return appendRange(dst, int64(n.Nums[0]), int64(n.Nums[1]), int64(n.Nums[2])), nil
		}},
	// repeat_num(n, v): v, v, …, n times.
	RepeatNum: {name: "repeat_num", params: []kind{kindCount, kindValue},
		size: func(n *Node, _, _ int) int64 { return int64(n.Nums[0]) },
		eval: func(dst []int32, n *Node, _, _ []int32) ([]int32, error) {
			for range n.Nums[0] {
				dst = append(dst, n.Nums[1])
			}
			return dst, nil
		}},
	// repeat_list(n, s): s, s, …, n times.
	RepeatList: {name: "repeat_list", params: []kind{kindSmall, kindRef},
		size: func(n *Node, s, _ int) int64 { return int64(n.Nums[0]) * int64(s) },
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			start, end := len(dst), len(dst)+max(0, int(n.Nums[0]))*len(s)
			if end > start {
				dst = append(dst, s...)
			}
			for len(dst) < end { // twice as much each time
				dst = append(dst, dst[start:min(len(dst), start+end-len(dst))]...)
			}
			return dst, nil
		}},
	// reverse_list(s): the last element of s first.
	ReverseList: {name: "reverse_list", params: []kind{kindRef}, plan: true, size: sizeOfFirst,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) {
			start := len(dst)
			dst = append(dst, s...)
			slices.Reverse(dst[start:])
			return dst, nil
		}},
	// substitute(s, v, w): s with w for each v.
	Substitute: {name: "substitute", params: []kind{kindRef, kindValue, kindValue}, size: sizeOfFirst,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			for _, v := range s {
				if v == n.Nums[0] {
					v = n.Nums[1]
				}
				dst = append(dst, v)
			}
			return dst, nil
		}},
	// get_subsequence_with_jumps(s, k): s[0], s[k], s[2k], …; if k < 0, from the last element down.
	Jumps: {name: "get_subsequence_with_jumps", params: []kind{kindRef, kindSmall}, size: sizeOfFirst,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			k := int(n.Nums[0])
			switch {
			case k == 0:
				return dst, errStep
			case k > 0:
				for i := 0; i < len(s); i += k {
					dst = append(dst, s[i])
				}
			default:
				for i := len(s) - 1; i >= 0; i += k {
					dst = append(dst, s[i])
				}
			}
			return dst, nil
		}},
	// get_subsequence_between_indices(s, a, b): s[a], …, s[b-1].
	Between: {name: "get_subsequence_between_indices", params: []kind{kindRef, kindIndex, kindEnd}, plan: true, size: sizeOfFirst,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			i, j := clampIndex(n.Nums[0], len(s)), clampIndex(n.Nums[1], len(s))
			return append(dst, s[i:max(i, j)]...), nil
		}},
	// max_n(s, n): the n largest elements of s, the largest first.
	MaxN: {name: "max_n", params: []kind{kindRef, kindValue}, size: sizeOfFirst, sorts: true,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			start := len(dst)
			dst = append(dst, s...)
			slices.Sort(dst[start:])
			slices.Reverse(dst[start:])
			return dst[:start+clampIndex(n.Nums[0], len(s))], nil
		}},
	// min_n(s, n): the n smallest elements of s, the smallest first.
	MinN: {name: "min_n", params: []kind{kindRef, kindValue}, size: sizeOfFirst, sorts: true,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			start := len(dst)
			dst = append(dst, s...)
			slices.Sort(dst[start:])
			return dst[:start+clampIndex(n.Nums[0], len(s))], nil
		}},
	// add_item_list(s, c): s[0]+c, s[1]+c, ….
	AddItem: {name: "add_item_list", params: []kind{kindRef, kindValue}, plan: true, size: sizeOfFirst,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			return appendShifted(dst, s, int64(n.Nums[0]))
		}},
	// subtract_item_list(s, c): s[0]-c, s[1]-c, ….
	SubtractItem: {name: "subtract_item_list", params: []kind{kindRef, kindValue}, size: sizeOfFirst,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			return appendShifted(dst, s, -int64(n.Nums[0]))
		}},
	// modulo_item_list(s, m): s[0]%m, s[1]%m, ….
	ModuloItem: {name: "modulo_item_list", params: []kind{kindRef, kindValue}, size: sizeOfFirst, each: 6,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			if n.Nums[0] == 0 {
				return dst, errModulus
			}
			for _, v := range s {
				dst = append(dst, floorMod(v, n.Nums[0]))
			}
			return dst, nil
		}},
	// filter(is_even, s): the even elements of s.
	FilterEven: {name: "filter", word: "is_even", params: []kind{kindRef}, size: sizeOfFirst, each: 4,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) {
			return appendIf(dst, s, func(v int32) bool { return v&1 == 0 }), nil
		}},
	// filter(is_odd, s): the odd elements of s.
	FilterOdd: {name: "filter", word: "is_odd", params: []kind{kindRef}, size: sizeOfFirst, each: 4,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) {
			return appendIf(dst, s, func(v int32) bool { return v&1 != 0 }), nil
		}},
	// filter(is_not_zero, s): the elements of s other than 0.
	FilterNotZero: {name: "filter", word: "is_not_zero", params: []kind{kindRef}, size: sizeOfFirst, each: 4,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) {
			return appendIf(dst, s, func(v int32) bool { return v != 0 }), nil
		}},
	// scan_add(s): s[0], s[0]+s[1], s[0]+s[1]+s[2], ….
	ScanAdd: {name: "scan_add", params: []kind{kindRef}, plan: true, size: sizeOfFirst,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) {
			sum := int64(0)
			for _, v := range s {
				sum += int64(v)
				if !fits(sum) {
					return dst, errRange
				}
				dst = append(dst, int32(sum))
			}
			return dst, nil
		}},
	// add_two_lists(s, t): s[0]+t[0], s[1]+t[1], …, as long as the shorter.
	AddTwo: {name: "add_two_lists", params: []kind{kindRef, kindRef}, size: sizeOfShorter,
		eval: func(dst []int32, _ *Node, s, t []int32) ([]int32, error) { return appendSum(dst, s, t, 1) }},
	// subtract_two_lists(s, t): s[0]-t[0], s[1]-t[1], …, as long as the shorter.
	SubtractTwo: {name: "subtract_two_lists", params: []kind{kindRef, kindRef}, size: sizeOfShorter,
		eval: func(dst []int32, _ *Node, s, t []int32) ([]int32, error) { return appendSum(dst, s, t, -1) }},
	// modulo_two_lists(s, t): s[0]%t[0], s[1]%t[1], … without those where t is 0.
	ModuloTwo: {name: "modulo_two_lists", params: []kind{kindRef, kindRef}, size: sizeOfShorter, each: 6,
		eval: func(dst []int32, _ *Node, s, t []int32) ([]int32, error) {
			for i := range min(len(s), len(t)) {
				if t[i] != 0 {
					dst = append(dst, floorMod(s[i], t[i]))
				}
			}
			return dst, nil
		}},
	// concatenate(s, t): s, then t.
	Concatenate: {name: "concatenate", params: []kind{kindRef, kindRef}, plan: true, size: sizeOfBoth,
		eval: func(dst []int32, _ *Node, s, t []int32) ([]int32, error) { return append(append(dst, s...), t...), nil }},
	// interleave(s, t): s[0], t[0], s[1], t[1], …, then the rest of the longer.
	Interleave: {name: "interleave", params: []kind{kindRef, kindRef}, plan: true, size: sizeOfBoth,
		eval: func(dst []int32, _ *Node, s, t []int32) ([]int32, error) {
			m := min(len(s), len(t))
			for i := range m {
				dst = append(dst, s[i], t[i])
			}
			return append(append(dst, s[m:]...), t[m:]...), nil
		}},
	// payload(k): stream k.
	Payload: {name: "payload", params: []kind{kindStream}, plan: true},
	// rest(): what the program before made beyond its block.
	Rest: {name: "rest", given: (*Machine).restList, size: sizeOfFirst,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) { return append(dst, s...), nil }},
	// copy(d, n): n bytes of the stream, from d bytes before the block on.
	Copy: {name: "copy", params: []kind{kindIndex, kindCount}, given: (*Machine).copyList, size: sizeOfFirst,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) { return append(dst, s...), nil }},

	// Operations of plans only; package plan has their pictures.
	Predict:   {name: "predict", params: []kind{kindRef, kindElement, kindShape, kindList}, plan: true},
	Paeth:     {name: "paeth", params: []kind{kindRef, kindElement, kindShape, kindShape}, plan: true},
	Median:    {name: "median", params: []kind{kindRef, kindElement, kindShape, kindShape}, plan: true},
	Zigzag:    {name: "zigzag", params: []kind{kindRef, kindElement}, plan: true},
	ScanXor:   {name: "scan_xor", params: []kind{kindRef, kindElement, kindShape}, plan: true},
	Floats:    {name: "floats", params: []kind{kindRef, kindElement}, plan: true},
	Transpose: {name: "transpose", params: []kind{kindRef, kindShape, kindShape}, plan: true},
	Fields:    {name: "fields", params: []kind{kindRef, kindList}, plan: true},
	Records:   {name: "records", params: []kind{kindRef, kindRef, kindShape, kindList}, plan: true},
	LMS:       {name: "lms", params: []kind{kindRef, kindElement, kindShape, kindShape, kindList}, plan: true},
	Pack:      {name: "pack", params: []kind{kindRef, kindShape, kindShape}, plan: true},
	Expand:    {name: "expand", params: []kind{kindRef, kindRef, kindShape, kindList}, plan: true},
	Columns:   {name: "columns", params: []kind{kindRef, kindList}, plan: true},
	Kinds:     {name: "kinds", params: []kind{kindRef, kindRef, kindShape, kindList}, plan: true},
	Mix:       {name: "mix", params: []kind{kindRef, kindElement, kindShape, kindList}, plan: true},
	Lines:     {name: "lines", params: []kind{kindRef, kindRef, kindShape, kindShape, kindList}, plan: true, text: true},
	Branches:  {name: "branches", params: []kind{kindRef, kindShape, kindShape}, plan: true},
	Scaled:    {name: "scaled", params: []kind{kindRef, kindElement, kindShape, kindShape}, plan: true},
	Multiples: {name: "multiples", params: []kind{kindRef, kindElement, kindShape, kindShape}, plan: true},
	Lookup:    {name: "lookup", params: []kind{kindRef, kindRef, kindElement, kindShape}, plan: true},
	Letters:   {name: "letters", params: []kind{kindRef, kindRef, kindList}, plan: true},
	Converted: {name: "converted", params: []kind{kindRef, kindElement, kindShape}, plan: true},
	Distinct:  {name: "distinct", params: []kind{kindRef, kindRef, kindShape, kindShape}, plan: true},
	Normals:   {name: "normals", params: []kind{kindRef}, plan: true},

	// Components of predictors; packages below codec have their meaning. Sources of samples: bytes of
	// each, channels, samples of a row.
	Signed:   {name: "signed", params: []kind{kindElement, kindShape, kindShape}},
	Unsigned: {name: "unsigned", params: []kind{kindElement, kindShape, kindShape}},
	Floating: {name: "floating", params: []kind{kindElement, kindShape, kindShape}},
	IBM:      {name: "ibm", params: []kind{kindElement, kindShape, kindShape}},
	Packed12: {name: "packed12", params: []kind{kindElement, kindShape, kindShape}},
	// fixed(s, precision), after a source of floating point numbers; ols(s, fade, every, [own, other, rings]), nlms(s, taps, shift), code(s, contexts, values, decisions).
	Fixed: {name: "fixed", params: []kind{kindRef, kindShape}},
	OLS:   {name: "ols", params: []kind{kindRef, kindShape, kindShape, kindList}},
	NLMS:  {name: "nlms", params: []kind{kindRef, kindShape, kindShape}},
	Code:  {name: "code", params: []kind{kindRef, kindShape, kindShape, kindShape}},
	// framed(first, length, [head, at, element, unit, plus, align, keys, …, types…]): bytes of records;
	// bytes(): any bytes; mixed(s, size, shape, [sets]): the end of both.
	Framed: {name: "framed", params: []kind{kindShape, kindShape, kindList}},
	Bytes:  {name: "bytes"},
	Mixed:  {name: "mixed", params: []kind{kindRef, kindShape, kindShape, kindList}},
	// Of records: masks of contexts and of experts. Of both: match(s, least).
	Contexts: {name: "contexts", params: []kind{kindRef, kindShape}},
	Experts:  {name: "experts", params: []kind{kindRef, kindShape}},
	Match:    {name: "match", params: []kind{kindRef, kindShape}},
	// Contexts of any bytes.
	Order:      {name: "order", params: []kind{kindRef, kindShape}},
	Masked:     {name: "masked", params: []kind{kindRef, kindList}},
	Word:       {name: "word", params: []kind{kindRef, kindShape}},
	Followed:   {name: "followed", params: []kind{kindRef, kindShape}},
	Column:     {name: "column", params: []kind{kindRef, kindShape, kindShape}},
	Above:      {name: "above", params: []kind{kindRef, kindShape, kindShape}},
	Nucleotide: {name: "nucleotide", params: []kind{kindRef, kindShape}},
	Opcode:     {name: "opcode", params: []kind{kindRef, kindShape}},
	Foretold:   {name: "foretold", params: []kind{kindRef, kindShape}},
	Repeated:   {name: "repeated", params: []kind{kindRef, kindShape}},
}
