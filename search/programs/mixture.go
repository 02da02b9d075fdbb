package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

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
		if o.st.root == nil {
			o.st.root = t
			return
		}
		join := argument(dsl.Concatenate, 0)
		if end == n {
			join = root.role
		}
		o.st.over += s.price.symbols(join)[dsl.Concatenate]
		o.st.root = &tree{op: dsl.Concatenate, kids: [2]*tree{o.st.root, t}}
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

// mostLines bounds the lines of a weaving that count for its steps (arbitrary).
const mostLines = 8

// searchParts searches the elements of each weaving by themselves, where a state costs
// little. What it finds there takes the weaving's place if that is cheaper in the window.
// The more lines a weaving has, the more a step saves: 18, 26, 36 and 51 bits in a million
// with 2, 3, 4 and 6 lines (joined sequences of another seed than the benchmark's,
// November 2026). With it, programs are 1.5 % smaller at level 9 and 1.1 % at level 6.
func (m *mixture) searchParts(f *Finder, w window) {
	s := m.s
	if s.part == nil {
		s.part = new(scratch)
	}
	in := s.part
	in.ctx = s.ctx
	for k := 0; k < len(m.weavings) && s.steps > m.reserve; k++ {
		v := m.weavings[k]
		from := w.origin + v.i
		steps := min(w.effort*int64((v.j-v.i)*min(len(v.slots), mostLines)), s.steps-m.reserve)
		part := window{known: w.known, source: w.source, origin: from, depth: w.depth, part: true}
		in.begin(f, w.source.src[from:w.origin+v.j], steps, part)
		in.run(&cheapest{cost: unreachable})
		s.steps -= steps - in.steps
		if in.best == in.roots[0] { // the weaving, as a rule
			continue
		}
		st := new(state)
		t := s.again(in.best.tree(), argument(dsl.Concatenate, min(v.i, 1)), st)
		weavings := slices.Clone(m.weavings)
		weavings[k] = weaving{i: v.i, j: v.j, tree: t, slots: st.slots, over: st.over}
		m.exchange(weavings)
	}
	in.ctx = nil
}

// cheapest is a taker that remembers what the cheapest state costs.
type cheapest struct{ cost int32 }

// take implements taker.
func (c *cheapest) take(sol *solution) (bits float64) {
	c.cost = min(c.cost, sol.cost)
	return float64(c.cost) / 256
}
