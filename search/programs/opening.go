package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

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
	if g.p != nil && len(tail) > 0 {
		return o.again(l, g, tail, as)
	}
	if g.p == nil {
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

// again adds the lines that make the interleave g of l and the elements of tail after it, in
// which it may go on.
func (o *opening) again(l *line, g stretch, tail []int32, as slot) *tree {
	n := o.s.line()
	n.store = append(append(n.store[:0], l.v[g.i:g.j]...), tail...)
	n.set(n.store, o.s.price)
	n.split(&o.s.meter, o.s.without, l.depth)
	n.propose(&o.s.meter, o.s.without)
	var c chain
	c.find(&o.s.meter, task{line: n, hi: len(n.v), role: as.role})
	return o.chain(n, c.links(nil), nil, as)
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

// A weaving is an interleave of elements i..j-1 of a window's line, taken apart.
type weaving struct {
	i, j  int
	tree  *tree
	slots []slot
	over  int32 // cost of all but the slots' chains
}

// weavings takes apart the interleaves among links of l.
func (s *scratch) weavings(l *line, links []link) (all []weaving) {
	for _, g := range stretches(links) {
		if g.p == nil {
			continue
		}
		o := opening{s, new(state)}
		t := o.stretch(l, g, nil, slot{role: argument(dsl.Concatenate, min(g.i, 1))})
		all = append(all, weaving{i: g.i, j: g.j, tree: t, slots: o.st.slots, over: o.st.over})
	}
	return all
}

// sameWeavings reports whether the lines of a and b are the same.
func sameWeavings(a, b []weaving) bool {
	return slices.EqualFunc(a, b, func(v, w weaving) bool {
		return v.i == w.i && v.j == w.j && slices.EqualFunc(v.slots, w.slots, func(x, y slot) bool {
			return slices.Equal(x.line.v, y.line.v)
		})
	})
}

// assemble returns the state in which the root's line is the weavings, in their order, and
// lines between them.
func (s *scratch) assemble(root slot, weavings []weaving) *state {
	o := opening{s, &state{over: s.price.start}}
	n := len(root.line.v)
	add := func(t *tree, end int) {
		if o.st.tree == nil {
			o.st.tree = t
			return
		}
		join := argument(dsl.Concatenate, 0)
		if end == n {
			join = root.role
		}
		o.st.over += s.price.symbols(join)[dsl.Concatenate]
		o.st.tree = &tree{op: dsl.Concatenate, kids: [2]*tree{o.st.tree, t}}
	}
	plain := func(i, j int) {
		if i == j {
			return
		}
		as := slot{role: argument(dsl.Concatenate, min(i, 1))}
		if i == 0 && j == n {
			as = root
		}
		add(o.stretch(root.line, stretch{i: i, j: j}, nil, as), j)
	}
	at := 0
	for _, w := range weavings {
		plain(at, w.i)
		o.st.slots = append(o.st.slots, w.slots...)
		o.st.over += w.over
		add(w.tree, w.j)
		at = w.j
	}
	plain(at, n)
	return o.st
}

// A mixture is a state of weavings of a window's line that is made cheaper.
type mixture struct {
	s        *scratch
	root     slot
	reserve  int64 // steps to be left
	weavings []weaving
	state    *state // of the weavings
	cost     int32  // of the state
	solved   bool   // the cost is known
}

// mix exchanges weavings for those of b in their place, one after the other, where that is
// cheaper; for none where b has none.
func (m *mixture) mix(b []weaving) {
	for x, y := 0, 0; (x < len(m.weavings) || y < len(b)) && m.s.steps > m.reserve; {
		mine, theirs := overlapping(m.weavings[x:], b[y:])
		end := x + mine
		if with := b[y : y+theirs]; !sameWeavings(m.weavings[x:end], with) {
			if m.exchange(slices.Concat(m.weavings[:x], with, m.weavings[end:])) {
				end = x + theirs
			}
		}
		x, y = end, y+theirs
	}
}

// exchange exchanges all weavings and reports whether that is cheaper; else it does not.
func (m *mixture) exchange(weavings []weaving) bool {
	if !m.solved {
		m.cost, m.solved = m.s.costOf(m.state), true
	}
	st := m.s.assemble(m.root, weavings)
	cost := m.s.costOf(st)
	if cost >= m.cost {
		return false
	}
	m.weavings, m.state, m.cost = weavings, st, cost
	return true
}

// overlapping returns how many of the first weavings of a and of b stand in each other's
// place: the least numbers such that none of them overlaps a later one. One is not 0
// unless both are empty.
func overlapping(a, b []weaving) (m, n int) {
	for end := -1; ; {
		switch {
		case m < len(a) && (a[m].i < end || end < 0 && (len(b) == 0 || a[m].i <= b[0].i)):
			end = max(end, a[m].j)
			m++
		case n < len(b) && (b[n].i < end || end < 0):
			end = max(end, b[n].j)
			n++
		default:
			return m, n
		}
	}
}
