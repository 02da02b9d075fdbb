package programs

import "github.com/ktzip/ktzip/dsl"

// woven is interleave of two chains of the strands of a line, the elements at its
// even and at its odd places, from any place on. The chains are as long as one
// another, or the first is longer by one, or one ends in a progression that goes
// on after them. It is for blocks, where nobody knows where interleaves start;
// what it finds is taken apart before it is built (see opened).
type woven struct{}

const (
	// weft is the longest chain of a strand that is looked at.
	weft = 64
	// within is how far from its start one of two strands must hold something
	// but literals.
	within = 24
	// slack is how much dearer than a literal an interleave may be, in 1/256
	// bit: a literal may be longer than it.
	slack = 8 * 256
)

// part makes the strands of l, of these theirs, and so on depth times.
func (l *line) part(s *scratch, depth int) {
	if depth == 0 || len(l.v) < 6 {
		return
	}
	if l.parts == nil {
		l.parts = new([2]line)
	}
	l.strands = l.parts
	for x := range l.strands {
		sl := &l.strands[x]
		sl.store = sl.store[:0]
		for i := x; i < len(l.v); i += 2 {
			sl.store = append(sl.store, l.v[i])
		}
		sl.set(sl.store, s.price)
		sl.part(s, depth-1)
		sl.propose(s)
		for len(sl.from) < len(sl.v) {
			sl.from = append(sl.from, chain{})
		}
		for i := range sl.v {
			sl.from[i].hi = 0 // not known
		}
	}
}

// chainFrom is the chain of a strand that starts at i.
func (l *line) chainFrom(s *scratch, i int) *chain {
	c := &l.from[i]
	if c.hi == 0 {
		c.find(s, l, i, min(i+weft, len(l.v)), dsl.Interleave, 0, nil, nil)
	}
	return c
}

// under is the price of the first n elements of c as argument arg of an
// interleave.
func (c *chain) under(s *scratch, n, arg int) int32 {
	sym := &s.price.sym[dsl.Interleave][arg]
	best := int32(unreachable)
	if x := &c.cells[n]; x.cost < unreachable {
		if int(x.from) > c.lo {
			best = x.cost - s.price.sym[dsl.Concatenate][0][dsl.Concatenate] + sym[dsl.Concatenate]
		} else {
			best = x.cost - s.price.first[x.op()] + sym[x.op()]
		}
	}
	if n == c.hi-c.lo && c.single.cost < unreachable {
		best = min(best, c.single.cost-s.price.sym[dsl.Interleave][0][c.single.op()]+sym[c.single.op()])
	}
	return best
}

// op is the operation of the cell's last piece.
func (x *cell) op() dsl.Op {
	if x.p == nil {
		return dsl.SetList
	}
	return x.p.op
}

func (woven) propose(s *scratch, l *line, i int) {
	if l.strands == nil || len(l.v)-i < 6 || l.run[i] > 3 {
		return
	}
	a, b := &l.strands[i&1], &l.strands[(i+1)&1]
	x, y := i/2, (i+1)/2
	s.steps -= 2
	if !a.holds(x) && !b.holds(y) {
		return
	}
	p, q := a.chainFrom(s, x), b.chainFrom(s, y)
	size := min(weft, len(b.v)-y, len(a.v)-x)
	s.steps -= int64(3 * size)
	for n := 2; n <= size; n++ {
		first, second := p.under(s, n, 0), q.under(s, n, 1)
		o := piece{op: dsl.Interleave, end: int32(i + 2*n), body: first + second, a: int32(n), b: int32(n)}
		l.offerCheap(i, o)
		for k, c := range [2]*chain{p, q} {
			if more, delta := c.goesOn(s, n, l.v[i+2*n:]); more > 0 {
				longer := o
				longer.end, longer.body, longer.c = o.end+int32(more), o.body+delta, int32(k+1)|int32(more)<<2
				l.offerCheap(i, longer)
			}
		}
		if n < weft && x+n < len(a.v) {
			o.a, o.body, o.end = int32(n+1), p.under(s, n+1, 0)+second, o.end+1
			l.offerCheap(i, o)
		}
	}
}

