package predictors

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A framing says where records begin: a Framed component. If length is 0, a head of so many bytes says how
// long a record is; if head is 0, too, there are no records.
type framing struct {
	first, length int

	head, at, element, unit, plus, align int

	keys  []int
	types []recordType
}

// A recordType is how long records of a type are, from a record on.
type recordType struct{ value, length, from int }

const (
	varintElement = 16      // a length of 7 bits a byte
	longestRecord = 1 << 21 // bytes, as the format has it
)

// node returns the component.
func (f *framing) node() dsl.Node {
	n := dsl.Node{Op: dsl.Framed, Nums: [3]int32{int32(f.first), int32(f.length)}}
	if f.head == 0 {
		return n
	}
	for _, v := range append([]int{f.head, f.at, f.element, f.unit, f.plus, f.align, len(f.keys)}, f.keys...) {
		n.List = append(n.List, int32(v))
	}
	for _, t := range f.types {
		n.List = append(n.List, int32(t.value), int32(t.length), int32(t.from))
	}
	return n
}

// framingOf returns the framing of a Framed component that node made.
func framingOf(n *dsl.Node) framing {
	f := framing{first: int(n.Nums[0]), length: int(n.Nums[1])}
	if len(n.List) == 0 {
		return f
	}
	at := func(k int) int { return int(n.List[k]) }
	f.head, f.at, f.element, f.unit, f.plus, f.align = at(0), at(1), at(2), at(3), at(4), at(5)
	for k := range at(6) {
		f.keys = append(f.keys, at(7+k))
	}
	for k := 7 + at(6); k+2 < len(n.List); k += 3 {
		f.types = append(f.types, recordType{at(k), at(k + 1), at(k + 2)})
	}
	return f
}

// size returns the length of record number count, whose head b begins with.
func (f *framing) size(b []byte, count int) int {
	if f.length > 0 {
		return f.length
	}
	n, x := 0, b[f.at:]
	switch e := f.element; {
	case e == 0:
		for _, t := range f.types {
			if t.value == int(x[0]) && t.from <= count {
				n = t.length
			}
		}
		return max(n, f.head)
	case e == varintElement:
		if n = int(x[0]) + 1; x[0] > 127 {
			n += int(x[1])<<7 - 127
		}
	case e > 0:
		for k := range e {
			n |= int(x[k]) << (8 * k)
		}
	default:
		for _, v := range x[:-e] {
			n = n<<8 | int(v)
		}
	}
	n = n*f.unit + f.plus
	n = (n + f.align - 1) / f.align * f.align
	return max(min(n, longestRecord), f.head)
}

// borders calls yield with where each record of b begins and its number, until it returns false.
func (f *framing) borders(b []byte, yield func(start, count int) bool) {
	if f.length == 0 && f.head == 0 {
		return
	}
	for start, count := f.first, 0; start+max(f.head, f.length) <= len(b); count++ {
		if !yield(start, count) {
			return
		}
		start += f.size(b[start:], count)
	}
}

// from returns where the first record of b from at on begins, and the framing of what follows; 0 and f if
// none does.
func (f *framing) from(b []byte, at int) (start int, g framing) {
	g = *f
	f.borders(b, func(s, count int) bool {
		if s < at {
			return true
		}
		start = s
		g.first, g.types = 0, nil
		for _, t := range f.types {
			t.from = max(t.from-count, 0)
			g.types = append(g.types, t)
		}
		return false
	})
	return start, g
}

// shifted returns the framing whose records begin k bytes earlier: the bytes before the head are parts of it
// that tell kinds. ok is false if there is none.
func (f *framing) shifted(k int) (g framing, ok bool) {
	if f.head == 0 || f.first < k {
		return g, false
	}
	g = *f
	g.first, g.head, g.at = f.first-k, f.head+k, f.at+k
	g.keys = nil
	for i := range k {
		g.keys = append(g.keys, i)
	}
	for _, i := range f.keys {
		g.keys = append(g.keys, i+k)
	}
	return g, g.lengthen()
}

