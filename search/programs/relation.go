package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A relation says that the elements of one span are what op makes of those of
// another, or of two others. Spans are of the text: all lines of a state, one
// after the other.
type relation struct {
	op    dsl.Op // dsl.Ref for the list itself
	x, y  int32  // its numbers
	at    span
	src   [2]span // the second is empty if op has one argument
	body  int32   // price without the symbol op; of a proposal, that of the numbers alone
	gain  int32   // estimate of what it saves, at most
	cuts  int32   // estimate of what it costs to end pieces where its sources end
	group int32   // relations of one group are tried together
}

// An offer is a piece of a relation that starts at an element of a line.
type offer struct {
	start int32
	p     piece
	from  int32 // the piece may end anywhere from here to p.end
	most  int32 // elements of the longest strand in which it may be used
}

// A relationRule is a rule that finds relations.
type relationRule interface {
	// propose adds the relations that the rule finds in t.
	propose(t *text)
}

// relations are all such rules, in the order in which they propose.
var relations = [...]struct {
	name string
	relationRule
}{
	{"relation-slice", sliceRelation{}},
	{"relation-reverse", reverseRelation{}},
	{"relation-jumps", jumpsRelation{}},
	{"relation-repeat", repeatRelation{}},
	{"relation-add", addRelation{}},
	{"relation-modulo", moduloRelation{}},
	{"relation-substitute", substituteRelation{}},
	{"relation-filter", filterRelation{}},
	{"relation-sort", sortRelation{}},
	{"relation-pairs", pairsRelation{}},
	{"relation-scan", scanRelation{}},
}

// propose adds what all rules propose, but for those without.
func (t *text) propose(without ruleSet) {
	for r := range relations {
		if !without.has(relationBit + r) {
			relations[r].propose(t)
		}
	}
}

// add adds r, of which a rule has set op, x, y, at, src and, as body, the price of
// the numbers, unless it saves nothing.
func (t *text) add(r relation) {
	if t.allows(&r) && (t.grouping > 0 || !t.addAtCopies(&r)) {
		t.addOne(&r)
	}
}

// addAtCopies adds r if it makes or derives from one copy of a list that a link
// repeats, and reports whether it does. The first copy becomes a piece of its own,
// to which the others are references; all that is one group.
func (t *text) addAtCopies(r *relation) bool {
	if first, others, ok := t.copyOf(r.src[0]); ok && r.src[1].empty() && !overlap(r.at, t.linkOf(r.src[0].i).span()) {
		r.src[0] = first
		t.addWith(r, first, others)
		return true
	}
	if first, others, ok := t.copyOf(r.at); ok && first == r.at && !r.derivesFrom(r.at) && !r.derivesFrom(others) {
		t.addWith(r, first, others)
		return true
	}
	return false
}

// derivesFrom reports whether a source of r overlaps sp.
func (r *relation) derivesFrom(sp span) bool { return overlap(sp, r.src[0]) || overlap(sp, r.src[1]) }

// addWith adds r and that others repeat first, as one group.
func (t *text) addWith(r *relation, first, others span) {
	t.openGroup()
	t.addOne(r)
	again := relation{op: dsl.Ref, at: others, src: [2]span{first}}
	if times := others.len() / first.len(); times > 1 {
		again.op, again.x, again.body = dsl.RepeatList, int32(times), t.price.times[times]
	}
	if t.allows(&again) {
		t.addOne(&again)
	}
	t.closeGroup()
}

// copyOf returns the first copy of the list that the link at sp.i repeats, and the
// other copies; ok reports whether sp is one of these copies.
func (t *text) copyOf(sp span) (first, others span, ok bool) {
	k := t.linkOf(sp.i)
	first, others, ok = k.repetition()
	return first, others, ok && sp.len() == first.len() && sp.j <= k.j && (sp.i-k.i)%k.p.y == 0
}

