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

// PlanScratch is how many bytes of lists a plan for a segment of n bytes may have
// beside the segment and its streams (container/FORMAT.md, section 9).
func PlanScratch(n int) int { return 4*n + 4096 }

// planList is the longest list that a plan for a segment of n bytes may have, and the
// most bytes of all its streams.
func planList(n int) int { return 2*n + 4096 }

// A planRow is what an operation means in a plan.
type planRow struct {
	// sizes returns how long the arguments are of a node that makes size bytes;
	// stated is what the plan says of them, below 0 where it says nothing.
	sizes func(n *Node, size int, stated [2]int) (wanted [2]int, err error)
	// check says what is wrong with the parameters; nil: nothing can be.
	check func(n *Node) error
	// apart says that the arguments are not parts of the result, one after the
	// other, which the operation changes in place.
	apart bool
	// join makes dst from s and t, which are its parts unless apart; nil: they
	// are it already. The error says that they don't fit.
	join func(m *Planner, dst []byte, n *Node, s, t []byte) error
	// split is the inverse: it makes s and t from src, which it may change and
	// whose parts they are unless apart.
	split func(m *Planner, src []byte, n *Node, s, t []byte) error
}

// A Layout says what executing a plan takes for a segment of a certain size. It is
// computed in a time that is linear in the plan, before anything is executed.
type Layout struct {
	Streams []int // length of each stream, in bytes
	Steps   int64 // of reading and executing it, at most SegmentSteps
	Scratch int   // bytes of lists that are in use at a time, at most PlanScratch

	p     *Program
	sizes []int // of the list of each node; -1: not needed
}

// Layout returns the layout of the plan p for a segment of size bytes. The error is
// ErrExecution or ErrLimit.
func (p *Program) Layout(size int) (*Layout, error) {
	if size > MaxPlanned {
		return nil, fmt.Errorf("%w: a plan for %d bytes", ErrLimit, size)
	}
	if p.Out < 0 {
		return nil, errPast
	}
	l := &Layout{p: p, sizes: make([]int, len(p.Nodes))}
	if err := l.lengths(size); err != nil {
		return nil, err
	}
	total := 0
	for k, n := range l.Streams {
		if n < 0 {
			return nil, fmt.Errorf("%w: no stream %d", ErrExecution, k)
		}
		total += n // of at most MaxStreams lists
	}
	if total > planList(size) {
		return nil, fmt.Errorf("%w: streams of %d bytes for %d", ErrLimit, total, size)
	}
	if l.count(); l.Steps > SegmentSteps(int64(size)) {
		return nil, errSteps
	}
	if l.Scratch > PlanScratch(size) {
		return nil, fmt.Errorf("%w: lists of %d bytes for %d", ErrLimit, l.Scratch, size)
	}
	return l, nil
}

// lengths says how long each list is, from the output down. Nodes refer to nodes before
// them, so each is asked for before its turn.
func (l *Layout) lengths(size int) error {
	stated := l.p.stated()
	for i := range l.sizes {
		l.sizes[i] = -1
	}
	l.sizes[l.p.Out] = size
	for i := l.p.Out; i >= 0; i-- {
		if l.sizes[i] < 0 {
			continue
		}
		n := &l.p.Nodes[i]
		row := table[n.Op].plan
		if row == nil {
			return lineError(i, fmt.Errorf("%w: %s is not for plans", ErrExecution, n.Op))
		}
		if row.check != nil {
			if err := row.check(n); err != nil {
				return lineError(i, err)
			}
		}
		var fixed [2]int
		for k := range n.Op.Lists() {
			fixed[k] = stated[n.Refs[k]]
		}
		wanted, err := row.sizes(n, l.sizes[i], fixed)
		for k := 0; k < n.Op.Lists() && err == nil; k++ {
			err = l.want(n.Refs[k], wanted[k], size)
		}
		if n.Op == Payload {
			err = l.stream(int(n.Nums[0]), l.sizes[i])
		}
		if err != nil {
			return lineError(i, err)
		}
	}
	return nil
}

// want notes that the list of node i has n bytes, in a plan for size bytes.
func (l *Layout) want(i, n, size int) error {
	if i < 0 {
		return errPast
	}
	if n > planList(size) {
		return fmt.Errorf("%w: a list of %d bytes in a plan for %d", ErrLimit, n, size)
	}
	if had := l.sizes[i]; had >= 0 && had != n {
		return fmt.Errorf("%w: a list is to have %d bytes and %d", ErrExecution, had, n)
	}
	l.sizes[i] = n
	return nil
}

// stream notes that stream k has n bytes.
func (l *Layout) stream(k, n int) error {
	if k < 0 || k >= MaxStreams {
		return fmt.Errorf("%w: stream %d", ErrLimit, k)
	}
	for k >= len(l.Streams) {
		l.Streams = append(l.Streams, -1)
	}
	if had := l.Streams[k]; had >= 0 && had != n {
		return fmt.Errorf("%w: stream %d is to have %d bytes and %d", ErrExecution, k, had, n)
	}
	l.Streams[k] = n
	return nil
}