// widened returns the framing whose heads have k more bytes, which tell kinds. ok is false if there is none.
func (f *framing) widened(k int) (g framing, ok bool) {
	if f.head == 0 {
		return g, false
	}
	g = *f
	g.head += k
	g.keys = slices.Clone(f.keys)
	for i := range k {
		g.keys = append(g.keys, f.head+i)
	}
	return g, g.lengthen()
}

// lengthen makes all records of f as long as their heads at least. It reports whether heads are not too long.
func (f *framing) lengthen() bool {
	f.types = slices.Clone(f.types)
	for i := range f.types {
		f.types[i].length = max(f.types[i].length, f.head)
	}
	return f.head <= maxHead
}

// maxHead is the bytes of the longest head that is tried. Arbitrary.
const maxHead = 64

// earliest returns f with its first record where one may begin from which records lead to f's: the earliest
// in the farthest bytes before it.
func (f *framing) earliest(b []byte) framing {
	const farthest = 4096 // bytes. Arbitrary.
	g := *f
	if f.length > 0 {
		g.first %= f.length
		return g
	}
	for g.first = max(f.first-farthest, 0); g.first < f.first; g.first++ {
		meets := false
		g.borders(b, func(start, _ int) bool {
			meets = start == f.first
			return start < f.first
		})
		if meets {
			return g
		}
	}
	return *f
}

// A recordPart is a part of a segment that a plan makes out of records.
type recordPart struct {
	framing
	off, size int
}

// recordParts returns the parts that p makes out of records, if it makes size bytes.
func recordParts(p *dsl.Program, size int) (list []recordPart) {
	off := 0
	for _, x := range parts(p, size) {
		if f, ok := framingIn(p, x.node); ok {
			list = append(list, recordPart{f, off, x.size})
		}
		off += x.size
	}
	return list
}

// framingIn returns the framing of the records that node i of p makes, or whose numbers it predicts.
func framingIn(p *dsl.Program, i int) (f framing, ok bool) {
	n := &p.Nodes[i]
	switch n.Op {
	case dsl.Kinds:
		return framingOfKinds(n), true
	case dsl.Records:
		f = framing{head: int(n.Nums[0]), at: int(n.List[0]), element: int(n.List[1]), unit: 1, plus: int(n.List[2]), align: 1}
		for k := range f.head {
			f.keys = append(f.keys, k)
		}
		for list := n.List[3:]; len(list) > 1; list = list[2:] {
			f.types = append(f.types, recordType{int(list[0]), max(int(list[1])+f.plus, f.head), 0})
		}
		if f.element == 0 {
			f.plus = 0
		}
		return f, true
	case dsl.Columns, dsl.Fields:
		step := 1
		if n.Op == dsl.Columns {
			step = 3
		}
		for k := 0; k < len(n.List); k += step {
			f.length += max(int(n.List[k]), int(-n.List[k]))
		}
		return f, f.length > 1
	case dsl.Transpose:
		f.length = int(n.Nums[0]) * int(n.Nums[1])
		return f, f.length > 1
	}
	if n.Op.Lists() == 1 {
		return framingIn(p, n.Refs[0])
	}
	return f, false
}

// framingOfKinds returns the framing of a Kinds operation.
func framingOfKinds(n *dsl.Node) framing {
	at := func(k int) int { return int(n.List[k]) }
	f := framing{head: int(n.Nums[0]), at: at(0), element: at(1), unit: at(2), plus: at(3), align: at(4)}
	for k := range at(5) {
		f.keys = append(f.keys, at(6+k))
	}
	if f.element == 0 {
		f.keys = []int{f.at}
	}
	next := 6 + at(5)
	for k := range at(next) {
		i := next + 1 + 3*k
		f.types = append(f.types, recordType{at(i), at(i + 1), at(i + 2)})
	}
	return f
}
