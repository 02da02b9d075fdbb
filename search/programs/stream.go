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
