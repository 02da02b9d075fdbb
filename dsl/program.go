package dsl

import "slices"

// A Node is one operation: one line of a program's text. Arguments stand in the order of
// the operation's signature; those that it does not have are zero.
type Node struct {
	Op   Op
	Refs [2]int   // list arguments: earlier nodes, or in a block program -1, -2, …
	Nums [3]int32 // integer arguments
	List []int32  // the argument that is a list of integers
	Text string   // of Lines: the templates, each followed by its end; "" if they are not at hand. The bit form has none
}

// A Program is a straight-line program. Its nodes refer to nodes before them. Those of a
// block program may also refer, by -1, -2, …, to the lists of earlier blocks' programs,
// the last one first (Machine.Block). Programs may share nodes: do not modify a node once
// it is in a program.
type Program struct {
	Nodes []Node
	Out   int // the node, or earlier list, that is the output
}

// A Role says what a program makes, and of what.
type Role uint8

// The roles of a program.
const (
	Block     Role = iota // the bytes of a block, of nothing but earlier blocks
	Plan                  // the bytes of a segment, of its streams
	Predictor             // what to expect of the bytes of a group, of those before
)

// Limits of programs in their bit form (container/FORMAT.md, sections 7 and 9). The values
// are arbitrary and fixed by the format: they bound the memory and the time of a decoder.
const (
	MaxNodes         = 1024    // nodes of a program
	MaxPlanned       = 1 << 25 // bytes of a segment that has a plan other than the identity
	FullPlanned      = 1 << 21 // bytes up to which lists, streams and steps grow in full with the segment; the most before version 3
	MaxPlanList      = 1 << 12 // elements of the literals of a plan
	MaxPredictorList = 1 << 10 // elements of the literals of a predictor
)

// A Proposal is a plan, and predictors with which a search for those of its streams may begin.
type Proposal struct {
	Plan       *Program
	Predictors [][]*Program // of the first streams, for each any number
}

// A Stream is one of a plan's for which predictors may be looked for.
type Stream struct {
	Bytes    []byte
	Proposed []*Program // predictors with which a search may begin
	Size     int        // bytes that it seems to take without a predictor
	Slowest  int        // nanoseconds that restoring a byte may take

	// Code returns how many bytes a part of the stream takes by a predictor, and about how many
	// nanoseconds a byte of the part takes to restore; a negative number of bytes if the predictor may
	// not be used. Coding takes about as long as restoring. It is safe for concurrent use.
	Code func(part []byte, p *Program) (size, time int)

	// Time returns about how many nanoseconds a byte Code would take, and return, for a part of so many
	// bytes; a negative number if the predictor may not be used. It is safe for concurrent use.
	Time func(size int, p *Program) int
}

// A Predicted is a canonical predictor of a stream, and about how many bytes the stream takes by it.
type Predicted struct {
	Predictor *Program
	Size      int
}

// Literal returns the program that states values one by one.
func Literal(values []byte) *Program {
	n := Node{Op: SetList, List: make([]int32, len(values))}
	for i, v := range values {
		n.List[i] = int32(v)
	}
	return &Program{Nodes: []Node{n}}
}

// Identity returns the plan of a segment without structure: its output is its one stream.
func Identity() *Program {
	return &Program{Nodes: []Node{{Op: Payload}}}
}

// IsIdentity reports whether the output of the plan p is its first stream.
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

// Canonical returns p without the nodes that the output does not need, in the order in
// which an evaluation from the output down, arguments left to right, completes them. The
// output is the last node. Only canonical programs have a bit form.
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
