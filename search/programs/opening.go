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
		as.line = o.s.newLine(l, g, tail)
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
	n := o.s.borrow()
	defer o.s.giveBack(n)
	n.store = append(append(n.store[:0], l.v[g.i:g.j]...), tail...)
	n.set(n.store, o.s.price)
	n.split(&o.s.meter, o.s.without, l.depth)
	n.propose(&o.s.meter, o.s.without)
	var c chain
	c.find(&o.s.meter, task{line: n, hi: len(n.v), role: as.role})
	return o.chain(n, c.links(nil), nil, as)
}

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
	{least: 60 << 8, without: rulesOf("relation-repeat") | slowRelations},
	{least: 24 << 8, without: slowRelations},
}

var slowRelations = rulesOf("relation-add", "relation-modulo", "relation-filter", "relation-sort", "relation-pairs")

// rulesOf returns the set of the rules with these names.
func rulesOf(names ...string) (r ruleSet) {
	for _, name := range names {
		r |= 1 << bitOf(name)
	}
	return r
}

// lineOffers are offers of a line.
type lineOffers struct {
	line   *line
	offers []offer // by start
}

// relateStrands returns offers of the pass's relations for l, its strands, theirs, and so
// on, in this order. It supposes that what they derive from is there as a list, which only
// solving the state can tell.
func (s *scratch) relateStrands(l *line, p strandPass) []lineOffers {
	x := &s.strands
	x.lines, x.places, x.chains = x.lines[:0], x.places[:0], x.chains[:0]
	x.add(l, place{0, 1})
	targets := len(x.lines)
	x.store = grow(x.store, targets)
	for k, l := range x.lines {
		c := &x.store[k]
		c.find(&s.meter, task{line: l, hi: len(l.v), role: argument(dsl.Concatenate, 1), plain: true})
		x.chains = append(x.chains, c)
	}
	if s.known != nil {
		x.lines = append(x.lines, &s.known.line)
		x.chains = append(x.chains, &s.known.chain)
	}
	t := &x.text
	t.found, t.effort = t.found[:0], quick
	t.set(&s.meter, x.lines, x.chains, targets)
	t.propose(s.without | p.without)
	all := make([]lineOffers, targets)
	for k, l := range x.lines[:targets] {
		all[k].line = l
	}
	for k := range t.found {
		r := &t.found[k]
		if r.gain-r.cuts < p.least || !x.allows(r) {
			continue
		}
		k := t.line[r.at.i]
		at := r.at.moved(-t.base[k])
		all[k].offers = append(all[k].offers, offer{
			start: at.i, from: at.j, p: piece{op: r.op, end: at.j, body: r.body + r.cuts, rel: r},
		})
	}
	for _, o := range all {
		slices.SortStableFunc(o.offers, func(a, b offer) int { return int(a.start - b.start) })
	}
	return all
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

// setExtra makes offers the extra ones of l.
func (l *line) setExtra(offers []offer) {
	if len(l.from) > 0 && len(l.extra) > 0 {
		l.forget() // chains point to extra offers
	}
	l.extra = offers
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
