package dsl

import (
	"bytes"
	"fmt"
)

// A plan makes the bytes of a segment from its streams. Its lists are bytes; what
// an operation takes for an element, a number of 1, 2, 4 or 8 bytes, is a parameter
// of its own (kindElement). Every operation has an inverse: a plan read from its
// output down says how a segment is taken apart, and executed, how it is put
// together again.
//
// How long each list is follows from the segment's length: what an operation
// is to make says what it needs of its arguments (planRow.sizes). Of the two lists
// of a concatenate one has to be of a length that the plan states,
// `get_subsequence_between_indices(s, 0, n)`; the other one is the rest.

// Limits of plans (container/FORMAT.md, section 9).
const (
	MaxStreams  = 64      // of a segment
	MaxPlanned  = 1 << 21 // bytes of a segment that has a plan other than the identity
	MaxPlanList = 1 << 12 // elements of the literals of a plan
	maxTaps     = 64      // numbers of a prediction's list
	maxLMSTaps  = 32      // distances of an adaptive prediction
	maxWeights  = 4096    // of an adaptive prediction
	maxReach    = 1 << 14 // the farthest element that one looks at
)

// PlanScratch is what executing a plan for a segment of n bytes may take of memory
// beside the segment and its streams.
func PlanScratch(n int) int { return 4*n + 4096 }

// planSteps is what it may take of steps: as much as is done in well under a second.
func planSteps(n int) int { return 32*n + 1<<16 }

// listSteps is what making a list of size bytes by n takes of them.
func listSteps(n *Node, size int) int {
	each := 1 + len(n.List)/8
	switch n.Op {
	case Records:
		each = 8
	case LMS:
		each = 2 + len(n.List)/2
	}
	return 64 + each*size
}

// A planRow is what an operation means in a plan.
type planRow struct {
	// sizes returns how long the arguments are of a node that makes size bytes.
	sizes func(l *layout, n *Node, size int) (s, t int, err error)
	// check says what is wrong with the parameters; nil: nothing can be.
	check func(n *Node) error
	// apart says that the arguments are not parts of the result, one after the
	// other, which the operation changes in place.
	apart bool
	// join makes dst from s and t, which are its parts unless apart; nil: they
	// are it already. The error says that they don't fit.
	join func(dst []byte, n *Node, s, t []byte) error
	// split is the inverse: it makes s and t from src, which it may change and
	// whose parts they are unless apart.
	split func(src []byte, n *Node, s, t []byte) error
}

// A layout says how long the lists of a plan are.
type layout struct {
	p       *Program
	sizes   []int // of each node; -1: not known yet
	streams []int // of each stream
	stated  []int // of each node where fixed was asked; 0: not yet

	// fixed is how long the list of node i is, where the plan states it; else
	// negative. (A method would make the table depend on itself.)
	fixed func(i int) int
}

// Layout returns how long the streams are of a segment of size bytes with the plan
// p. The error is ErrExecution or ErrLimit.
func (p *Program) Layout(size int) (streams []int, err error) {
	l, err := p.layout(size)
	if err != nil {
		return nil, err
	}
	return l.streams, nil
}

func (p *Program) layout(size int) (*layout, error) {
	l := &layout{p: p, sizes: make([]int, len(p.Nodes)), stated: make([]int, len(p.Nodes))}
	l.fixed = func(i int) int {
		if l.stated[i] == 0 {
			l.stated[i] = l.state(&p.Nodes[i])
		}
		return l.stated[i]
	}
	for i := range l.sizes {
		l.sizes[i] = -1
	}
	if p.Out < 0 {
		return nil, errPast
	}
	if err := l.visit(p.Out, size); err != nil {
		return nil, err
	}
	total := 0
	for k, n := range l.streams {
		if n < 0 {
			return nil, fmt.Errorf("%w: no stream %d", ErrExecution, k)
		}
		total += n
	}
	if total > 2*size+4096 {
		return nil, fmt.Errorf("%w: streams of %d bytes for %d", ErrLimit, total, size)
	}
	return l, nil
}

// visit notes that node i makes size bytes, and what follows from that.
func (l *layout) visit(i, size int) error {
	if l.sizes[i] == size {
		return nil
	}
	n := &l.p.Nodes[i]
	row := table[n.Op].plan
	if row == nil {
		return lineError(i, fmt.Errorf("%w: %s is not for plans", ErrExecution, n.Op))
	}
	if l.sizes[i] >= 0 {
		return lineError(i, fmt.Errorf("%w: a list is to have %d bytes and %d", ErrExecution, l.sizes[i], size))
	}
	l.sizes[i] = size
	if row.check != nil {
		if err := row.check(n); err != nil {
			return lineError(i, err)
		}
	}
	s, t, err := row.sizes(l, n, size)
	if err != nil {
		return lineError(i, err)
	}
	for k, want := range [2]int{s, t} {
		if k < n.Op.Lists() {
			if err := l.visit(n.Refs[k], want); err != nil {
				return err
			}
		}
	}
	return nil
}

