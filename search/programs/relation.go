package programs

import "github.com/ktzip/ktzip/dsl"

// A relation says that the elements of one span are what op makes of those of
// another, or of two others. Spans are of the text: all lines of a state, one
// after the other.
type relation struct {
	op    dsl.Op // dsl.Ref: the list itself
	x, y  int32  // its numbers
	at    span
	src   [2]span // the second is empty where op has one argument
	body  int32   // price without the symbol op
	gain  int32   // at most what it saves
	cuts  int32   // what it costs that its sources are no parts so far, guessed
	group int32   // relations of one group are tried together
}

// An offer is a piece that starts at an element of a line.
type offer struct {
	at   int32
	p    piece
	from int32 // the piece may end anywhere from here to its end
	most int32 // of a strand: the longest of which it may be a piece
}

// relate is a rule that finds relations.
type relate interface {
	// propose adds the relations that the rule finds in a text.
	propose(t *text)
}

// relations are all such rules.
var relations = []struct {
	name string
	relate
}{
	{"again", again{}},
	{"reversed", reversed{}},
	{"jumps", jumps{}},
	{"repeated", repeated{}},
	{"shifted", shifted{}},
	{"remainder", remainder{}},
	{"replaced", replaced{}},
	{"filtered", filtered{}},
	{"summed", summed{}},
	{"sorted", sorted{}},
	{"pairs", pairs{}},
}

// A text is the lines of a state with what finding relations needs.
type text struct {
	s     *scratch
	v     []int32 // the lines' elements, each line followed by a number that no other place has
	base  []int32 // where each line starts in v
	line  []int16 // of each place
	heat  []int32 // heat[i]: what the parts of the places before i in its line cost
	parts []part  // of all lines, places in v
	part  []int32 // of each place: index into parts, -1 at the ends of lines
	hot   []int32 // places from which on a relation may save something
	next  []int32 // next place with the same element, -1: none
	head  [256]int32
	found []relation
	group int32 // of relations added: those of found with the same are tried together
	more  int   // above 0: within a group
	pass  int   // over the state: an index of efforts
	lines int   // relations are looked for of places of these first lines
}

// least is the shortest span worth looking for.
const least = 3

// add adds a relation whose target starts at i and has n elements.
func (t *text) add(op dsl.Op, i, n int, numbers, x, y int32, src, other span) {
	if n < least || src.i < 0 || numbers >= unreachable || len(t.found) >= efforts[t.pass].relations || int(t.line[i]) >= t.lines {
		return
	}
	at := span{int32(i), int32(i + n)}
	if first, rest, ok := t.copy(src); ok && t.more == 0 && other.j == 0 && !overlap(at, t.parts[t.part[src.i]].span()) {
		t.group++
		t.more++
		t.add(op, i, n, numbers, x, y, first, span{})
		t.repeat(first, rest)
		t.more--
		return
	}
	if overlap(at, src) || overlap(at, other) {
		return
	}
	if first, rest, ok := t.copy(at); ok && t.more == 0 && first == at && !overlap(rest, src) && !overlap(rest, other) {
		t.group++
		t.more++
		t.add(op, i, n, numbers, x, y, src, other)
		t.repeat(first, rest)
		t.more--
		return
	}
	s := t.s
	r := relation{op: op, x: x, y: y, at: at, src: [2]span{src, other}}
	r.body = numbers + s.price.reference
	if op != dsl.Ref {
		r.body += s.price.sym[op][0][dsl.Ref]
		if other.j > 0 {
			r.body += s.price.sym[op][1][dsl.Ref] + s.price.reference
		}
	}
	r.gain = t.heat[at.j] - t.heat[at.i] - r.body - s.price.next[op]
	if r.gain <= 0 {
		return
	}
	for k := len(t.found) - 1; k >= 0 && k >= len(t.found)-8; k-- {
		if f := &t.found[k]; f.at == at && f.src == r.src && f.op == op && t.more == 0 {
			return
		}
	}
	for _, sp := range r.src {
		if sp.j > sp.i {
			if t.parts[t.part[sp.i]].i != sp.i {
				r.cuts += s.price.next[dsl.SetList]
			}
			if t.parts[t.part[sp.j-1]].j != sp.j {
				r.cuts += s.price.next[dsl.SetList]
			}
		}
	}
	if t.more == 0 {
		t.group++
	}
	r.group = t.group
	t.found = append(t.found, r)
}

