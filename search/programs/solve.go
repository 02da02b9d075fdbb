package programs

import "slices"

// A solution is the cheapest choice of relations and chains found for the lines
// of a state.
//
// Invariant: every source of an active relation is links in a row of one chain, or
// one of the known lists; following relations to their sources always ends.
type solution struct {
	*meter
	state  *state
	head   *line    // the state's first line, if that is bare
	known  *history // lists of earlier programs; nil if there are none
	lines  []*line  // the slots', and the known lists' if there are any
	chains []*chain // of the slots' lines, and more to use again
	text   text
	active []*relation
	cost   int32

	groups     []group
	tries      int         // number of the last trial
	trial      []*chain    // what chains become
	all        []*chain    // of all lines
	candidates []*relation // storage of tryAlso and tryInstead
	changed    []*relation // storage of inactive
	affected   []int       // storage of affectedBy
	without    ruleSet
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

// quick is for every state; thorough, after it, for those near the best; spanning in its
// place for long windows, whose programs it makes 0.2 % larger in 60 % of the steps
// (November 2026). Their numbers are else arbitrary: they bound the time of a state.
var (
	quick    = effort{relations: 1000, groups: 48, exchanged: 12, rounds: 1}
	thorough = effort{relations: 20000, anySpan: true, groups: 1000, exchanged: 300, rounds: 2}
	spanning = effort{relations: 20000, anySpan: false, groups: 100, exchanged: 24, rounds: 2}
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
	s.setHead(st)
	sol := &s.solution
	sol.head = &s.head
	sol.begin(&s.meter, st, s.known)
	sol.relate(quick, s.without)
	if s.steps > 0 && sol.cost <= s.lowest+near<<8 {
		e := thorough
		if s.uncut {
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
		l := p.line
		if l.bare() {
			l = sol.head
		}
		sol.lines = append(sol.lines, l)
		sol.chains[k].extra = sol.chains[k].extra[:0]
		sol.chains[k].find(m, task{line: l, hi: len(l.v), role: p.role})
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
	t.effort, sol.without = e, without
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
			added := sol.inactive(g)
			if len(added) > 0 && !sol.tryAlso(added) && exchange {
				sol.tryInstead(added)
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
