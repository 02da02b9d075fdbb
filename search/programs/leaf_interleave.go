package programs

import "github.com/ktzip/ktzip/dsl"

// interleaveLeaf is interleave of chains of the two strands of a line, the elements
// at its even and at its odd positions, from any position on. The chains are as
// long as one another, or the first is longer by one, or one ends in a progression
// that goes on after the pairs. It is for windows of a stream, in which interleaves
// start anywhere. What it finds is taken apart before it is built (opening).
type interleaveLeaf struct{}

const (
	// maxStrand is the length in elements of the longest chain of a strand
	// (arbitrary; it bounds the work of a start).
	maxStrand = 64
	// nearby is the distance in elements from the start within which one of two
	// strands must have a piece other than a literal (arbitrary).
	nearby = 24
	// slack is by how much an interleave may be dearer than a literal, which may
	// be a part of a longer one: 8 bits (arbitrary).
	slack = 8 << 8
)

// split makes the strands of l, of these theirs, and so on, depth times.
func (l *line) split(m *meter, without ruleSet, depth int) {
	if depth == 0 || len(l.v) < minCut {
		return
	}
	if l.pair == nil {
		l.pair = new([2]line)
	}
	l.strands = l.pair
	for x := range l.strands {
		sl := &l.strands[x]
		sl.store = alternate(sl.store[:0], l.v, x)
		sl.set(sl.store, m.price)
		sl.split(m, without, depth-1)
		sl.propose(m, without)
		for len(sl.from) < len(sl.v) {
			sl.from = append(sl.from, chain{})
		}
		for i := range sl.v {
			sl.from[i].hi = 0 // to be found
		}
	}
}

// chainFrom returns the chain of a strand that starts at i.
func (l *line) chainFrom(m *meter, i int) *chain {
	c := &l.from[i]
	if c.hi == 0 {
		c.find(m, task{line: l, lo: i, hi: min(i+maxStrand, len(l.v)), role: argument(dsl.Interleave, 0)})
	}
	return c
}

// costAs returns the cost of the first n elements of c, found as argument 0 of an
// interleave, as argument arg of one.
func (c *chain) costAs(t *prices, n, arg int) int32 {
	symbols := &t.sym[dsl.Interleave][arg]
	cost := int32(unreachable)
	if x := &c.cells[n]; x.cost < unreachable {
		if int(x.from) > c.lo {
			cost = x.cost - t.sym[dsl.Concatenate][0][dsl.Concatenate] + symbols[dsl.Concatenate]
		} else {
			cost = x.cost - t.first[x.op()] + symbols[x.op()]
		}
	}
	if n == c.hi-c.lo && c.single.cost < unreachable {
		cost = min(cost, c.single.cost-t.sym[dsl.Interleave][0][c.single.op()]+symbols[c.single.op()])
	}
	return cost
}

func (interleaveLeaf) propose(m *meter, l *line, i int) {
	if l.strands == nil || len(l.v)-i < minCut || l.run[i] > shortRun {
		return
	}
	a, b := &l.strands[i&1], &l.strands[(i+1)&1]
	x, y := i/2, (i+1)/2
	m.steps -= 2
	if !a.hasPieceNear(x) && !b.hasPieceNear(y) {
		return
	}
	first, second := a.chainFrom(m, x), b.chainFrom(m, y)
	size := min(maxStrand, len(b.v)-y, len(a.v)-x)
	m.steps -= int64(3 * size)
	for n := 2; n <= size; n++ {
		cost := second.costAs(m.price, n, 1)
		p := piece{
			op: dsl.Interleave, end: int32(i + 2*n), x: int32(n), y: int32(n),
			body: first.costAs(m.price, n, 0) + cost,
		}
		l.offerCheap(i, p)
		for k, c := range [2]*chain{first, second} {
			if more, delta := c.goesOn(m.price, n, l.v[i+2*n:]); more > 0 {
				longer := p
				longer.end, longer.body, longer.z = p.end+int32(more), p.body+delta, int32(k+1)
				l.offerCheap(i, longer)
			}
		}
		if n < maxStrand && x+n < len(a.v) {
			p.x, p.body, p.end = int32(n+1), first.costAs(m.price, n+1, 0)+cost, p.end+1
			l.offerCheap(i, p)
		}
	}
}

// build panics: an opening takes interleaves apart. p.x and p.y are the lengths of the
// two chains; if p.z is 1 or 2, the progression that ends the first or the second goes
// on to p.end.
func (interleaveLeaf) build(*builder, *line, int, *piece) int {
	panic("programs: an interleave was not taken apart")
}

