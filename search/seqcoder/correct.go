package seqcoder

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A correction is lines that make a list the start of a sequence: they add a constant, then
// replace one value, then cut off the end. Each of the three is optional.
type correction struct {
	sum      int32 // constant to add
	from, to int32 // value to replace; none if they are equal
	cut      bool  // whether to keep only the first prefix elements
	prefix   int   // elements of the sequence that the corrected list starts with
}

// correct returns the correction by which list makes the longest start of sequence.
func correct(list []int32, sequence []byte) (c correction) {
	n := min(len(list), len(sequence))
	c.prefix = commonPrefix(list, sequence, 0)
	if n > 0 {
		d := int32(sequence[0]) - list[0]
		if prefix := commonPrefix(list, sequence, d); prefix > c.prefix {
			c.sum, c.prefix = d, prefix
		}
	}
	if c.prefix < n { // the first wrong element may be one wrong value
		from, to := list[c.prefix]+c.sum, int32(sequence[c.prefix])
		prefix := 0
		for ; prefix < n; prefix++ {
			v := list[prefix] + c.sum
			if v == from {
				v = to
			}
			if v != int32(sequence[prefix]) {
				break
			}
		}
		if prefix > c.prefix {
			c.from, c.to, c.prefix = from, to, prefix
		}
	}
	c.cut = c.prefix < len(list) && c.prefix > 0
	return c
}

// lines returns the lines of c, each of which takes the line before it; nil if c changes
// nothing.
func (c *correction) lines() (list []dsl.Node) {
	switch {
	case c.sum > 0:
		list = append(list, dsl.Node{Op: dsl.AddItem, Nums: [3]int32{c.sum}})
	case c.sum < 0:
		list = append(list, dsl.Node{Op: dsl.SubtractItem, Nums: [3]int32{-c.sum}})
	}
	if c.from != c.to {
		list = append(list, dsl.Node{Op: dsl.Substitute, Nums: [3]int32{c.from, c.to}})
	}
	if c.cut {
		list = append(list, dsl.Node{Op: dsl.Between, Nums: [3]int32{0, int32(c.prefix)}})
	}
	return list
}

// endsWith reports whether list is the end of sequence, but not all of it.
func endsWith(sequence []byte, list []int32) bool {
	from := len(sequence) - len(list)
	return from > 0 && commonPrefix(list, sequence[from:], 0) == len(list)
}

// withoutStrand returns the sequence without list if list is every other element of it from
// element first on, 0 or 1, up to any length; nil if it is not.
func withoutStrand(list []int32, sequence []byte, first int) (remainder []byte) {
	n := len(list)
	if n < 2 || len(sequence) < 2*n-1+first || len(sequence) == n {
		return nil
	}
	for i, v := range list {
		if v != int32(sequence[first+2*i]) {
			return nil
		}
		if other := 2*i + 1 - first; other < len(sequence) {
			remainder = append(remainder, sequence[other])
		}
	}
	return append(remainder, sequence[min(2*n, len(sequence)):]...)
}

// join returns the program whose output is op of the outputs of a and b.
func join(op dsl.Op, a, b *dsl.Program) *dsl.Program {
	p := &dsl.Program{Nodes: slices.Clone(a.Nodes)}
	first := len(p.Nodes)
	for _, n := range b.Nodes {
		for k := range n.Op.Lists() {
			n.Refs[k] += first
		}
		p.Nodes = append(p.Nodes, n)
	}
	p.Out = len(p.Nodes)
	p.Nodes = append(p.Nodes, dsl.Node{Op: op, Refs: [2]int{a.Out, first + b.Out}})
	return mergeEqual(p).Canonical()
}

// mergeEqual returns p with equal lines merged.
func mergeEqual(p *dsl.Program) *dsl.Program {
	q := &dsl.Program{}
	var number []int // of each line of p in q
	for _, n := range p.Nodes {
		for k := range n.Op.Lists() {
			n.Refs[k] = number[n.Refs[k]]
		}
		i := slices.IndexFunc(q.Nodes, func(m dsl.Node) bool {
			return m.Op == n.Op && m.Refs == n.Refs && m.Nums == n.Nums && slices.Equal(m.List, n.List)
		})
		if i < 0 {
			i = len(q.Nodes)
			q.Nodes = append(q.Nodes, n)
		}
		number = append(number, i)
	}
	q.Out = number[p.Out]
	return q
}
