package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A strandText is a text of a window's line, its strands, theirs, and so on. Relations
// in it tell where an interleave may pay whose strands are literals by themselves.
type strandText struct {
	text
	lines  []*line  // the line, then strands, then the known lists
	places []place  // of the elements of each but the known lists
	chains []*chain // of lines
	store  []chain  // of chains
}

// A place says where in the line elements of a strand are: every step-th from first on.
type place struct{ first, step int32 }

// add appends l and its strands, whose elements are at p.
func (x *strandText) add(l *line, p place) {
	x.lines = append(x.lines, l)
	x.places = append(x.places, p)
	if l.strands == nil {
		return
	}
	for k := range l.strands {
		x.add(&l.strands[k], place{p.first + int32(k)*p.step, 2 * p.step})
	}
}

// A strandPass says which relations of strands are looked at.
type strandPass struct {
	least   int32   // that one may save, in 1/256 bit
	without ruleSet // rules that take more steps than they are worth
}

// strandPasses are tried one after the other (measured in November 2026 on joined
// sequences of another seed than the benchmark's, at level 9: the first makes programs
// 1.7 % smaller in 150,000 steps a block, as much with a least of 24 bits in 210,000; the
// second 0.3 % in 590,000).
var strandPasses = [...]strandPass{
	{least: 60 << 8, without: rulesOf("relation-repeat", "relation-add", "relation-modulo", "relation-filter", "relation-sort", "relation-pairs")},
	{least: 24 << 8, without: rulesOf("relation-add", "relation-modulo", "relation-filter", "relation-sort", "relation-pairs")},
}

// rulesOf returns the set of the rules with these names.
func rulesOf(names ...string) (r ruleSet) {
	for _, name := range names {
		r |= 1 << bitOf(name)
	}
	return r
}

// relateStrands finds the pass's relations of l and its strands. They become the extra offers of what they make. It reports whether one makes
// elements of a strand. It supposes that what they derive from is there as a list, which
// only solving the state can tell.
func (s *scratch) relateStrands(l *line, p strandPass) (found bool) {
	x := &s.strands
	x.lines, x.places, x.chains = x.lines[:0], x.places[:0], x.chains[:0]
	x.add(l, place{0, 1})
	targets := len(x.lines)
	x.store = grow(x.store, targets)
	for k, l := range x.lines {
		c := &x.store[k]
		c.find(&s.meter, task{line: l, hi: len(l.v), role: argument(dsl.Concatenate, 1), plain: true})
		x.chains = append(x.chains, c)
		l.extra = l.extra[:0]
	}
	if s.known != nil {
		x.lines = append(x.lines, &s.known.line)
		x.chains = append(x.chains, &s.known.chain)
	}
	t := &x.text
	t.found, t.effort = t.found[:0], quick
	t.set(&s.meter, x.lines, x.chains, targets)
	t.propose(s.without | p.without)
	for k := range t.found {
		r := &t.found[k]
		if r.gain-r.cuts < p.least || !x.allows(r) {
			continue
		}
		k := t.line[r.at.i]
		at := r.at.moved(-t.base[k])
		l := x.lines[k]
		l.extra = append(l.extra, offer{start: at.i, from: at.j, p: piece{op: r.op, end: at.j, body: r.body + r.cuts, rel: r}})
		found = found || k > 0
	}
	for _, l := range x.lines[:targets] {
		slices.SortStableFunc(l.extra, func(a, b offer) int { return int(a.start - b.start) })
	}
	return found
}

// allows reports whether r can hold if what it makes is a list: it must not derive that
// from the same elements of the line, and elements of the line not from a strand.
func (x *strandText) allows(r *relation) bool {
	made, source := x.line[r.at.i], x.line[r.src[0].i]
	if int(source) >= len(x.places) {
		return true
	}
	p, q := x.places[made], x.places[source]
	at, src := r.at.moved(-x.base[made]), r.src[0].moved(-x.base[source])
	from, to := p.first+at.i*p.step, p.first+(at.j-1)*p.step
	if from > q.first+(src.j-1)*q.step || to < q.first+src.i*q.step {
		return made > 0 || source == 0
	}
	// The two strands of a line, of which the second may derive from the first.
	return p.step == q.step && (p.first-q.first)%p.step != 0 && made > source
}

// proposeAnew makes the offers of l and its strands anew, with the extra ones. It reports
// whether they may be others.
func (l *line) proposeAnew(m *meter, without ruleSet) (changed bool) {
	if l.strands == nil {
		return len(l.extra) > 0
	}
	for x := range l.strands {
		sl := &l.strands[x]
		if sl.proposeAnew(m, without) {
			changed = true
			sl.forget()
		}
	}
	if changed {
		l.offers = l.offers[:0]
		l.propose(m, without)
	}
	return changed || len(l.extra) > 0
}

// forget makes chainFrom find those chains anew that extra offers may change: all, if the
// strand has strands.
func (l *line) forget() {
	if l.strands != nil {
		for i := range l.from[:len(l.v)] {
			l.from[i].hi = 0
		}
	}
	for _, o := range l.extra {
		for i := max(0, int(o.start)-maxStrand+1); i <= int(o.start); i++ {
			l.from[i].hi = 0
		}
	}
}
