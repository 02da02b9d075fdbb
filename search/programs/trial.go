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
