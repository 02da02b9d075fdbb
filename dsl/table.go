package dsl

import (
	"math"
	"math/bits"
	"slices"
)

// An Op is a row of the operation table. The numbers are those of the bit form
// (container/FORMAT.md, section 7) and fixed by the edition.
type Op uint8

// The operations of edition 1.
const (
	SetList Op = iota
	RangeUp
	RangeInterval
	RepeatNum
	RepeatList
	ReverseList
	Substitute
	Jumps
	Between
	MaxN
	MinN
	AddItem
	SubtractItem
	ModuloItem
	FilterEven
	FilterOdd
	FilterNotZero
	ScanAdd
	AddTwo
	SubtractTwo
	ModuloTwo
	Concatenate
	Interleave
	Payload
	Rest
	Copy
	Predict
	Paeth
	Median
	Zigzag
	ScanXor
	Floats
	Transpose
	Fields
	Records
	LMS
	Pack
	numOps
)

// A kind is the type of a parameter: how it is priced and coded.
type kind uint8

const (
	kindRef     kind = iota // an earlier line
	kindList                // integers
	kindValue               // an element of a list
	kindIndex               // a position in a list
	kindSmall               // interval, jump, repeat count of a list
	kindCount               // repeat count of a number
	kindEnd                 // the end of a range or slice, coded relative to its start
	kindStream              // the number of a stream, from 0
	kindElement             // bytes of an element, 1, 2, 4 or 8; negative: big endian
	kindShape               // a distance, a number of columns, a shift
)

// uniformBits is the price of a parameter under the benchmark's prior; a
// reference's depends on its line, a list's on its length.
var uniformBits = [...]float64{
	kindList: 8, kindValue: 8, kindIndex: 8, kindSmall: 3,
	kindCount: math.Log2(20), kindEnd: 8, kindStream: 8, kindElement: 3, kindShape: 8,
}

// A row says everything about one operation.
type row struct {
	name   string
	word   string // a keyword before the first argument ("is_even")
	params []kind // in the order of the text
	coded  []int  // the order in the bit form, where it differs

	plan bool // plans can use it (package plan says what it means there)
	// given is a list that the operation has beside its arguments; nil: none.
	given func(m *Machine, n *Node) ([]int32, error)
	// size is at least the length of the output, negative for none.
	size func(n *Node, s, t int) int64
	// sorts says that the operation costs n log n steps rather than n; each is what an
	// element costs beyond the step that every operation's do, 0 for most: branches that
	// nobody can foresee, divisions.
	sorts bool
	each  int64
	// eval appends the output to dst, which has room for size elements.
	// nil: the operation is for plans only.
	eval func(dst []int32, n *Node, s, t []int32) ([]int32, error)
}

var (
	sizeS = func(_ *Node, s, _ int) int64 { return int64(s) }
	size2 = func(_ *Node, s, t int) int64 { return int64(min(s, t)) }
	sizeJ = func(_ *Node, s, t int) int64 { return int64(s) + int64(t) }
)

