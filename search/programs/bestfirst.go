package programs

import (
	"container/heap"
	"context"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// A scratch is what one search needs. Its parts are used again by the next.
type scratch struct {
	meter
	attempt *attempt
	without ruleSet  // not to be used: rules, and what the attempt does without
	rules   ruleSet  // not to be used by any attempt
	known   *history // lists that may be referred to; nil if there are none
	target  []int32  // the sequence
	uncut   bool     // lines are not cut
	part    *scratch // searches parts of a window; nil until there is one

	store  store
	root   line // of the sequence
	head   line // all of headOf, a bare line
	headOf *line
	spare  []*line // to be borrowed
	queue  queue
	roots  []*state
	solved int // states

	considered  int32     // states, solved or not
	best        *state    // whose program is the cheapest
	bestCost    float64   // bits
	lowest      int32     // cost of a state
	exact       *prices   // of programs; price is a guide
	otherGuides []*prices // guides of the other attempts; none in a window

	solution solution
	cutter   cutter
	strands  strandText
	siblings []kid // storage of cutFirst
	builder  builder
	refiner  refiner
	ranker   rank.Ranker
	net      *rank.Net  // of the ranker
	shown    rank.State // storage of seen
	blocks   stream
}

// A taker is told of each state that is solved. It returns the cost in bits of the
// best program so far, noProgram if there is none.
type taker interface {
	take(sol *solution) float64
}

// noProgram is more bits than any program takes.
const noProgram = 1 << 40

// How the search chooses states. All are arbitrary but for their order of
// magnitude: programs cost 100 to 500 bits.
const (
	// A state that is estimated to cost hopeless bits more than the lowest cost of one
	// is not searched. Two sets of 600 drawn sequences at 3 and 10 ms: 0.3432, 0.3411,
	// 0.3073 and 0.3029 with 80, 0.3427, 0.3403, 0.3063 and 0.3017 with 200, the same
	// with 400 (November 2026).
	hopeless = 200
	// A state that costs at most near bits more than that is looked at thoroughly.
	near = 15
	// Lines of windows up to maxCut elements are cut. In longer ones interleaves
	// start anywhere: interleaveLeaf finds them, and then those of parts are cut.
	maxCut = 128
	// Interleaves that relations of strands suggest are tried in a window until 1/rootShare
	// of the steps are left: they are for relations of the state.
	rootShare = 4
	// The best state is polished once enough states are solved and half of the
	// steps are used, or once the queue is empty.
	enough = 200
)

// A window says what a sequence is a part of; the zero value is for a sequence by
// itself.
type window struct {
	known  *history // lists that may be referred to
	source *source  // that holds it at origin
	origin int
	depth  int   // nesting depth of the interleaves that leafInterleave looks for; 0 for none
	passes int   // how many of strandPasses look for more of them
	effort int64 // steps to search each of them by itself, for an element and line; 0 for not
	part   bool  // of another window, which is searched by itself

	attempt int // number of that to be made
}

// begin prepares a search of sequence.
func (s *scratch) begin(f *Finder, sequence []byte, steps int64, w window) {
	if s.ctx == nil {
		s.ctx = context.Background()
	}
	s.attempt = &f.attempts[w.attempt]
	s.steps, s.known = steps, w.known
	s.rules, s.without = f.without, f.without|s.attempt.without
	s.net = f.ranker.network()
	s.store.release(mark{})
	s.headOf = nil
	s.solved, s.considered, s.bestCost, s.best = 0, 0, noProgram, nil
	s.lowest = unreachable
	s.queue = s.queue[:0]
	s.target = s.target[:0]
	for _, x := range sequence {
		s.target = append(s.target, int32(x))
	}
	l := &s.root
	s.price, s.exact, s.otherGuides = s.attempt.guide(0), f.prices[0], s.otherGuides[:0]
	if w.known != nil {
		s.price = s.exact
	}
	s.prepare(l, w)
	table := 0
	if f.uniform { // prices by the lines that the first chain would have
		c := l.nest()
		c.find(&s.meter, task{line: l, hi: len(l.v), role: role{dsl.RootBlock, 0}, plain: true})
		lines := 2*len(c.links(nil)) - 1
		table = min(max(0, (lines-2)/linesApart), len(f.prices)-1)
		s.price, s.exact = s.attempt.guide(table), f.prices[table]
		s.prepare(l, w)
	}
	if w.known == nil {
		for k := range f.attempts {
			if p := f.attempts[k].guide(table); p != s.price && !slices.Contains(s.otherGuides, p) {
				s.otherGuides = append(s.otherGuides, p)
			}
		}
	}
	s.uncut = w.known != nil && len(s.target) > maxCut && !w.part
	root := slot{line: l, role: role{dsl.RootBlock, 0}, first: true}
	if w.known != nil {
		root.role = argument(dsl.Concatenate, 1) // after what the block before left
	}
	s.roots = append(s.roots[:0], &state{root: &tree{line: l}, slots: []slot{root}, over: s.price.start})
	if w.depth > 0 {
		s.open(f, root, w)
	}
}

// prepare makes l the line of the sequence.
func (s *scratch) prepare(l *line, w window) {
	l.set(s.target, s.price)
	l.source, l.origin = w.source, w.origin
	l.split(&s.meter, s.without, w.depth)
	l.propose(&s.meter, s.without)
}

// open makes the root one whose lines are the strands of the interleaves that
// interleaveLeaf finds in the line of root, and what is between them. Passes find others
// by relations of strands. What is cheaper of both is taken, place by place. Then each is
// searched by itself. A short window has a root without interleaves, too: of 288
// sequences with some, 4 had a cheaper program without (November 2026).
func (s *scratch) open(f *Finder, root slot, w window) {
	l := root.line
	var c chain
	c.find(&s.meter, task{line: l, hi: len(l.v), role: root.role})
	m := mixture{s: s, root: root, reserve: s.steps / rootShare}
	m.weavings = s.weavings(l, c.links(nil))
	m.state = s.assemble(root, m.weavings)
	for _, p := range strandPasses[:w.passes] {
		if s.steps <= m.reserve {
			break
		}
		extra := s.relateStrands(l, p)
		for _, o := range extra {
			o.line.setExtra(o.offers)
		}
		if slices.ContainsFunc(extra[1:], func(o lineOffers) bool { return len(o.offers) > 0 }) {
			l.proposeAnew(&s.meter, s.without)
			c.find(&s.meter, task{line: l, hi: len(l.v), role: root.role, extra: l.extra})
			m.mix(s.weavings(l, c.links(nil)))
		}
	}
	if w.effort > 0 {
		m.searchParts(f, w)
	}
	if s.roots[0] = m.state; len(m.weavings) > 0 && !s.uncut {
		s.roots = append(s.roots, s.assemble(root, nil))
	}
}

// finalShare is the part of the steps, 1 of so many, that is kept to solve the best state
// again. 400 drawn sequences took 0 to 0.3 % more bits at 10 and 30 ms with 32 (November
// 2026).
const finalShare = 16

// run searches states, the most promising first, until the steps are used up or no
// state is worth it. Then it solves the best one again, with all rules: under the exact
// prices and then, if steps are left, under the guides of the other attempts, which choose
// other pieces and relations.
func (s *scratch) run(t taker) {
	kept := int64(0)
	if s.price != s.exact {
		kept = s.steps / finalShare
	}
	s.steps -= kept
	s.search(t)
	if s.steps += kept; kept == 0 || s.best == nil {
		return
	}
	s.without = s.rules
	s.solveUnder(s.exact, t)
	for _, p := range s.otherGuides {
		s.solveUnder(p, t)
	}
}

// solveUnder solves the best state again under the prices p, if steps are left. The best
// state stays, since its parents say how it was cut.
func (s *scratch) solveUnder(p *prices, t taker) {
	if s.steps <= 0 {
		return
	}
	s.price, s.lowest = p, unreachable
	again := &state{over: s.price.start}
	again.root = s.again(s.best.tree(), role{dsl.RootBlock, 0}, again)
	t.take(s.solve(again))
}

// again returns t with new lines, which it adds to the slots of st.
func (s *scratch) again(t *tree, as role, st *state) *tree {
	if t.line != nil {
		l := s.newLine(t.line, stretch{j: len(t.line.v)}, nil)
		st.slots = append(st.slots, slot{line: l, role: as})
		return &tree{line: l}
	}
	st.over += s.price.symbols(as)[t.op]
	x := s.again(t.kids[0], argument(t.op, 0), st)
	y := s.again(t.kids[1], argument(t.op, 1), st)
	return &tree{op: t.op, kids: [2]*tree{x, y}}
}

// search searches states, the most promising first, until the steps are used up or no
// state is worth it.
func (s *scratch) search(t taker) {
	for k := len(s.roots) - 1; k >= 0; k-- {
		s.visit(s.roots[k], t)
	}
	half, polished := s.steps/2, false
	for s.steps > 0 && (len(s.queue) > 0 || !polished) {
		if !polished && (len(s.queue) == 0 || s.steps <= half && s.solved >= enough) {
			polished = true
			s.polish(t)
			continue
		}
		s.visit(s.next(), t)
	}
}

// next removes the state to be searched next from the queue.
func (s *scratch) next() *state {
	st := s.queue[0]
	k := st.kids[0]
	if st.kids = st.kids[1:]; len(st.kids) == 0 {
		heap.Pop(&s.queue)
	} else {
		heap.Fix(&s.queue, 0)
	}
	return s.make(st, k)
}

// visit solves st and, if lines of it can be cut, adds it to the queue.
func (s *scratch) visit(st *state, t taker) {
	s.solved++
	s.improve(st, t)
	if s.without.has(interleaveBit) || s.uncut {
		return
	}
	s.cutFirst(st)
	if len(st.kids) > 0 {
		heap.Push(&s.queue, st)
	}
}

// improve solves st and reports whether it is the best so far.
func (s *scratch) improve(st *state, t taker) bool {
	before := s.bestCost
	sol := s.solve(st)
	s.lowest = min(s.lowest, sol.cost)
	s.bestCost = t.take(sol)
	if s.bestCost < before {
		s.best = st
		return true
	}
	return false
}

// cutFirst appends to the kids of st, which was just solved, the states in which
// its first line is cut.
func (s *scratch) cutFirst(st *state) {
	limit := s.lowest + hopeless<<8
	st.kids = s.siblings[:0]
	for k := range st.slots {
		if st.slots[k].first {
			s.expand(st, k, &s.solution, limit)
			if !s.without.has(rankerBit) {
				s.rank(st, k)
			}
		}
	}
	s.siblings = st.kids
	st.kids = s.store.kids.keep(st.kids)
}

// neighbours is how many other cuts are tried in place of one of the best state's
// (arbitrary).
const neighbours = 32

// polish looks for states cheaper than the best one that differ from it in one cut,
// which is elsewhere, missing or added. The search itself seldom returns to the outer
// cuts when the inner ones fit.
func (s *scratch) polish(t taker) {
	for better := s.best != nil; better && s.steps > 0; {
		better = false
		var cuts []*state // the best state and its parents but the first, outermost cut first
		for st := s.best; st.parent != nil; st = st.parent {
			cuts = append(cuts, st)
		}
		slices.Reverse(cuts)
		for k := len(cuts) - 1; k >= 0 && !better && s.steps > 0; k-- {
			better = s.recut(t, cuts, k)
		}
	}
}

// recut tries the best state with another cut in place of number k, without it, and
// with another before it. It reports whether one is better.
func (s *scratch) recut(t taker, cuts []*state, k int) bool {
	from := cuts[k].parent
	if s.follow(t, from, cuts[k+1:]) {
		return true
	}
	for _, kid := range s.others(from) {
		if s.steps <= 0 {
			return false
		}
		before := s.store.mark()
		st := s.make(from, kid)
		if kid.cut != cuts[k].cut && s.follow(t, st, cuts[k+1:]) || s.follow(t, st, cuts[k:]) {
			return true
		}
		s.store.release(before)
	}
	return false
}

// others returns the most promising states with one cut more than st.
func (s *scratch) others(st *state) []kid {
	from := *st
	from.kids = nil
	s.solve(st)
	s.cutFirst(&from)
	return from.kids[:min(len(from.kids), neighbours)]
}

// follow solves the state that comes of st if its first line is cut like cuts, as
// far as they fit, and reports whether it is the best so far.
func (s *scratch) follow(t taker, st *state, cuts []*state) bool {
	before := s.store.mark()
	for _, c := range cuts {
		k := slices.IndexFunc(st.slots, func(p slot) bool { return p.first })
		if 2*int(c.pairs) > len(st.slots[k].line.v) {
			break
		}
		st = s.make(st, kid{cut: c.cut, which: int32(k)})
	}
	if s.improve(st, t) {
		return true
	}
	s.store.release(before)
	return false
}
