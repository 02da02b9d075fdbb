package programs

import "slices"

// A solution is the cheapest choice of relations and chains found for the lines
// of a state.
//
// Invariant: every source of an active relation is a link of chains, or one of the
// known lists; following relations to their sources always ends.
type solution struct {
	*meter
	state  *state
	known  *history // lists of earlier programs; nil if there are none
	lines  []*line  // the slots', and the known lists' if there are any
	chains []*chain // of the slots' lines, and more to use again
	text   text
	active []*relation
	cost   int32

	groups     []group
	trial      []*chain // what chains become
	all        []*chain // of all lines
	candidates []*relation
	changed    []*relation
	affected   []int   // lines with other relations
	extra      []offer // of one line
	wanted     []span  // by active relations, of one line
	fence      fence   // of wanted
}

// A group is the relations i..j-1 of those found, and the sum of their gains.
type group struct{ i, j, gain int32 }

// An effort is how much is done for the relations of a state.
type effort struct {
	relations int  // found at most
	anySpan   bool // look for sums of a link and any span, not of two links alone
	groups    int  // tried at most, the largest gain first
	exchanged int  // of them, tried instead of others even if nothing seems left to save
	rounds    int  // at least; more, up to maxRounds, while the cost falls
}

// quick is for every state; thorough, after it, for those near the best; spanning in its
// place for long windows, whose programs it makes 0.2 % larger in 60 % of the steps
// (November 2026). Their numbers are else arbitrary: they bound the time of a state.
var (
	quick    = effort{relations: 1000, anySpan: false, groups: 48, exchanged: 12, rounds: 1}
	thorough = effort{relations: 20000, anySpan: true, groups: 1000, exchanged: 300, rounds: 2}
	spanning = effort{relations: 20000, anySpan: false, groups: 100, exchanged: 24, rounds: 2}
)

// maxRounds is how often all groups are tried in turn (arbitrary).
const maxRounds = 3

// solve finds chains for the lines of st.
func (s *scratch) solve(st *state) *solution {
	sol := &s.solution
	sol.begin(&s.meter, st, s.known)
	sol.relate(quick, s.without)
	if s.steps > 0 && float64(sol.cost)/256 <= s.bestCost+near {
		e := thorough
		if s.known != nil && len(s.target) > maxCut {
			e = spanning
		}
		sol.relate(e, s.without)
	}
	return sol
}

// costOf returns the cost of st, solved quickly.
func (s *scratch) costOf(st *state) int32 {
	sol := &s.solution
	sol.begin(&s.meter, st, s.known)
	sol.relate(quick, s.without)
	return sol.cost
}

// begin finds the chains of the lines of st without relations.
func (sol *solution) begin(m *meter, st *state, known *history) {
	sol.meter, sol.state, sol.known = m, st, known
	for len(sol.chains) < len(st.slots) {
		sol.chains = append(sol.chains, new(chain))
		sol.trial = append(sol.trial, new(chain))
	}
	sol.active = sol.active[:0]
	sol.text.found = sol.text.found[:0]
	sol.lines = sol.lines[:0]
	sol.cost = st.over
	for k, p := range st.slots {
		sol.lines = append(sol.lines, p.line)
		sol.chains[k].find(m, task{line: p.line, hi: len(p.line.v), role: p.role})
		sol.cost += sol.chains[k].cost
	}
	if known != nil {
		sol.lines = append(sol.lines, &known.line)
	}
}

// own returns the number of lines whose chains may change: the known lists' line
// comes after them.
func (sol *solution) own() int { return len(sol.state.slots) }

// relate looks for relations between the links of the chains, and takes those
// that pay.
func (sol *solution) relate(e effort, without ruleSet) {
	t := &sol.text
	t.effort = e
	sol.all = append(sol.all[:0], sol.chains[:sol.own()]...)
	if sol.known != nil {
		sol.all = append(sol.all, &sol.known.chain)
	}
	t.set(sol.meter, sol.lines, sol.all, sol.own())
	first := len(t.found)
	t.propose(without)
	sol.group(first)
	for round := range maxRounds {
		before := sol.cost
		for k, g := range sol.groups[:min(len(sol.groups), e.groups)] {
			exchange := round > 0
			if sol.steps > 0 && (exchange && k < e.exchanged || sol.maySave(g)) && !sol.tryGroup(g) && exchange {
				sol.tryInstead()
			}
		}
		for k := len(sol.active) - 1; k >= 0 && sol.steps > 0; k-- {
			sol.tryWithout(k)
		}
		if round+1 >= e.rounds && sol.cost == before {
			break
		}
	}
}

