package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A chain is the cheapest way to make elements lo..hi-1 of a line: by one piece,
// or by several, concatenated.
//
// Invariant: a cell that is reachable starts at a reachable cell, so the links of
// every reachable position lead back to lo.
type chain struct {
	line   *line
	lo, hi int
	cells  []cell  // cells[k]: the elements before lo+k, made by a first piece and others
	single cell    // all elements, made by one piece
	cost   int32   // of the cheaper, in the role asked for
	one    bool    // that is the single piece
	extra  []offer // of relations, whose pieces it may hold
}

// A cell is the cheapest chain that makes the elements before a position.
type cell struct {
	cost int32
	from int32  // start of its last piece
	p    *piece // nil for a literal
}

// op returns the operation of the cell's last piece.
func (x *cell) op() dsl.Op {
	if x.p == nil {
		return dsl.SetList
	}
	return x.p.op
}

// A role is what a list is in a program: argument arg of parent.
type role struct {
	parent dsl.Parent
	arg    uint8
}

// argument returns the role of argument arg of op.
func argument(op dsl.Op, arg int) role { return role{dsl.Parent(op), uint8(arg)} }

// symbols returns the prices of the operations that may make a list in role r.
func (t *prices) symbols(r role) *[ops]int32 { return &t.sym[r.parent][r.arg] }

// A span is positions i..j-1 of a line or of a text.
type span struct{ i, j int32 }

func spanOf(i, n int) span        { return span{int32(i), int32(i + n)} }
func (s span) len() int           { return int(s.j - s.i) }
func (s span) empty() bool        { return s.i == s.j }
func overlap(a, b span) bool      { return a.i < b.j && b.i < a.j }
func (s span) moved(d int32) span { return span{s.i + d, s.j + d} }

// A fence keeps spans of a line apart: pieces in a row must make each. A span is in
// another or beside it.
type fence struct {
	limit []int32 // limit[i]: a piece from i on must end here or before, at the next end of a span
}

// set makes f the fence of the spans wanted of a line of n elements.
func (f *fence) set(n int, wanted []span) {
	f.limit = grow(f.limit, n+1)
	for i := range f.limit {
		f.limit[i] = 0
	}
	for _, w := range wanted {
		f.limit[w.i], f.limit[w.j] = 1, 1
	}
	next := int32(n)
	for i := n; i >= 0; i-- {
		border := f.limit[i] > 0
		f.limit[i] = next
		if border {
			next = int32(i)
		}
	}
}

// A task is what find looks for: a chain of elements lo..hi-1 of a line in a role.
type task struct {
	line   *line
	lo, hi int
	role
	extra []offer // of relations, by start; they may be used like the leaves' pieces
	fence *fence  // nil if there is none
	plain bool    // without pieces of the rule leafInterleave
}

// longestLiteral is the length in elements of the longest literal that is one
// piece of several: a longer one is cut, for the price of two symbols and a
// length. Arbitrary; it bounds the work of a position.
const longestLiteral = 64

// A linking is one run of find: dynamic programming over the positions of the
// task, left to right, in which each reachable position lends its cost to the
// ends of all pieces that start there.
type linking struct {
	task
	c     *chain
	cells []cell // of c
	price *prices
	first bool        // the position is lo
	next  *[ops]int32 // symbols of a piece that starts at the position
	limit int32       // a piece that starts at the position must end here or before
	used  int         // of extra
	steps int64

	// If literals cost the same whatever their length: the cheapest literal that
	// the position may be in, its cost less that of the elements before it.
	open     int32
	openFrom int32
}

