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
// chain from there to the end of the line.
//
// Of relations it knows two kinds: those of the line to other lines, which solving
// the state has found, and copies, in a strand, of another line or of the tail. Fewer
// pairs make a longer tail, so copies are added as it grows (shorten). That takes a
// tenth of the steps that all rules took on a text of the strands and the lines, and
// ranks cuts better: programs of generated sequences are 2.9 % smaller at 3 ms and
// 1.4 % at 10 ms. What strands derive from each other misleads, since the first one
// is cut again: without it, programs are 0.4 % and 0.3 % smaller (November 2026).
type cutter struct {
	*meter
	line    *line // to be cut
	strands [2]line
	chains  [2]chain // of the strands' beginnings
	tails   [2]tail  // in the first strand and in the second

	links   []link     // of a strand's chain
	derived []offer    // of the line, by start
	offers  [2][]offer // of the strands, those for the longest ones first
	usable  [2][]offer // of the strands' offers, by start: those that may be used now
	looked  [2]int     // number of the strands' offers that usable was chosen from
}

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
	consider := func(c cut, cost int32) {
		if cost <= limit {
			s.considered++
			st.kids = append(st.kids, kid{cut: c, which: int32(k), cost: cost, number: s.considered})
		}
	}
	for m := n / 2; m >= 2 && s.steps > 0; m-- {
		w.shorten(0, m)
		w.shorten(1, m)
		a, b := w.end(0, m), w.end(1, m)
		if 2*m == n {
			consider(cut{pairs: int32(m)}, over+a+b)
			continue
		}
		consider(cut{pairs: int32(m)}, over+b+w.through(0, m))
		consider(cut{pairs: int32(m), second: true}, over+a+w.through(1, m))
	}
	s.steps -= int64(n)
	slices.SortStableFunc(st.kids, func(a, b kid) int { return int(a.cost - b.cost) })
}

// set prepares w for line k of the state that sol solves.
func (w *cutter) set(s *scratch, sol *solution, k int) {
	w.meter, w.line = &s.meter, sol.lines[k]
	for x := range w.strands {
		l := &w.strands[x]
		l.store = alternate(l.store[:0], w.line.v, x)
		l.set(l.store, s.price)
		l.propose(&s.meter, s.without)
		if x == 0 {
			discount(l.lit)
		}
		w.chains[x].find(&s.meter, task{line: l, hi: len(l.v), role: argument(dsl.Interleave, x)})
	}
	w.deriveTail(&sol.text, k)
	for x := range w.strands {
		w.copies(&sol.text, k, x)
	}
	for x := range w.tails {
		t := &w.tails[x]
		t.lit = append(t.lit[:0], w.line.lit...)
		if x == 0 {
			discount(t.lit)
		}
		t.set(w.meter, w.line, w.derived)
	}
	w.usable[0], w.usable[1], w.looked = w.usable[0][:0], w.usable[1][:0], [2]int{}
}

// discount makes the prices of literals those of a line that is cut again.
func discount(lit []int32) {
	for i := range lit {
		lit[i] /= splitAgain
	}
}

// deriveTail finds pieces of the line, which is number k of t, that derive from
// other lines: those that solving the state has found.
func (w *cutter) deriveTail(t *text, k int) {
	w.derived = w.derived[:0]
	base := t.base[k]
	for x := range t.found {
		r := &t.found[x]
		if int(t.line[r.at.i]) != k || int(t.line[r.src[0].i]) == k || !r.src[1].empty() && int(t.line[r.src[1].i]) == k {
			continue
		}
		at := r.at.moved(-base)
		w.derived = append(w.derived, offer{start: at.i, p: piece{op: r.op, end: at.j, body: r.body + r.cuts}})
	}
	w.steps -= int64(len(t.found)) / 4
	slices.SortStableFunc(w.derived, func(a, b offer) int { return int(a.start - b.start) })
}

// copies finds pieces of strand x that stand in another line of t or further on in
// the line to be cut, which is number k. There they are supposed to be lists.
func (w *cutter) copies(t *text, k, x int) {
	l := &w.strands[x]
	w.offers[x] = w.offers[x][:0]
	w.links = w.chains[x].links(w.links[:0])
	for _, p := range w.links {
		last := p.i
		if p.p == nil || p.j-p.i < shortPiece {
			last = p.j - 1
		}
		for i := p.i; i <= last && int(i)+least <= len(l.v); i++ {
			w.copiesAt(t, k, x, i, i == p.i)
		}
	}
	slices.SortStableFunc(w.offers[x], func(a, b offer) int {
		if a.most != b.most {
			return int(b.most - a.most)
		}
		return int(a.start - b.start)
	})
}

// copiesAt finds the copies of strand x's elements from i on; border reports
// whether a link starts there.
func (w *cutter) copiesAt(t *text, k, x int, i int32, border bool) {
	v, cells := w.strands[x].v, w.chains[x].cells
	after := t.base[k] + 2*(i+least) // the line's positions from here on may be in the tail
	w.steps--
	for a := t.first(v[i]); a >= 0 && w.steps > 0; a = t.next[a] {
		w.steps--
		own := int(t.line[a]) == k
		if t.v[a+1] != v[i+1] || own && a < after ||
			!border && a > 0 && t.v[a-1] == v[i-1] && t.linkOf(a).i != a {
			continue
		}
		n := int32(2)
		for int(i+n) < len(v) && v[i+n] == t.v[a+n] {
			n++
		}
		w.steps -= int64(n) / 4
		most := int32(MaxBlock)
		if own {
			most = (a - t.base[k]) / 2
		}
		end := min(i+n, most)
		if n = end - i; n < least {
			continue
		}
		body := w.price.reference
		if t.linkOf(a).i != a {
			body += w.price.next[dsl.SetList]
		}
		if t.linkOf(a+n-1).j != a+n {
			body += w.price.next[dsl.SetList]
		}
		if body+w.price.next[dsl.Ref] < cells[end].cost-cells[i].cost {
			w.offers[x] = append(w.offers[x], offer{
				start: i, from: i + least, most: most, p: piece{op: dsl.Ref, end: end, body: body},
			})
		}
	}
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
	if w.looked[x] > before {
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
		offers := l.starting(i)
		for k := range offers {
			p := &offers[k]
			t.cost[i] = min(t.cost[i], next[p.op]+p.body+t.cost[p.end])
		}
		for ; last >= 0 && int(extra[last].start) >= i; last-- {
			p := &extra[last].p
			t.cost[i] = min(t.cost[i], next[p.op]+p.body+t.cost[p.end])
		}
	}
	m.steps -= int64(n + len(l.offers))
}