// group makes groups of the relations found from number first on, the largest gain
// first.
func (sol *solution) group(first int) {
	found := sol.text.found
	sol.groups = sol.groups[:0]
	for i := first; i < len(found); {
		j, gain := i, int32(0)
		for j < len(found) && found[j].group == found[i].group {
			gain += found[j].gain - found[j].cuts
			j++
		}
		sol.groups = append(sol.groups, group{int32(i), int32(j), gain})
		i = j
	}
	slices.SortStableFunc(sol.groups, func(a, b group) int { return int(b.gain - a.gain) })
}

// maySave reports whether the positions that the relations of g make cost more in
// the chains as they are.
func (sol *solution) maySave(g group) bool {
	t := &sol.text
	gain := int32(0)
	for k := g.i; k < g.j; k++ {
		r := &t.found[k]
		gain += t.heat[r.at.j] - t.heat[r.at.i] - r.body - sol.price.next[r.op]
	}
	return gain > 0
}

// tryGroup tries the relations of g in addition to those active, and reports
// whether that ends the matter: they are taken, or all of them active already.
func (sol *solution) tryGroup(g group) bool {
	sol.changed = sol.changed[:0]
	sol.candidates = append(sol.candidates[:0], sol.active...)
	for k := g.i; k < g.j; k++ {
		r := &sol.text.found[k]
		if !slices.ContainsFunc(sol.active, func(a *relation) bool { return a.at == r.at && a.op == r.op && a.src == r.src }) {
			sol.changed = append(sol.changed, r)
			sol.candidates = append(sol.candidates, r)
		}
	}
	return len(sol.changed) == 0 || sol.try(sol.candidates, sol.changed)
}

// tryInstead tries the relations that tryGroup has just tried instead of those
// whose spans theirs touch. Of these, what is not touched stays.
func (sol *solution) tryInstead() {
	changed, added := sol.changed, len(sol.changed)
	rest := sol.candidates[:0]
	for _, a := range sol.active {
		if !slices.ContainsFunc(changed[:added], func(r *relation) bool { return touch(a, r) }) {
			rest = append(rest, a)
			continue
		}
		changed = append(changed, a)
		n := len(rest)
		rest = a.split(changed[:added], rest)
		changed = append(changed, rest[n:]...)
	}
	if len(changed) > added {
		rest = append(rest, changed[:added]...)
		sol.try(rest, changed)
	}
	sol.changed, sol.candidates = changed, rest
}

// tryWithout tries to do without the active relation k.
func (sol *solution) tryWithout(k int) {
	sol.changed = append(sol.changed[:0], sol.active[k])
	sol.candidates = append(append(sol.candidates[:0], sol.active[:k]...), sol.active[k+1:]...)
	sol.try(sol.candidates, sol.changed)
}

// try makes active the relations of sol if that is cheaper, and reports whether it
// is; changed is what was added or left out.
func (sol *solution) try(active, changed []*relation) bool {
	sol.findAffected(changed)
	cost := sol.cost
	for _, k := range sol.affected {
		f, ok := sol.fences(k, active)
		if !ok {
			return false
		}
		if k < sol.own() {
			sol.findTrial(k, active, f)
			cost += sol.trial[k].cost - sol.chains[k].cost
		}
	}
	if cost >= sol.cost {
		return false
	}
	sol.swap()
	if sol.cyclic(active) {
		sol.swap()
		return false
	}
	sol.cost = cost
	sol.active = append(sol.active[:0], active...)
	for _, k := range sol.affected {
		if k < sol.own() {
			sol.text.warm(k, sol.chains[k])
		}
	}
	return true
}

