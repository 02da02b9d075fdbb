package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A tree says how lines make the sequence searched for: an operation on two
// trees, or the chain of a line.
type tree struct {
	line *line  // nil: kids
	op   dsl.Op // Concatenate or Interleave
	kids [2]*tree
}

// A state is a way to take the sequence apart, and what is known of its cost.
type state struct {
	tree  *tree
	lines []place // in the order of the program
	cost  int32   // estimated, of a state not made yet
	over  int32   // of it, what the lines' chains do not cost

	// A state not made yet: its line of lines parted after m pairs.
	parent *state
	part   int // index into lines
	m      int
	second bool // the rest is the second strand's
	depth  int
	kids   []*state // parted from this one, not searched yet, the most hopeful first
	number int      // in the order of making
}

// A place is a line and whose argument its chain is.
type place struct {
	line   *line
	parent dsl.Op
	arg    int
	first  bool // the line, or a first argument of a first argument … of the program
}

// A solution is the cheapest choice of relations and chains found for the lines
// of a state.
type solution struct {
	text   text
	chains []*chain // of the lines, and more to use again
	lines  int      // how many there are; the known lists are the line after them
	known  *history
	active []*relation
	cost   int32

	trial    []*chain
	all      []*chain // of the lines and of the known lists
	extra    []offer
	fence    fence
	affected []int
	wanted   []span // by active relations, of one line
	groups   []group
	limit    int32 // of what is worth a look
}

// solve finds chains for the lines of st.
func (s *scratch) solve(st *state) *solution {
	sol := &s.solution
	lines := s.stateLines[:0]
	for len(sol.chains) < len(st.lines) {
		sol.chains = append(sol.chains, new(chain))
		sol.trial = append(sol.trial, new(chain))
	}
	sol.active = sol.active[:0]
	sol.text.found = sol.text.found[:0]
	sol.cost = st.over
	for k, p := range st.lines {
		lines = append(lines, p.line)
		sol.chains[k].find(s, p.line, 0, len(p.line.v), p.parent, p.arg, nil, nil)
		sol.cost += sol.chains[k].cost
	}
	sol.lines, sol.known = len(lines), s.known
	if s.known != nil {
		lines = append(lines, &s.known.line)
	}
	s.stateLines = lines
	for pass := range efforts {
		if pass > 0 && (s.steps <= 0 || float64(sol.cost)/256 > s.bestCost+near) {
			break
		}
		s.relate(st, sol, lines, pass)
	}
	return sol
}

// relate looks for relations between the parts of the chains of sol, and takes
// those that pay.
func (s *scratch) relate(st *state, sol *solution, lines []*line, pass int) {
	t := &sol.text
	t.pass = pass
	effort := &efforts[pass]
	sol.all = append(sol.all[:0], sol.chains[:sol.lines]...)
	if sol.known != nil {
		sol.all = append(sol.all, &sol.known.chain)
	}
	t.set(s, lines, sol.all, sol.lines)
	first := len(t.found)
	t.propose()
	groups := sol.groups[:0]
	for k := first; k < len(t.found); {
		end, gain := k, int32(0)
		for end < len(t.found) && t.found[end].group == t.found[k].group {
			gain += t.found[end].gain - t.found[end].cuts
			end++
		}
		groups = append(groups, group{int32(k), int32(end), gain})
		k = end
	}
	sol.groups = groups
	slices.SortStableFunc(groups, func(a, b group) int { return int(b.gain - a.gain) })
	groups = groups[:min(len(groups), effort.groups)]
	for round := range 3 {
		before := sol.cost
		for k, g := range groups {
			if s.steps > 0 && (round > 0 && k < effort.exchanged || sol.hope(g)) {
				s.tryGroup(st, sol, g, round > 0)
			}
		}
		for k := len(sol.active) - 1; k >= 0 && s.steps > 0; k-- {
			r := sol.active[k]
			s.changed = append(s.changed[:0], r)
			s.try(st, sol, append(append(s.rest[:0], sol.active[:k]...), sol.active[k+1:]...), s.changed)
		}
		if (pass == 0 || round > 0) && sol.cost == before {
			break
		}
	}
}