// build panics: see opened.
func (woven) build(*builder, *line, int, *piece) int {
	panic("programs: an interleave was not taken apart")
}

// holds reports whether a piece other than a literal starts near i.
func (l *line) holds(i int) bool { return l.busy[i] > l.busy[min(i+within, len(l.v))] }

func (l *line) offerCheap(i int, p piece) {
	if p.body < l.lit[p.end]-l.lit[i]+slack {
		l.offer(p)
	}
}

// goesOn is by how many elements, the first of rest, the progression that ends
// the first n elements of the chain can be lengthened, and the price of that.
func (c *chain) goesOn(s *scratch, n int, rest []int32) (more int, delta int32) {
	x := &c.cells[n]
	if len(rest) == 0 || x.cost >= unreachable || x.p == nil || x.p.rule != ruleProgression || x.p.a > 0 {
		return 0, 0
	}
	v := c.line.v[x.from : c.lo+n]
	step := v[1] - v[0]
	next := v[len(v)-1] + step
	for more < len(rest) && rest[more] == next {
		more++
		next += step
	}
	if more == 0 {
		return 0, 0
	}
	_, body := s.price.progression(v[0], step, len(v)+more)
	return more, body - x.p.body
}

// opened appends to st the lines that elements from..to-1 of l are where the
// interleaves among parts, the pieces of its chain, are undone, and returns how
// these lines make it. After the elements of l come those of more.
func (s *scratch) opened(st *state, l *line, parts []part, more []int32, at place) *tree {
	type segment struct {
		i, j int32
		p    *piece // nil: no interleave
	}
	var segments []segment
	for _, p := range parts {
		weave := p.p != nil && p.p.op == dsl.Interleave
		if last := len(segments) - 1; !weave && last >= 0 && segments[last].p == nil {
			segments[last].j = p.j
		} else if weave {
			segments = append(segments, segment{p.i, p.j, p.p})
		} else {
			segments = append(segments, segment{i: p.i, j: p.j})
		}
	}
	var t *tree
	for k, g := range segments {
		where := place{parent: dsl.Concatenate, arg: min(k, 1)}
		if len(segments) == 1 {
			where = at
		}
		var rest []int32
		if k == len(segments)-1 {
			rest = more
		}
		u := s.segment(st, l, int(g.i), int(g.j), g.p, rest, where)
		if k > 0 {
			parent, arg := dsl.Concatenate, 0
			if k == len(segments)-1 {
				parent, arg = at.parent, at.arg
			}
			st.over += s.price.sym[parent][arg][dsl.Concatenate]
			u = &tree{op: dsl.Concatenate, kids: [2]*tree{t, u}}
		}
		t = u
	}
	return t
}

// segment appends the lines of elements i..j-1 of l, and more: one, or where p is
// an interleave, those of its strands.
func (s *scratch) segment(st *state, l *line, i, j int, p *piece, more []int32, at place) *tree {
	if p == nil || len(more) > 0 {
		n := s.line()
		n.store = append(append(n.store[:0], l.v[i:j]...), more...)
		n.set(n.store, s.price)
		if l.origin >= 0 {
			n.origin = l.origin + i
		}
		n.propose(s)
		at.line = n
		st.lines = append(st.lines, at)
		return &tree{line: n}
	}
	st.over += s.price.sym[at.parent][at.arg][dsl.Interleave]
	t := &tree{op: dsl.Interleave}
	longer := l.v[j-int(p.c>>2) : j]
	for x := range t.kids {
		strand, start, n := &l.strands[(i+x)&1], (i+x)/2, int([2]int32{p.a, p.b}[x])
		var rest []int32
		if int(p.c&3) == x+1 {
			rest = longer
		}
		parts := strand.chainFrom(s, start).partsOf(nil, n)
		t.kids[x] = s.opened(st, strand, parts, rest, place{parent: dsl.Interleave, arg: x, first: x == 0})
	}
	return t
}
