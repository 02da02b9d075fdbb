package dsl

import (
	"fmt"
	"math"
)

// A Budget bounds an execution. The zero Budget allows nothing.
//
// Every node costs steps for itself, its parameters and the elements of its
// literal, since those take time to read; then the lengths of its arguments
// and of its output, some operations more (row.each, row.sorts). Elements counts those
// of all lists that a program makes, in 4 bytes each.
type Budget struct {
	Steps    int64
	Elements int64
}

// Prices in steps.
const (
	nodeSteps    = 32  // a node
	paramSteps   = 64  // each of its parameters
	literalSteps = 64  // each element of a literal
	blockSteps   = 128 // a block that has a program
)

// paid[op] is what a node of op costs before its lists.
var paid = func() (c [numOps]int64) {
	for op := range table {
		c[op] = nodeSteps + paramSteps*int64(len(table[op].params))
	}
	return c
}()

// ReadSteps is what reading p takes of the steps of its execution, and at least what
// that takes.
func (p *Program) ReadSteps() (steps int64) {
	for i := range p.Nodes {
		steps += p.Nodes[i].ReadSteps()
	}
	return steps
}

// ReadSteps returns the steps that reading n takes.
func (n *Node) ReadSteps() int64 { return paid[n.Op] + literalSteps*int64(len(n.List)) }

// BlockBudget is the budget of one program of a block of n bytes (container/
// FORMAT.md, section 8).
func BlockBudget(n int) Budget {
	return Budget{Steps: 256*int64(n) + 4096, Elements: 64*int64(n) + 1024}
}

// SegmentSteps is what all programs of a segment of n bytes, its plan among them, may
// take together: a third of a second's work at most, less what the bytes of longer
// segments take without programs (container/FORMAT.md, section 8).
func SegmentSteps(n int64) int64 {
	return 160*min(n, MaxPlanned) + 16384 - 4*max(0, n-MaxPlanned)
}

// SectionSteps is what reading a section of n bytes takes of SegmentSteps.
func SectionSteps(n int) int64 { return 64 * int64(n) }

// A Machine executes programs. It owns the lists of the last execution and, of
// programs run by Block, what later ones may use. The zero Machine is ready to
// use. It is not safe for concurrent use.
type Machine struct {
	arena  []int32
	lists  [][]int32
	node   [1]Node // that Apply executes
	past   past
	rest   []int32 // made by the last program beyond its block
	before []byte  // the stream up to the block
	bytes  []int32 // storage of what Copy takes
}

// Run executes p within b and returns its output and the steps it took. The
// output is valid until the next call. The error is ErrLimit or ErrExecution.
func (m *Machine) Run(p *Program, b Budget) (out []int32, steps int64, err error) {
	m.arena, m.lists = m.arena[:0], m.lists[:0]
	if steps, err = m.run(p.Nodes, b); err != nil {
		return nil, steps, err
	}
	out, err = m.list(p.Out)
	return out, steps, err
}

// Apply executes a node within b, of these lists instead of those that it refers to, and
// returns what it makes, which is valid until the next call. The error is ErrLimit or
// ErrExecution.
func (m *Machine) Apply(n *Node, s, t []int32, b Budget) (out []int32, err error) {
	m.arena, m.lists = m.arena[:0], append(m.lists[:0], s, t)
	m.node[0] = *n
	m.node[0].Refs = [2]int{0, 1}
	if _, err = m.run(m.node[:], b); err != nil {
		return nil, err
	}
	return m.lists[2], nil
}

// run executes nodes, after the lists that are there, and returns the steps it took.
func (m *Machine) run(nodes []Node, b Budget) (steps int64, err error) {
	for i := range nodes {
		n := &nodes[i]
		r := &table[n.Op]
		if r.eval == nil {
			return steps, LineError(i, errInput)
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
		at := len(m.arena)
		if need := at + int(size); need > cap(m.arena) {
			// Lists already made stay where they are: they are read only.
			room := min(max(2*cap(m.arena), 1024), int(min(b.Elements, math.MaxInt32)))
			m.arena = append(make([]int32, 0, max(need, room)), m.arena...)
		}
		m.arena, err = r.eval(m.arena, n, s, t)
		if err != nil {
			return steps, LineError(i, err)
		}
		m.lists = append(m.lists, m.arena[at:len(m.arena):len(m.arena)])
	}
	return steps, nil
}

// LineError returns err with the line of node i.
func LineError(i int, err error) error { return fmt.Errorf("line %d: %w", i+1, err) }

// list is the list of a reference.
func (m *Machine) list(ref int) ([]int32, error) {
	if ref >= 0 {
		return m.lists[ref], nil
	}
	if -ref <= m.past.len() {
		return m.past.list(-ref), nil
	}
	return nil, errPast
}

// Bytes executes p within b and writes its output to dst, whose length it must
// have; else the error is ErrExecution.
func (m *Machine) Bytes(dst []byte, p *Program, b Budget) (steps int64, err error) {
	out, steps, err := m.Run(p, b)
	if err != nil {
		return steps, err
	}
	if len(out) != len(dst) {
		return steps, fmt.Errorf("%w: output of %d elements, not %d", ErrExecution, len(out), len(dst))
	}
	return steps, write(dst, out)
}

// write writes list to dst, which is as long.
func write(dst []byte, list []int32) error {
	or := int32(0)
	for i, v := range list {
		or |= v
		dst[i] = byte(v)
	}
	if or&^255 != 0 {
		return errByte
	}
	return nil
}