// findAffected sets affected to the lines that the spans of changed are of.
func (sol *solution) findAffected(changed []*relation) {
	sol.affected = sol.affected[:0]
	for _, r := range changed {
		for _, sp := range [3]span{r.at, r.src[0], r.src[1]} {
			if k := int(sol.text.line[sp.i]); !sp.empty() && !slices.Contains(sol.affected, k) {
				sol.affected = append(sol.affected, k)
			}
		}
	}
}

// findTrial finds the chain of line k with the relations active and the fence f.
func (sol *solution) findTrial(k int, active []*relation, f *fence) {
	sol.extra = sol.extra[:0]
	base := sol.text.base[k]
	for _, r := range active {
		if int(sol.text.line[r.at.i]) == k {
			end := r.at.j - base
			sol.extra = append(sol.extra, offer{start: r.at.i - base, from: end, p: piece{op: r.op, end: end, body: r.body, rel: r}})
		}
	}
	slices.SortStableFunc(sol.extra, func(a, b offer) int { return int(a.start - b.start) })
	p := &sol.state.slots[k]
	sol.trial[k].find(sol.meter, task{line: p.line, hi: len(p.line.v), role: p.role, extra: sol.extra, fence: f})
	sol.trial[k].keep(sol.extra)
}

// swap exchanges the chains of the lines affected for those tried.
func (sol *solution) swap() {
	for _, k := range sol.affected {
		if k < sol.own() {
			sol.chains[k], sol.trial[k] = sol.trial[k], sol.chains[k]
		}
	}
}

// fences returns the fence of the spans of line k that the relations active derive
// from; nil if there are none. It is not ok if two overlap, or if one of the known
// lists is wanted in part.
func (sol *solution) fences(k int, active []*relation) (f *fence, ok bool) {
	t := &sol.text
	wanted := sol.wanted[:0]
	for _, r := range active {
		for _, sp := range r.src {
			if sp.empty() || int(t.line[sp.i]) != k {
				continue
			}
			if k == sol.own() {
				if t.linkOf(sp.i).span() != sp {
					return nil, false
				}
				continue
			}
			sp = sp.moved(-t.base[k])
			if slices.Contains(wanted, sp) {
				continue
			}
			if slices.ContainsFunc(wanted, func(w span) bool { return overlap(w, sp) }) {
				return nil, false
			}
			wanted = append(wanted, sp)
		}
	}
	sol.wanted = wanted
	if len(wanted) == 0 {
		return nil, true
	}
	sol.fence.set(len(sol.lines[k].v), wanted)
	return &sol.fence, true
}

// set makes f the fence of the spans wanted of a line of n elements.
func (f *fence) set(n int, wanted []span) {
	f.limit = grow(f.limit, n+1)
	f.inside = grow(f.inside, n+1)
	clear(f.inside)
	for i := range f.limit {
		f.limit[i] = int32(n)
	}
	for _, w := range wanted {
		for i := range w.i {
			f.limit[i] = min(f.limit[i], w.i)
		}
		for i := w.i; i < w.j; i++ {
			f.limit[i] = w.j
			f.inside[i] = i > w.i
		}
	}
}

// cyclic reports whether a list would be made of itself.
func (sol *solution) cyclic(active []*relation) bool {
	return slices.ContainsFunc(active, func(r *relation) bool { return sol.deeper(r, len(active)+1) })
}

// deeper reports whether r derives from something through more than depth relations.
func (sol *solution) deeper(r *relation, depth int) bool {
	if depth == 0 {
		return true
	}
	for _, sp := range r.src {
		if sp.empty() {
			continue
		}
		if p := sol.pieceOf(sp); p != nil && p.rel != nil && sol.deeper(p.rel, depth-1) {
			return true
		}
	}
	return false
}

// pieceOf returns the piece that makes the span, nil for a literal and a known list.
func (sol *solution) pieceOf(sp span) *piece {
	t := &sol.text
	k := int(t.line[sp.i])
	if k == sol.own() {
		return nil
	}
	c, base := sol.chains[k], t.base[k]
	if c.one {
		return c.single.p
	}
	if x := &c.cells[sp.j-base]; x.from == sp.i-base {
		return x.p
	}
	panic("programs: a wanted span is no link")
}
