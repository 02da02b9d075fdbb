package programs

import (
	"fmt"
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

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
	pairs  int32
	second bool // the second strand gets the tail
}

// A kid is a state that is only considered: another one, its parent, with a line cut.
type kid struct {
	cut
	which  int32 // index of the line cut among the parent's slots
	cost   int32 // estimate; with the ranker, also of how unlikely the state is
	doubt  int32 // the part of cost that says how unlikely the state is
	number int32 // among the states considered
}

// A state is a way to take the sequence apart, and what is known of its cost.
type state struct {
	root  *tree  // if it has no parent
	slots []slot // in the order of the tree
	over  int32  // cost of all but the slots' chains

	parent *state // nil for the first one
	kid           // what it was to its parent
	depth  int    // number of parents

	kids []kid // not searched yet, the cheapest estimate first
}

// tree returns how the lines of st make the sequence.
func (st *state) tree() *tree {
	if st.parent == nil {
		return st.root
	}
	node := &tree{op: dsl.Interleave}
	for x := range node.kids {
		node.kids[x] = &tree{line: st.slots[int(st.which)+x].line}
	}
	return st.parent.tree().replace(st.parent.slots[st.which].line, node)
}

// oneFirst reports whether only one line of st may be cut.
func (st *state) oneFirst() bool {
	n := 0
	for k := range st.slots {
		if st.slots[k].first {
			n++
		}
	}
	return n == 1
}

// make makes the state that k is to its parent st.
func (s *scratch) make(st *state, k kid) *state {
	p := st.slots[k.which]
	v, n := p.line.v, 2*k.pairs
	strands := [2]slot{
		{role: argument(dsl.Interleave, 0), first: p.first},
		{role: argument(dsl.Interleave, 1)},
	}
	work := s.borrow()
	for x := range strands {
		l, keep := work, s.store.line
		if x == 0 && st.oneFirst() {
			l, keep = &s.head, s.store.bareLine
		}
		l.store = alternate(l.store[:0], v[:n], x)
		if (x == 1) == k.second {
			l.store = append(l.store, v[n:]...)
		}
		l.set(l.store, s.price)
		l.propose(&s.meter, s.without)
		strands[x].line = keep(l)
	}
	s.giveBack(work)
	if strands[0].line.bare() {
		s.headOf = strands[0].line
	}
	slots := s.store.slots.take(len(st.slots) + 1)
	copy(slots, st.slots[:k.which])
	copy(slots[k.which:], strands[:])
	copy(slots[k.which+2:], st.slots[k.which+1:])
	return s.store.states.one(state{
		slots: slots, over: st.over + s.price.symbols(p.role)[dsl.Interleave],
		parent: st, kid: k, depth: st.depth + 1,
	})
}

// borrow returns a line to be set and given back.
func (s *scratch) borrow() *line {
	last := len(s.spare) - 1
	if last < 0 {
		return new(line)
	}
	l := s.spare[last]
	s.spare = s.spare[:last]
	return l
}

func (s *scratch) giveBack(l *line) { s.spare = append(s.spare, l) }

// newLine returns a line of g of l and the elements of tail after it.
func (s *scratch) newLine(l *line, g stretch, tail []int32) *line {
	n := s.borrow()
	n.store = append(append(n.store[:0], l.v[g.i:g.j]...), tail...)
	n.set(n.store, s.price)
	n.source, n.origin = l.source, l.origin+g.i
	n.propose(&s.meter, s.without)
	s.giveBack(n)
	return s.store.line(n)
}

// bare reports whether l has nothing but elements. The first line of a state is bare, if
// it is a strand and no other can be cut: nothing else is needed of it once the state is
// visited.
func (l *line) bare() bool { return l.run == nil && len(l.v) > 0 }

// setHead makes head all of the first line of st, if that is bare. The steps were spent
// when st was made.
func (s *scratch) setHead(st *state) {
	k := slices.IndexFunc(st.slots, func(p slot) bool { return p.line.bare() })
	if k < 0 || st.slots[k].line == s.headOf {
		return
	}
	l, free := st.slots[k].line, s.meter
	free.steps = math.MaxInt64
	s.head.store = append(s.head.store[:0], l.v...)
	s.head.set(s.head.store, s.price)
	s.head.propose(&free, s.without)
	s.headOf = l
}