// state is what fixed returns for the node n.
func (l *layout) state(n *Node) int {
	switch {
	case n.Op == Between:
		return max(int(n.Nums[1]), -1)
	case table[n.Op].plan == nil || n.Op.Lists() == 0 || n.Op == Pack:
		return -1
	}
	sum := 0
	for _, ref := range n.Refs[:n.Op.Lists()] {
		s := l.fixed(ref)
		if s < 0 {
			return -1
		}
		sum = min(sum+s, 2*MaxPlanned) // too much for any plan
	}
	return sum
}

// A Planner executes plans, forwards and backwards. The zero Planner is ready to
// use. It is not safe for concurrent use.
type Planner struct {
	layout  *layout
	streams [][]byte
	scratch []byte // a stack of lists
	used    int
	steps   int // left
	back    bool
	filled  [MaxStreams]bool // backwards: the streams that are known
}

// Join makes the segment dst from its streams by the plan p. The error is
// ErrExecution or ErrLimit.
func (m *Planner) Join(dst []byte, p *Program, streams [][]byte) error {
	l, err := m.begin(p, len(dst))
	if err != nil {
		return err
	}
	if len(streams) != len(l.streams) {
		return fmt.Errorf("%w: %d streams for a plan of %d", ErrExecution, len(streams), len(l.streams))
	}
	for k, s := range streams {
		if len(s) != l.streams[k] {
			return fmt.Errorf("%w: stream %d has %d bytes, not %d", ErrExecution, k, len(s), l.streams[k])
		}
	}
	m.streams, m.back = streams, false
	return m.run(p.Out, dst)
}

// Split takes the segment src apart by the plan p: it returns streams of which
// Join makes src, one after the other in the array of the first. The error is
// ErrExecution, where the plan can't make these bytes, or ErrLimit.
func (m *Planner) Split(src []byte, p *Program) (streams [][]byte, err error) {
	l, err := m.begin(p, len(src))
	if err != nil {
		return nil, err
	}
	total := 0
	for _, n := range l.streams {
		total += n
	}
	all := make([]byte, total)
	for _, n := range l.streams {
		streams = append(streams, all[:n:n])
		all = all[n:]
	}
	m.streams, m.back, m.filled = streams, true, [MaxStreams]bool{}
	dst, err := m.take(len(src))
	if err != nil {
		return nil, err
	}
	copy(dst, src)
	return streams, m.run(p.Out, dst)
}

func (m *Planner) begin(p *Program, size int) (*layout, error) {
	if size > MaxPlanned {
		return nil, fmt.Errorf("%w: a plan for %d bytes", ErrLimit, size)
	}
	l, err := p.layout(size)
	if err != nil {
		return nil, err
	}
	m.layout, m.used, m.steps = l, 0, planSteps(size)
	return l, nil
}

// take returns n bytes of the stack.
func (m *Planner) take(n int) ([]byte, error) {
	limit := PlanScratch(m.layout.sizes[m.layout.p.Out])
	if m.back {
		limit += m.layout.sizes[m.layout.p.Out] // the segment itself
	}
	if m.used+n > limit {
		return nil, fmt.Errorf("%w: lists of a plan", ErrLimit)
	}
	if m.used+n > len(m.scratch) {
		// Lists in use stay where they are: only what is taken next is elsewhere.
		m.scratch = make([]byte, max(m.used+n, limit/4))
	}
	m.used += n
	return m.scratch[m.used-n : m.used : m.used], nil
}

// run makes the list of node i in dst or, backwards, its streams from dst.
func (m *Planner) run(i int, dst []byte) error {
	n := &m.layout.p.Nodes[i]
	row := table[n.Op].plan
	if m.steps -= listSteps(n, len(dst)); m.steps < 0 {
		return lineError(i, errSteps)
	}
	if n.Op == Payload {
		k := n.Nums[0]
		s := m.streams[k]
		switch {
		case !m.back:
			copy(dst, s)
		case m.filled[k] && !bytes.Equal(s, dst):
			return lineError(i, fmt.Errorf("%w: stream %d would have to be two things", ErrExecution, k))
		default:
			copy(s, dst)
			m.filled[k] = true
		}
		return nil
	}
	var args [2][]byte
	mark, at := m.used, 0
	for k := range n.Op.Lists() {
		size := m.layout.sizes[n.Refs[k]]
		if row.apart {
			var err error
			if args[k], err = m.take(size); err != nil {
				return lineError(i, err)
			}
		} else {
			args[k] = dst[at : at+size : at+size]
			at += size
		}
	}
	var err error
	if m.back && row.split != nil {
		err = row.split(dst, n, args[0], args[1])
	}
	for k := 0; k < n.Op.Lists() && err == nil; k++ {
		if err = m.run(n.Refs[k], args[k]); err != nil {
			return err
		}
	}
	if !m.back && row.join != nil {
		err = row.join(dst, n, args[0], args[1])
	}
	m.used = mark
	if err != nil {
		return lineError(i, err)
	}
	return nil
}
