package seqcoder

import (
	"bytes"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Limits of a proposed program, compared with 100,000 drawn ones (2026-11-27).
const (
	maxLines    = 40      // 99.9 % have at most 35
	maxElements = 1 << 13 // of the outputs of all lines; 99.9 % have at most 6,298
	endHigh     = 16      // high bytes are below: numbers below 4096; the largest is 1,051
	maxSteps    = 1 << 18 // of a line; arbitrary: 32 for each of maxElements
)

// A grammar follows a program for sequence token by token: it knows which tokens may come next
// and executes each line when it ends. What concatenate and interleave output must occur in
// the sequence. Copies are independent.
type grammar struct {
	sequence []byte
	last     *line   // the last finished line, nil at first
	merit    float64 // nats, to be added to the log-probability; see meritFound

	open     bool     // whether a line is under way; its operation is known then
	node     dsl.Node // the line under way
	refs     int      // references of it read so far
	nums     int      // numbers of it read so far
	negative bool     // whether the number under way has a sign
	hasHigh  bool     // whether the number under way has a high byte
	high     int32    // the high byte, shifted
}

// A line is a finished line of a program, linked to the line before it.
type line struct {
	node   dsl.Node
	output []int32
	before *line
	count  int // lines up to this one
	total  int // elements of the outputs of all lines up to this one
}

// lines returns the number of finished lines.
func (g *grammar) lines() int {
	if g.last == nil {
		return 0
	}
	return g.last.count
}

// output returns the output of line i.
func (g *grammar) output(i int) []int32 {
	l := g.last
	for l.count > i+1 {
		l = l.before
	}
	return l.output
}

// allowed reports whether t may come next. The end is allowed only if the last line outputs
// the sequence.
func (g *grammar) allowed(t Token) bool {
	if !g.open {
		switch {
		case t == tokenEnd:
			return g.complete()
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
		return !g.hasHigh && t-tokenHigh < endHigh
	}
	return false
}

// affectsScore reports whether t, which is allowed, ends a line and so may change the merit. A
// candidate with any other token can be ranked before the token is taken.
func (g *grammar) affectsScore(t Token) bool {
	if t == tokenListEnd {
		return true
	}
	op := g.node.Op
	if !g.open {
		op = dsl.Op(t - tokenOp)
	}
	nums, list := op.Numbers()
	switch want := op.Lists() + nums; {
	case list || t > 255 && t < tokenOp:
		return false
	case !g.open:
		return want == 0
	default:
		return g.refs+g.nums+1 == want
	}
}

// after returns a copy of g that has taken t, and whether that worked; see push.
func (g *grammar) after(t Token, machine *dsl.Machine) (*grammar, bool) {
	next := new(grammar)
	*next = *g
	next.node.List = slices.Clip(next.node.List)
	return next, next.push(t, machine)
}

// push takes the token t, which must be allowed. If t ends a line, push reports whether the
// line can be executed and be part of the program.
func (g *grammar) push(t Token, machine *dsl.Machine) bool {
	if !g.open {
		g.node, g.open, g.refs, g.nums = dsl.Node{Op: dsl.Op(t - tokenOp)}, true, 0, 0
		return g.execute(machine, false)
	}
	switch {
	case g.refs < g.node.Op.Lists():
		g.node.Refs[g.refs] = g.lines() - 1 - int(t-tokenRef)
		g.refs++
	case t == tokenListEnd:
		return g.execute(machine, true)
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
		g.number(v)
	}
	return g.execute(machine, false)
}

// number takes a number or an element of a literal list.
func (g *grammar) number(v int32) {
	if nums, _ := g.node.Op.Numbers(); g.nums < nums {
		g.node.Nums[g.nums] = v
		g.nums++
		return
	}
	g.node.List = append(g.node.List, v)
}

// execute executes the line under way if it is complete; listEnded says whether its literal
// list, if it has one, has ended. It returns false if the line can't be part of the program.
func (g *grammar) execute(machine *dsl.Machine, listEnded bool) bool {
	nums, list := g.node.Op.Numbers()
	if g.refs < g.node.Op.Lists() || g.nums < nums || list && !listEnded {
		return true
	}
	var args [2][]int32
	for k := range g.refs {
		args[k] = g.output(g.node.Refs[k])
	}
	out, err := machine.Apply(&g.node, args[0], args[1], dsl.Budget{Steps: maxSteps, Elements: maxElements})
	if err != nil || len(out) == 0 {
		return false
	}
	next := &line{node: g.node, before: g.last, count: g.lines() + 1, total: len(out)}
	if g.last != nil {
		next.total += g.last.total
	}
	if next.total > maxElements {
		return false
	}
	if merges := g.node.Op == dsl.Concatenate || g.node.Op == dsl.Interleave; merges && !g.occurs(out) {
		return false
	}
	if g.node.Op.Lists() == 0 && len(out) > 2 && g.occurs(out) && !g.continues(out) {
		g.merit += meritFound
	}
	next.output = slices.Clone(out)
	g.last, g.open, g.node = next, false, dsl.Node{}
	return true
}

// complete reports whether the last line outputs the sequence.
func (g *grammar) complete() bool {
	if g.last == nil {
		return false
	}
	out := g.last.output
	return len(out) == len(g.sequence) && commonPrefix(out, g.sequence, 0) == len(out)
}

// commonPrefix returns the number of elements at the start of list that, plus d, equal those
// of sequence.
func commonPrefix(list []int32, sequence []byte, d int32) (n int) {
	for n < min(len(list), len(sequence)) && list[n]+d == int32(sequence[n]) {
		n++
	}
	return n
}

// nodes returns the finished lines, with capacity for extra more.
func (g *grammar) nodes(extra int) []dsl.Node {
	list := make([]dsl.Node, g.lines(), g.lines()+extra)
	for l := g.last; l != nil; l = l.before {
		list[l.count-1] = l.node
	}
	return list
}

// program returns the program whose output is the last line.
func (g *grammar) program() *dsl.Program { return g.programWith(nil) }

// programWith returns the program of the finished lines and of extra lines, each of which
// takes the line before it. Its output is the last line.
func (g *grammar) programWith(extra []dsl.Node) *dsl.Program {
	p := &dsl.Program{Nodes: g.nodes(len(extra))}
	for _, n := range extra {
		n.Refs[0] = len(p.Nodes) - 1
		p.Nodes = append(p.Nodes, n)
	}
	p.Out = len(p.Nodes) - 1
	return p.Canonical()
}

// meritFound rewards a line without references whose output occurs in the sequence and does
// not continue there, in nats. The value was chosen for an earlier model. For the embedded one the
// rates are 0.4634 and 0.4459 with it, 0.4653 and 0.4509 without (60 and 60 drawn pairs, model
// alone, 300 ms, 2026-11-27).
const meritFound = 4.0

// maxStride is the largest stride of a strand: interleaves nested four deep.
const maxStride = 16

// occurs reports whether list is part of the sequence: consecutive elements, or a strand of
// (nested) interleaves. The elements of a strand move closer where other strands end.
func (g *grammar) occurs(list []int32) bool {
	if len(list) == 0 || list[0] != int32(byte(list[0])) {
		return false
	}
	for stride := 1; stride <= maxStride; stride *= 2 {
		for off := 0; ; off++ {
			n := bytes.IndexByte(g.sequence[off:], byte(list[0]))
			if n < 0 {
				break
			}
			if off += n; g.occursAt(list, off, stride) {
				return true
			}
		}
	}
	return false
}

// occursAt reports whether list is a strand of the sequence from off on, its elements stride
// apart at first.
func (g *grammar) occursAt(list []int32, off, stride int) bool {
	for k, v := range list {
		if k > 0 {
			for stride > 1 && (off+stride >= len(g.sequence) || int32(g.sequence[off+stride]) != v) {
				stride /= 2
			}
			off += stride
		}
		if off >= len(g.sequence) || int32(g.sequence[off]) != v {
			return false
		}
	}
	return true
}

// continues reports whether consecutive elements of the sequence are list and then its next
// element, if its last two begin a progression: then a longer line would be better. A literal
// never continues.
func (g *grammar) continues(list []int32) bool {
	n := len(list)
	if g.node.Op == dsl.SetList || n < 2 {
		return false
	}
	next := 2*list[n-1] - list[n-2]
	for off := range len(g.sequence) - n {
		if g.occursAt(list, off, 1) && int32(g.sequence[off+n]) == next {
			return true
		}
	}
	return false
}
