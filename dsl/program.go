package dsl

import "slices"

// A Node is one operation: one line of a program's text.
//
// Refs holds the lines of its list arguments, Nums its integer arguments, each
// in the order of the operation's signature; List is the literal of SetList.
// Entries beyond the signature's are zero.
type Node struct {
	Op   Op
	Refs [2]int
	Nums [3]int32
	List []int32
}

// A Program is a straight-line program. Every node refers to earlier nodes or, in
// a block program, by the numbers -1, -2, …, to lists that the programs of earlier
// blocks made, the last one first (Machine.Block); Out is the node whose list is
// the output. Nodes may be shared between programs and are not to be changed once
// in one.
type Program struct {
	Nodes []Node
	Out   int
}

// Role tells what a program may do: a block program has no inputs, a plan has
// the streams of a segment.
type Role uint8

// The two roles of a program.
const (
	Block Role = iota
	Plan
)

// Limits of programs in their bit form (container/FORMAT.md, sections 7 and 9).
const (
	MaxNodes    = 1024    // nodes of a program
	MaxPlanned  = 1 << 21 // bytes of a segment that has a plan other than the identity
	MaxPlanList = 1 << 12 // elements of the literals of a plan
)

// Literal is the program that states values one by one.
func Literal(values []byte) *Program {
	n := Node{Op: SetList, List: make([]int32, len(values))}
	for i, v := range values {
		n.List[i] = int32(v)
	}
	return &Program{Nodes: []Node{n}}
}

// Identity is the plan of a segment without structure: its one stream is its
// output.
func Identity() *Program {
	return &Program{Nodes: []Node{{Op: Payload}}}
}

// IsIdentity reports whether the plan p returns its first stream unchanged.
func (p *Program) IsIdentity() bool {
	if p.Out < 0 {
		return false
	}
	n := p.Nodes[p.Out]
	return n.Op == Payload && n.Nums[0] == 0
}

// Clone returns a copy of p that shares nothing with it.
func (p *Program) Clone() *Program {
	q := &Program{Nodes: slices.Clone(p.Nodes), Out: p.Out}
	for i := range q.Nodes {
		q.Nodes[i].List = slices.Clone(q.Nodes[i].List)
	}
	return q
}

// Canonical returns p with its nodes numbered in the order in which an
// evaluation from the output down, arguments left to right, completes them.
// Nodes that the output does not need are gone. The bit form of a program is
// that of its canonical form; the output is the last node.
func (p *Program) Canonical() *Program {
	q := &Program{Nodes: make([]Node, 0, len(p.Nodes))}
	number := make([]int, len(p.Nodes)) // new number + 1
	var visit func(i int) int
	visit = func(i int) int {
		if number[i] == 0 {
			n := p.Nodes[i]
			for k := range n.Op.Lists() {
				if n.Refs[k] >= 0 {
					n.Refs[k] = visit(n.Refs[k])
				}
			}
			q.Nodes = append(q.Nodes, n)
			number[i] = len(q.Nodes)
		}
		return number[i] - 1
	}
	if q.Out = p.Out; p.Out >= 0 {
		q.Out = visit(p.Out)
	}
	return q
}
