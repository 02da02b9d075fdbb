package plan

import (
	"bytes"
	"fmt"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan/internal/built"
	"github.com/ktzip/ktzip/dsl/plan/internal/text"
)

// A direction is the way in which a Machine executes a plan. Every operation walks the
// same elements in both.
type direction bool

const (
	joining   direction = true  // results from arguments: a segment from its streams
	splitting direction = false // arguments from results
)

// joins reports whether d is joining. In a program that cannot split, the compiler knows that.
func (d direction) joins() bool { return !built.Splits || d == joining }

// move copies between a place in a result and one in an argument.
func (d direction) move(result, argument []byte) {
	if d.joins() {
		copy(result, argument)
	} else {
		copy(argument, result)
	}
}

// A Division is a plan and the streams into which it divides a segment.
type Division struct {
	Plan    *dsl.Program
	Streams [][]byte
}

// A Machine executes plans in both directions. The zero Machine is ready to use. It is not
// safe for concurrent use.
type Machine struct {
	layout    *Layout
	direction direction
	streams   [][]byte
	filled    [MaxStreams]bool         // splitting: streams that have their bytes
	visit     func(i int, list []byte) // joining: sees the list of each node; nil if nobody looks

	stack []byte // of lists, 0 <= used <= len(stack)
	used  int

	kinds     kindTable // of Records and Kinds
	fields    []field   // storage for Columns and Kinds
	schemas   []schema  // storage for Kinds
	alike     alikeTable
	number    numberRun    // of Columns and Kinds
	filter    filter       // of LMS
	lanes     lanes        // of LMS, Predict and Mix
	chunk     []int32      // of filters
	distances []int32      // of LMS
	mixer     mixer        // of Mix
	printer   text.Printer // of Lines
}

// Join makes the segment dst from its streams by the plan p. The error is
// dsl.ErrExecution or dsl.ErrLimit.
func (m *Machine) Join(dst []byte, p *dsl.Program, streams [][]byte) error {
	if err := m.beginJoin(p, len(dst), streams); err != nil {
		return err
	}
	return m.run(p.Out, dst)
}

// beginJoin prepares m to make size bytes of streams by the plan p.
func (m *Machine) beginJoin(p *dsl.Program, size int, streams [][]byte) error {
	l, err := NewLayout(p, size)
	if err != nil {
		return err
	}
	if len(streams) != len(l.Streams) {
		return fmt.Errorf("%w: %d streams, the plan has %d", dsl.ErrExecution, len(streams), len(l.Streams))
	}
	for k, s := range streams {
		if len(s) != l.Streams[k] {
			return fmt.Errorf("%w: stream %d has %d bytes, the plan wants %d", dsl.ErrExecution, k, len(s), l.Streams[k])
		}
	}
	m.begin(l, 0)
	m.streams, m.direction = streams, joining
	return nil
}

// Split takes the segment src apart by the plan p: it returns streams of which Join makes
// src. They lie one after the other in one array. The error is dsl.ErrExecution if the
// plan cannot make these bytes, or dsl.ErrLimit. A program that was built with the tag ktzip_restoreonly cannot
// split.
func (m *Machine) Split(src []byte, p *dsl.Program) (streams [][]byte, err error) {
	if !built.Splits {
		return nil, errSplit
	}
	l, err := NewLayout(p, len(src))
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
	m.streams, m.direction, m.filled = streams, splitting, [MaxStreams]bool{}
	list := m.take(len(src)) // run changes it
	copy(list, src)
	return streams, m.run(p.Out, list)
}

// Lists makes a segment of size bytes of its streams by the plan p, as Join does, and calls visit for each node
// that the output needs with its list, arguments first. A list that is used twice is visited twice. Lists are
// valid until visit returns, and must not be changed.
func (m *Machine) Lists(size int, p *dsl.Program, streams [][]byte, visit func(i int, list []byte)) error {
	m.visit = visit
	defer func() { m.visit = nil }()
	return m.Join(make([]byte, size), p, streams)
}

// begin makes room on the stack for the lists of l and extra bytes: no list is allocated
// while the plan is executed.
func (m *Machine) begin(l *Layout, extra int) {
	m.layout, m.used = l, 0
	if need := l.Scratch + extra; need > len(m.stack) {
		// As much as any plan for a segment of this size may take: unused pages are not
		// touched. At least doubled, so that segments that grow little by little leave
		// little garbage.
		size := MaxScratch(l.lengths[l.p.Out]) + extra
		size = max(size, min(2*len(m.stack), MaxScratch(dsl.FullPlanned)))
		m.stack = nil // the collector may take the old one first
		m.stack = make([]byte, size)
	}
}

// take returns n bytes of the stack. The layout says that they are there.
func (m *Machine) take(n int) []byte {
	m.used += n
	return m.stack[m.used-n : m.used : m.used]
}

// run makes the list of node i in list if joining; if splitting, it makes the streams
// below node i from list, which it may change.
func (m *Machine) run(i int, list []byte) error {
	n := &m.layout.p.Nodes[i]
	if n.Op == dsl.Payload {
		err := m.payload(i, int(n.Nums[0]), list)
		m.show(i, list)
		return err
	}
	r := rowOf(n.Op)
	mark := m.used
	l := lists{list, argumentsOf(m.layout, n, list, m.take)}
	if !m.direction.joins() && r.run != nil {
		if err := r.run(m, n, l); err != nil {
			return dsl.LineError(i, err)
		}
	}
	for k, ref := range n.Refs[:n.Op.Lists()] {
		if err := m.run(ref, l.args[k]); err != nil {
			return err
		}
	}
	if m.direction.joins() && r.run != nil {
		if err := r.run(m, n, l); err != nil {
			return dsl.LineError(i, err)
		}
	}
	m.show(i, list)
	m.used = mark
	return nil
}

// show shows the list of node i to who looks.
func (m *Machine) show(i int, list []byte) {
	if m.visit != nil {
		m.visit(i, list)
	}
}

// argumentsOf returns where the arguments of n are: within its list, or in what take returns.
func argumentsOf[T any](l *Layout, n *dsl.Node, list []T, take func(n int) []T) (args [2][]T) {
	place, off := rowOf(n.Op).place, 0
	if place == atItsTail {
		off = len(list) - l.lengths[n.Refs[0]]
	}
	for k, ref := range n.Refs[:n.Op.Lists()] {
		size := l.lengths[ref]
		if place == separate || place == atItsTail && k > 0 {
			args[k] = take(size)
		} else {
			args[k] = list[off : off+size : off+size]
			off += size
		}
	}
	return args
}

// payload copies stream k to list, or list to the stream, for node i.
func (m *Machine) payload(i, k int, list []byte) error {
	if !m.direction.joins() {
		if m.filled[k] && !bytes.Equal(m.streams[k], list) {
			return dsl.LineError(i, fmt.Errorf("%w: stream %d is used twice with different contents", dsl.ErrExecution, k))
		}
		m.filled[k] = true
	}
	m.direction.move(list, m.streams[k])
	return nil
}
