package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A solution is the cheapest choice of relations and chains found for the lines
// of a state.
//
// Invariant: every source of an active relation is links in a row of one chain, or
// one of the known lists; following relations to their sources always ends.
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
	tries      int      // number of the last trial
	trial      []*chain // what chains become
	all        []*chain // of all lines
	candidates []*relation
	changed    []*relation
	affected   []int    // lines with other relations
	wanted     [][]span // by active relations, by line
	fence      fence    // of one line
	won        []int    // by line: number of the last trial that changed its chain
	visits     []visit  // of the active relations
}

// A group is the relations i..j-1 of those found, and the sum of their gains.
type group struct {
	i, j, gain int32
	tried      int // number of the trial
}

// An effort is how much is done for the relations of a state.
type effort struct {
	relations int  // found at most
	anySpan   bool // look for sums of a link and any span, not of two links alone
	groups    int  // tried at most, the largest gain first
	exchanged int  // of them, tried instead of others even if nothing seems left to save
	rounds    int  // at least; more, up to maxRounds, while the cost falls
}

// quick is for every state; thorough, after it, for those near the best. All their
// numbers are arbitrary: they bound the time of a state.
var (
	quick    = effort{relations: 1000, groups: 48, exchanged: 12, rounds: 1}
	thorough = effort{relations: 20000, anySpan: true, groups: 1000, exchanged: 300, rounds: 2}
)

// What is done for a group takes so many steps besides finding chains (measured in
// November 2026).
const (
	groupSteps = 10 // to put it in order
	boundSteps = 20 // to see if it may pay
	trialSteps = 40 // to prepare the search for a chain
)

// maxRounds is how often all groups are tried in turn (arbitrary).
const maxRounds = 3

// solve finds chains for the lines of st.
func (s *scratch) solve(st *state) *solution {
	sol := &s.solution
	sol.begin(&s.meter, st, s.known)
	sol.relate(quick, s.without)
	if s.steps > 0 && sol.cost <= s.lowest+near<<8 {
		sol.relate(thorough, s.without)
	}
	return sol
}