// alternate appends to dst every other element of v, from element x on.
func alternate(dst, v []int32, x int) []int32 {
	for i := x; i < len(v); i += 2 {
		dst = append(dst, v[i])
	}
	return dst
}

// statesOf returns states that have cuts, and nothing else.
func statesOf(cuts []rank.Cut) (list []*state) {
	for _, c := range cuts {
		list = append(list, &state{kid: kid{cut: cut{pairs: int32(c.Pairs), second: c.Second}}})
	}
	return list
}

// A Ranker is the network that orders the cuts of a line. It is safe for concurrent use.
type Ranker struct{ net *rank.Net }

// RankerSize is the size in bytes of the table of a Ranker.
const RankerSize = rank.Size

// NewRanker returns the Ranker of a table, as internal/rank/train writes it. It returns an
// error if the table has another size than RankerSize, or a weight that is out of bounds.
func NewRanker(table []byte) (*Ranker, error) {
	n, err := rank.Parse(table)
	if err != nil {
		return nil, fmt.Errorf("programs: %w", err)
	}
	return &Ranker{n}, nil
}

// network returns the network of r, the built-in one if r is nil.
func (r *Ranker) network() *rank.Net {
	if r == nil {
		return rank.Default()
	}
	return r.net
}

// seen returns what the ranker is shown of the kids of st in which line k is cut. It is
// valid until the next call.
func (s *scratch) seen(st *state, k int) *rank.State {
	t := &s.shown
	t.Line, t.Cost, t.Depth, t.Kids = st.slots[k].line.v, s.solution.cost, st.depth, t.Kids[:0]
	for _, kid := range st.kids {
		if int(kid.which) == k {
			t.Kids = append(t.Kids, rank.Kid{Cut: kid.shown(), Cost: kid.cost})
		}
	}
	return t
}

// shown returns c as package rank has it.
func (c cut) shown() rank.Cut { return rank.Cut{Pairs: int(c.pairs), Second: c.second} }

// bitsPerNat is by how many bits a kid seems to cost more if the ranker finds it less
// likely than the best by a factor of e. 600 drawn sequences at 3 and 8 ms: 0.3538 and
// 0.3470 with 5, 0.3521 and 0.3452 with 9; on a later version 0.3415 and 0.3404 with 12,
// 0.3420 and 0.3407 with 25 (November 2026).
const bitsPerNat = 12

// mostDoubt bounds what a cut adds to the doubt of a kid, in 1/ScoreUnit nat: 256 nats, so
// that MaxBlock/2 cuts with any weights stay below 1<<31.
const mostDoubt = 256 * rank.ScoreUnit

// rank orders the kids of st in which line k is cut by the ranker: the most likely one
// has the lowest estimate, and those less likely seem to cost more. A kid is at least
// as doubtful as its parent.
func (s *scratch) rank(st *state, k int) {
	seen := s.seen(st, k)
	if len(seen.Kids) < 2 || s.steps <= 0 {
		return
	}
	scores, steps := s.ranker.Rank(s.net, seen)
	s.steps -= steps
	top, lowest := slices.Max(scores), seen.Kids[0].Cost
	for x := range st.kids {
		if kid := &st.kids[x]; int(kid.which) == k {
			kid.doubt = st.doubt + min(top-scores[0], mostDoubt)*((s.attempt.bitsPerNat<<8)/rank.ScoreUnit)
			kid.cost = lowest + kid.doubt
			scores = scores[1:]
		}
	}
	slices.SortStableFunc(st.kids, func(a, b kid) int { return int(a.cost - b.cost) })
}

// A queue is a heap of states that were solved, ordered by the most promising kid
// of each; ties by the order in which these were considered.
type queue []*state

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	a, b := q[i].kids[0], q[j].kids[0]
	return a.cost < b.cost || a.cost == b.cost && a.number < b.number
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*state)) }
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
