package programs

import (
	"context"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A stream is the search for the programs of blocks in a row. It finds units, lists
// that make the stream one after the other wherever blocks end, in windows. A
// block's program makes what the program before it left (dsl.Rest) and the units
// that start in the block; what these make beyond its end, it leaves to the next.
//
//	blocks   |-------|-------|-------|
//	units    |---|-----------|--|--|---|
//	programs  1   1           3  3  3     program 2 is the rest of 1's second unit
//
// Invariant: 0 <= at <= covered <= planned <= len(src), where at is the start of
// the next block.
type stream struct {
	finder *Finder
	s      *scratch
	steps  int64 // left
	saved  int64 // that windows left of their shares
	source
	known history

	covered int    // end of what programs make
	planned int    // end of what units make
	units   []unit // between the two

	machine dsl.Machine
	out     []byte // what the programs make, after what is before them
	listOf  []int  // listOf[node]: number of the list that the node makes in a program; 0 if in none
	lists   int    // how many lists the programs so far make

	search windowSearch
}

// A unit is a list that a node of the scratch's builder makes for the next n elements.
type unit struct{ node, n int }

// copyReach is the distance before the blocks from which copies may be taken, in
// multiples of the blocks' length (arbitrary; it bounds the time of the index).
const copyReach = 16

// Find searches stream[from:] in blocks of size bytes, of which the last may be
// shorter. It returns a program per limit, and the number of steps used: about
// steps at most, and no more than the level's budget. The program of a block is nil
// if none was found whose estimated cost, with its flag, is below the block's limit.
//
// Run the programs in order with dsl.Machine.Block, with a Forget before the first
// and at each nil. They may copy from the stream before from. Find returns early if
// ctx is done.
func (f *Finder) Find(ctx context.Context, stream []byte, from, size int, limits []dsl.Cost, steps int64) (found []*dsl.Program, used int64) {
	s := f.pool.Get().(*scratch)
	defer f.pool.Put(s)
	s.ctx = ctx
	r := &s.blocks
	n := len(stream) - from
	base := max(0, from-min(dsl.MaxDistance, copyReach*n))
	r.finder, r.s, r.src, r.size, r.start = f, s, stream[base:], size, from-base
	r.out = append(r.out[:0], r.src...)
	r.index.set(r.src)
	steps = min(steps, 2*f.share(n)) // windows overlap
	r.steps, r.saved = steps, 0
	at := r.start
	r.forget(at)
	for _, limit := range limits {
		end := min(at+size, len(r.src))
		var p *dsl.Program
		if at < end && end-at <= MaxBlock {
			p = r.block(at, end, limit)
		}
		if p == nil {
			copy(r.out[at:end], r.src[at:end])
			r.forget(end)
		}
		found = append(found, p)
		at = end
	}
	r.finder, r.s, r.src, s.ctx = nil, nil, nil, nil
	return found, steps - r.steps
}

// forget begins anew at byte at, before which there is no program.
func (r *stream) forget(at int) {
	r.machine.Forget()
	r.known.clear()
	r.s.builder.nodes = r.s.builder.nodes[:0]
	r.units, r.listOf, r.lists = r.units[:0], r.listOf[:0], 0
	r.covered, r.planned = at, at
}

// block returns a program of bytes at..end-1 that costs less than limit, or nil.
func (r *stream) block(at, end int, limit dsl.Cost) *dsl.Program {
	for r.planned < end && r.steps > 0 && r.s.ctx.Err() == nil {
		r.searchWindow()
	}
	if r.planned < end {
		return nil
	}
	p := r.program(at, end)
	if len(p.Nodes) > dsl.MaxNodes || p.InitialCost() >= limit {
		return nil
	}
	if _, err := r.machine.Block(r.out, at, end-at, p, dsl.BlockBudget(end-at)); err != nil || !r.right(at, end) {
		return nil
	}
	return p
}

// right reports whether the program executed last made bytes at..covered-1, of
// which it left those from end on to the next.
func (r *stream) right(at, end int) bool {
	left := r.machine.Left()
	return slices.Equal(r.out[at:end], r.src[at:end]) && len(left) == r.covered-end &&
		slices.EqualFunc(left, r.src[end:r.covered], func(x int32, y byte) bool { return x == int32(y) })
}

// program makes the program of bytes at..end-1: what the program before it left,
// and the next units.
func (r *stream) program(at, end int) *dsl.Program {
	p := &dsl.Program{}
	started := r.covered > at
	if started {
		p.Nodes = append(p.Nodes, dsl.Node{Op: dsl.Rest})
	}
	for r.covered < end {
		u := r.units[0]
		r.units = r.units[1:]
		r.covered += u.n
		list := r.list(p, u.node)
		if started {
			p.Nodes = append(p.Nodes, dsl.Node{Op: dsl.Concatenate, Refs: [2]int{p.Out, list}})
			list = len(p.Nodes) - 1
		}
		p.Out, started = list, true
	}
	r.lists += len(p.Nodes)
	return p
}

// list returns the reference by which p means the list of a node of the builder. It
// appends the node to p if no program has made that list, or too long ago.
//
// Lists are numbered from 1 through all programs since forget. In a program, node k
// makes list lists+1+k and reference k means it; reference -b means list lists+1-b, of
// an earlier program, as long as the machine still has that.
func (r *stream) list(p *dsl.Program, node int) (ref int) {
	for len(r.listOf) <= node {
		r.listOf = append(r.listOf, 0)
	}
	if k := r.listOf[node]; k > 0 {
		if ref = k - r.lists - 1; ref >= 0 || -ref <= r.machine.Earlier() {
			return ref
		}
	}
	n := r.s.builder.nodes[node]
	for k := range n.Op.Lists() {
		n.Refs[k] = r.list(p, n.Refs[k])
	}
	p.Nodes = append(p.Nodes, n)
	r.listOf[node] = r.lists + len(p.Nodes)
	return len(p.Nodes) - 1
}

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
	effort int64 // steps to search each of them by itself, for an element and line
}

