package dsl

import "fmt"

// What the programs of a stream leave to those of later blocks (container/
// FORMAT.md, section 8).
const (
	PastLists    = 256     // lists that may be referred to
	PastElements = 1 << 16 // of them together
	MaxRest      = 1 << 12 // elements made beyond a block
	MaxDistance  = 1 << 16 // from a block back to what Copy takes
)

// past holds the lists that earlier programs made, the last one last: as many as
// the limits allow.
type past struct {
	lists    []span  // those in use from first on
	first    int     // before it they are forgotten
	elements int     // of the lists in use
	arena    []int32 // at its end, the lists in use one after the other
}

// A span is a part of past's arena.
type span struct{ i, j int }

func (p *past) len() int { return len(p.lists) - p.first }

// list is the k-th list from the last, which is the first.
func (p *past) list(k int) []int32 {
	at := p.lists[len(p.lists)-k]
	return p.arena[at.i:at.j:at.j]
}

// add appends a copy of list and forgets what is then too much.
func (p *past) add(list []int32) {
	if len(list) > PastElements {
		p.clear()
		return
	}
	if len(p.arena)+len(list) > 2*PastElements || p.first >= PastLists {
		p.pack()
	}
	at := len(p.arena)
	p.arena = append(p.arena, list...)
	p.lists = append(p.lists, span{at, len(p.arena)})
	p.elements += len(list)
	for p.len() > PastLists || p.elements > PastElements {
		p.elements -= p.lists[p.first].j - p.lists[p.first].i
		p.first++
	}
}

// pack moves the lists in use to the front.
func (p *past) pack() {
	by := len(p.arena) - p.elements
	p.arena = p.arena[:copy(p.arena, p.arena[by:])]
	p.lists = p.lists[:copy(p.lists, p.lists[p.first:])]
	p.first = 0
	for k := range p.lists {
		p.lists[k].i -= by
		p.lists[k].j -= by
	}
}

func (p *past) clear() {
	p.lists, p.first, p.elements, p.arena = p.lists[:0], 0, 0, p.arena[:0]
}

// Block executes p as the program of the block dst[at:at+n] and writes that: the
// first n elements of its output. What p makes beyond them, at most MaxRest
// elements, is what Rest is in the next program; the lists of its nodes are what
// later programs may refer to; dst[:at], the stream before the block, is what Copy
// takes from. Errors are those of Run and Bytes.
func (m *Machine) Block(dst []byte, at, n int, p *Program, b Budget) (steps int64, err error) {
	m.before = dst[:at]
	b.Steps -= blockSteps
	out, steps, err := m.Run(p, b)
	steps += blockSteps
	m.before = nil
	if err != nil {
		return steps, err
	}
	if len(out) < n || len(out) > n+MaxRest {
		return steps, fmt.Errorf("%w: output of %d elements for %d bytes", ErrExecution, len(out), n)
	}
	if err := write(dst[at:at+n], out[:n]); err != nil {
		return steps, err
	}
	m.rest = append(m.rest[:0], out[n:]...)
	for _, list := range m.lists {
		m.past.add(list)
	}
	return steps, nil
}

// Forget drops what earlier programs left: at the start of a stream, and at a
// block that has no program.
func (m *Machine) Forget() {
	m.rest = m.rest[:0]
	m.past.clear()
}

// Earlier is the number of lists of earlier programs that the next one may refer
// to.
func (m *Machine) Earlier() int { return m.past.len() }

// Left is what the last program made beyond its block; it is valid until the next
// one is executed.
func (m *Machine) Left() []int32 { return m.rest }

// theRest is what Rest returns.
func (m *Machine) theRest(*Node) ([]int32, error) { return m.rest, nil }

// copied is what Copy returns: n bytes of the stream, the first of them d bytes
// before the block.
func (m *Machine) copied(node *Node) ([]int32, error) {
	d, n := int64(node.Nums[0]), int64(node.Nums[1])
	if n < 1 || n > d || d > min(int64(len(m.before)), MaxDistance) {
		return nil, errCopy
	}
	m.bytes = m.bytes[:0]
	for _, x := range m.before[int64(len(m.before))-d:][:n] {
		m.bytes = append(m.bytes, int32(x))
	}
	return m.bytes, nil
}
