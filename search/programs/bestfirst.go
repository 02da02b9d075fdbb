package programs

import (
	"container/heap"
	"context"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A scratch is what one search needs. Its parts are used again.
type scratch struct {
	ctx     context.Context // ends the search early; nil: never
	price   *prices
	without uint64
	steps   int64    // left
	known   *history // lists that may be referred to; nil: none
	target  []int32  // the sequence

	lines      []*line // of all states
	used       int     // of lines
	roots      []*state
	queue      queue
	siblings   []*state
	searched   int     // states
	made       int     // states thought of
	bestCost   float64 // bits, of what was taken
	best       *state  // whose program that is
	stateLines []*line // of the state solved
	solution   solution
	weaves     weaves
	nested     chain
	builder    builder
	blocks     stream

	rest, changed []*relation
	left          []int32
	spare         []part
	cuts          []int32
}

// A taker is told of each state that was solved. It returns the cost in bits of
// the best so far.
type taker interface {
	take(s *scratch, st *state, sol *solution) float64
}

// Limits of a search.
const (
	// Every shallow-th state is the most hopeful of the least deep ones, since
	// what the deeper ones promise is less sure.
	shallow = 2
	// hopeless is by how many bits a state may seem dearer than the best, and
	// near by how many one may be dearer that is looked at a second time.
	hopeless = 80
	near     = 15
	// parted is the longest window whose states are parted: interleaves start
	// anywhere in longer ones, and rule woven alone finds them.
	parted = 128
)

// enough is how many states have been searched before the best is polished while there
// are others.
const enough = 200

// efforts are how much is done for the relations of a state: for any, and again
// for one near the best.
var efforts = [...]struct {
	relations int // looked at in one text
	groups    int // of them that are tried
	exchanged int // of these, tried instead of others even where nothing seems left to save
}{
	{1000, 48, 12},
	{20000, 1000, 300},
}

// spend takes steps, all that are left if the context is done.
func (s *scratch) spend(steps int64) {
	if s.steps -= steps; s.ctx.Err() != nil {
		s.steps = min(s.steps, 0)
	}
}

// begin prepares a search of sequence, in which interleaves that start anywhere are
// looked for depth levels deep. What is known before may be nil.
func (s *scratch) begin(e *Finder, sequence []byte, known *history, steps int64, depth int) {
	if s.ctx == nil {
		s.ctx = context.Background()
	}
	s.steps, s.without, s.known = steps, e.without, known
	s.used, s.searched, s.made, s.bestCost, s.best = 0, 0, 0, 1<<40, nil
	s.queue = s.queue[:0]
	s.target = s.target[:0]
	for _, x := range sequence {
		s.target = append(s.target, int32(x))
	}
	l := s.line()
	s.price = e.prices[0]
	l.set(s.target, s.price)
	if known != nil {
		l.origin = s.blocks.from
	}
	l.part(s, depth)
	l.propose(s)
	if e.uniform { // prices by the lines that the first chain would have
		s.nested.find(s, l, 0, len(l.v), dsl.RootBlock, 0, nil, nil)
		lines := 2*len(s.nested.parts(nil)) - 1
		s.price = e.prices[min(max(0, (lines-2)/linesApart), len(e.prices)-1)]
		l.set(s.target, s.price)
		l.part(s, depth)
		l.propose(s)
	}
	at := place{line: l, parent: dsl.RootBlock, first: true}
	if known != nil {
		at.parent, at.arg = dsl.Concatenate, 1
	}
	s.roots = append(s.roots[:0], &state{tree: &tree{line: l}, lines: []place{at}, over: s.price.start})
	if depth > 0 {
		s.open(at)
	}
}

// open makes the state in which the interleaves that start anywhere are undone
// the first one to be searched; in the other there are none.
func (s *scratch) open(at place) {
	var c chain
	c.find(s, at.line, 0, len(at.line.v), at.parent, at.arg, nil, nil)
	parts := c.parts(nil)
	plain := s.line()
	plain.set(s.target, s.price)
	plain.origin = at.line.origin
	plain.propose(s)
	s.roots[0].tree.line, s.roots[0].lines[0].line = plain, plain
	if slices.ContainsFunc(parts, func(p part) bool { return p.p != nil && p.p.rule == ruleWoven }) {
		st := &state{over: s.price.start}
		st.tree = s.opened(st, at.line, parts, nil, at)
		s.roots = append(s.roots, st)
	}
}

// run searches states, the most hopeful first, until the steps are used up or no
// state is worth it.
func (s *scratch) run(t taker) {
	for k := len(s.roots) - 1; k >= 0; k-- {
		s.look(s.roots[k], t)
	}
	half, polished := s.steps/2, false
	for s.steps > 0 && (len(s.queue) > 0 || !polished) {
		if !polished && (len(s.queue) == 0 || s.steps <= half && s.searched >= enough) {
			polished = true
			s.polish(t)
			continue
		}
		at := 0
		if s.searched%shallow == shallow-1 {
			for k, st := range s.queue {
				if b := s.queue[at]; st.depth < b.depth || st.depth == b.depth && st.kids[0].cost < b.kids[0].cost {
					at = k
				}
			}
		}
		st := s.queue[at]
		kid := st.kids[0]
		if st.kids = st.kids[1:]; len(st.kids) == 0 {
			heap.Remove(&s.queue, at)
		} else {
			heap.Fix(&s.queue, at)
		}
		s.look(kid, t)
	}
}

// look solves st and, where it can be parted, adds it to the queue.
func (s *scratch) look(st *state, t taker) {
	s.make(st)
	s.searched++
	s.took(st, t)
	if s.without>>interleaveBit&1 != 0 || s.known != nil && len(s.target) > parted {
		return
	}
	s.expandFirst(st)
	if len(st.kids) > 0 {
		heap.Push(&s.queue, st)
	}
}

// expandFirst appends to the kids of st, which was just solved, the states in which
// its first line is parted.
func (s *scratch) expandFirst(st *state) {
	sol := &s.solution
	sol.limit = int32(s.bestCost*256) + hopeless<<8
	for k := range st.lines {
		if st.lines[k].first {
			s.expand(st, k, sol)
		}
	}
}

// line returns a line to be set.
func (s *scratch) line() *line {
	if s.used == len(s.lines) {
		s.lines = append(s.lines, new(line))
	}
	s.used++
	return s.lines[s.used-1]
}

// A queue holds states that were solved, ordered by the most hopeful state that
// each can be parted into; ties by the order in which these were thought of.
type queue []*state

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	a, b := q[i].kids[0], q[j].kids[0]
	return a.cost < b.cost || a.cost == b.cost && a.number < b.number
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*state)) }
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