// hasPieceNear reports whether a leaf offers a piece at i or a little after.
func (l *line) hasPieceNear(i int) bool { return l.busy[i] > l.busy[min(i+nearby, len(l.v))] }

// offerCheap offers p unless a literal is much cheaper.
func (l *line) offerCheap(i int, p piece) {
	if p.body < l.lit[p.end]-l.lit[i]+slack {
		l.offer(p)
	}
}

// goesOn returns by how many of the elements after them the progression that ends
// the first n elements of the chain can be lengthened, and the price of that.
func (c *chain) goesOn(t *prices, n int, after []int32) (more int, delta int32) {
	x := &c.cells[n]
	if len(after) == 0 || x.cost >= unreachable || x.p == nil || x.p.rule != leafRange || x.p.x > 0 {
		return 0, 0
	}
	v := c.line.v[x.from : c.lo+n]
	step := v[1] - v[0]
	next := v[len(v)-1] + step
	for more < len(after) && after[more] == next {
		more++
		next += step
	}
	if more == 0 {
		return 0, 0
	}
	_, body := t.progression(v[0], step, len(v)+more)
	return more, body - x.p.body
}

// An opening makes the lines of a state in which the pieces of interleaveLeaf are
// interleaves of lines, and what is between them are lines.
type opening struct {
	s  *scratch
	st *state
}

// A stretch is elements i..j-1 of a line: an interleave p or, if p is nil, all
// links between two interleaves.
type stretch struct {
	i, j int
	p    *piece
}

// stretches returns those of the links of a chain.
func stretches(links []link) (all []stretch) {
	for _, k := range links {
		i, j := int(k.i), int(k.j)
		last := len(all) - 1
		switch {
		case k.p != nil && k.p.op == dsl.Interleave:
			all = append(all, stretch{i, j, k.p})
		case last >= 0 && all[last].p == nil:
			all[last].j = j
		default:
			all = append(all, stretch{i: i, j: j})
		}
	}
	return all
}

// chain adds the lines that make what links make of l, and the elements of tail
// after it, in the role of as. It returns how.
func (o *opening) chain(l *line, links []link, tail []int32, as slot) *tree {
	all := stretches(links)
	if len(all) == 1 {
		return o.stretch(l, all[0], tail, as)
	}
	var t *tree
	for k, g := range all {
		last := k == len(all)-1
		var end []int32
		if last {
			end = tail
		}
		u := o.stretch(l, g, end, slot{role: argument(dsl.Concatenate, min(k, 1))})
		if k == 0 {
			t = u
			continue
		}
		join := argument(dsl.Concatenate, 0)
		if last {
			join = as.role
		}
		o.st.over += o.s.price.symbols(join)[dsl.Concatenate]
		t = &tree{op: dsl.Concatenate, kids: [2]*tree{t, u}}
	}
	return t
}

// stretch adds the lines that make g of l and the elements of tail after it: one,
// or those of the two strands of an interleave without tail.
func (o *opening) stretch(l *line, g stretch, tail []int32, as slot) *tree {
	if g.p == nil || len(tail) > 0 {
		as.line = o.line(l, g, tail)
		o.st.slots = append(o.st.slots, as)
		return &tree{line: as.line}
	}
	o.st.over += o.s.price.symbols(as.role)[dsl.Interleave]
	sizes := [2]int{int(g.p.x), int(g.p.y)}
	after := l.v[g.i+sizes[0]+sizes[1] : g.j] // the pairs, of the progression that goes on
	t := &tree{op: dsl.Interleave}
	for x := range t.kids {
		strand := &l.strands[(g.i+x)&1]
		links := strand.chainFrom(&o.s.meter, (g.i+x)/2).linksOf(nil, sizes[x])
		var end []int32
		if int(g.p.z) == x+1 {
			end = after
		}
		t.kids[x] = o.chain(strand, links, end, slot{role: argument(dsl.Interleave, x), first: x == 0})
	}
	return t
}

// line returns a line of g of l and the elements of tail after it.
func (o *opening) line(l *line, g stretch, tail []int32) *line {
	n := o.s.line()
	n.store = append(append(n.store[:0], l.v[g.i:g.j]...), tail...)
	n.set(n.store, o.s.price)
	n.source, n.origin = l.source, l.origin+g.i
	n.propose(&o.s.meter, o.s.without)
	return n
}
