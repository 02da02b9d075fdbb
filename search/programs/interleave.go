package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A cutter estimates the cost of a state with one line cut, for every number of
// pairs and for both strands that may get the elements after them, the tail.
//
// It does not make the states. It finds the chain of each strand once and reads the
// cost of every beginning from its cells; the cost of a tail is that of the cheapest
// chain from there to the end of the line. Fewer pairs make a longer tail. Pieces of
// a strand that derive from the tail are added as it grows (shorten).
type cutter struct {
	*meter
	line    *line // to be cut
	strands [2]line
	chains  [2]chain // of the strands' beginnings
	tails   [2]tail  // in the first strand and in the second

	text   text     // of the strands, the line, the other lines and the known lists
	lines  []*line  // of text
	all    []*chain // of lines
	whole  chain    // of line
	offers [3][]offer
	usable [2][]offer // of the strands' offers, by start: those that may be used now
	looked [2]int     // number of the strands' offers that usable was chosen from
}

// Lines of a cutter's text.
const (
	lineFirst  = iota // the first strand
	lineSecond        // the second strand
	lineWhole         // the line to be cut
	lineOthers        // the first of the other lines
)

// splitAgain is by how much literals of the first strand are cheaper than they
// seem: it may be cut again, while the second one is never cut. Without this,
// whatever leaves few literals now seems best, however it cuts through lists.
// Published pairs at 5 ms: a rate of 0.3651 with 1, 0.3633 with 2, 0.3629 with 3
// (November 2026).
const splitAgain = 2

// minCut is the length in elements of the shortest line that is cut: two strands
// of the least.
const minCut = 2 * least

// expand appends to st's kids the states in which line k of st, which sol solves,
// is cut, if they are estimated to cost limit at most.
func (s *scratch) expand(st *state, k int, sol *solution, limit int32) {
	p := &st.slots[k]
	n := len(p.line.v)
	if n < minCut || s.steps <= 0 {
		return
	}
	w := &s.cutter
	w.set(s, sol, k)
	over := sol.cost - sol.chains[k].cost + s.price.symbols(p.role)[dsl.Interleave]
	for x := range 2 { // about the same for all operations
		over += s.price.sym[dsl.Interleave][x][dsl.SetList] - s.price.first[dsl.SetList]
	}
	s.siblings = s.siblings[:0]
	consider := func(c cut, cost int32) {
		if cost <= limit {
			s.considered++
			kid := s.newState()
			*kid = state{parent: st, which: k, cut: c, cost: cost, depth: st.depth + 1, number: s.considered}
			s.siblings = append(s.siblings, kid)
		}
	}
	for m := n / 2; m >= 2 && s.steps > 0; m-- {
		w.shorten(0, m)
		w.shorten(1, m)
		a, b := w.end(0, m), w.end(1, m)
		if 2*m == n {
			consider(cut{pairs: m}, over+a+b)
			continue
		}
		consider(cut{pairs: m}, over+b+w.through(0, m))
		consider(cut{pairs: m, second: true}, over+a+w.through(1, m))
	}
	s.steps -= int64(n)
	st.kids = append(st.kids, s.siblings...)
	slices.SortStableFunc(st.kids, func(a, b *state) int { return int(a.cost - b.cost) })
}

