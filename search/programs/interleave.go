package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// weaves is what is needed to guess the cost of undoing interleaves of a line
// at each length. interleave(a, b) ++ rest is interleave(a ++ rest, b) where a is
// at least as long as b, else interleave(a, b ++ rest): the length m of the part
// that alternates, and whose the rest is, say it all.
type weaves struct {
	strands [2]line
	values  [2][]int32
	chains  [2]chain
	rest    [2]rest // by whose it is

	text  text
	lines []*line
	all   []*chain
	whole chain
	extra [3][]offer // pieces of relations, of the strands and of the line
	valid [2][]offer // those of a strand that may be used now
	taken [2]int     // how many of a strand's were looked at
}

// A rest is what chains of the line's elements from a place to its end cost.
type rest struct {
	lit    []int32 // lit[i]: price of elements 0..i-1 in a literal
	suffix []int32 // the cheapest chain, with a concatenate before it
	open   []int32 // the same, the first piece a literal, without its symbol and length
}

// hoped is what a literal of the first strand is expected to cost once that is
// parted in its turn, 1/hoped of its price: the second one is never parted. Without
// this, whatever leaves few literals now seems best, however it cuts through lists.
const hoped = 2

// expand appends to st's kids the states in which line k of st is parted. What
// the lines cost in st is that of sol.
func (s *scratch) expand(st *state, k int, sol *solution) {
	p := &st.lines[k]
	l := p.line
	n := len(l.v)
	if n < 6 || s.steps <= 0 {
		return
	}
	w := &s.weaves
	pr := s.price
	lines, chains := append(w.lines[:0], &w.strands[0], &w.strands[1], l), append(w.all[:0], &w.chains[0], &w.chains[1], &w.whole)
	for x := range 2 {
		w.values[x] = w.values[x][:0]
		for i := x; i < n; i += 2 {
			w.values[x] = append(w.values[x], l.v[i])
		}
		sl := &w.strands[x]
		sl.set(w.values[x], pr)
		sl.propose(s)
		w.chains[x].find(s, sl, 0, len(sl.v), dsl.Interleave, x, nil, nil)
	}
	w.whole.find(s, l, 0, n, p.parent, p.arg, nil, nil)
	for x := range st.lines {
		if x != k {
			lines = append(lines, st.lines[x].line)
			chains = append(chains, s.solution.chains[x])
		}
	}
	if s.known != nil {
		lines, chains = append(lines, &s.known.line), append(chains, &s.known.chain)
	}
	w.lines, w.all = lines, chains
	w.relate(s)
	for x := range w.rest {
		r := &w.rest[x]
		r.lit = append(r.lit[:0], l.lit...)
		if x == 0 {
			hope(r.lit)
		}
		s.suffixes(r, w.extra[2], l)
	}
	hope(w.strands[0].lit)
	over := sol.cost - sol.chains[k].cost + pr.sym[p.parent][p.arg][dsl.Interleave] -
		pr.first[dsl.SetList] + pr.sym[dsl.Interleave][0][dsl.SetList] - // about the same for all operations
		pr.first[dsl.SetList] + pr.sym[dsl.Interleave][1][dsl.SetList]
	s.siblings = s.siblings[:0]
	for x := range 2 {
		w.valid[x] = w.valid[x][:0]
		w.taken[x] = 0
		w.chains[x].hi = n // none yet
	}
	for m := n / 2; m >= 2 && s.steps > 0; m-- {
		for x := range 2 {
			w.narrow(s, x, m)
		}
		a, b := w.end(s, 0, m), w.end(s, 1, m)
		if 2*m == n {
			s.push(st, k, m, false, over+a+b)
			continue
		}
		s.push(st, k, m, false, over+b+w.through(s, 0, m, l))
		s.push(st, k, m, true, over+a+w.through(s, 1, m, l))
	}
	s.steps -= int64(n)
	st.kids = append(st.kids, s.siblings...)
	slices.SortStableFunc(st.kids, func(a, b *state) int { return int(a.cost - b.cost) })
}

// hope makes the prices of literals those hoped for.
func hope(lit []int32) {
	for i := range lit {
		lit[i] /= hoped
	}
}

