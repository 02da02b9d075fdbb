package seqcoder

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A grammar follows a program token by token: which may come next, and what the lines
// that are finished make. Lines are executed as they end. The program is to make sequence:
// what is merged must be part of it.
type grammar struct {
	sequence []byte

	nodes []dsl.Node
	lists [][]int32 // what each node makes
	merit float64   // of what they make, beside their probability; see found
	total int       // elements of all lists

	node     dsl.Node // the line under way; op says whether there is one
	op       bool
	refs     int // of its lists that were read
	nums     int // of its numbers
	negative bool
	high     int32 // of the number under way, with hasHigh
	hasHigh  bool
}

// Limits of a proposed program.
const (
	maxLines    = 40
	maxElements = 1 << 13 // of all lists
)

// clone is a copy that shares what does not change.
func (g *grammar) clone() *grammar {
	c := *g
	c.nodes, c.lists = slices.Clip(g.nodes), slices.Clip(g.lists)
	c.node.List = slices.Clip(g.node.List)
	return &c
}

// allowed reports whether t may come next; the end only where the last line is the sequence.
func (g *grammar) allowed(t Token) bool {
	if !g.op {
		switch {
		case t == tokenEnd:
			return g.made()
		case t < tokenOp || t >= tokenRef || len(g.nodes) == maxLines:
			return false
		}
		return len(g.nodes) > 0 || dsl.Op(t-tokenOp).Lists() == 0
	}
	nums, list := g.node.Op.Numbers()
	if g.refs < g.node.Op.Lists() {
		return t >= tokenRef && int(t-tokenRef) < len(g.nodes)
	}
	if list && g.nums == nums && t == tokenListEnd {
		return !g.negative && !g.hasHigh && len(g.node.List) > 0
	}
	switch {
	case len(g.node.List) >= max(len(g.sequence), 1):
		return false
	case t < 256:
		return true
	case t == tokenNegative:
		return !g.negative && !g.hasHigh
	case t > tokenHigh && t < tokenOp:
		return !g.hasHigh && t-tokenHigh < 16 // numbers of some thousands
	}
	return false
}

// mask are the tokens that may come next.
func (g *grammar) mask() (m mask) {
	from, to := tokenPad, tokenOp // parts of numbers and the ends of lists
	switch {
	case !g.op:
		from, to = tokenProgram, tokenRef
	case g.refs < g.node.Op.Lists():
		from, to = tokenRef, Token(Vocabulary)
	case g.allowed(0):
		for w := range tokenPad / 32 { // the bytes
			m[w] = 1<<32 - 1
		}
	}
	for t := from; t < to; t++ {
		if g.allowed(t) {
			m.set(t)
		}
	}
	return m
}

// made reports whether the last line is the sequence.
func (g *grammar) made() bool {
	if len(g.lists) == 0 {
		return false
	}
	last := g.lists[len(g.lists)-1]
	return len(last) == len(g.sequence) && agree(last, g.sequence) == len(last)
}

// agree is how many elements list and sequence have in common at their starts.
func agree(list []int32, sequence []byte) (n int) {
	for n < min(len(list), len(sequence)) && list[n] == int32(sequence[n]) {
		n++
	}
	return n
}

// mostStride is that of strands of interleaves in interleaves.
const mostStride = 16

// What lines make speaks for a hypothesis and against it, in logarithms of probability: a
// line without arguments whose list is in the sequence and does not go on there; an
// element of a literal after others that are not.
const (
	found  = 4.0
	astray = -2.0
)

// more reports whether list, which is in a row in the sequence, goes on there as it began.
func (g *grammar) more(list []int32) bool {
	n := len(list)
	if g.node.Op == dsl.SetList || n < 2 {
		return false
	}
	next := 2*list[n-1] - list[n-2]
	for at := range len(g.sequence) - n {
		if g.from(list, at, 1) && int32(g.sequence[at+n]) == next {
			return true
		}
	}
	return false
}

