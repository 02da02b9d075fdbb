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
	l.strands, l.depth = l.pair, depth
	l.stop = grow(l.stop, len(l.v)+1)
	l.stop[len(l.v)] = int32(len(l.v))
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
		c.find(m, task{line: l, lo: i, hi: min(i+maxStrand, len(l.v)), role: argument(dsl.Interleave, 0), extra: l.extra})
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
		closed := second.closed(n)
		p := piece{
			op: dsl.Interleave, end: int32(i + 2*n), x: int32(n), y: int32(n),
			body: first.costAs(m.price, n, 0) + cost,
		}
		if closed || first.closed(n) {
			l.offerCheap(i, p)
			for k, c := range [2]*chain{first, second} {
				for _, g := range c.goesOn(m, n, l, i+2*n) {
					longer := p
					longer.end, longer.body, longer.z = p.end+int32(g.more), p.body+g.delta, int32(k+1)
					l.offerCheap(i, longer)
				}
			}
		}
		if n < maxStrand && x+n < len(a.v) && (closed || first.closed(n+1)) {
			p.x, p.body, p.end = int32(n+1), first.costAs(m.price, n+1, 0)+cost, p.end+1
			l.offerCheap(i, p)
		}
	}
}

// closed reports whether a piece other than a literal ends the first n elements of the
// chain, and is no progression that goes on.
func (c *chain) closed(n int) bool {
	x := &c.cells[n]
	if x.cost >= unreachable || x.p == nil {
		return false
	}
	v, j := c.line.v, c.lo+n
	if x.p.rel != nil {
		return j == int(x.p.end)
	}
	return x.p.rule != leafRange || j == c.hi || j-int(x.from) < 2 || v[j]-v[j-1] != v[j-1]-v[j-2]
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

// A growth says how the last piece of a chain goes on in elements after it.
type growth struct {
	more  int   // elements
	delta int32 // of the price
}

// goesOn returns ways in which the last of the pieces that make the first n elements of the
// chain, a strand of l, goes on in the elements of l from e on.
func (c *chain) goesOn(m *meter, n int, l *line, e int) (ways []growth) {
	x := &c.cells[n]
	if e >= len(l.v) || x.cost >= unreachable {
		return nil
	}
	switch {
	case x.p == nil:
		if q := int(l.stop[e]); q > e {
			ways = append(ways, growth{q - e, c.literalGrows(m.price, n, l.lit[q]-l.lit[e], q-e)})
		}
	case x.p.rule == leafRange && x.p.x == 0:
		if more := c.follows(n, l.v, e, 1, len(l.v)); more > 0 {
			ways = append(ways, growth{more, c.rangeGrows(m.price, n, more)})
		}
	case x.p.rule == leafInterleave && x.p.z == 0:
		from := int(x.from)
		kids := [2]tip{}
		for k := range kids {
			kids[k].c = c.line.strands[(from+k)&1].chainFrom(m, (from+k)/2)
		}
		kids[0].n, kids[1].n = int(x.p.x), int(x.p.y)
		if x.p.x > x.p.y {
			kids[0], kids[1] = kids[1], kids[0]
		}
		ways = weaveOn(m.price, kids, l, e)
	}
	return ways
}

// A tip is the end of the first n elements of a chain.
type tip struct {
	c *chain
	n int
}

// weaveOn returns ways in which the last pieces of two strands go on in the elements of l
// from e on, of which the first takes the first.
func weaveOn(t *prices, kids [2]tip, l *line, e int) (ways []growth) {
	var most [2]int
	for k := range kids {
		x := &kids[k].c.cells[kids[k].n]
		switch {
		case x.cost >= unreachable:
			return nil
		case x.p == nil:
			most[k] = maxStrand
		case x.p.rule == leafRange && x.p.x == 0:
			most[k] = kids[k].c.follows(kids[k].n, l.v, e+k, 2, maxStrand)
		default:
			return nil
		}
	}
	if most[0] == maxStrand && most[1] == maxStrand || most[0] == 0 {
		return nil
	}
	got := [2]int{most[0], most[0]}
	if most[1] < most[0] {
		got = [2]int{most[1] + 1, most[1]}
	}
	for e+got[0]+got[1] > len(l.v) {
		if got[0] > got[1] {
			got[0]--
		} else {
			got[1]--
		}
	}
	delta := int32(0)
	for k := range kids {
		c, n := kids[k].c, kids[k].n
		switch {
		case got[k] == 0:
		case c.cells[n].p == nil:
			sum := int32(0)
			for j := range got[k] {
				sum += t.element[l.v[e+k+2*j]]
			}
			delta += c.literalGrows(t, n, sum, got[k])
		default:
			delta += c.rangeGrows(t, n, got[k])
		}
	}
	return append(ways, growth{got[0] + got[1], delta})
}

// literalGrows returns what the literal that ends the first n elements of the chain costs
// more if it has more elements, which cost sum.
func (c *chain) literalGrows(t *prices, n int, sum int32, more int) int32 {
	size := c.lo + n - int(c.cells[n].from)
	return sum + t.length[size+more] - t.length[size]
}

// follows returns how many elements of v, from e on and stride apart, follow in the
// progression that ends the first n elements of the chain.
func (c *chain) follows(n int, v []int32, e, stride, most int) (more int) {
	u := c.line.v[c.cells[n].from : c.lo+n]
	step := u[1] - u[0]
	next := u[len(u)-1] + step
	for more < most && e < len(v) && v[e] == next {
		more++
		next += step
		e += stride
	}
	return more
}

// rangeGrows returns what the progression that ends the first n elements of the chain costs
// more if it has more elements.
func (c *chain) rangeGrows(t *prices, n, more int) int32 {
	x := &c.cells[n]
	v := c.line.v[x.from : c.lo+n]
	_, body := t.progression(v[0], v[1]-v[0], len(v)+more)
	return body - x.p.body
}
