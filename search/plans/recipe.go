package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A recipe is a way to take a segment apart: operations in the order in which they do
// so, so that the first one is the plan's last, and fields of what is left after
// them.
type recipe struct {
	head   int // bytes before, as a stream of their own
	ops    []dsl.Node
	fields []field  // of records; none: one stream
	cost   int64    // of the sample, bytes
	on     *excerpt // the first of the sample
}

// A field is some bytes of a record; the fields of all records are a stream. It is one
// element, which is differenced from record to record, or bytes, which are transposed
// and may be differenced each.
type field struct {
	width   int
	element int // of width bytes, negative: big endian; 0: bytes
	differ  bool
}

// with is r and one operation more.
func (r recipe) with(ops ...dsl.Node) recipe {
	r.ops = append(slices.Clip(r.ops), ops...)
	return r
}

// bare is r without what only puts bytes into another order.
func (r recipe) bare() recipe {
	bare := recipe{head: r.head}
	for _, n := range r.ops {
		if n.Op != dsl.Zigzag && n.Op != dsl.Transpose {
			bare.ops = append(bare.ops, n)
		}
	}
	return bare
}

// record is the length of the records that r cuts into fields, else 1.
func (r *recipe) record() int {
	n := 0
	for _, f := range r.fields {
		n += f.width
	}
	return max(n, 1)
}

// A draft is a plan being made.
type draft struct {
	dsl.Program
	streams int32
}

func (d *draft) add(n dsl.Node) int {
	d.Nodes = append(d.Nodes, n)
	return len(d.Nodes) - 1
}

func (d *draft) payload() int {
	d.streams++
	return d.add(dsl.Node{Op: dsl.Payload, Nums: [3]int32{d.streams - 1}})
}

// embed adds the lines of p, whose streams become new ones, and returns its output.
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

// state says that the list of node i has n bytes.
func (d *draft) state(i, n int) int {
	return d.add(dsl.Node{Op: dsl.Between, Refs: [2]int{i}, Nums: [3]int32{0, int32(n)}})
}

// split is the list of records of r's fields, size bytes.
func (d *draft) split(r *recipe, size int) int {
	rows := size / r.record()
	widths := []int32{}
	lists := make([]int, len(r.fields))
	for k, f := range r.fields {
		widths = append(widths, int32(f.width))
		i := d.payload()
		if f.differ && f.element == 0 {
			i = d.add(dsl.Node{Op: dsl.ScanAdd, Refs: [2]int{i}})
		}
		if f.width > 1 {
			i = d.add(dsl.Node{Op: dsl.Transpose, Refs: [2]int{i}, Nums: [3]int32{1, int32(f.width)}})
		}
		if f.element != 0 {
			for _, n := range [...]dsl.Node{element(dsl.Zigzag, f.element), predict(f.element, 0, 1, 1)} {
				n.Refs[0] = i
				i = d.add(n)
			}
		}
		if k < len(r.fields)-1 { // the last has what is no whole record as well
			i = d.state(i, rows*f.width)
		}
		lists[k] = i
	}
	last := len(lists) - 1
	all := lists[last]
	for k := last - 1; k >= 0; k-- {
		all = d.add(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{lists[k], all}})
	}
	return d.add(dsl.Node{Op: dsl.Fields, Refs: [2]int{all}, List: widths})
}

// plan is the program of r for a segment of size bytes.
func (r recipe) plan(size int) *dsl.Program {
	d := &draft{}
	head := -1
	if r.head > 0 {
		head = d.state(d.payload(), r.head)
	}
	if len(r.fields) > 0 {
		d.Out = d.split(&r, size-r.head)
	} else {
		d.Out = d.payload()
	}
	for _, n := range slices.Backward(r.ops) {
		n.Refs[0] = d.Out
		d.Out = d.add(n)
	}
	if r.head > 0 {
		d.Out = d.add(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{head, d.Out}})
	}
	return d.Program.Canonical()
}