// set prepares w for line k of the state that sol solves.
func (w *cutter) set(s *scratch, sol *solution, k int) {
	p := &sol.state.slots[k]
	w.meter, w.line = &s.meter, p.line
	n := len(p.line.v)
	w.lines = append(w.lines[:0], &w.strands[0], &w.strands[1], p.line)
	w.all = append(w.all[:0], &w.chains[0], &w.chains[1], &w.whole)
	for x := range w.strands {
		l := &w.strands[x]
		l.store = alternate(l.store[:0], p.line.v, x)
		l.set(l.store, s.price)
		l.propose(&s.meter, s.without)
		w.chains[x].find(&s.meter, task{line: l, hi: len(l.v), role: argument(dsl.Interleave, x)})
	}
	w.whole.find(&s.meter, task{line: p.line, hi: n, role: p.role})
	for x := range sol.lines {
		if x != k {
			w.lines = append(w.lines, sol.lines[x])
			if x < sol.own() {
				w.all = append(w.all, sol.chains[x])
			} else {
				w.all = append(w.all, &sol.known.chain)
			}
		}
	}
	w.relate(s.without)
	for x := range w.tails {
		t := &w.tails[x]
		t.lit = append(t.lit[:0], p.line.lit...)
		if x == 0 {
			discount(t.lit)
		}
		t.set(w.meter, p.line, w.offers[lineWhole])
	}
	discount(w.strands[0].lit)
	for x := range 2 {
		w.usable[x] = w.usable[x][:0]
		w.looked[x] = 0
		w.chains[x].hi = n // to be found anew
	}
}

// discount makes the prices of literals those of a line that is cut again.
func discount(lit []int32) {
	for i := range lit {
		lit[i] /= splitAgain
	}
}

// relate finds pieces of the strands and the line that derive from others. It
// supposes that these are there as lists.
func (w *cutter) relate(without ruleSet) {
	t := &w.text
	t.found, t.effort = t.found[:0], estimated
	t.set(w.meter, w.lines, w.all, lineOthers)
	t.propose(without)
	for x := range w.offers {
		w.offers[x] = w.offers[x][:0]
	}
	for k := range t.found {
		r := &t.found[k]
		if !comesAfter(t, r) {
			continue
		}
		x := t.line[r.at.i]
		at := r.at.moved(-t.base[x])
		o := offer{start: at.i, from: at.j, p: piece{op: r.op, end: at.j, body: r.body + r.cuts, rel: r}}
		if x != lineWhole {
			o.shrink(t, r)
		}
		if o.from <= o.p.end {
			w.offers[x] = append(w.offers[x], o)
		}
	}
	for x := range w.offers {
		slices.SortStableFunc(w.offers[x], func(a, b offer) int {
			if x != lineWhole && a.most != b.most {
				return int(b.most - a.most)
			}
			return int(a.start - b.start)
		})
	}
}

// shrink says of the offer of r, in a strand, to which lengths it may be cut and in
// which strands it may be used: what it derives from in the line must be in the
// tail.
func (o *offer) shrink(t *text, r *relation) {
	o.most = MaxBlock
	for _, sp := range r.src {
		if !sp.empty() && t.line[sp.i] == lineWhole {
			o.most = min(o.most, (sp.i-t.base[lineWhole])/2)
		}
	}
	if r.op != dsl.RepeatList && r.src[1].empty() {
		o.from = o.start + least
	}
	o.p.end = min(o.p.end, o.most)
}

// comesAfter reports whether what r makes comes after what it derives from, in an
// order of all positions: the other lines, the line, its strands. If the one could
// be derived from the other as well, both would be taken to be.
func comesAfter(t *text, r *relation) bool {
	switch r.op {
	case dsl.Ref, dsl.ReverseList, dsl.AddItem, dsl.SubtractItem, dsl.Substitute:
	default: // not the other way round
		return true
	}
	x, y := t.line[r.src[0].i], t.line[r.at.i]
	if x == y {
		return r.src[0].i < r.at.i
	}
	rank := [lineOthers]int{lineWhole: 1, lineFirst: 2, lineSecond: 3}
	return x >= lineOthers || rank[x] < rank[y]
}

// shorten makes the chain of strand x one from which the cost of the first m
// elements can be read. m falls from call to call, so offers become usable; the
// chain is found anew only if some did.
func (w *cutter) shorten(x, m int) {
	before := w.looked[x]
	for ; w.looked[x] < len(w.offers[x]) && int(w.offers[x][w.looked[x]].most) >= m; w.looked[x]++ {
		if o := w.offers[x][w.looked[x]]; int(o.start) < m {
			at, _ := slices.BinarySearchFunc(w.usable[x], o.start+1, func(o offer, start int32) int { return int(o.start - start) })
			w.usable[x] = slices.Insert(w.usable[x], at, o)
		}
	}
	l := &w.strands[x]
	if w.looked[x] > before || w.chains[x].hi > len(l.v) {
		w.chains[x].find(w.meter, task{line: l, hi: min(m, len(l.v)), role: argument(dsl.Interleave, x), extra: w.usable[x]})
	}
}