// hope reports whether the relations of g may save something: whether the places
// that they make cost more than they do in the chains as they are.
func (sol *solution) hope(g group) bool {
	t := &sol.text
	gain := int32(0)
	for k := g.i; k < g.j; k++ {
		r := &t.found[k]
		gain += t.heat[r.at.j] - t.heat[r.at.i] - r.body - t.s.price.next[r.op]
	}
	return gain > 0
}

// tryGroup tries the relations of g beside those active; where swap is set, also
// instead of those whose places theirs touch.
func (s *scratch) tryGroup(st *state, sol *solution, g group, swap bool) {
	t := &sol.text
	changed, rest := s.changed[:0], append(s.rest[:0], sol.active...)
	for k := g.i; k < g.j; k++ {
		r := &t.found[k]
		if !slices.ContainsFunc(sol.active, func(a *relation) bool { return a.at == r.at && a.op == r.op && a.src == r.src }) {
			changed = append(changed, r)
			rest = append(rest, r)
		}
	}
	s.changed, s.rest = changed, rest
	if len(changed) == 0 || s.try(st, sol, rest, changed) || !swap {
		return
	}
	added := len(changed)
	rest = rest[:0]
	touches := func(a, b *relation) bool {
		return overlap(a.at, b.at) || overlap(a.at, b.src[0]) || overlap(a.src[0], b.at) || a.src[0] != b.src[0] && overlap(a.src[0], b.src[0])
	}
	for _, a := range sol.active {
		if slices.ContainsFunc(changed[:added], func(r *relation) bool { return touches(a, r) }) {
			changed = append(changed, a)
			n := len(rest)
			rest = t.split(a, changed[:added], rest)
			changed = append(changed, rest[n:]...)
		} else {
			rest = append(rest, a)
		}
	}
	s.changed = changed
	if len(changed) == added {
		return
	}
	rest = append(rest, changed[:added]...)
	s.rest = rest
	s.try(st, sol, rest, changed)
}

// split appends to dst the relations that are left of a where those of by are taken
// too: its parts between the ends of their spans that they do not make.
func (t *text) split(a *relation, by, dst []*relation) []*relation {
	switch a.op {
	case dsl.Ref, dsl.ReverseList, dsl.AddItem, dsl.SubtractItem, dsl.ModuloItem, dsl.Substitute:
	default:
		return dst
	}
	cuts := append(t.s.cuts[:0], 0, a.at.j-a.at.i)
	for _, r := range by {
		for _, b := range [4]int32{r.at.i, r.at.j, r.src[0].i, r.src[0].j} {
			if a.at.i < b && b < a.at.j {
				cuts = append(cuts, b-a.at.i)
			}
			if a.src[0].i < b && b < a.src[0].j {
				if a.op == dsl.ReverseList {
					b = a.src[0].i + a.src[0].j - b
				}
				cuts = append(cuts, b-a.src[0].i)
			}
		}
	}
	slices.Sort(cuts)
	t.s.cuts = cuts
	for k := 1; k < len(cuts); k++ {
		from, to := cuts[k-1], cuts[k]
		if to-from < least {
			continue
		}
		p := *a
		p.at = span{a.at.i + from, a.at.i + to}
		p.src[0] = span{a.src[0].i + from, a.src[0].i + to}
		if a.op == dsl.ReverseList {
			p.src[0] = span{a.src[0].j - to, a.src[0].j - from}
		}
		if !slices.ContainsFunc(by, func(r *relation) bool { return overlap(r.at, p.at) }) {
			dst = append(dst, &p)
		}
	}
	return dst
}

// A group is a part i..j-1 of the relations found.
type group struct{ i, j, gain int32 }

