package programs

import "iter"

// A text is the lines of a state, one after the other, with what finding
// relations needs. A position is an index into v.
type text struct {
	*meter
	v      []int32    // elements; a negative number that is nowhere else ends each line
	base   []int32    // base[k]: position at which line k starts
	line   []int16    // line of each position
	links  []link     // of the chains of all lines, in positions
	linkAt []int32    // index into links of each position; -1 at the ends of lines
	heat   []int32    // heat[i]: cost of the links before position i in its line
	hot    []int32    // positions from which a relation may save something
	next   []int32    // next position with the same element; -1 if there is none
	head   [256]int32 // first position that holds an element; -1 if there is none

	targets  int    // relations may make elements of these first lines only
	effort   effort // spent on the text
	found    []relation
	group    int32 // of the relation added last
	grouping int   // groups open, one in the other; relations added are of the outermost

	spare []link // storage of warm

	// What rules use to look for what is worth a look; each sets its own.
	slopes  slopes
	heights heights
	kept    [filters][]int32
}

// least is the length in elements of the shortest span worth a relation: a
// reference costs about as much as two literal elements.
const least = 3

// lineEnd is what ends line k: no element is so far from an element that a
// relation could go on through it.
func lineEnd(k int) int32 { return int32(-1000 - k) }

// set makes t the text of lines, which the chains make. Relations are looked for
// of the first targets lines.
func (t *text) set(m *meter, lines []*line, chains []*chain, targets int) {
	t.meter, t.targets = m, targets
	t.v, t.base, t.line = t.v[:0], t.base[:0], t.line[:0]
	t.links, t.linkAt, t.hot = t.links[:0], t.linkAt[:0], t.hot[:0]
	for k, l := range lines {
		t.append(k, l, chains[k])
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
	m.spend(int64(2 * len(t.v)))
}

// shortPiece is the length in elements below which every position of a piece is
// hot, not its start alone (arbitrary).
const shortPiece = 8

// append adds line k of the text, which c makes.
func (t *text) append(k int, l *line, c *chain) {
	base := int32(len(t.v))
	t.base = append(t.base, base)
	t.v = append(append(t.v, l.v...), lineEnd(k))
	first := len(t.links)
	t.links = c.links(t.links)
	for x := first; x < len(t.links); x++ {
		p := &t.links[x]
		short := p.p == nil || p.j-p.i < shortPiece
		for i := p.i; i < p.j; i++ {
			t.line = append(t.line, int16(k))
			t.linkAt = append(t.linkAt, int32(x))
			if k < t.targets && (short || i == p.i) && int(i)+least <= len(l.v) {
				t.hot = append(t.hot, base+i)
			}
		}
		p.i += base
		p.j += base
	}
	t.line = append(t.line, int16(k))
	t.linkAt = append(t.linkAt, -1)
}

// warm sets the heat of line k, which c makes. The cost of a link is spread evenly
// over its elements.
func (t *text) warm(k int, c *chain) {
	base := int(t.base[k])
	heat := int32(0)
	t.spare = c.links(t.spare[:0])
	for x, p := range t.spare {
		cost := c.cost
		if x < len(t.spare)-1 {
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

// linkOf returns the link that makes position i, not the end of a line.
func (t *text) linkOf(i int32) *link { return &t.links[t.linkAt[i]] }

// inLink reports whether the link that makes position i makes the one before, too.
func (t *text) inLink(i int) bool { return i > 0 && t.linkAt[i-1] == t.linkAt[i] }

// first returns the first position that holds x, or -1.
func (t *text) first(x int32) int32 {
	if x&^255 != 0 {
		return -1
	}
	return t.head[x]
}

// same returns the number of positions from i and from a on that hold the same.
func (t *text) same(i, a int) (n int) {
	for t.v[i+n] == t.v[a+n] {
		n++
	}
	return n
}

// apart returns n, cut so that n positions from i and from a on do not overlap.
func apart(i, a, n int) int { return min(n, max(i-a, a-i)) }

// The iterators below end when the steps are used up. The compiler inlines them.

// starts yields the hot positions.
func (t *text) starts() iter.Seq[int] {
	return func(yield func(i int) bool) {
		for _, i := range t.hot {
			if t.steps <= 0 || !yield(int(i)) {
				return
			}
		}
	}
}

// holding yields the positions that hold x, in order.
func (t *text) holding(x int32) iter.Seq[int] {
	return func(yield func(a int) bool) {
		for a := t.first(x); a >= 0 && t.steps > 0; a = t.next[a] {
			if !yield(int(a)) {
				return
			}
		}
	}
}

// alike yields each hot position i with each position a from which on two elements
// or more are the same, and not those before.
func (t *text) alike() iter.Seq2[int, int] {
	return func(yield func(i, a int) bool) {
		for i := range t.starts() {
			for a := range t.holding(t.v[i]) {
				t.steps--
				if a == i || t.v[a+1] != t.v[i+1] || i > 0 && a > 0 && t.v[a-1] == t.v[i-1] {
					continue
				}
				if !yield(i, a) {
					return
				}
			}
		}
	}
}

// pieces yields ways to take n positions from i on from those from a on, as the
// offset and the number of elements: all; and, if several links make either side,
// what each link makes. What is added for the latter is one group.
func (t *text) pieces(i, a, n int) iter.Seq2[int, int] {
	return func(yield func(offset, n int) bool) {
		for x, n := range t.clipped(a, n) {
			for y, n := range t.clipped(i+x, n) {
				if !yield(x+y, n) {
					return
				}
			}
		}
	}
}

// clipped yields the offsets and numbers of elements of n positions from pos on:
// all; and, if several links make them, what each link makes. What is added for
// the latter is one group.
func (t *text) clipped(pos, n int) iter.Seq2[int, int] {
	return func(yield func(offset, n int) bool) {
		if !yield(0, n) || int(t.linkOf(int32(pos)).j) >= pos+n {
			return
		}
		t.openGroup()
		for from := pos; from < pos+n; {
			to := min(int(t.linkOf(int32(from)).j), pos+n)
			if to-from >= least && !yield(from-pos, to-from) {
				break
			}
			from = to
		}
		t.closeGroup()
	}
}

// openGroup makes relations added before closeGroup one group. Groups in a group
// are part of it.
func (t *text) openGroup() {
	if t.grouping == 0 {
		t.group++
	}
	t.grouping++
}

func (t *text) closeGroup() { t.grouping-- }
