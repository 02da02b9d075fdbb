package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

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

// leastRise returns how much more the chain of line k costs at least if the relations
// added become active too and the sources of the first are pieces; below 0, how much less.
//
// The cells of the chain are distances from its start: a piece that could be used before
// costs at least the distance of its ends. Those of the relations added may cost less.
// A source may be pieces in a row, but relations that pay only then are better left to
// later: with a bound that allows for it, programs of generated sequences are 0.5 % larger
// (November 2026).
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
		if !slices.ContainsFunc(added, func(r *relation) bool { return overlap(r.at, sp) }) {
			sp = sp.moved(-base)
			several += max(0, c.cheapest(sol.price, sp)-c.distance(sp))
			if sp.len() < c.hi {
				single = unreachable
			}
		}
	}
	return min(several, single) - c.cost
}

// inactive returns the relations of g that are not active. They are valid until the next
// call.
func (sol *solution) inactive(g *group) []*relation {
	added := sol.changed[:0]
	for k := g.i; k < g.j; k++ {
		r := &sol.text.found[k]
		if !slices.ContainsFunc(sol.active, func(a *relation) bool { return a.at == r.at && a.op == r.op && a.src == r.src }) {
			added = append(added, r)
		}
	}
	sol.changed = added
	return added
}

// tryAlso tries the relations added in addition to those active, and reports whether they
// are taken.
func (sol *solution) tryAlso(added []*relation) bool {
	rise := int32(0)
	for _, k := range sol.affectedBy(added) {
		if k < sol.own() {
			rise += sol.leastRise(k, added)
		}
	}
	sol.steps -= boundSteps
	if rise >= 0 {
		return false
	}
	sol.candidates = append(append(sol.candidates[:0], sol.active...), added...)
	return sol.try(sol.candidates, added)
}

// tryInstead tries the relations added instead of those whose spans theirs touch. Of
// these, what is not touched stays.
func (sol *solution) tryInstead(added []*relation) {
	changed, rest := added, sol.candidates[:0]
	for _, a := range sol.active {
		if !slices.ContainsFunc(added, func(r *relation) bool { return touch(a, r) }) {
			rest = append(rest, a)
			continue
		}
		changed = append(changed, a)
		n := len(rest)
		rest = a.split(added, rest)
		changed = append(changed, rest[n:]...)
	}
	if len(changed) > len(added) {
		rest = append(rest, added...)
		sol.try(rest, changed)
	}
	sol.changed, sol.candidates = changed, rest
}

// try makes active the relations of sol if that is cheaper, and reports whether it
// is. The lines of what was added or left out are affected.
func (sol *solution) try(active, changed []*relation) bool {
	affected := sol.affectedBy(changed)
	for _, k := range affected {
		if !sol.want(k, active) {
			return false
		}
	}
	cost := sol.cost
	for _, k := range affected {
		if k < sol.own() {
			sol.findTrial(k, active)
			cost += sol.trial[k].cost - sol.chains[k].cost
		}
	}
	if cost >= sol.cost || sol.without.has(rowsBit) && sol.hasRows(affected) {
		return false
	}
	sol.swap(affected)
	if sol.cyclic(active) {
		sol.swap(affected)
		return false
	}
	sol.cost = cost
	sol.active = append(sol.active[:0], active...)
	for _, k := range affected {
		sol.won[k] = sol.tries
		if k < sol.own() {
			sol.text.warm(k, sol.chains[k])
		}
	}
	return true
}

// hasRows reports whether a trial of these lines makes a source of several pieces.
func (sol *solution) hasRows(lines []int) bool {
	for _, k := range lines {
		if k == sol.own() {
			continue
		}
		c := sol.trial[k]
		for _, sp := range sol.wanted[k] {
			if whole := sp.len() == c.hi; whole && !c.one || !whole && c.cells[sp.j].from != sp.i {
				return true
			}
		}
	}
	return false
}

// affectedBy returns the lines that the spans of changed are of. They are valid until the
// next call.
func (sol *solution) affectedBy(changed []*relation) []int {
	affected := sol.affected[:0]
	for _, r := range changed {
		for _, sp := range [3]span{r.at, r.src[0], r.src[1]} {
			if k := int(sol.text.line[sp.i]); !sp.empty() && !slices.Contains(affected, k) {
				affected = append(affected, k)
			}
		}
	}
	sol.affected = affected
	return affected
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
		t.fence = &sol.fence
	}
	sol.steps -= trialSteps
	c.find(sol.meter, t)
}

// swap exchanges the chains of the lines for those tried.
func (sol *solution) swap(lines []int) {
	for _, k := range lines {
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
