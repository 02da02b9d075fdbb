package programs

import (
	"context"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A stream is the search for the programs of blocks in a row. It finds units, lists
// that make the stream one after the other wherever blocks end, in windows; a
// block's program makes what the program before it left (dsl.Rest) and the units
// that start in the block. Nodes are numbered through the stream: one that an
// earlier program has made is referred to there.
type stream struct {
	e       *Finder
	s       *scratch
	src     []byte // from where copies may be taken to the end of the last block
	start   int    // of the first block
	size    int
	index   copyIndex // of src
	steps   int64     // left
	known   history
	machine dsl.Machine
	out     []byte // what the programs make, after what is before them

	units []unit
	lists []int // of each node: its number among the lists made, from 1; 0: not made
	made  int   // lists that the programs so far have made
	done  int   // the programs so far make the stream up to here
	ahead int   // and the units up to here

	// Of the window that is being searched.
	best       int32 // cost
	nodes      int   // before it
	unitsFirst int   // its first unit
	from, stop int   // units that start before stop are taken
	parts      []knownList
}

// A unit is a list that a node makes for the next n elements.
type unit struct{ node, n int }

// Find returns programs for blocks of size bytes, the last may be shorter, that
// stream consists of from from on: nil where none was found whose estimated cost,
// its flag included, is below the block's limit. The programs are to be run one
// after the other by dsl.Machine.Block, with a Forget before the first and at each
// nil; they may copy from the stream before from. Find takes about steps steps at
// most, no more than the level's budget, and returns how many. Once the context is done,
// it soon returns.
func (e *Finder) Find(ctx context.Context, stream []byte, from, size int, limits []dsl.Cost, steps int64) (found []*dsl.Program, used int64) {
	s := e.pool.Get().(*scratch)
	defer e.pool.Put(s)
	s.ctx = ctx
	r := &s.blocks
	base := max(0, from-min(dsl.MaxDistance, copyReach*(len(stream)-from)))
	r.e, r.s, r.src, r.size = e, s, stream[base:], size
	r.out = append(r.out[:0], r.src...)
	n := len(stream) - from
	r.steps = min(steps, 2*e.share(n)) // windows overlap
	steps = r.steps
	at := from - base
	r.start = at
	r.index.set(r.src)
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
	r.e, r.s, r.src, s.ctx = nil, nil, nil, nil
	return found, steps - r.steps
}

// share is the level's budget for a window of n elements.
func (e *Finder) share(n int) int64 {
	return levelSteps[e.level] * int64(max(n, shortest)) / shortest
}

// copyReach is how much of the stream before the blocks is looked at, times their
// length.
const copyReach = 16

// shortest is the length that levelSteps are for: shorter sequences have as many.
const shortest = 128

// forget begins anew at the byte at, where there is no program before.
func (r *stream) forget(at int) {
	r.machine.Forget()
	r.known.clear()
	r.s.builder.nodes = r.s.builder.nodes[:0]
	r.units, r.lists, r.made = r.units[:0], r.lists[:0], 0
	r.done, r.ahead = at, at
}

// block returns a program of bytes at..end-1 that costs less than limit, or nil.
func (r *stream) block(at, end int, limit dsl.Cost) *dsl.Program {
	for r.ahead < end && r.steps > 0 && r.s.ctx.Err() == nil {
		r.search()
	}
	if r.ahead < end {
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

// right reports whether the program executed last made bytes at..done-1, of which
// those from end on are its rest.
func (r *stream) right(at, end int) bool {
	rest := r.machine.Left()
	return slices.Equal(r.out[at:end], r.src[at:end]) && len(rest) == r.done-end &&
		slices.EqualFunc(rest, r.src[end:r.done], func(x int32, y byte) bool { return x == int32(y) })
}

// program makes the program of bytes at..end-1 from what the one before left and
// the next units.
func (r *stream) program(at, end int) *dsl.Program {
	p := &dsl.Program{}
	for len(r.lists) < len(r.s.builder.nodes) {
		r.lists = append(r.lists, 0)
	}
	started := r.done > at
	if started {
		p.Nodes = append(p.Nodes, dsl.Node{Op: dsl.Rest})
	}
	for r.done < end {
		u := r.units[0]
		r.units = r.units[1:]
		r.done += u.n
		if list := r.list(p, u.node); started {
			p.Nodes = append(p.Nodes, dsl.Node{Op: dsl.Concatenate, Refs: [2]int{p.Out, list}})
			p.Out = len(p.Nodes) - 1
		} else {
			p.Out, started = list, true
		}
	}
	r.made += len(p.Nodes)
	return p
}

// list is the list of the node in p: made before, or added.
func (r *stream) list(p *dsl.Program, node int) int {
	if k := r.lists[node]; k > r.made {
		return k - r.made - 1
	} else if back := r.made - k + 1; k > 0 && back <= r.machine.Earlier() {
		return -back
	}
	n := r.s.builder.nodes[node]
	for k := range n.Op.Lists() {
		n.Refs[k] = r.list(p, n.Refs[k])
	}
	p.Nodes = append(p.Nodes, n)
	r.lists[node] = r.made + len(p.Nodes)
	return len(p.Nodes) - 1
}

// search finds the units of the next window.
func (r *stream) search() {
	s := r.s
	r.known.set(r.e.prices[0])
	r.from, r.best = r.ahead, unreachable
	r.nodes, r.unitsFirst = len(s.builder.nodes), len(r.units)
	to := min(r.from+windowSize, len(r.src))
	if r.stop = to - windowMargin; to == len(r.src) {
		r.stop = to
	}
	each := min(r.steps, r.e.share(to-r.from))
	depth := levelDepth[r.e.level]
	if each < int64(deepSteps*(to-r.from)) {
		depth = min(depth, 1)
	}
	s.begin(r.e, r.src[r.from:to], &r.known, each, depth)
	s.run(r)
	r.steps -= each - s.steps
	for _, l := range r.parts {
		r.known.add(l.v, l.node)
	}
}

// A window is searched as a whole; units that start within windowMargin of its end are
// looked for again in the next one.
const (
	windowSize   = 384
	windowMargin = 96
)

// take implements taker.
func (r *stream) take(s *scratch, st *state, sol *solution) float64 {
	if sol.cost >= r.best {
		return float64(r.best) / 256
	}
	r.best = sol.cost
	b := &s.builder
	b.nodes = b.nodes[:r.nodes]
	b.start(s, st, sol)
	r.units, r.ahead = r.units[:r.unitsFirst], r.from
	next := 0
	r.takeUnits(st.tree, &next)
	r.parts = r.parts[:0]
	for x, p := range b.parts {
		if b.made[x] > 0 && int(sol.text.line[p.i]) < sol.lines {
			r.parts = append(r.parts, knownList{v: slices.Clone(sol.text.v[p.i:p.j]), node: b.made[x] - 1})
		}
	}
	return float64(r.best) / 256
}

// takeUnits takes the units of t that start before stop.
func (r *stream) takeUnits(t *tree, next *int) {
	b := &r.s.builder
	switch {
	case t.line != nil:
		for x := range b.parts {
			p := &b.parts[x]
			if int(b.sol.text.line[p.i]) == *next && r.ahead < r.stop {
				b.inTurn = x
				r.unit(b.part(x), int(p.j-p.i))
			}
		}
		*next++
	case t.op == dsl.Concatenate:
		r.takeUnits(t.kids[0], next)
		r.takeUnits(t.kids[1], next)
	case r.ahead < r.stop:
		r.unit(b.tree(t, next), t.elements())
	}
}

func (r *stream) unit(node, n int) {
	r.units = append(r.units, unit{node, n})
	r.ahead += n
}

// elements is how many t makes.
func (t *tree) elements() int {
	if t.line != nil {
		return len(t.line.v)
	}
	return t.kids[0].elements() + t.kids[1].elements()
}

// deepSteps is how many steps an element are needed to look deeper for interleaves
// than one.
const deepSteps = 1000

// levelSteps is the budget of 128 elements; more have theirs in proportion.
// levelDepth is how deep interleaves are looked for within interleaves before the
// search starts.
var (
	levelSteps = [10]int64{0, 100e3, 150e3, 200e3, 300e3, 400e3, 560e3, 1000e3, 1500e3, 3000e3}
	levelDepth = [10]int{0, 1, 1, 1, 2, 2, 2, 2, 3, 3}
)
