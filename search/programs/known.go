package programs

import "slices"

// A history is the lists that earlier programs made and a window's programs may
// refer to. To the search they are one more line, whose links are fixed and cost
// nothing.
type history struct {
	lists []knownList
	line  line    // their elements, one list after the other
	chain chain   // whose links they are
	store []int32 // storage of line.v
}

// A knownList is a list that a node makes.
type knownList struct {
	v    []int32
	node int  // of the builder
	span span // in the history's line
}

// What is kept at most; more takes longer to look through (all arbitrary).
const (
	maxKnown         = 12  // lists
	maxKnownElements = 128 // of all lists
	maxKnownList     = 128 // elements of one list
)

// add notes that node makes v, unless that is known.
func (h *history) add(v []int32, node int) {
	if len(v) < least || len(v) > maxKnownList {
		return
	}
	if !slices.ContainsFunc(h.lists, func(l knownList) bool { return l.node == node }) {
		h.lists = append(h.lists, knownList{v: slices.Clone(v), node: node})
	}
}

// set makes the line of the lists that are kept, the last ones.
func (h *history) set(t *prices) {
	first, elements := len(h.lists), 0
	for first > 0 && len(h.lists)-first < maxKnown && elements+len(h.lists[first-1].v) <= maxKnownElements {
		first--
		elements += len(h.lists[first].v)
	}
	h.lists = h.lists[:copy(h.lists, h.lists[first:])]
	h.store = h.store[:0]
	for k := range h.lists {
		l := &h.lists[k]
		l.span = spanOf(len(h.store), len(l.v))
		h.store = append(h.store, l.v...)
	}
	h.line.set(h.store, t)
	c := &h.chain
	c.lo, c.hi, c.one, c.cost = 0, len(h.store), false, 0
	c.cells = grow(c.cells, len(h.store)+1)
	clear(c.cells)
	for _, l := range h.lists {
		c.cells[l.span.j].from = l.span.i
	}
}

// clear forgets all lists.
func (h *history) clear() { h.lists = h.lists[:0] }