// copy reports whether sp is one copy of a period that is a part; if so, first is
// the first copy and rest the others.
func (t *text) copy(sp span) (first, rest span, ok bool) {
	p := &t.parts[t.part[sp.i]]
	if p.p == nil || p.p.rule != rulePeriod || p.p.rel != nil || sp.j-sp.i != p.p.b || sp.j > p.j || (sp.i-p.i)%p.p.b != 0 {
		return span{}, span{}, false
	}
	return span{p.i, p.i + p.p.b}, span{p.i + p.p.b, p.j}, true
}

// repeat adds that rest repeats first.
func (t *text) repeat(first, rest span) {
	if times := (rest.j - rest.i) / (first.j - first.i); times > 1 {
		t.add(dsl.RepeatList, int(rest.i), int(rest.j-rest.i), t.s.price.times[times], times, 0, first, span{})
	} else {
		t.add(dsl.Ref, int(rest.i), int(rest.j-rest.i), 0, 0, 0, first, span{})
	}
}

func (p *part) span() span { return span{p.i, p.j} }

func overlap(a, b span) bool { return a.i < b.j && b.i < a.j }

// set makes t the text of lines, of which parts are the chains found. Relations
// are looked for of places of the first targets lines.
func (t *text) set(s *scratch, lines []*line, chains []*chain, targets int) {
	t.s, t.lines = s, targets
	t.v, t.base, t.line = t.v[:0], t.base[:0], t.line[:0]
	t.parts, t.part, t.hot = t.parts[:0], t.part[:0], t.hot[:0]
	for k, l := range lines {
		base := int32(len(t.v))
		t.base = append(t.base, base)
		t.v = append(t.v, l.v...)
		t.v = append(t.v, int32(-1000-k))
		first := len(t.parts)
		t.parts = chains[k].parts(t.parts)
		for x := first; x < len(t.parts); x++ {
			p := &t.parts[x]
			literal := p.p == nil
			for i := p.i; i < p.j; i++ {
				t.line = append(t.line, int16(k))
				t.part = append(t.part, int32(x))
				if k < targets && (literal || p.j-p.i < 8 || i == p.i) && int(i)+2 < len(l.v) {
					t.hot = append(t.hot, base+i)
				}
			}
			p.i += base
			p.j += base
		}
		t.line = append(t.line, int16(k))
		t.part = append(t.part, -1)
	}
	t.heat = grow(t.heat, len(t.v)+1)
	for k := range lines {
		t.warm(k, chains[k])
	}
	for x := range t.head {
		t.head[x] = -1
	}
	t.next = grow(t.next, len(t.v))
	for i := len(t.v) - 1; i >= 0; i-- {
		if x := t.v[i]; x&^255 == 0 {
			t.next[i] = t.head[x]
			t.head[x] = int32(i)
		}
	}
	s.spend(int64(2 * len(t.v)))
}

// warm sets the heat of line k from its chain.
func (t *text) warm(k int, c *chain) {
	base := int(t.base[k])
	heat := int32(0)
	t.s.spare = c.parts(t.s.spare[:0])
	for x, p := range t.s.spare {
		cost := c.cost
		if x < len(t.s.spare)-1 {
			cost = c.cells[int(p.j)-c.lo].cost
		}
		each := (cost - heat) / (p.j - p.i)
		for i := p.i; i < p.j; i++ {
			t.heat[base+int(i)] = heat + (i-p.i)*each
		}
		heat = cost
	}
	t.heat[base+c.hi] = heat
}

// propose adds the relations of all rules in use.
func (t *text) propose() {
	for r := range relations {
		if t.s.without>>(relationBit+r)&1 == 0 {
			relations[r].propose(t)
		}
	}
}

// first is the first place that has element x, or -1.
func (t *text) first(x int32) int32 {
	if x&^255 != 0 {
		return -1
	}
	return t.head[x]
}

// same is the number of places from i and from a on that hold the same.
func (t *text) same(i, a int) (n int) {
	for t.v[i+n] == t.v[a+n] {
		n++
	}
	return n
}

// clipped calls f for the n places from a on, whole, and, where these are of
// several parts, for what is in each: with the offset of the first place from a,
// and their number. What f adds for all parts is one group.
func (t *text) clipped(a, n int, f func(skip, n int)) {
	f(0, n)
	if p := t.part[a]; t.parts[p].j >= int32(a+n) {
		return
	}
	if t.more == 0 {
		t.group++
	}
	t.more++
	for k := a; k < a+n; {
		end := min(int(t.parts[t.part[k]].j), a+n)
		if end-k >= least && (k > a || end < a+n) {
			f(k-a, end-k)
		}
		k = end
	}
	t.more--
}
