package plan

import (
	"fmt"

	"github.com/ktzip/ktzip/dsl"
)

// A plan makes the bytes of a segment from its streams. Its lists are bytes; what
// an operation takes for an element, a number of 1, 2, 4 or 8 bytes, is a parameter
// of its own (kindElement). Every operation has an inverse: a plan read from its
// output down says how a segment is taken apart, and executed, how it is put
// together again.
//
// How long each list is follows from the segment's length: what an operation
// is to make says what it needs of its arguments (row.sizes). Of the two lists
// of a concatenate one has to be of a length that the plan states,
// `get_subsequence_between_indices(s, 0, n)`; the other one is the rest.

// Limits of plans (container/FORMAT.md, section 9).
const (
	MaxStreams = 64      // of a segment
	maxTaps    = 64      // numbers of a prediction's list
	maxLMSTaps = 32      // distances of an adaptive prediction
	maxWeights = 4096    // of an adaptive prediction
	maxReach   = 1 << 14 // the farthest element that one looks at
)

// MaxScratch is how many bytes of lists a plan for a segment of n bytes may have
// beside the segment and its streams (container/FORMAT.md, section 9).
func MaxScratch(n int) int { return 4*n + 4096 }

// maxStreamBytes is how many bytes its streams may have together.
func maxStreamBytes(n int) int { return 2*n + 4096 }

// A row is what an operation means in a plan.
type row struct {
	// sizes returns how long the arguments are of a node that makes size bytes;
	// stated is what the plan says of them, below 0 where it says nothing.
	sizes func(n *dsl.Node, size int, stated [2]int) (wanted [2]int, err error)
	// check says what is wrong with the parameters; nil: nothing can be.
	check func(n *dsl.Node) error
	// apart says that the arguments are not parts of the result, one after the
	// other, which the operation changes in place.
	apart bool
	// join makes dst from s and t, which are its parts unless apart; nil: they
	// are it already. The error says that they don't fit.
	join func(m *Machine, dst []byte, n *dsl.Node, s, t []byte) error
	// split is the inverse: it makes s and t from src, which it may change and
	// whose parts they are unless apart.
	split func(m *Machine, src []byte, n *dsl.Node, s, t []byte) error
}

// A Layout says what executing a plan takes for a segment of a certain size. It is
// computed in a time that is linear in the plan, before anything is executed.
type Layout struct {
	Streams []int // length of each stream, in bytes
	Steps   int64 // of reading and executing it, at most SegmentSteps
	Scratch int   // bytes of lists that are in use at a time, at most MaxScratch

	p     *dsl.Program
	sizes []int // of the list of each node; -1: not needed
}

// NewLayout returns the layout of the plan p for a segment of size bytes. The error is
// ErrExecution or ErrLimit.
func NewLayout(p *dsl.Program, size int) (*Layout, error) {
	if size > dsl.MaxPlanned {
		return nil, fmt.Errorf("%w: a plan for %d bytes", dsl.ErrLimit, size)
	}
	if p.Out < 0 {
		return nil, errEarlier
	}
	l := &Layout{p: p, sizes: make([]int, len(p.Nodes))}
	if err := l.lengths(size); err != nil {
		return nil, err
	}
	total := 0
	for k, n := range l.Streams {
		if n < 0 {
			return nil, fmt.Errorf("%w: no stream %d", dsl.ErrExecution, k)
		}
		total += n // of at most MaxStreams lists
	}
	if total > maxStreamBytes(size) {
		return nil, fmt.Errorf("%w: streams of %d bytes for %d", dsl.ErrLimit, total, size)
	}
	if l.count(); l.Steps > dsl.SegmentSteps(int64(size)) {
		return nil, errSteps
	}
	if l.Scratch > MaxScratch(size) {
		return nil, fmt.Errorf("%w: lists of %d bytes for %d", dsl.ErrLimit, l.Scratch, size)
	}
	return l, nil
}

// lengths says how long each list is, from the output down. Nodes refer to nodes before
// them, so each is asked for before its turn.
func (l *Layout) lengths(size int) error {
	stated := stated(l.p)
	for i := range l.sizes {
		l.sizes[i] = -1
	}
	l.sizes[l.p.Out] = size
	for i := l.p.Out; i >= 0; i-- {
		if l.sizes[i] < 0 {
			continue
		}
		n := &l.p.Nodes[i]
		row := rowOf(n.Op)
		if row == nil {
			return dsl.LineError(i, fmt.Errorf("%w: %s is not for plans", dsl.ErrExecution, n.Op))
		}
		if row.check != nil {
			if err := row.check(n); err != nil {
				return dsl.LineError(i, err)
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
		if n.Op == dsl.Payload {
			err = l.stream(int(n.Nums[0]), l.sizes[i])
		}
		if err != nil {
			return dsl.LineError(i, err)
		}
	}
	return nil
}

// want notes that the list of node i has n bytes, in a plan for size bytes.
func (l *Layout) want(i, n, size int) error {
	if i < 0 {
		return errEarlier
	}
	if n > MaxScratch(size) { // those that are longer than the segment are lists in use
		return fmt.Errorf("%w: a list of %d bytes in a plan for %d", dsl.ErrLimit, n, size)
	}
	if had := l.sizes[i]; had >= 0 && had != n {
		return fmt.Errorf("%w: a list is to have %d bytes and %d", dsl.ErrExecution, had, n)
	}
	l.sizes[i] = n
	return nil
}

// stream notes that stream k has n bytes.
func (l *Layout) stream(k, n int) error {
	if k < 0 || k >= MaxStreams {
		return fmt.Errorf("%w: stream %d", dsl.ErrLimit, k)
	}
	for k >= len(l.Streams) {
		l.Streams = append(l.Streams, -1)
	}
	if had := l.Streams[k]; had >= 0 && had != n {
		return fmt.Errorf("%w: stream %d is to have %d bytes and %d", dsl.ErrExecution, k, had, n)
	}
	l.Streams[k] = n
	return nil
}

// stated are the lengths of the lists of p that the plan itself states; -1: it doesn't.
func stated(p *dsl.Program) []int {
	const most = 8 * dsl.MaxPlanned // more than any list has
	stated := make([]int, len(p.Nodes))
	for i := range p.Nodes {
		n := &p.Nodes[i]
		switch {
		case n.Op == dsl.Between:
			stated[i] = min(max(int(n.Nums[1]), -1), most)
			continue
		case n.Op.Lists() == 0 || n.Op == dsl.Pack:
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
		l.Steps += n.ReadSteps()
		s := 0
		if n.Op.Lists() > 0 {
			s = l.sizes[n.Refs[0]]
		}
		if each := executionSteps(n, l.sizes[i], s); times[i] > most/each {
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
		if !rowOf(n.Op).apart {
			own = 0
		}
		if n.Op == dsl.Records {
			below = max(below, 2*l.records(n)) // the kinds of them, once the lists are made
		}
		scratch[i] = own + below
	}
	l.Scratch = scratch[l.p.Out]
}

// records is how many records a node of that operation makes at most.
func (l *Layout) records(n *dsl.Node) int { return l.sizes[n.Refs[0]] / int(n.Nums[0]) }