// find makes c the cheapest chain of the task.
func (c *chain) find(m *meter, t task) {
	n := t.hi - t.lo
	c.line, c.lo, c.hi = t.line, t.lo, t.hi
	c.cells = grow(c.cells, n+1)
	for k := range c.cells {
		c.cells[k].cost = unreachable
	}
	c.cells[0] = cell{}
	c.single.cost = unreachable
	k := linking{
		task: t, c: c, cells: c.cells, price: m.price, first: true, next: &m.price.first,
		limit: int32(t.hi), steps: int64(n), open: unreachable,
	}
	for i := t.lo; i < t.hi; i++ {
		here, f := &c.cells[i-t.lo], t.fence
		border := f != nil && k.pass(i)
		if here.cost < unreachable {
			k.useLeaves(here.cost, i)
			if k.used < len(t.extra) {
				k.useRelations(here.cost, i)
			}
			if f != nil {
				k.useFragment(here.cost, i)
			}
			if k.first && k.limit == int32(t.hi) {
				k.useSingle(k.price.symbols(t.role)[dsl.SetList]+k.price.length[n]+t.line.lit[t.hi]-t.line.lit[i], nil)
			}
			if k.price.flat {
				k.useOpenLiteral(here.cost, i)
			} else if k.first || here.p != nil || border || int(here.from) == i-longestLiteral {
				k.useLiterals(here.cost, i)
			} // else a literal ends here, which could be longer: that is no dearer than two
		}
		if k.open < unreachable && int32(i) < k.limit {
			k.relax(int32(i+1), cell{cost: k.open + t.line.lit[i+1], from: k.openFrom})
		}
		k.first, k.next = false, &m.price.next
	}
	m.spend(k.steps)
	c.choose(m.price, t.role)
}

// pass moves the fence's limit on to position i and reports whether a span starts
// or ends there. No literal goes through.
func (k *linking) pass(i int) (border bool) {
	if border = !k.first && k.fence.limit[i] != k.limit; border {
		k.open = unreachable
	}
	k.limit = min(int32(k.hi), k.fence.limit[i])
	return border
}

// useLeaves uses the pieces of leaves that start at i, which is reached at cost.
func (k *linking) useLeaves(cost int32, i int) {
	offers := k.line.starting(i)
	k.steps += int64(len(offers))
	for x := range offers {
		if p := &offers[x]; !k.plain || p.rule != leafInterleave {
			k.use(cost, i, p)
		}
	}
}

// useRelations uses the pieces of relations that start at i, which is reached at cost.
func (k *linking) useRelations(cost int32, i int) {
	for ; k.used < len(k.extra) && int(k.extra[k.used].start) <= i; k.used++ {
		x := &k.extra[k.used]
		if int(x.start) < i {
			continue
		}
		k.steps += int64(x.p.end - x.from + 1)
		made := cell{cost: cost + k.next[x.p.op] + x.p.body, from: int32(i), p: &x.p}
		for end := x.from; end < x.p.end && end <= k.limit; end++ {
			k.relax(end, made)
		}
		k.use(cost, i, &x.p)
	}
}

// useFragment uses the part of a progression that is a span of the fence: leaves
// offer only the longest progressions that start within another.
func (k *linking) useFragment(cost int32, i int) {
	l, limit := k.line, k.fence.limit
	n := int(limit[i]) - i // length of the span
	if int(limit[i]) >= k.hi || n < 2 || int(l.run[i]) < n || !l.inRun(i) || limit[i-1] == limit[i] {
		return
	}
	op, body := k.price.progression(l.v[i], l.v[i+1]-l.v[i], int(k.limit)-i)
	if body < unreachable && (k.first || cost+k.next[op]+body < k.cells[int(k.limit)-k.lo].cost) {
		k.use(cost, i, &piece{op: op, rule: leafRange, end: k.limit, body: body})
	}
}

// useLiterals uses the literals that start at i, which is reached at cost.
func (k *linking) useLiterals(cost int32, i int) {
	lit := k.line.lit
	start := cost + k.next[dsl.SetList] - lit[i]
	end := min(int(k.limit), i+longestLiteral)
	k.steps += int64(end-i) / 4 // a length is cheap to try, a quarter of a step
	for j := i + 1; j <= end; j++ {
		k.relax(int32(j), cell{cost: start + k.price.length[j-i] + lit[j], from: int32(i)})
	}
}