// stated are the lengths of the lists of p that the plan itself states; -1: it doesn't.
func (p *Program) stated() []int {
	const most = 4 * MaxPlanned // more than any list has
	stated := make([]int, len(p.Nodes))
	for i := range p.Nodes {
		n := &p.Nodes[i]
		switch {
		case n.Op == Between:
			stated[i] = min(max(int(n.Nums[1]), -1), most)
			continue
		case n.Op.Lists() == 0 || n.Op == Pack:
			stated[i] = -1
			continue
		}
		for _, ref := range n.Refs[:n.Op.Lists()] {
			if ref < 0 || stated[ref] < 0 {
				stated[i] = -1
				break
			}
			stated[i] = min(stated[i]+stated[ref], most)
		}
	}
	return stated
}

// count counts steps and scratch. A list that is needed twice is made twice.
func (l *Layout) count() {
	const most = 1 << 40 // executions, more than any plan has steps for
	times, scratch := make([]int64, len(l.sizes)), make([]int, len(l.sizes))
	times[l.p.Out] = 1
	for i := l.p.Out; i >= 0; i-- {
		n := &l.p.Nodes[i]
		if times[i] == 0 {
			continue
		}
		l.Steps += paid[n.Op] + literalSteps*int64(len(n.List))
		s := 0
		if n.Op.Lists() > 0 {
			s = l.sizes[n.Refs[0]]
		}
		if each := planSteps(n, l.sizes[i], s); times[i] > most/each {
			l.Steps = most
		} else {
			l.Steps = min(l.Steps+times[i]*each, most)
		}
		for _, ref := range n.Refs[:n.Op.Lists()] {
			times[ref] = min(times[ref]+times[i], most)
		}
	}
	for i := range l.p.Out + 1 {
		if l.sizes[i] < 0 {
			continue
		}
		n := &l.p.Nodes[i]
		own, below := 0, 0
		for _, ref := range n.Refs[:n.Op.Lists()] {
			own += l.sizes[ref]
			below = max(below, scratch[ref])
		}
		if !table[n.Op].plan.apart {
			own = 0
		}
		if n.Op == Records {
			below = max(below, 2*l.records(n)) // the kinds of them, once the lists are made
		}
		scratch[i] = own + below
	}
	l.Scratch = scratch[l.p.Out]
}

// records is how many records a node of that operation makes at most.
func (l *Layout) records(n *Node) int { return l.sizes[n.Refs[0]] / int(n.Nums[0]) }

// A Planner executes plans, forwards and backwards. The zero Planner is ready to
// use. It is not safe for concurrent use.
type Planner struct {
	layout  *Layout
	streams [][]byte
	scratch []byte // a stack of lists, as large as the layout says
	used    int
	kinds   kindTable
	filter  filter
	back    bool
	filled  [MaxStreams]bool // backwards: the streams that are known
}

// Join makes the segment dst from its streams by the plan p. The error is
// ErrExecution or ErrLimit.
func (m *Planner) Join(dst []byte, p *Program, streams [][]byte) error {
	l, err := p.Layout(len(dst))
	if err != nil {
		return err
	}
	if len(streams) != len(l.Streams) {
		return fmt.Errorf("%w: %d streams for a plan of %d", ErrExecution, len(streams), len(l.Streams))
	}
	for k, s := range streams {
		if len(s) != l.Streams[k] {
			return fmt.Errorf("%w: stream %d has %d bytes, not %d", ErrExecution, k, len(s), l.Streams[k])
		}
	}
	m.begin(l, 0)
	m.streams, m.back = streams, false
	return m.run(p.Out, dst)
}

// Split takes the segment src apart by the plan p: it returns streams of which
// Join makes src, one after the other in the array of the first. The error is
// ErrExecution, where the plan can't make these bytes, or ErrLimit.
func (m *Planner) Split(src []byte, p *Program) (streams [][]byte, err error) {
	l, err := p.Layout(len(src))
	if err != nil {
		return nil, err
	}
	total := 0
	for _, n := range l.Streams {
		total += n
	}
	all := make([]byte, total)
	for _, n := range l.Streams {
		streams = append(streams, all[:n:n])
		all = all[n:]
	}
	m.begin(l, len(src))
	m.streams, m.back, m.filled = streams, true, [MaxStreams]bool{}
	dst := m.take(len(src))
	copy(dst, src)
	return streams, m.run(p.Out, dst)
}

// begin makes room for the lists of l and extra bytes, once: no more is taken while the
// plan is executed.
func (m *Planner) begin(l *Layout, extra int) {
	m.layout, m.used = l, 0
	if need := l.Scratch + extra; need > len(m.scratch) {
		// At least doubled, so that segments each a little longer leave little behind.
		need = max(need, min(2*len(m.scratch), PlanScratch(MaxPlanned)))
		m.scratch = nil
		m.scratch = make([]byte, need)
	}
}

// take returns n bytes of the stack.
func (m *Planner) take(n int) []byte {
	m.used += n
	return m.scratch[m.used-n : m.used : m.used]
}

// run makes the list of node i in dst or, backwards, its streams from dst.
func (m *Planner) run(i int, dst []byte) error {
	n := &m.layout.p.Nodes[i]
	row := table[n.Op].plan
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
			args[k] = m.take(size)
		} else {
			args[k] = dst[at : at+size : at+size]
			at += size
		}
	}
	var err error
	if m.back && row.split != nil {
		err = row.split(m, dst, n, args[0], args[1])
	}
	for k := 0; k < n.Op.Lists() && err == nil; k++ {
		if err = m.run(n.Refs[k], args[k]); err != nil {
			return err
		}
	}
	if !m.back && row.join != nil {
		err = row.join(m, dst, n, args[0], args[1])
	}
	m.used = mark
	if err != nil {
		return lineError(i, err)
	}
	return nil
}