// relate finds pieces of the strands and the line that derive from others. It is
// hopeful: that what they derive from is there as a list.
func (w *weaves) relate(s *scratch) {
	t := &w.text
	t.found = t.found[:0]
	t.set(s, w.lines, w.all, 3)
	t.propose()
	for x := range w.extra {
		w.extra[x] = w.extra[x][:0]
	}
	for k := range t.found {
		r := &t.found[k]
		x := t.line[r.at.i]
		if !before(t, r) {
			continue
		}
		base := t.base[x]
		o := offer{at: r.at.i - base, p: piece{op: r.op, end: r.at.j - base, body: r.body + r.cuts, rel: r}}
		if x == 2 {
			o.from = o.p.end
			w.extra[x] = append(w.extra[x], o)
			continue
		}
		last := o.p.end
		o.most = MaxBlock
		for _, sp := range r.src {
			if sp.j > sp.i && t.line[sp.i] == 2 {
				o.most = min(o.most, (sp.i-t.base[2])/2)
			}
		}
		last = min(last, o.most)
		o.from = o.at + least
		if r.op == dsl.RepeatList || r.src[1].j > 0 {
			o.from = o.p.end
		}
		if o.p.end = last; o.from <= last {
			w.extra[x] = append(w.extra[x], o)
		}
	}
	for x := range w.extra {
		slices.SortStableFunc(w.extra[x], func(a, b offer) int {
			if x < 2 && a.most != b.most {
				return int(b.most - a.most)
			}
			return int(a.at - b.at)
		})
	}
}

// before reports whether what r derives from comes before what is derived, in
// an order of all places: the other lines, the line, its strands. Where the one
// could be derived from the other as well, a hopeful search would do both.
func before(t *text, r *relation) bool {
	switch r.op {
	case dsl.Ref, dsl.ReverseList, dsl.AddItem, dsl.SubtractItem, dsl.Substitute:
	default:
		return true
	}
	x, y := t.line[r.src[0].i], t.line[r.at.i]
	if x == y {
		return r.src[0].i < r.at.i
	}
	rank := [3]int{2, 3, 1}
	return x > 2 || rank[x] < rank[y]
}

// push notes that line k of st may be parted after m pairs, at about cost.
func (s *scratch) push(st *state, k, m int, second bool, cost int32) {
	if cost <= s.solution.limit {
		s.made++
		s.siblings = append(s.siblings, &state{parent: st, part: k, m: m, second: second, cost: cost, depth: st.depth + 1, number: s.made})
	}
}

// narrow makes the chain of strand x one of at most m elements, of which the
// prices of all its beginnings are read, with the pieces whose sources are not
// within what alternates.
func (w *weaves) narrow(s *scratch, x, m int) {
	before := w.taken[x]
	for w.taken[x] < len(w.extra[x]) && w.extra[x][w.taken[x]].most >= int32(m) {
		if o := w.extra[x][w.taken[x]]; int(o.at) < m {
			at, _ := slices.BinarySearchFunc(w.valid[x], o.at+1, func(o offer, at int32) int { return int(o.at - at) })
			w.valid[x] = slices.Insert(w.valid[x], at, o)
		}
		w.taken[x]++
	}
	if w.taken[x] > before || w.chains[x].hi > len(w.strands[x].v) {
		w.chains[x].find(s, &w.strands[x], 0, min(m, len(w.strands[x].v)), dsl.Interleave, x, w.valid[x], nil)
	}
}

// end is the price of the chain of the first m elements of strand x.
func (w *weaves) end(s *scratch, x, m int) int32 {
	c := &w.chains[x]
	if m == c.hi {
		return min(c.cost+s.price.first[dsl.SetList]-s.price.sym[dsl.Interleave][x][dsl.SetList], c.cells[m].cost)
	}
	return c.cells[m].cost
}

// literal is the price of the chain of the first m elements of strand x that ends
// in a literal.
func (w *weaves) literal(s *scratch, x, m int) int32 {
	cells := w.chains[x].cells
	if cells[m].p == nil {
		return cells[m].cost
	}
	return cells[m-1].cost + s.price.next[dsl.SetList] + s.price.length[1] + w.strands[x].lit[m] - w.strands[x].lit[m-1]
}

