package describe

import "github.com/ktzip/ktzip/dsl"

// A line of a plan can be a step from numbers to other numbers of the same width, in the same places. A
// chain of these, one below the other, is one signal or image: its numbers are the list of the uppermost,
// what is left of them that of the lowest.

// steps say of the operations that are steps whether they predict.
var steps = map[dsl.Op]bool{
	dsl.Predict: true, dsl.Mix: true, dsl.LMS: true, dsl.Paeth: true, dsl.Median: true, dsl.ScanXor: true,
	dsl.Floats: false, dsl.Scaled: false, dsl.Converted: false, dsl.Multiples: false,
}

// passed are operations below which there may be chains, in the lists that they have as arguments.
var passed = map[dsl.Op]int{
	dsl.Between: 1, dsl.Concatenate: 2, dsl.Interleave: 2, dsl.Expand: 1, dsl.Transpose: 1, dsl.Fields: 1,
	dsl.Records: 2, dsl.Kinds: 1, dsl.AddItem: 1, dsl.ReverseList: 1, dsl.Branches: 1, dsl.Distinct: 2,
}

// stepWidth returns the bytes of the elements of n, if it is a step or a zigzag; else 0.
func stepWidth(n *dsl.Node) int {
	if _, ok := steps[n.Op]; ok || n.Op == dsl.Zigzag {
		return int(max(n.Nums[0], -n.Nums[0]))
	}
	return 0
}

// find returns the chains of the plan, but for those below others.
func (v *views) find() (found []*sampled) {
	seen := make([]bool, len(v.plan.Nodes))
	var visit func(i int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		n := &v.plan.Nodes[i]
		if s := v.chainAt(i); s != nil {
			if s.count*s.number.width >= minSampled {
				found = append(found, s)
			}
			return
		}
		if n.Op == dsl.Pack {
			found = append(found, v.packed(n)...)
			return
		}
		for k := range passed[n.Op] {
			visit(n.Refs[k])
		}
	}
	visit(v.plan.Out)
	return found
}

// chainAt returns the chain that begins at node i; nil if there is none.
func (v *views) chainAt(i int) *sampled {
	n := &v.plan.Nodes[i]
	w := n.Nums[0]
	if n.Op == dsl.Transpose {
		if w > 8 || !v.stepsBelow(n.Refs[0], int(w)) {
			return nil
		}
	} else if stepWidth(n) == 0 {
		return nil
	}
	f := untold
	switch {
	case n.Op == dsl.Floats, n.Op == dsl.Scaled:
		f = floating
	case n.Op == dsl.Converted && n.Nums[1] == 4:
		f = ibm
	case n.Op == dsl.Converted:
		i = n.Refs[0] // the numbers that the decimals stand for
	}
	s := &sampled{node: i, number: elements(w, f)}
	if n.Op == dsl.Transpose {
		s.number.bigEndian = v.bigEndianBelow(n.Refs[0], int(w))
	}
	if f == floating && s.number.width != 4 && s.number.width != 8 {
		s.number.form = untold
	}
	s.shape = v.shapeOf(i, s.number.width).settled()
	s.count = s.number.countIn(v.layout.Size(i))
	return s
}

// packed returns the samples that n, a Pack, packs.
func (v *views) packed(n *dsl.Node) []*sampled {
	bits := int(n.Nums[0])
	s := &sampled{node: n.Refs[0], number: number{width: 2, form: unsigned, bits: max(bits, -bits)}}
	if s.number.bits > 16 {
		s.number.width = 4
	}
	if bits < 0 {
		s.number.form = signed
	}
	s.shape = v.shapeOf(s.node, s.number.width).settled()
	if s.count = s.number.countIn(v.layout.Size(s.node)); s.count*s.number.width < minSampled {
		return nil
	}
	return []*sampled{s}
}

// firstArgument returns the node below i on the way to steps on elements of w bytes; -1 if there is none.
func (v *views) firstArgument(i, w int) int {
	n := &v.plan.Nodes[i]
	switch {
	case n.Op == dsl.Between, n.Op == dsl.Concatenate, n.Op == dsl.Transpose && int(n.Nums[0]) == w, n.Op == dsl.AddItem && w == 1:
		return n.Refs[0]
	}
	return -1
}

// stepsBelow reports whether node i, or one below it, is a step on elements of w bytes.
func (v *views) stepsBelow(i, w int) bool { return v.stepBelow(i, w) != nil }

// bigEndianBelow reports whether the first step on elements of w bytes, from node i on, is of big endian.
func (v *views) bigEndianBelow(i, w int) bool {
	n := v.stepBelow(i, w)
	return n != nil && n.Nums[0] < 0
}

// stepBelow returns the first step, or zigzag, on elements of w bytes, from node i on; nil if there is none.
func (v *views) stepBelow(i, w int) *dsl.Node {
	var later []int // second lists of concatenations
	for left := 2 * len(v.plan.Nodes); left > 0; left-- {
		n := &v.plan.Nodes[i]
		if stepWidth(n) == w {
			return n
		}
		if n.Op == dsl.Concatenate {
			later = append(later, n.Refs[1])
		}
		if i = v.firstArgument(i, w); i < 0 {
			if len(later) == 0 {
				return nil
			}
			i, later = later[len(later)-1], later[:len(later)-1]
		}
	}
	return nil
}

// A place is an element in the list of a node.
type place struct {
	node      int
	off       int // bytes
	bigEndian bool
	predicted bool // something predicts what is above

	turned *dsl.Node // Floats, Scaled or Converted, of what is above; nil if there is none
}

// below returns the place of what is left of the element of w bytes at p: numbers of either sign.
func (v *views) below(p place, w int) place {
	for {
		n := &v.plan.Nodes[p.node]
		switch predicts, step := steps[n.Op]; {
		case step && stepWidth(n) == w:
			if p.off >= v.layout.Size(p.node)/w*w { // it stays as it is
				return p
			}
			p.predicted = p.predicted || predicts
			if n.Op == dsl.Floats || n.Op == dsl.Scaled || n.Op == dsl.Converted {
				p.turned = n
			}
			p.bigEndian = n.Nums[0] < 0
		case n.Op == dsl.Between, n.Op == dsl.AddItem && w == 1:
		case n.Op == dsl.Concatenate:
			if first := v.layout.Size(n.Refs[0]); p.off >= first {
				p.node, p.off = n.Refs[1], p.off-first
				continue
			}
		case n.Op == dsl.Transpose && int(n.Nums[0]) == w:
			p.off = w * transposed(p.off/w, v.layout.Size(p.node)/w, int(n.Nums[1]))
		case n.Op == dsl.Zigzag && stepWidth(n) == w:
			p.bigEndian = n.Nums[0] < 0
			return p
		default:
			return p
		}
		p.node = n.Refs[0]
	}
}

// transposed returns where element i of rows of n elements, of count elements in all, is among the columns.
func transposed(i, count, n int) int {
	if i >= count {
		return i
	}
	row, column := i/n, i%n
	whole, longer := count/n, count%n // columns before longer have an element more
	return column*whole + min(column, longer) + row
}