// useOpenLiteral uses the literals that start at i, which is reached at cost, if their
// lengths cost nothing: the cheapest is kept from position to position.
func (k *linking) useOpenLiteral(cost int32, i int) {
	if start := cost + k.next[dsl.SetList] - k.line.lit[i]; start < k.open {
		k.open, k.openFrom = start, int32(i)
	}
}

// use uses a piece that starts at i, which is reached at cost.
func (k *linking) use(cost int32, i int, p *piece) {
	switch {
	case p.end > k.limit:
	case k.first && int(p.end) == k.hi:
		k.useSingle(k.price.symbols(k.role)[p.op]+p.body, p)
	default:
		k.relax(p.end, cell{cost: cost + k.next[p.op] + p.body, from: int32(i), p: p})
	}
}

// relax makes x the cell of position end if it is cheaper.
func (k *linking) relax(end int32, x cell) {
	if old := &k.cells[int(end)-k.lo]; x.cost < old.cost {
		*old = x
	}
}

// useSingle makes p the single piece if it is cheaper.
func (k *linking) useSingle(cost int32, p *piece) {
	if cost < k.c.single.cost {
		k.c.single = cell{cost: cost, from: int32(k.lo), p: p}
	}
}

// choose takes the cheaper of the single piece and the several.
func (c *chain) choose(t *prices, r role) {
	c.cost, c.one = c.single.cost, true
	if end := &c.cells[c.hi-c.lo]; end.from > int32(c.lo) && end.cost < unreachable {
		several := end.cost - t.sym[dsl.Concatenate][0][dsl.Concatenate] + t.symbols(r)[dsl.Concatenate]
		if several < c.cost {
			c.cost, c.one = several, false
		}
	}
}

// A link is a piece of a chain, from element i to before j; nil is a literal.
type link struct {
	i, j int32
	p    *piece
}

func (k *link) span() span { return span{k.i, k.j} }

// links appends the links of the chain, first to last.
func (c *chain) links(dst []link) []link { return c.linksOf(dst, c.hi-c.lo) }

// linksOf appends the links of the first n elements of the chain.
func (c *chain) linksOf(dst []link, n int) []link {
	if n == c.hi-c.lo && c.one {
		return append(dst, link{int32(c.lo), int32(c.hi), c.single.p})
	}
	first := len(dst)
	for j := int32(c.lo + n); j > int32(c.lo); {
		x := &c.cells[int(j)-c.lo]
		dst = append(dst, link{x.from, j, x.p})
		j = x.from
	}
	slices.Reverse(dst[first:])
	return dst
}

// distance returns how much more the cheapest chain to the end of sp costs than that
// to its start.
func (c *chain) distance(sp span) int32 { return c.cells[sp.j].cost - c.cells[sp.i].cost }

// cheapest returns the price of the cheapest piece that makes sp.
func (c *chain) cheapest(t *prices, sp span) int32 {
	l, symbols, n := c.line, t.later(sp.i), sp.len()
	cost := symbols[dsl.SetList] + t.length[n] + l.lit[sp.j] - l.lit[sp.i]
	for _, p := range l.starting(int(sp.i)) {
		if p.end == sp.j {
			cost = min(cost, symbols[p.op]+p.body)
		}
	}
	if n > 1 && sp.i+l.run[sp.i] >= sp.j {
		op, body := t.progression(l.v[sp.i], l.v[sp.i+1]-l.v[sp.i], n)
		cost = min(cost, symbols[op]+body)
	}
	for k := range c.extra {
		if x := &c.extra[k]; x.start == sp.i && x.p.end == sp.j {
			cost = min(cost, symbols[x.p.op]+x.p.body)
		}
	}
	return cost
}

// later returns the prices of the symbols of a piece that starts at element i of a line.
func (t *prices) later(i int32) *[ops]int32 {
	if i == 0 {
		return &t.first
	}
	return &t.next
}