// try takes active as the relations of sol, where that is cheaper; changed is
// what was added or left out.
func (s *scratch) try(st *state, sol *solution, active, changed []*relation) bool {
	t := &sol.text
	affected := sol.affected[:0]
	for _, r := range changed {
		for _, sp := range [3]span{r.at, r.src[0], r.src[1]} {
			if k := int(t.line[sp.i]); sp.j > sp.i && !slices.Contains(affected, k) {
				affected = append(affected, k)
			}
		}
	}
	sol.affected = affected
	cost := sol.cost
	for _, k := range affected {
		f, ok := sol.fences(k, active)
		if !ok {
			return false
		}
		if k == sol.lines {
			continue
		}
		sol.extra = sol.extra[:0]
		base := t.base[k]
		for _, r := range active {
			if int(t.line[r.at.i]) == k {
				sol.extra = append(sol.extra, offer{at: r.at.i - base, from: r.at.j - base, p: piece{op: r.op, end: r.at.j - base, body: r.body, rel: r}})
			}
		}
		slices.SortStableFunc(sol.extra, func(a, b offer) int { return int(a.at - b.at) })
		p := &st.lines[k]
		sol.trial[k].find(s, p.line, 0, len(p.line.v), p.parent, p.arg, sol.extra, f)
		sol.trial[k].keep(sol.extra)
		cost += sol.trial[k].cost - sol.chains[k].cost
	}
	if cost >= sol.cost {
		return false
	}
	swap := func() {
		for _, k := range affected {
			if k < sol.lines {
				sol.chains[k], sol.trial[k] = sol.trial[k], sol.chains[k]
			}
		}
	}
	swap()
	if sol.cyclic(active) {
		swap()
		return false
	}
	sol.cost = cost
	sol.active = append(sol.active[:0], active...)
	for _, k := range affected {
		if k < sol.lines {
			t.warm(k, sol.chains[k])
		}
	}
	return true
}

// fences is the fence of the spans wanted of line k by the relations active. It
// is not ok where two overlap.
func (sol *solution) fences(k int, active []*relation) (f *fence, ok bool) {
	t := &sol.text
	wanted := sol.wanted[:0]
	base := t.base[k]
	for _, r := range active {
		for _, sp := range r.src {
			if sp.j == sp.i || int(t.line[sp.i]) != k {
				continue
			}
			if k == sol.lines { // known lists stay as they are
				if t.parts[t.part[sp.i]].span() != sp {
					return nil, false
				}
				continue
			}
			sp = span{sp.i - base, sp.j - base}
			if !slices.Contains(wanted, sp) {
				for _, w := range wanted {
					if overlap(w, sp) {
						return nil, false
					}
				}
				wanted = append(wanted, sp)
			}
		}
	}
	sol.wanted = wanted
	if len(wanted) == 0 {
		return nil, true
	}
	n := 0
	for t.v[int(base)+n] > -1000 {
		n++
	}
	f = &sol.fence
	f.limit = grow(f.limit, n+1)
	f.within = grow(f.within, n+1)
	clear(f.within)
	for i := range f.limit {
		f.limit[i] = int32(n)
	}
	for _, w := range wanted {
		for i := range w.i {
			f.limit[i] = min(f.limit[i], w.i)
		}
		for i := w.i; i < w.j; i++ {
			f.limit[i] = w.j
			f.within[i] = i > w.i
		}
	}
	return f, true
}

// keep moves the pieces of the chain that are in extra, which is used again,
// to places of their own.
func (c *chain) keep(extra []offer) {
	c.own = c.own[:0]
	for k := range extra {
		c.own = append(c.own, extra[k].p)
	}
	move := func(p *piece) *piece {
		if p == nil || p.rel == nil {
			return p
		}
		for k := range c.own {
			if q := &c.own[k]; q.rel == p.rel {
				return q
			}
		}
		return p
	}
	c.single.p = move(c.single.p)
	for k := range c.cells {
		c.cells[k].p = move(c.cells[k].p)
	}
}

// cyclic reports whether a list would be made of itself.
func (sol *solution) cyclic(active []*relation) bool {
	for _, r := range active {
		if sol.leads(r, len(active)+1) {
			return true
		}
	}
	return false
}

// leads reports whether what r refers to takes more than depth relations.
func (sol *solution) leads(r *relation, depth int) bool {
	if depth == 0 {
		return true
	}
	for _, sp := range r.src {
		if sp.j == sp.i {
			continue
		}
		if p := sol.at(sp); p != nil && p.rel != nil && sol.leads(p.rel, depth-1) {
			return true
		}
	}
	return false
}

// at is the piece of the chains that makes the span, nil where it is a literal.
func (sol *solution) at(sp span) *piece {
	t := &sol.text
	k := int(t.line[sp.i])
	if k == sol.lines {
		return nil
	}
	c, base := sol.chains[k], t.base[k]
	if c.one {
		return c.single.p
	}
	if x := &c.cells[sp.j-base]; x.from == sp.i-base {
		return x.p
	}
	panic("programs: a wanted span is no part")
}