// through is the price of the chain of the first m elements of strand x and the
// elements of l after them.
func (w *weaves) through(s *scratch, x, m int, l *line) int32 {
	pr := s.price
	suffix, open := w.rest[x].suffix, w.rest[x].open
	best := w.end(s, x, m) + suffix[2*m]
	if c := w.literal(s, x, m) + open[2*m]; c < best {
		best = c
	}
	// A progression that ends the strand and goes on.
	v, rest := w.strands[x].v[:m], l.v[2*m:]
	run := 1
	for run < m && (run < 2 || v[m-run]-v[m-run-1] == v[m-1]-v[m-2]) {
		run++
	}
	if run < 2 {
		return best
	}
	step, more := v[m-1]-v[m-2], 0
	for more < len(rest) && rest[more] == v[m-1]+int32(more+1)*step {
		more++
	}
	if more == 0 {
		return best
	}
	from := m - run
	if from == 1 && run > 3 {
		from = m - run // the first element stays a literal
	}
	symbols := &pr.next
	if from == 0 {
		symbols = &pr.first
	}
	if op, body := pr.progression(v[from], step, run+more); body < unreachable {
		best = min(best, w.chains[x].cells[from].cost+symbols[op]+body+suffix[2*m+more])
	}
	return best
}

// suffixes sets the prices of chains to the end of l, in which the pieces extra
// may be used beside the leaves'.
func (s *scratch) suffixes(r *rest, extra []offer, l *line) {
	n := len(l.v)
	pr := s.price
	r.suffix, r.open = grow(r.suffix, n+1), grow(r.open, n+1)
	r.suffix[n], r.open[n] = 0, 0
	literal := int32(unreachable) // the cheapest literal under way
	last := len(extra) - 1
	for i := n - 1; i >= 0; i-- {
		r.open[i], r.suffix[i] = unreachable, unreachable
		if c := r.suffix[i+1] + r.lit[i+1]; c < literal {
			literal = c
		}
		r.open[i] = literal - r.lit[i]
		r.suffix[i] = r.open[i] + pr.next[dsl.SetList] + pr.length[8]
		for k := l.lo[i]; k < l.hi[i]; k++ {
			p := &l.offers[k]
			if c := pr.next[p.op] + p.body + r.suffix[p.end]; c < r.suffix[i] {
				r.suffix[i] = c
			}
		}
		for ; last >= 0 && int(extra[last].at) >= i; last-- {
			p := &extra[last].p
			if c := pr.next[p.op] + p.body + r.suffix[p.end]; int(extra[last].at) == i && c < r.suffix[i] {
				r.suffix[i] = c
			}
		}
	}
	s.steps -= int64(n + len(l.offers))
}

// make makes the lines of st, a state parted from its parent.
func (s *scratch) make(st *state) {
	if st.tree != nil {
		return
	}
	p := st.parent.lines[st.part]
	v := p.line.v
	kids := [2]place{{parent: dsl.Interleave, arg: 0, first: p.first}, {parent: dsl.Interleave, arg: 1}}
	node := &tree{op: dsl.Interleave}
	for x := range kids {
		l := s.line()
		w := l.store[:0]
		for i := x; i < 2*st.m; i += 2 {
			w = append(w, v[i])
		}
		if (x == 1) == st.second {
			w = append(w, v[2*st.m:]...)
		}
		l.store = w
		l.set(w, s.price)
		l.propose(s)
		kids[x].line = l
		node.kids[x] = &tree{line: l}
	}
	st.tree = st.parent.tree.replace(p.line, node)
	st.lines = append(st.lines, st.parent.lines[:st.part]...)
	st.lines = append(st.lines, kids[0], kids[1])
	st.lines = append(st.lines, st.parent.lines[st.part+1:]...)
	st.over = st.parent.over + s.price.sym[p.parent][p.arg][dsl.Interleave]
}

// replace is t with u in the place of the line l.
func (t *tree) replace(l *line, u *tree) *tree {
	switch {
	case t.line == l:
		return u
	case t.line != nil:
		return t
	}
	r := *t
	r.kids = [2]*tree{t.kids[0].replace(l, u), t.kids[1].replace(l, u)}
	return &r
}