// part reports whether list is in the sequence: in a row, or as a strand of interleaves,
// whose elements move together where other strands end.
func (g *grammar) part(list []int32) bool {
	for stride := 1; stride <= mostStride; stride *= 2 {
		for at := range g.sequence {
			if g.from(list, at, stride) {
				return true
			}
		}
	}
	return false
}

// from reports whether list is in the sequence from at on, its elements stride apart, and
// later less.
func (g *grammar) from(list []int32, at, stride int) bool {
	for k, v := range list {
		if k > 0 {
			for stride > 1 && (at+stride >= len(g.sequence) || int32(g.sequence[at+stride]) != v) {
				stride /= 2
			}
			at += stride
		}
		if at >= len(g.sequence) || int32(g.sequence[at]) != v {
			return false
		}
	}
	return true
}

// tells reports whether taking t tells something: it ends a line, or its merit is another.
func (g *grammar) tells(t Token) bool {
	op := g.node.Op
	if !g.op {
		op = dsl.Op(t - tokenOp)
	}
	nums, list := op.Numbers()
	need := op.Lists() + nums // before a list
	have := 0
	if g.op {
		have = g.refs + g.nums
	}
	switch {
	case list && have == need:
		return t == tokenListEnd || t < 256 && op == dsl.SetList && len(g.node.List) > 0
	case list || !g.op && need > 0 || t > 255 && t < tokenOp:
		return false
	}
	return have+1 == need || !g.op
}

// push takes the token t, which is allowed, and reports whether the line that it ends
// can be executed and be part of the program.
func (g *grammar) push(t Token, machine *dsl.Machine) bool {
	if !g.op {
		g.node, g.op, g.refs, g.nums = dsl.Node{Op: dsl.Op(t - tokenOp)}, true, 0, 0
		return g.ended(machine, false)
	}
	nums, _ := g.node.Op.Numbers()
	switch {
	case g.refs < g.node.Op.Lists():
		g.node.Refs[g.refs] = len(g.nodes) - 1 - int(t-tokenRef)
		g.refs++
	case t == tokenListEnd:
		return g.ended(machine, true)
	case t == tokenNegative:
		g.negative = true
	case t > 255:
		g.high, g.hasHigh = int32(t-tokenHigh)<<8, true
	default:
		v := g.high | int32(t)
		if g.negative {
			v = -v
		}
		g.negative, g.high, g.hasHigh = false, 0, false
		if g.nums < nums {
			g.node.Nums[g.nums] = v
			g.nums++
		} else {
			g.node.List = append(g.node.List, v)
			if g.node.Op == dsl.SetList && len(g.node.List) > 1 && !g.part(g.node.List) {
				g.merit += astray
			}
		}
	}
	return g.ended(machine, false)
}

// ended executes the line under way where it is complete.
func (g *grammar) ended(machine *dsl.Machine, listed bool) bool {
	nums, list := g.node.Op.Numbers()
	if g.refs < g.node.Op.Lists() || g.nums < nums || list && !listed {
		return true
	}
	var args [2][]int32
	for k := range g.refs {
		args[k] = g.lists[g.node.Refs[k]]
	}
	made, err := machine.Apply(&g.node, args[0], args[1], dsl.Budget{Steps: 1 << 18, Elements: maxElements})
	if err != nil || g.total+len(made) > maxElements || len(made) == 0 {
		return false
	}
	if merged := g.node.Op == dsl.Concatenate || g.node.Op == dsl.Interleave; merged && !g.part(made) {
		return false
	}
	if g.node.Op.Lists() == 0 && len(made) > 2 && g.part(made) && !g.more(made) {
		g.merit += found
	}
	g.nodes, g.lists = append(g.nodes, g.node), append(g.lists, slices.Clone(made))
	g.total += len(made)
	g.op, g.node = false, dsl.Node{}
	return true
}

// program is what was read, whose output is the last line.
func (g *grammar) program() *dsl.Program {
	p := &dsl.Program{Nodes: slices.Clone(g.nodes), Out: len(g.nodes) - 1}
	return p.Canonical()
}
