package seqcoder

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A correction are lines after a list that set a constant right: a sum, one value replaced,
// the end cut off where it goes wrong or is too long.
type correction struct {
	sum      int32
	from, to int32 // equal: none is replaced
	cut      bool
	made     int // elements of the start of the sequence
}

// corrected is the correction by which list makes most of the start of sequence.
func corrected(list []int32, sequence []byte) (c correction) {
	c.made = agree(list, sequence, 0)
	if len(list) > 0 && len(sequence) > 0 {
		d := int32(sequence[0]) - list[0]
		if n := agree(list, sequence, d); n > c.made {
			c.sum, c.made = d, n
		}
	}
	if at := c.made; at < min(len(list), len(sequence)) { // one value may be another
		n, from, to := 0, list[at]+c.sum, int32(sequence[at])
		for n < min(len(list), len(sequence)) {
			v := list[n] + c.sum
			if v == from {
				v = to
			}
			if v != int32(sequence[n]) {
				break
			}
			n++
		}
		if n > at {
			c.from, c.to, c.made = from, to, n
		}
	}
	c.cut = c.made < len(list) && c.made > 0
	return c
}

// lines are those of c; each takes the list before it.
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
		list = append(list, dsl.Node{Op: dsl.Between, Nums: [3]int32{0, int32(c.made)}})
	}
	return list
}

// strand returns what is left of sequence without list, where they are interleaved, list
// from element first on, 0 or 1; nil: they are not.
func strand(list []int32, sequence []byte, first int) (left []byte) {
	n := len(list)
	if n < 2 || len(sequence) < 2*n-1+first || len(sequence) == n {
		return nil
	}
	for i, v := range list {
		if v != int32(sequence[first+2*i]) {
			return nil
		}
		if at := 2*i + 1 - first; at < len(sequence) {
			left = append(left, sequence[at])
		}
	}
	return append(left, sequence[min(2*n, len(sequence)):]...)
}

// joined is the program whose output op makes of those of a and b.
func joined(op dsl.Op, a, b *dsl.Program) *dsl.Program {
	q := &dsl.Program{Nodes: slices.Clone(a.Nodes)}
	first := len(q.Nodes)
	for _, n := range b.Nodes {
		for k := range n.Op.Lists() {
			n.Refs[k] += first
		}
		q.Nodes = append(q.Nodes, n)
	}
	q.Out = len(q.Nodes)
	q.Nodes = append(q.Nodes, dsl.Node{Op: op, Refs: [2]int{a.Out, first + b.Out}})
	return once(q).Canonical()
}

// once is p with equal lines made once.
func once(p *dsl.Program) *dsl.Program {
	q := &dsl.Program{}
	var number []int // of each line of p in q
	for _, n := range p.Nodes {
		for k := range n.Op.Lists() {
			n.Refs[k] = number[n.Refs[k]]
		}
		at := slices.IndexFunc(q.Nodes, func(m dsl.Node) bool {
			return m.Op == n.Op && m.Refs == n.Refs && m.Nums == n.Nums && slices.Equal(m.List, n.List)
		})
		if at < 0 {
			at = len(q.Nodes)
			q.Nodes = append(q.Nodes, n)
		}
		number = append(number, at)
	}
	q.Out = number[p.Out]
	return q
}
