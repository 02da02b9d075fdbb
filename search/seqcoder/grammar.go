package seqcoder

import (
	"bytes"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A grammar follows a program token by token: which may come next, and what the lines
// that are finished make. Lines are executed as they end. The program is to make sequence:
// what is merged must be part of it. A copy of one goes on by itself.
type grammar struct {
	sequence []byte
	last     *line   // that is finished; nil: none
	merit    float64 // of what lines make, beside their probability; see found

	node     dsl.Node // the line under way; op says whether there is one
	op       bool
	refs     int // of its lists that were read
	nums     int // of its numbers
	negative bool
	high     int32 // of the number under way, with hasHigh
	hasHigh  bool
}

// A line is one that is finished, after others.
type line struct {
	node   dsl.Node
	made   []int32
	before *line
	count  int // of lines up to this one
	total  int // elements of all their lists
}

// lines is how many are finished.
func (g *grammar) lines() int {
	if g.last == nil {
		return 0
	}
	return g.last.count
}

// list is what line i makes.
func (g *grammar) list(i int) []int32 {
	l := g.last
	for l.count > i+1 {
		l = l.before
	}
	return l.made
}

// nodes are the lines, with room for more.
func (g *grammar) nodes(more int) []dsl.Node {
	list := make([]dsl.Node, g.lines(), g.lines()+more)
	for l := g.last; l != nil; l = l.before {
		list[l.count-1] = l.node
	}
	return list
}

// Limits of a proposed program.
const (
	maxLines    = 40
	maxElements = 1 << 13 // of all lists
	highs       = 16      // high bytes of numbers are less
)

// after is a copy of g that has taken t as well, and whether it could (push).
func (g *grammar) after(t Token, machine *dsl.Machine) (*grammar, bool) {
	next := new(grammar)
	*next = *g
	next.node.List = slices.Clip(next.node.List)
	return next, next.push(t, machine)
}

// allowed reports whether t may come next; the end only where the last line is the sequence.
func (g *grammar) allowed(t Token) bool {
	if !g.op {
		switch {
		case t == tokenEnd:
			return g.made()
		case t < tokenOp || t >= tokenRef || g.lines() == maxLines:
			return false
		}
		return g.last != nil || dsl.Op(t-tokenOp).Lists() == 0
	}
	nums, list := g.node.Op.Numbers()
	if g.refs < g.node.Op.Lists() {
		return t >= tokenRef && int(t-tokenRef) < g.lines()
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
		return !g.hasHigh && t-tokenHigh < highs
	}
	return false
}

// mask are the tokens that may come next.
func (g *grammar) mask() (m mask) {
	if !g.op {
		m = masks.first
		switch n := g.lines(); {
		case n == maxLines:
			m = mask{}
		case n > 0:
			m = masks.lines
		}
		if g.made() {
			m.set(tokenEnd)
		}
		return m
	}
	if g.refs < g.node.Op.Lists() {
		return masks.lists[min(g.lines(), maxDistance)]
	}
	if g.allowed(0) {
		switch {
		case g.hasHigh:
			m = masks.bytes
		case g.negative:
			m = masks.unsigned
		default:
			m = masks.number
		}
	}
	if g.allowed(tokenListEnd) {
		m.set(tokenListEnd)
	}
	return m
}

// masks are those of what may come next: the first line, one after others, a list of so
// many, a number or what is left of it after a sign or a high byte.
var masks = func() (all struct {
	first, lines, bytes, unsigned, number mask
	lists                                 [maxDistance + 1]mask
}) {
	for t := range Token(256) {
		all.bytes.set(t)
	}
	all.unsigned = all.bytes
	for t := tokenHigh + 1; t < tokenHigh+highs; t++ {
		all.unsigned.set(t)
	}
	all.number = all.unsigned
	all.number.set(tokenNegative)
	for t := tokenOp; t < tokenRef; t++ {
		all.lines.set(t)
		if dsl.Op(t-tokenOp).Lists() == 0 {
			all.first.set(t)
		}
	}
	for n := range maxDistance {
		all.lists[n+1] = all.lists[n]
		all.lists[n+1].set(tokenRef + Token(n))
	}
	return all
}()

// made reports whether the last line is the sequence.
func (g *grammar) made() bool {
	if g.last == nil {
		return false
	}
	list := g.last.made
	return len(list) == len(g.sequence) && agree(list, g.sequence, 0) == len(list)
}

// agree is how many elements list, d more each, and sequence have in common at their starts.
func agree(list []int32, sequence []byte, d int32) (n int) {
	for n < min(len(list), len(sequence)) && list[n]+d == int32(sequence[n]) {
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
	if len(list) == 0 || list[0] != int32(byte(list[0])) {
		return false
	}
	for stride := 1; stride <= mostStride; stride *= 2 {
		for at := 0; ; at++ { // where it may begin
			n := bytes.IndexByte(g.sequence[at:], byte(list[0]))
			if n < 0 {
				break
			}
			if at += n; g.from(list, at, stride) {
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
		g.node.Refs[g.refs] = g.lines() - 1 - int(t-tokenRef)
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
		args[k] = g.list(g.node.Refs[k])
	}
	made, err := machine.Apply(&g.node, args[0], args[1], dsl.Budget{Steps: 1 << 18, Elements: maxElements})
	if err != nil || len(made) == 0 {
		return false
	}
	next := &line{node: g.node, before: g.last, count: g.lines() + 1, total: len(made)}
	if g.last != nil {
		next.total += g.last.total
	}
	if next.total > maxElements {
		return false
	}
	if merged := g.node.Op == dsl.Concatenate || g.node.Op == dsl.Interleave; merged && !g.part(made) {
		return false
	}
	if g.node.Op.Lists() == 0 && len(made) > 2 && g.part(made) && !g.more(made) {
		g.merit += found
	}
	next.made = slices.Clone(made)
	g.last, g.op, g.node = next, false, dsl.Node{}
	return true
}

// program is what was read, whose output is the last line.
func (g *grammar) program() *dsl.Program { return g.upTo(nil) }

// upTo is the program whose output is the last line, and more lines of which each takes the
// one before.
func (g *grammar) upTo(more []dsl.Node) *dsl.Program {
	q := &dsl.Program{Nodes: g.nodes(len(more))}
	for _, m := range more {
		m.Refs[0] = len(q.Nodes) - 1
		q.Nodes = append(q.Nodes, m)
	}
	q.Out = len(q.Nodes) - 1
	return q.Canonical()
}
