package dsl

import "fmt"

// What the programs of a stream leave to those of later blocks (container/FORMAT.md,
// section 8). The values are arbitrary and fixed by the format: they bound the memory of a
// Machine.
const (
	PastLists    = 256     // lists that may be referred to
	PastElements = 1 << 16 // of them together
	MaxRest      = 1 << 12 // elements made beyond a block
	MaxDistance  = 1 << 16 // bytes from a block back to what Copy takes
)

// A history holds the lists that earlier programs made, the last one last: as many of the
// last as the limits allow.
//
// 0 <= first <= len(lists); the arena ends with the lists in use, one after the other.
type history struct {
	lists    []span // those in use from first on
	first    int
	elements int // of the lists in use
	arena    []int32
}

// A span is a list: elements start..end-1 of the arena.
type span struct{ start, end int }

// len returns the number of lists in use.
func (h *history) len() int { return len(h.lists) - h.first }

// list returns the k-th list from the last, which is the first.
func (h *history) list(k int) []int32 {
	s := h.lists[len(h.lists)-k]
	return h.arena[s.start:s.end:s.end]
}

// add appends a copy of list and drops the oldest lists beyond the limits.
func (h *history) add(list []int32) {
	if len(list) > PastElements {
		h.clear()
		return
	}
	if len(h.arena)+len(list) > 2*PastElements || h.first >= PastLists {
		h.compact()
	}
	start := len(h.arena)
	h.arena = append(h.arena, list...)
	h.lists = append(h.lists, span{start, len(h.arena)})
	h.elements += len(list)
	for h.len() > PastLists || h.elements > PastElements {
		h.elements -= h.lists[h.first].end - h.lists[h.first].start
		h.first++
	}
}

// compact moves the lists in use to the front.
func (h *history) compact() {
	dropped := len(h.arena) - h.elements
	h.arena = h.arena[:copy(h.arena, h.arena[dropped:])]
	h.lists = h.lists[:copy(h.lists, h.lists[h.first:])]
	h.first = 0
	for k := range h.lists {
		h.lists[k].start -= dropped
		h.lists[k].end -= dropped
	}
}

func (h *history) clear() {
	h.lists, h.first, h.elements, h.arena = h.lists[:0], 0, 0, h.arena[:0]
}

// Block executes p as the program of the block dst[at:at+n] and writes the first n
// elements of its output there. It leaves to later programs what the output has beyond
// them, at most MaxRest elements, for Rest; and the lists of its nodes. dst[:at] is the
// stream before the block, from which Copy takes. Errors are those of Run and Bytes.
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
	if err := writeBytes(dst[at:at+n], out[:n]); err != nil {
		return steps, err
	}
	m.rest = append(m.rest[:0], out[n:]...)
	for _, list := range m.lists {
		m.history.add(list)
	}
	return steps, nil
}

// Forget drops what earlier programs left: at the start of a stream, and at a raw block.
func (m *Machine) Forget() {
	m.rest = m.rest[:0]
	m.history.clear()
}

// Earlier returns the number of lists of earlier programs that the next one may refer to.
func (m *Machine) Earlier() int { return m.history.len() }

// Left returns the elements that the last program made beyond its block, which Rest gives to
// the next. They are valid until the next execution.
func (m *Machine) Left() []int32 { return m.rest }

// restList is the list of Rest.
func (m *Machine) restList(*Node) ([]int32, error) { return m.rest, nil }

// copyList is the list of Copy: n bytes of the stream, the first of them d bytes before
// the block.
func (m *Machine) copyList(node *Node) ([]int32, error) {
	d, n := int64(node.Nums[0]), int64(node.Nums[1])
	if n < 1 || n > d || d > min(int64(len(m.before)), MaxDistance) {
		return nil, errCopy
	}
	m.copied = m.copied[:0]
	for _, x := range m.before[int64(len(m.before))-d:][:n] {
		m.copied = append(m.copied, int32(x))
	}
	return m.copied, nil
}
