package programs

import "github.com/ktzip/ktzip/dsl"

// A tree says how lines make the sequence searched for: by an operation on two
// trees, or as the chain of a line.
type tree struct {
	line *line  // nil if there are kids
	op   dsl.Op // Concatenate or Interleave
	kids [2]*tree
}

// replace returns t with u in place of the line l.
func (t *tree) replace(l *line, u *tree) *tree {
	switch {
	case t.line == l:
		return u
	case t.line != nil:
		return t
	}
	return &tree{op: t.op, kids: [2]*tree{t.kids[0].replace(l, u), t.kids[1].replace(l, u)}}
}

// len returns the number of elements that t makes.
func (t *tree) len() int {
	if t.line != nil {
		return len(t.line.v)
	}
	return t.kids[0].len() + t.kids[1].len()
}

// A slot is a line and what its chain is in the program.
type slot struct {
	line *line
	role
	first bool // the sequence, or a first argument of a first argument … of it
}

// A cut says how a line is made by an interleave of two strands.
//
// interleave(a, b) ++ tail is interleave(a ++ tail, b) or, if a is not longer than b,
// interleave(a, b ++ tail). So the number of pairs and the strand that gets the tail
// say it all.
type cut struct {
	pairs  int
	second bool // the second strand gets the tail
}

// A state is a way to take the sequence apart, and what is known of its cost.
type state struct {
	tree  *tree
	slots []slot // in the order of the tree
	over  int32  // cost of all but the slots' chains

	// A state is first only considered: it is its parent, with a line cut. Then
	// make sets the fields above.
	parent *state // nil for the first one
	which  int    // index of the line cut among the parent's slots
	cut    cut
	cost   int32 // estimate
	depth  int   // number of parents
	number int   // among the states considered

	kids []*state // not searched yet, the cheapest estimate first
}

// make makes the lines of st from its parent's.
func (s *scratch) make(st *state) {
	if st.tree != nil {
		return
	}
	p := st.parent.slots[st.which]
	v, n := p.line.v, 2*st.cut.pairs
	kids := [2]slot{
		{role: argument(dsl.Interleave, 0), first: p.first},
		{role: argument(dsl.Interleave, 1)},
	}
	node := &tree{op: dsl.Interleave}
	for x := range kids {
		l := s.line()
		l.store = alternate(l.store[:0], v[:n], x)
		if (x == 1) == st.cut.second {
			l.store = append(l.store, v[n:]...)
		}
		l.set(l.store, s.price)
		l.propose(&s.meter, s.without)
		kids[x].line = l
		node.kids[x] = &tree{line: l}
	}
	st.tree = st.parent.tree.replace(p.line, node)
	st.slots = append(st.slots, st.parent.slots[:st.which]...)
	st.slots = append(st.slots, kids[0], kids[1])
	st.slots = append(st.slots, st.parent.slots[st.which+1:]...)
	st.over = st.parent.over + s.price.symbols(p.role)[dsl.Interleave]
}

// alternate appends to dst every other element of v, from element x on.
func alternate(dst, v []int32, x int) []int32 {
	for i := x; i < len(v); i += 2 {
		dst = append(dst, v[i])
	}
	return dst
}