// levels are those of Config, from 1 on. At 200,000 steps a millisecond, a block has
// 0.5 to 15 ms. Few use all: blocks of joined sequences take 0.7, 1.2, 1.6, 1.7 and
// 2.6 ms at levels 1 to 5, 4.1 at 6 and 8.5 at 9 (November 2026).
var levels = [10]level{
	1: {steps: 90e3, depth: 1},
	2: {steps: 140e3, depth: 1},
	3: {steps: 185e3, depth: 1},
	4: {steps: 210e3, depth: 2},
	5: {steps: 400e3, depth: 2},
	6: {steps: 700e3, depth: 2, passes: 1, effort: 1250},
	7: {steps: 1000e3, depth: 2, passes: 1, effort: 1400},
	8: {steps: 1500e3, depth: 2, passes: 1, effort: 1500},
	9: {steps: 3000e3, depth: 2, passes: 2, effort: 1600},
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
	share, l := r.finder.share(to-from), &r.finder.level
	steps := min(r.steps, share+r.saved)
	here := window{
		known: &r.known, source: &r.source, origin: from, depth: l.depth, passes: l.passes, effort: l.effort,
	}
	if steps < int64(deepSteps*(to-from)) {
		here.depth = min(here.depth, 1)
	}
	s.begin(r.finder, r.src[from:to], steps, here)
	s.run(r)
	r.steps -= steps - s.steps
	r.saved = max(0, r.saved+share-(steps-s.steps))
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
	r.takeUnits(sol.state.tree(), &line)
	w.lists = w.lists[:0]
	for x, p := range b.links {
		if b.nodeOf[x] >= 0 && int(sol.text.line[p.i]) < sol.own() {
			w.lists = append(w.lists, knownList{v: slices.Clone(sol.text.v[p.i:p.j]), node: b.nodeOf[x]})
		}
	}
	return float64(w.cost) / 256
}

// takeUnits takes the units of t that start before stop: the links of lines that are
// concatenated, or rows of them, and interleaves as a whole. *line is the number of t's
// first line, and then of the line after its last.
func (r *stream) takeUnits(t *tree, line *int) {
	b := &r.s.builder
	switch {
	case t.line != nil:
		whole := b.lineSpan(*line)
		for i := whole.i; i < whole.j && r.planned < r.search.stop; {
			if k := b.rowIn(whole, i); k >= 0 {
				sp := b.rows[k].span
				r.takeUnit(b.span(sp), sp.len())
				i = sp.j
				continue
			}
			x := b.linkAt(i)
			b.inTurn = x
			r.takeUnit(b.link(x), b.links[x].span().len())
			i = b.links[x].j
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
