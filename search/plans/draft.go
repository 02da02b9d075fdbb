package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A draft is a plan under construction. Its methods add lines and return the number of the
// last one.
type draft struct {
	dsl.Program
	streams int32
}

// none is the line of a list without bytes, which has none.
const none = -1

// add adds n with the lines args as its lists.
func (d *draft) add(n dsl.Node, args ...int) int {
	copy(n.Refs[:], args)
	d.Nodes = append(d.Nodes, n)
	return len(d.Nodes) - 1
}

// payload adds a new stream.
func (d *draft) payload() int {
	d.streams++
	return d.add(dsl.Node{Op: dsl.Payload, Nums: [3]int32{d.streams - 1}})
}

// stream adds a new stream of size bytes; none if that is 0.
func (d *draft) stream(size int) int {
	if size == 0 {
		return none
	}
	return d.state(d.payload(), size)
}

// state says that the list of line i has n bytes.
func (d *draft) state(i, n int) int {
	return d.add(dsl.Node{Op: dsl.Between, Nums: [3]int32{0, int32(n)}}, i)
}

// join adds the concatenation of lists, of which all but one must have a stated length.
func (d *draft) join(lists ...int) int {
	all := none
	for _, i := range slices.Backward(lists) {
		switch {
		case all == none:
			all = i
		case i != none:
			all = d.add(dsl.Node{Op: dsl.Concatenate}, i, all)
		}
	}
	return all
}

// embed adds the lines of p, whose streams become new ones, up to its output.
func (d *draft) embed(p *dsl.Program) int {
	lines, streams := len(d.Nodes), d.streams
	for _, n := range p.Nodes {
		for k := range n.Op.Lists() {
			n.Refs[k] += lines
		}
		if n.Op == dsl.Payload {
			n.Nums[0] += streams
			d.streams = max(d.streams, n.Nums[0]+1)
		}
		d.Nodes = append(d.Nodes, n)
	}
	return lines + p.Out
}

// concatenate completes the draft: its output is lists, one after the other.
func (d *draft) concatenate(lists ...int) *dsl.Program {
	d.Out = d.join(lists...)
	return d.Program.Canonical()
}

// node returns an operation on elements of w bytes, big endian if w is negative.
func node(op dsl.Op, w int, more ...int) dsl.Node {
	n := dsl.Node{Op: op, Nums: [3]int32{int32(w)}}
	for k, x := range more {
		n.Nums[k+1] = int32(x)
	}
	return n
}

// transpose returns the operation that makes rows of n elements of w bytes of their columns.
func transpose(w, n int) dsl.Node { return node(dsl.Transpose, w, n) }

// predict returns the operation that predicts elements of w bytes by the sum of earlier ones
// over 1<<shift; list holds their distances, each with its factor.
func predict(w, shift int, list ...int) dsl.Node {
	n := node(dsl.Predict, w, shift)
	for _, x := range list {
		n.List = append(n.List, int32(x))
	}
	return n
}
