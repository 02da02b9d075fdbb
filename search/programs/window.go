package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A window of windowSize elements is searched as a whole. Units that start within
// windowMargin of its end are searched again in the next one, since what comes after
// them may tell more. Both are in elements; arbitrary, but a window is three blocks
// of a file so that programs can run over their ends.
const (
	windowSize   = 384
	windowMargin = 96
)

// A level says how much Find does.
type level struct {
	steps  int64 // budget of blockSize elements; more have theirs in proportion
	depth  int   // nesting depth of the interleaves that leafInterleave looks for
	passes int   // how many of strandPasses look for more of them
}

// levels are those of Config, from 1 on. At 200,000 steps a millisecond, a block
// takes 0.5 to 15 ms; between, the numbers are arbitrary.
var levels = [10]level{
	1: {steps: 90e3, depth: 1},
	2: {steps: 140e3, depth: 1},
	3: {steps: 185e3, depth: 1},
	4: {steps: 210e3, depth: 2},
	5: {steps: 400e3, depth: 2},
	6: {steps: 700e3, depth: 2, passes: 1},
	7: {steps: 1000e3, depth: 3, passes: 1},
	8: {steps: 1500e3, depth: 3, passes: 1},
	9: {steps: 3000e3, depth: 3, passes: 2},
}

const (
	// blockSize is the length that a level's steps are for, in elements: that of a
	// file's blocks. Shorter sequences have as many.
	blockSize = 128
	// deepSteps is how many steps an element a window must have left to be searched
	// for interleaves in interleaves (arbitrary).
	deepSteps = 1000
)

// share returns the level's budget for a window of n elements.
func (f *Finder) share(n int) int64 {
	return f.level.steps * int64(max(n, blockSize)) / blockSize
}

// A windowSearch takes the units of the best state of a window.
type windowSearch struct {
	from, stop int   // units that start before stop are taken
	cost       int32 // of the best state

	// What was there before: the builder's nodes and the units.
	nodes, units int

	lists []knownList // that the nodes of the best state make
}

// searchWindow finds the units of the next window.
func (r *stream) searchWindow() {
	s, w := r.s, &r.search
	r.known.set(r.finder.prices[0])
	from := r.planned
	to := min(from+windowSize, len(r.src))
	w.from, w.stop, w.cost = from, to-windowMargin, unreachable
	w.nodes, w.units = len(s.builder.nodes), len(r.units)
	if to == len(r.src) {
		w.stop = to
	}
	r.window = from
	share := r.finder.share(to - from)
	steps := min(r.steps, share+r.saved)
	depth := r.finder.level.depth
	if steps < int64(deepSteps*(to-from)) {
		depth = min(depth, 1)
	}
	s.begin(r.finder, r.src[from:to], steps, window{known: &r.known, source: &r.source, origin: from, depth: depth, passes: r.finder.level.passes})
	s.run(r)
	r.steps -= steps - s.steps
	r.saved += share - (steps - s.steps)
	for _, l := range w.lists {
		r.known.add(l.v, l.node)
	}
}

// take implements taker.
func (r *stream) take(sol *solution) (bits float64) {
	w, b := &r.search, &r.s.builder
	if sol.cost >= w.cost {
		return float64(w.cost) / 256
	}
	w.cost = sol.cost
	b.nodes = b.nodes[:w.nodes]
	b.begin(sol)
	r.units, r.planned = r.units[:w.units], w.from
	line := 0
	r.takeUnits(sol.state.tree, &line)
	w.lists = w.lists[:0]
	for x, p := range b.links {
		if b.nodeOf[x] >= 0 && int(sol.text.line[p.i]) < sol.own() {
			w.lists = append(w.lists, knownList{v: slices.Clone(sol.text.v[p.i:p.j]), node: b.nodeOf[x]})
		}
	}
	return float64(w.cost) / 256
}

// takeUnits takes the units of t that start before stop: the links of lines that
// are concatenated, and interleaves as a whole. *line is the number of t's first
// line, and then of the line after its last.
func (r *stream) takeUnits(t *tree, line *int) {
	b := &r.s.builder
	switch {
	case t.line != nil:
		for x := range b.links {
			p := &b.links[x]
			if int(b.sol.text.line[p.i]) == *line && r.planned < r.search.stop {
				b.inTurn = x
				r.takeUnit(b.link(x), int(p.j-p.i))
			}
		}
		*line++
	case t.op == dsl.Concatenate:
		r.takeUnits(t.kids[0], line)
		r.takeUnits(t.kids[1], line)
	case r.planned < r.search.stop:
		r.takeUnit(b.tree(t, line), t.len())
	}
}

func (r *stream) takeUnit(node, n int) {
	r.units = append(r.units, unit{node, n})
	r.planned += n
}

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