// begin finds the chains of the lines of st without relations.
func (sol *solution) begin(m *meter, st *state, known *history) {
	sol.meter, sol.state, sol.known = m, st, known
	for len(sol.chains) < len(st.slots) {
		sol.chains = append(sol.chains, new(chain))
		sol.trial = append(sol.trial, new(chain))
	}
	for len(sol.wanted) < len(st.slots)+1 {
		sol.wanted = append(sol.wanted, nil)
	}
	sol.won = grow(sol.won, len(st.slots)+1)
	clear(sol.won)
	sol.tries = 0
	sol.active = sol.active[:0]
	sol.text.found = sol.text.found[:0]
	sol.lines = sol.lines[:0]
	sol.cost = st.over
	for k, p := range st.slots {
		sol.lines = append(sol.lines, p.line)
		sol.chains[k].extra = sol.chains[k].extra[:0]
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
		for k := range sol.groups[:min(len(sol.groups), e.groups)] {
			g, exchange := &sol.groups[k], round > 0
			if sol.steps <= 0 {
				break
			}
			if !exchange && !sol.maySave(g) || exchange && k >= e.exchanged && !sol.maySave(g) || sol.triedAlready(g) {
				continue
			}
			if !sol.tryGroup(g) && exchange {
				sol.tryInstead()
			}
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
		sol.groups = append(sol.groups, group{i: int32(i), j: int32(j), gain: gain})
		i = j
	}
	slices.SortStableFunc(sol.groups, func(a, b group) int { return int(b.gain - a.gain) })
	sol.steps -= int64(groupSteps * len(sol.groups))
}

// maySave reports whether the positions that the relations of g make cost more in
// the chains as they are.
func (sol *solution) maySave(g *group) bool {
	t := &sol.text
	gain := int32(0)
	for k := g.i; k < g.j; k++ {
		r := &t.found[k]
		gain += t.heat[r.at.j] - t.heat[r.at.i] - r.body - sol.price.next[r.op]
	}
	return gain > 0
}

// triedAlready reports whether g was tried with the chains as they are, and notes
// that it is tried now.
func (sol *solution) triedAlready(g *group) bool {
	before := g.tried
	sol.tries++
	g.tried = sol.tries
	if before == 0 {
		return false
	}
	for k := g.i; k < g.j; k++ {
		r := &sol.text.found[k]
		for _, sp := range [3]span{r.at, r.src[0], r.src[1]} {
			if !sp.empty() && sol.won[sol.text.line[sp.i]] >= before {
				return false
			}
		}
	}
	return true
}

// leastRise returns a bound of how much more the chain of line k costs at least if
// the relations added become active too; below 0, of how much less.
//
// The cells of the chain are distances from its start: a piece that could be used before
// costs at least the distance of its ends. Pieces of the relations added may cost less,
// and sources more, of which those of the first relation are taken.
func (sol *solution) leastRise(k int, added []*relation) int32 {
	c, t, base := sol.chains[k], &sol.text, sol.text.base[k]
	symbols := sol.price.symbols(sol.state.slots[k].role)
	several := c.cells[c.hi].cost - sol.price.sym[dsl.Concatenate][0][dsl.Concatenate] + symbols[dsl.Concatenate]
	single := c.single.cost
	for _, r := range added {
		if int(t.line[r.at.i]) != k {
			continue
		}
		at := r.at.moved(-base)
		if at.len() == c.hi {
			single = min(single, symbols[r.op]+r.body)
		} else if c.cells[at.j].cost < unreachable {
			several -= max(0, c.distance(at)-sol.price.later(at.i)[r.op]-r.body)
		}
	}
	for x, sp := range added[0].src {
		if sp.empty() || int(t.line[sp.i]) != k || x > 0 && sp == added[0].src[0] {
			continue
		}
		if !slices.ContainsFunc(added, func(r *relation) bool { return overlap(r.at, span{sp.i, sp.j + 1}) }) {
			sp = sp.moved(-base)
			several += c.border(sol.price, sp.i, sp.j) + c.border(sol.price, sp.j, int32(c.hi))
		}
		if sp.len() < c.hi {
			single = unreachable
		}
	}
	return min(several, single) - c.cost
}

// tryGroup tries the relations of g in addition to those active, and reports
// whether that ends the matter: they are taken, or all of them active already.
func (sol *solution) tryGroup(g *group) bool {
	sol.changed = sol.changed[:0]
	sol.candidates = append(sol.candidates[:0], sol.active...)
	for k := g.i; k < g.j; k++ {
		r := &sol.text.found[k]
		if !slices.ContainsFunc(sol.active, func(a *relation) bool { return a.at == r.at && a.op == r.op && a.src == r.src }) {
			sol.changed = append(sol.changed, r)
			sol.candidates = append(sol.candidates, r)
		}
	}
	if len(sol.changed) == 0 {
		return true
	}
	sol.findAffected(sol.changed)
	rise := int32(0)
	for _, k := range sol.affected {
		if k < sol.own() {
			rise += sol.leastRise(k, sol.changed)
		}
	}
	sol.steps -= boundSteps
	return rise < 0 && sol.try(sol.candidates, sol.changed)
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

// try makes active the relations of sol if that is cheaper, and reports whether it
// is. The lines of what was added or left out are affected.
func (sol *solution) try(active, changed []*relation) bool {
	sol.findAffected(changed)
	for _, k := range sol.affected {
		if !sol.want(k, active) {
			return false
		}
	}
	cost := sol.cost
	for _, k := range sol.affected {
		if k < sol.own() {
			sol.findTrial(k, active)
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
		sol.won[k] = sol.tries
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

// findTrial finds the chain of line k with the relations active and the spans wanted.
func (sol *solution) findTrial(k int, active []*relation) {
	c, base := sol.trial[k], sol.text.base[k]
	c.extra = c.extra[:0]
	for _, r := range active {
		if int(sol.text.line[r.at.i]) == k {
			end := r.at.j - base
			c.extra = append(c.extra, offer{start: r.at.i - base, from: end, p: piece{op: r.op, end: end, body: r.body, rel: r}})
		}
	}
	slices.SortStableFunc(c.extra, func(a, b offer) int { return int(a.start - b.start) })
	t := task{line: sol.lines[k], hi: len(sol.lines[k].v), role: sol.state.slots[k].role, extra: c.extra}
	if wanted := sol.wanted[k]; len(wanted) > 0 {
		sol.fence.set(len(t.line.v), wanted)
		if sol.known != nil {
			sol.fence.close(wanted)
		}
		t.fence = &sol.fence
	}
	sol.steps -= trialSteps
	c.find(sol.meter, t)
}

// swap exchanges the chains of the lines affected for those tried.
func (sol *solution) swap() {
	for _, k := range sol.affected {
		if k < sol.own() {
			sol.chains[k], sol.trial[k] = sol.trial[k], sol.chains[k]
		}
	}
}

// want sets wanted[k] to the spans of line k that the relations active derive from.
// It reports false if two overlap, or if one of the known lists is wanted in part.
func (sol *solution) want(k int, active []*relation) bool {
	t := &sol.text
	wanted := sol.wanted[k][:0]
	for _, r := range active {
		for _, sp := range r.src {
			if sp.empty() || int(t.line[sp.i]) != k {
				continue
			}
			if k == sol.own() {
				if t.linkOf(sp.i).span() != sp {
					return false
				}
				continue
			}
			sp = sp.moved(-t.base[k])
			if slices.Contains(wanted, sp) {
				continue
			}
			if slices.ContainsFunc(wanted, func(w span) bool { return cross(w, sp) }) {
				return false
			}
			wanted = append(wanted, sp)
		}
	}
	sol.wanted[k] = wanted
	return true
}

// set makes f the fence of the spans wanted of a line of n elements.
func (f *fence) set(n int, wanted []span) {
	f.limit = grow(f.limit, n+1)
	f.inside = grow(f.inside, n+1)
	clear(f.inside)
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

// close makes each of the spans wanted one piece.
func (f *fence) close(wanted []span) {
	for _, w := range wanted {
		for i := w.i + 1; i < w.j; i++ {
			f.inside[i] = true
		}
	}
}

// cyclic reports whether a list would be made of itself.
func (sol *solution) cyclic(active []*relation) bool {
	sol.visits = grow(sol.visits, len(active))
	clear(sol.visits)
	return slices.ContainsFunc(active, func(r *relation) bool { return sol.leadsBack(r, active) })
}

// A visit says how far leadsBack has come with a relation.
type visit uint8

const (
	unseen visit = iota
	entered
	left
)

// leadsBack reports whether following r to its sources comes back to a relation.
// Relations that were left before do not.
func (sol *solution) leadsBack(r *relation, active []*relation) bool {
	at := slices.Index(active, r)
	switch sol.visits[at] {
	case entered:
		return true
	case left:
		return false
	}
	sol.visits[at] = entered
	for _, sp := range r.src {
		if !sp.empty() && sol.derived(sp, func(r *relation) bool { return sol.leadsBack(r, active) }) {
			return true
		}
	}
	sol.visits[at] = left
	return false
}

// derived reports whether f holds for one of the relations whose pieces make the
// span.
func (sol *solution) derived(sp span, f func(r *relation) bool) bool {
	t := &sol.text
	k := int(t.line[sp.i])
	if k == sol.own() {
		return false
	}
	c, base := sol.chains[k], t.base[k]
	if c.one {
		p := c.single.p
		return p != nil && p.rel != nil && f(p.rel)
	}
	for j := sp.j - base; j > sp.i-base; {
		x := &c.cells[j]
		if x.p != nil && x.p.rel != nil && f(x.p.rel) {
			return true
		}
		j = x.from
	}
	return false
}