// end returns the cost of the first m elements of strand x, as the first of several
// pieces.
func (w *cutter) end(x, m int) int32 {
	c := &w.chains[x]
	if m == c.hi {
		return min(c.cost+w.price.first[dsl.SetList]-w.price.sym[dsl.Interleave][x][dsl.SetList], c.cells[m].cost)
	}
	return c.cells[m].cost
}

// through returns the cost of the first m elements of strand x and the elements of
// the line after the m pairs. The last piece of the strand may go on in them.
func (w *cutter) through(x, m int) int32 {
	t := &w.tails[x]
	return min(w.end(x, m)+t.cost[2*m], w.endLiteral(x, m)+t.open[2*m], w.endRange(x, m))
}

// endLiteral returns the cost of the first m elements of strand x, the last in a
// literal.
func (w *cutter) endLiteral(x, m int) int32 {
	cells := w.chains[x].cells
	if cells[m].p == nil {
		return cells[m].cost
	}
	lit := w.strands[x].lit
	return cells[m-1].cost + w.price.next[dsl.SetList] + w.price.length[1] + lit[m] - lit[m-1]
}

// endRange returns the cost of through if a progression that ends the strand goes
// on in the tail, or unreachable if none does.
func (w *cutter) endRange(x, m int) int32 {
	v, after := w.strands[x].v[:m], w.line.v[2*m:]
	step := v[m-1] - v[m-2]
	n, more := 2, 0
	for n < m && v[m-n]-v[m-n-1] == step {
		n++
	}
	for more < len(after) && after[more] == v[m-1]+int32(more+1)*step {
		more++
	}
	if more == 0 {
		return unreachable
	}
	from := m - n
	symbols := &w.price.next
	if from == 0 {
		symbols = &w.price.first
	}
	op, body := w.price.progression(v[from], step, n+more)
	if body >= unreachable {
		return unreachable
	}
	return w.chains[x].cells[from].cost + symbols[op] + body + w.tails[x].cost[2*m+more]
}

// A tail has the cost of chains of a line's elements from each to the end.
type tail struct {
	lit  []int32 // lit[i]: price of elements 0..i-1 in a literal
	cost []int32 // cost[i]: the cheapest chain from i on, with a concatenate before it
	open []int32 // open[i]: the same, the first piece a literal without symbol and length
}

// typicalLiteral is the length in elements that stands for any of a tail's
// literals (arbitrary: their lengths cost within 3 bits of each other).
const typicalLiteral = 8

// set finds the chains of l, right to left. The pieces of extra, by start, may be
// used like the leaves'.
func (t *tail) set(m *meter, l *line, extra []offer) {
	n, next := len(l.v), &m.price.next
	t.cost, t.open = grow(t.cost, n+1), grow(t.open, n+1)
	t.cost[n], t.open[n] = 0, 0
	literal := int32(unreachable) // the cheapest literal that i may be in, its cost plus that of the elements before i
	last := len(extra) - 1
	for i := n - 1; i >= 0; i-- {
		literal = min(literal, t.cost[i+1]+t.lit[i+1])
		t.open[i] = literal - t.lit[i]
		t.cost[i] = t.open[i] + next[dsl.SetList] + m.price.length[typicalLiteral]
		for k := l.lo[i]; k < l.hi[i]; k++ {
			p := &l.offers[k]
			t.cost[i] = min(t.cost[i], next[p.op]+p.body+t.cost[p.end])
		}
		for ; last >= 0 && int(extra[last].start) >= i; last-- {
			p := &extra[last].p
			t.cost[i] = min(t.cost[i], next[p.op]+p.body+t.cost[p.end])
		}
	}
	m.steps -= int64(n + len(l.offers))
}