// table is the language: the semantics of the published functions, which are
// Python's (flooring %, clamped slices, ranges with either sign of step).
var table = [numOps]row{
	SetList: {name: "set_list", params: []kind{kindList},
		size: func(n *Node, _, _ int) int64 { return int64(len(n.List)) },
		eval: func(dst []int32, n *Node, _, _ []int32) ([]int32, error) { return append(dst, n.List...), nil }},
	RangeUp: {name: "range_func_up", params: []kind{kindValue, kindEnd},
		size: func(n *Node, _, _ int) int64 { return int64(n.Nums[1]) - int64(n.Nums[0]) + 1 },
		eval: func(dst []int32, n *Node, _, _ []int32) ([]int32, error) {
			return appendRange(dst, int64(n.Nums[0]), int64(n.Nums[1])+1, 1), nil
		}},
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
	RepeatNum: {name: "repeat_num", params: []kind{kindCount, kindValue},
		size: func(n *Node, _, _ int) int64 { return int64(n.Nums[0]) },
		eval: func(dst []int32, n *Node, _, _ []int32) ([]int32, error) {
			for range n.Nums[0] {
				dst = append(dst, n.Nums[1])
			}
			return dst, nil
		}},
	RepeatList: {name: "repeat_list", params: []kind{kindSmall, kindRef},
		size: func(n *Node, s, _ int) int64 { return int64(n.Nums[0]) * int64(s) },
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			at, end := len(dst), len(dst)+max(0, int(n.Nums[0]))*len(s)
			if end > at {
				dst = append(dst, s...)
			}
			for len(dst) < end { // twice as much each time
				dst = append(dst, dst[at:min(len(dst), at+end-len(dst))]...)
			}
			return dst, nil
		}},
	ReverseList: {name: "reverse_list", params: []kind{kindRef}, plan: true, size: sizeS,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) {
			at := len(dst)
			dst = append(dst, s...)
			slices.Reverse(dst[at:])
			return dst, nil
		}},
	Substitute: {name: "substitute", params: []kind{kindRef, kindValue, kindValue}, size: sizeS,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			for _, v := range s {
				if v == n.Nums[0] {
					v = n.Nums[1]
				}
				dst = append(dst, v)
			}
			return dst, nil
		}},
	Jumps: {name: "get_subsequence_with_jumps", params: []kind{kindRef, kindSmall}, size: sizeS,
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
	Between: {name: "get_subsequence_between_indices", params: []kind{kindRef, kindIndex, kindEnd}, plan: true, size: sizeS,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			i, j := clampIndex(n.Nums[0], len(s)), clampIndex(n.Nums[1], len(s))
			return append(dst, s[i:max(i, j)]...), nil
		}},
	MaxN: {name: "max_n", params: []kind{kindRef, kindValue}, size: sizeS, sorts: true,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			at := len(dst)
			dst = append(dst, s...)
			slices.Sort(dst[at:])
			slices.Reverse(dst[at:])
			return dst[:at+clampIndex(n.Nums[0], len(s))], nil
		}},
	MinN: {name: "min_n", params: []kind{kindRef, kindValue}, size: sizeS, sorts: true,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			at := len(dst)
			dst = append(dst, s...)
			slices.Sort(dst[at:])
			return dst[:at+clampIndex(n.Nums[0], len(s))], nil
		}},
	AddItem: {name: "add_item_list", params: []kind{kindRef, kindValue}, plan: true, size: sizeS,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			return appendShifted(dst, s, int64(n.Nums[0]))
		}},
	SubtractItem: {name: "subtract_item_list", params: []kind{kindRef, kindValue}, size: sizeS,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			return appendShifted(dst, s, -int64(n.Nums[0]))
		}},
	ModuloItem: {name: "modulo_item_list", params: []kind{kindRef, kindValue}, size: sizeS, each: 6,
		eval: func(dst []int32, n *Node, s, _ []int32) ([]int32, error) {
			if n.Nums[0] == 0 {
				return dst, errModulus
			}
			for _, v := range s {
				dst = append(dst, floorMod(v, n.Nums[0]))
			}
			return dst, nil
		}},
	FilterEven: {name: "filter", word: "is_even", params: []kind{kindRef}, size: sizeS, each: 4,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) {
			return appendIf(dst, s, func(v int32) bool { return v&1 == 0 }), nil
		}},
	FilterOdd: {name: "filter", word: "is_odd", params: []kind{kindRef}, size: sizeS, each: 4,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) {
			return appendIf(dst, s, func(v int32) bool { return v&1 != 0 }), nil
		}},
	FilterNotZero: {name: "filter", word: "is_not_zero", params: []kind{kindRef}, size: sizeS, each: 4,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) {
			return appendIf(dst, s, func(v int32) bool { return v != 0 }), nil
		}},
	ScanAdd: {name: "scan_add", params: []kind{kindRef}, plan: true, size: sizeS,
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
	AddTwo: {name: "add_two_lists", params: []kind{kindRef, kindRef}, size: size2,
		eval: func(dst []int32, _ *Node, s, t []int32) ([]int32, error) { return appendSum(dst, s, t, 1) }},
	SubtractTwo: {name: "subtract_two_lists", params: []kind{kindRef, kindRef}, size: size2,
		eval: func(dst []int32, _ *Node, s, t []int32) ([]int32, error) { return appendSum(dst, s, t, -1) }},
	ModuloTwo: {name: "modulo_two_lists", params: []kind{kindRef, kindRef}, size: size2, each: 6,
		eval: func(dst []int32, _ *Node, s, t []int32) ([]int32, error) {
			for i := range min(len(s), len(t)) {
				if t[i] != 0 {
					dst = append(dst, floorMod(s[i], t[i]))
				}
			}
			return dst, nil
		}},
	Concatenate: {name: "concatenate", params: []kind{kindRef, kindRef}, plan: true, size: sizeJ,
		eval: func(dst []int32, _ *Node, s, t []int32) ([]int32, error) { return append(append(dst, s...), t...), nil }},
	Interleave: {name: "interleave", params: []kind{kindRef, kindRef}, plan: true, size: sizeJ,
		eval: func(dst []int32, _ *Node, s, t []int32) ([]int32, error) {
			m := min(len(s), len(t))
			for i := range m {
				dst = append(dst, s[i], t[i])
			}
			return append(append(dst, s[m:]...), t[m:]...), nil
		}},
	Payload: {name: "payload", params: []kind{kindStream}, plan: true},
	Rest: {name: "rest", given: (*Machine).theRest, size: sizeS,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) { return append(dst, s...), nil }},
	Copy: {name: "copy", params: []kind{kindIndex, kindCount}, given: (*Machine).copied, size: sizeS,
		eval: func(dst []int32, _ *Node, s, _ []int32) ([]int32, error) { return append(dst, s...), nil }},

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
}