// allows reports whether r is a proposal at all: priced, long enough, of a target,
// and with room for it.
func (t *text) allows(r *relation) bool {
	return r.at.len() >= least && r.src[0].i >= 0 && r.body < unreachable &&
		len(t.found) < t.effort.relations && int(t.line[r.at.i]) < t.targets
}

// proposal is how many steps a relation takes from the place where it is found until it
// is added or not (measured in November 2026: 70 to 110 ns).
const proposal = 12

// recent is how many relations back add looks for the same one (arbitrary: rules
// propose the same relation twice in a row at most).
const recent = 8

// addOne adds r, which is allowed, by itself or to the open group, unless it makes
// what it derives from, saves nothing or was added just before.
func (t *text) addOne(r *relation) {
	if r.derivesFrom(r.at) {
		return
	}
	price := t.price
	r.body += price.reference
	if r.op != dsl.Ref {
		r.body += price.sym[r.op][0][dsl.Ref]
		if !r.src[1].empty() {
			r.body += price.sym[r.op][1][dsl.Ref] + price.reference
		}
	}
	if r.gain = t.heat[r.at.j] - t.heat[r.at.i] - r.body - price.next[r.op]; r.gain <= 0 {
		return
	}
	if t.grouping == 0 {
		for k := len(t.found) - 1; k >= 0 && k >= len(t.found)-recent; k-- {
			if f := &t.found[k]; f.at == r.at && f.src == r.src && f.op == r.op {
				return
			}
		}
		t.group++
	}
	for _, sp := range r.src {
		if sp.empty() {
			continue
		}
		if t.linkOf(sp.i).i != sp.i {
			r.cuts += price.next[dsl.SetList]
		}
		if t.linkOf(sp.j-1).j != sp.j {
			r.cuts += price.next[dsl.SetList]
		}
	}
	r.group = t.group
	t.found = append(t.found, *r)
}

// touch reports whether a and b cannot both be active: they make the same position,
// what one makes is not one piece because a source of the other starts or ends in it,
// or their sources cross.
func touch(a, b *relation) bool {
	if overlap(a.at, b.at) {
		return true
	}
	for _, sp := range a.src {
		if sp.endsIn(b.at) || cross(sp, b.src[0]) || cross(sp, b.src[1]) {
			return true
		}
	}
	return b.src[0].endsIn(a.at) || b.src[1].endsIn(a.at)
}

// endsIn reports whether s starts or ends inside of t.
func (s span) endsIn(t span) bool { return t.i < s.i && s.i < t.j || t.i < s.j && s.j < t.j }

// cross reports whether a and b overlap, and neither is in the other.
func cross(a, b span) bool {
	return a.i < b.i && b.i < a.j && a.j < b.j || b.i < a.i && a.i < b.j && b.j < a.j
}

// split appends to dst what is left of a if those of by are taken: a's parts
// between the ends of their spans that they do not make.
func (a *relation) split(by, dst []*relation) []*relation {
	switch a.op {
	case dsl.Ref, dsl.ReverseList, dsl.AddItem, dsl.SubtractItem, dsl.ModuloItem, dsl.Substitute:
	default: // not element by element
		return dst
	}
	var store [32]int32
	ends := append(store[:0], 0, int32(a.at.len()))
	for _, r := range by {
		if !touch(a, r) {
			continue
		}
		for _, b := range [4]int32{r.at.i, r.at.j, r.src[0].i, r.src[0].j} {
			if a.at.i < b && b < a.at.j {
				ends = append(ends, b-a.at.i)
			}
			if a.src[0].i < b && b < a.src[0].j {
				if a.op == dsl.ReverseList {
					b = a.src[0].i + a.src[0].j - b
				}
				ends = append(ends, b-a.src[0].i)
			}
		}
	}
	slices.Sort(ends)
	for k := 1; k < len(ends); k++ {
		from, to := ends[k-1], ends[k]
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
