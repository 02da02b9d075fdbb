package dsl

import (
	"fmt"
	"math"
)

// A Budget bounds an execution. The zero Budget allows nothing.
//
// Every node takes steps for itself, its parameters and the elements of its literal, which
// take time to read; then one for each element of its arguments and of its output, and
// more if the operation is slow. Elements are those of all lists that
// a program makes, in 4 bytes each.
type Budget struct {
	Steps    int64
	Elements int64
}

// Prices in steps. They were measured, on an AMD EPYC in 2026-11 with nothing else running,
// so that the slowest programs that were found take about a nanosecond a step;
// BenchmarkHostile and BenchmarkHostileSegment measure them again.
const (
	nodeSteps    = 32  // a node
	paramSteps   = 64  // each of its parameters
	literalSteps = 64  // each element of a literal
	blockSteps   = 128 // a block that has a program
)

// fixedSteps[op] is what a node of op takes before its lists.
var fixedSteps = func() (c [endOps]int64) {
	for op := range table {
		c[op] = nodeSteps + paramSteps*int64(len(table[op].params))
	}
	return c
}()

// ReadSteps returns the steps that reading p takes. Executing it takes at least as many.
func (p *Program) ReadSteps() (steps int64) {
	for i := range p.Nodes {
		steps += p.Nodes[i].ReadSteps()
	}
	return steps
}

// ReadSteps returns the steps that reading n takes.
func (n *Node) ReadSteps() int64 { return fixedSteps[n.Op] + literalSteps*int64(len(n.List)) }

// Budgets, in steps or elements (container/FORMAT.md, section 8). They are fixed by the
// format. Those of a block are arbitrary. With about a nanosecond a step, those of a segment
// bound its time to a third of a second.
const (
	blockStepsPerByte    = 256
	blockStepsMore       = 4096 // for short blocks
	blockElementsPerByte = 64
	blockElementsMore    = 1024 // for short blocks

	segmentStepsPerByte = 160   // of the first FullPlanned bytes
	segmentStepsMore    = 16384 // for short segments
	stepsPerLongByte    = 4     // less, for each byte after these: it takes time without a program, too
	sectionStepsPerByte = 64    // reading a byte of a section
)

// BlockBudget returns the budget of the program of a block of n bytes.
func BlockBudget(n int) Budget {
	return Budget{
		Steps:    blockStepsPerByte*int64(n) + blockStepsMore,
		Elements: blockElementsPerByte*int64(n) + blockElementsMore,
	}
}

// SegmentSteps returns the steps that all programs of a segment of n bytes, its plan among
// them, may take together: a third of a second's work at most, less what the bytes of
// longer segments take without programs.
func SegmentSteps(n int64) int64 {
	return segmentStepsPerByte*min(n, FullPlanned) + segmentStepsMore - stepsPerLongByte*max(0, n-FullPlanned)
}

// SectionSteps returns the steps, of SegmentSteps, that reading a section of n bytes takes.
func SectionSteps(n int) int64 { return sectionStepsPerByte * int64(n) }

// A Machine executes programs. It owns the lists of the last execution and what programs
// run by Block left to later ones. The zero Machine is ready to use. It is not safe for
// concurrent use.
type Machine struct {
	arena []int32   // lists of this execution, one after the other
	lists [][]int32 // of each node so far
	node  [1]Node   // that Apply executes

	history history
	rest    []int32 // made by the last program beyond its block
	before  []byte  // the stream before the block
	copied  []int32 // the list of the last Copy
}

// Run executes p within b and returns its output and the steps that it took. The output is
// valid until the next call. The error is ErrLimit or ErrExecution.
func (m *Machine) Run(p *Program, b Budget) (out []int32, steps int64, err error) {
	m.arena, m.lists = m.arena[:0], m.lists[:0]
	if steps, err = m.run(p.Nodes, b); err != nil {
		return nil, steps, err
	}
	out, err = m.list(p.Out)
	return out, steps, err
}

// Apply executes n within b on the lists s and t instead of those that it refers to. The
// output is valid until the next call. The error is ErrLimit or ErrExecution.
func (m *Machine) Apply(n *Node, s, t []int32, b Budget) (out []int32, err error) {
	m.arena, m.lists = m.arena[:0], append(m.lists[:0], s, t)
	m.node[0] = *n
	m.node[0].Refs = [2]int{0, 1}
	if _, err = m.run(m.node[:], b); err != nil {
		return nil, err
	}
	return m.lists[2], nil
}

// run executes nodes, appends their lists to m.lists and returns the steps.
func (m *Machine) run(nodes []Node, b Budget) (steps int64, err error) {
	for i := range nodes {
		n := &nodes[i]
		r := &table[n.Op]
		if r.eval == nil {
			return steps, LineError(i, errPlanOnly)
		}
		var s, t []int32
		switch n.Op.Lists() {
		case 2:
			if t, err = m.list(n.Refs[1]); err != nil {
				return steps, LineError(i, err)
			}
			fallthrough
		case 1:
			s, err = m.list(n.Refs[0])
		default:
			if r.given != nil {
				s, err = r.given(m, n)
			}
		}
		if err != nil {
			return steps, LineError(i, err)
		}
		size := max(0, r.size(n, len(s), len(t)))
		if size > b.Elements-int64(len(m.arena)) {
			return steps, LineError(i, errElements)
		}
		steps += n.ReadSteps() + int64(len(s)) + int64(len(t)) + size
		if r.sorts {
			steps += sortSteps(len(s))
		}
		steps += r.each * size
		if steps > b.Steps {
			return steps, LineError(i, errSteps)
		}
		start := len(m.arena)
		if need := start + int(size); need > cap(m.arena) {
			m.grow(need, b.Elements)
		}
		m.arena, err = r.eval(m.arena, n, s, t)
		if err != nil {
			return steps, LineError(i, err)
		}
		m.lists = append(m.lists, m.arena[start:len(m.arena):len(m.arena)])
	}
	return steps, nil
}

// minArena is the smallest arena, in elements: a block's program rarely needs a second.
const minArena = 1024

// grow makes room for need elements, of at most limit. Lists already made stay where they
// are: they are read only.
func (m *Machine) grow(need int, limit int64) {
	room := min(max(2*cap(m.arena), minArena), int(min(limit, math.MaxInt32)))
	m.arena = append(make([]int32, 0, max(need, room)), m.arena...)
}

// LineError returns err with the line of node i in the text form.
func LineError(i int, err error) error { return fmt.Errorf("line %d: %w", i+1, err) }

// list returns the list that ref refers to.
func (m *Machine) list(ref int) ([]int32, error) {
	if ref >= 0 {
		return m.lists[ref], nil
	}
	if -ref <= m.history.len() {
		return m.history.list(-ref), nil
	}
	return nil, errEarlier
}

// Bytes executes p within b and writes its output to dst. The error is ErrLimit, or
// ErrExecution also if the output is not len(dst) bytes.
func (m *Machine) Bytes(dst []byte, p *Program, b Budget) (steps int64, err error) {
	out, steps, err := m.Run(p, b)
	if err != nil {
		return steps, err
	}
	if len(out) != len(dst) {
		return steps, fmt.Errorf("%w: output of %d elements, want %d", ErrExecution, len(out), len(dst))
	}
	return steps, writeBytes(dst, out)
}

// writeBytes writes list to dst, which is as long.
func writeBytes(dst []byte, list []int32) error {
	all := int32(0)
	for i, v := range list {
		all |= v
		dst[i] = byte(v)
	}
	if all&^255 != 0 {
		return errByte
	}
	return nil
}