// in reports whether op may stand in a program of the role.
func (op Op) in(role Role) bool {
	if role == Plan {
		return table[op].plan
	}
	return table[op].eval != nil
}

// In reports whether op is an operation of programs of that role.
func (op Op) In(role Role) bool { return op < numOps && op.in(role) }

// String returns the published name; a filter's has its predicate.
func (op Op) String() string {
	if r := &table[op]; r.word != "" {
		return r.name + " " + r.word
	} else {
		return r.name
	}
}

// Lists is the number of list arguments of op.
func (op Op) Lists() int { return refCount[op] }

// Numbers is how many numbers op takes (Node.Nums), and whether it takes a list of them
// (Node.List).
func (op Op) Numbers() (n int, list bool) {
	for _, k := range table[op].params {
		switch k {
		case kindRef:
		case kindList:
			list = true
		default:
			n++
		}
	}
	return n, list
}

var refCount = func() (c [numOps]int) {
	for op := range table {
		for _, k := range table[op].params {
			if k == kindRef {
				c[op]++
			}
		}
	}
	return c
}()

func fits(v int64) bool { return int64(int32(v)) == v }

// floorMod is Python's a % m: its sign is that of m.
func floorMod(a, m int32) int32 {
	r := a % m
	if r != 0 && (r < 0) != (m < 0) {
		r += m
	}
	return r
}

// clampIndex is the position that index i of a Python slice of a list of
// length n means.
func clampIndex(i int32, n int) int {
	k := int(i)
	if k < 0 {
		k += n
	}
	return max(0, min(k, n))
}

// rangeLen is the length of Python's range(a, b, k).
func rangeLen(a, b, k int64) int64 {
	switch {
	case k > 0 && a < b:
		return (b - a + k - 1) / k
	case k < 0 && a > b:
		return (a - b - k - 1) / -k
	}
	return 0
}

func appendRange(dst []int32, a, b, k int64) []int32 {
	for range rangeLen(a, b, k) {
		dst = append(dst, int32(a))
		a += k
	}
	return dst
}

func appendShifted(dst, s []int32, c int64) ([]int32, error) {
	for _, v := range s {
		w := int64(v) + c
		if !fits(w) {
			return dst, errRange
		}
		dst = append(dst, int32(w))
	}
	return dst, nil
}

func appendSum(dst, s, t []int32, sign int64) ([]int32, error) {
	for i := range min(len(s), len(t)) {
		w := int64(s[i]) + sign*int64(t[i])
		if !fits(w) {
			return dst, errRange
		}
		dst = append(dst, int32(w))
	}
	return dst, nil
}

func appendIf(dst, s []int32, keep func(int32) bool) []int32 {
	for _, v := range s {
		if keep(v) {
			dst = append(dst, v)
		}
	}
	return dst
}

// sortSteps is the price in steps of sorting n elements.
func sortSteps(n int) int64 { return 4 * int64(n) * int64(bits.Len(uint(n))) }
