package programs

// A history is what a window's programs may use: lists made for the elements
// before it. To the search they are one more line, whose parts are fixed and cost
// nothing.
type history struct {
	lists []knownList
	line  line  // their elements, one list after the other
	chain chain // whose parts they are
	store []int32
}

// A knownList is a list that a node makes.
type knownList struct {
	v    []int32
	node int
	at   span // in the line
}

// Bounds of what is kept; more takes longer to look through.
const (
	knownLists    = 12
	knownElements = 128
	knownLongest  = 128 // elements of one list
)

// add notes that node makes v, unless that is known.
func (h *history) add(v []int32, node int) {
	if len(v) < least || len(v) > knownLongest {
		return
	}
	for k := range h.lists {
		if h.lists[k].node == node {
			return
		}
	}
	h.lists = append(h.lists, knownList{v: append([]int32(nil), v...), node: node})
}

// set makes the line of the lists that are kept, the last ones.
func (h *history) set(p *prices) {
	first, elements := len(h.lists), 0
	for first > 0 && len(h.lists)-first < knownLists && elements+len(h.lists[first-1].v) <= knownElements {
		first--
		elements += len(h.lists[first].v)
	}
	h.lists = h.lists[:copy(h.lists, h.lists[first:])]
	h.store = h.store[:0]
	for k := range h.lists {
		l := &h.lists[k]
		l.at.i = int32(len(h.store))
		h.store = append(h.store, l.v...)
		l.at.j = int32(len(h.store))
	}
	h.line.set(h.store, p)
	c := &h.chain
	c.lo, c.hi, c.one, c.cost = 0, len(h.store), false, 0
	c.cells = grow(c.cells, len(h.store)+1)
	clear(c.cells)
	for k := range h.lists {
		at := h.lists[k].at
		c.cells[at.j].from = at.i
	}
}

// clear forgets all lists.
func (h *history) clear() { h.lists = h.lists[:0] }
