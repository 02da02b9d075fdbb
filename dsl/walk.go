package dsl

import "math/bits"

// A walk is the one description of the bit form of programs (container/
// FORMAT.md, section 7). It writes, reads or costs, as its coder does.
//
// A program is walked from its output down. Where a list is wanted, a symbol
// says either which operation makes it, whose arguments follow, or that it is
// a list made before, whose distance follows: a program is a tree, and only
// what is used twice needs a reference.
type walk struct {
	c    coder
	role Role

	// Writing and costing: the canonical program. Reading: the program so far.
	p       *Program
	reading bool
	done    int // nodes completed
	earlier int // reading: lists of earlier programs that may be referred to
	opened  int // nodes begun

	elements int64   // list elements that may still be read
	steps    int64   // reading: those left for what is read
	lists    []int32 // storage of the lists read
	src      *reader // nil unless reading
	err      error
}

// program codes w.p.
func (w *walk) program() {
	root := rootBlock
	if w.role == Plan {
		root = rootPlan
	}
	w.done, w.opened = 0, 0
	out := w.p.Out
	w.expr(root, 0, &out)
	if w.reading {
		w.p.Out = out
	}
}

// fail notes the first error of a reading walk.
func (w *walk) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// ok reports whether to go on.
func (w *walk) ok() bool {
	if w.err == nil && w.reading && w.src.overrun() {
		w.err = errBits
	}
	return w.err == nil
}

// expr codes the list that argument arg of parent is; *ref is its node.
func (w *walk) expr(parent, arg int, ref *int) {
	sym := uint32(symRef)
	if !w.reading && *ref >= w.done {
		sym = uint32(w.p.Nodes[*ref].Op)
	}
	sym = w.tree(atOps+(parent*2+arg)<<opBits, opBits, sym)
	if !w.ok() {
		return
	}
	if sym == uint32(symRef) {
		distance := int32(w.done - 1 - *ref)
		w.number(atDistance, &distance)
		if w.reading {
			*ref = w.done - 1 - int(distance)
			if distance < 0 || *ref < -w.earlier {
				w.fail(errRef)
			}
		}
		return
	}
	if sym >= uint32(numOps) || !Op(sym).in(w.role) {
		w.fail(errOp)
		return
	}
	if w.opened++; w.opened > MaxNodes {
		w.fail(errNodes)
		return
	}
	n := Node{Op: Op(sym)}
	if !w.reading {
		n = w.p.Nodes[*ref]
	} else if w.steps -= paid[n.Op]; w.steps < 0 {
		w.fail(errSteps)
		return
	}
	w.args(&n)
	if w.reading && w.err == nil {
		*ref = w.done
		w.p.Nodes = append(w.p.Nodes, n)
	}
	w.done++
}

// args codes the arguments of n: the numbers, then the lists.
func (w *walk) args(n *Node) {
	r := &table[n.Op]
	num := 0
	for k := range r.params {
		if r.coded != nil {
			k = r.coded[k]
			num = k // such operations have numbers only
		}
		at := numModels[n.Op][k]
		switch r.params[k] {
		case kindRef:
			continue
		case kindList:
			w.list(at, &n.List)
			continue
		case kindEnd:
			w.end(at, n, num)
		case kindValue:
			w.value(at, &n.Nums[num])
		default:
			w.number(at, &n.Nums[num])
		}
		num++
	}
	for k := range n.Op.Lists() {
		if !w.ok() {
			return
		}
		w.expr(int(n.Op), k, &n.Refs[k])
	}
}

// list codes a list: its length, then its elements.
func (w *walk) list(at int, list *[]int32) {
	n := int32(len(*list))
	w.number(at, &n)
	if w.reading {
		if n < 0 {
			w.fail(errNumber)
		} else if int64(n) > w.elements {
			w.fail(errElements)
		}
		if !w.ok() {
			return
		}
		w.elements -= int64(n)
		if w.steps -= literalSteps * int64(n); w.steps < 0 {
			w.fail(errSteps)
			return
		}
		from := len(w.lists)
		for range n {
			w.lists = append(w.lists, 0)
		}
		*list = w.lists[from:len(w.lists):len(w.lists)]
	}
	for i := range *list {
		if !w.ok() {
			return
		}
		w.value(at+sizeModel, &(*list)[i])
	}
}

// end codes the end of a range or slice, number k of n, relative to its start,
// number k-1. With a step s above 0 (number k+1, or 1) it is the number of
// whole steps between start and end-1 and what is left of them; else the
// difference.
func (w *walk) end(at int, n *Node, k int) {
	start, step := int64(n.Nums[k-1]), int64(1)
	if n.Op == RangeInterval {
		step = int64(n.Nums[2])
	}
	if step < 1 {
		step = 1
	}
	diff := int64(n.Nums[k]) - start - 1
	rest := diff % step
	if rest < 0 {
		rest += step
	}
	whole := (diff - rest) / step
	whole = w.integer(at, whole)
	if step > 1 {
		rest = w.integer(atRest, rest)
	} else {
		rest = 0
	}
	if w.reading {
		if v := start + 1 + whole*step + rest; fits(v) && 0 <= rest && rest < step {
			n.Nums[k] = int32(v)
		} else {
			w.fail(errNumber)
		}
	}
}

// value codes a number that is most likely within 0..255.
func (w *walk) value(at int, v *int32) {
	outside := uint32(0)
	if *v&^255 != 0 {
		outside = 1
	}
	if w.c.bit(at, outside) == 0 {
		x := w.tree(at+1, 8, uint32(*v))
		if w.reading {
			*v = int32(x)
		}
		return
	}
	w.number(at+1+256, v)
}

// number codes a number of 32 bits.
func (w *walk) number(at int, v *int32) {
	x := w.integer(at, int64(*v))
	if w.reading {
		if !fits(x) {
			w.fail(errNumber)
			return
		}
		*v = int32(x)
	}
}

// integer codes a number of magnitude below 2^33: the bit length of its
// magnitude, the bits below the leading one, and the sign unless it is 0.
func (w *walk) integer(at int, v int64) int64 {
	u := uint64(max(v, -v))
	length := w.tree(at, lenBits, uint32(bits.Len64(u)))
	if length > maxLength {
		w.fail(errNumber)
		return 0
	}
	if length == 0 {
		return 0
	}
	x, head := uint64(1), uint32(1)
	for k := int(length) - 2; k >= 0; k-- {
		b := uint32(u>>k) & 1
		if head < headTree {
			b = w.c.bit(at+lenModels+int(length)*headTree+int(head), b)
			head = head<<1 | b
		} else {
			b = w.c.flat(b)
		}
		x = x<<1 | uint64(b)
	}
	neg := uint32(0)
	if v < 0 {
		neg = 1
	}
	if w.c.bit(at+sizeModel-1, neg) != 0 {
		return -int64(x)
	}
	return int64(x)
}

// tree codes a symbol of n bits, most significant first, with a model for each
// prefix.
func (w *walk) tree(at, n int, sym uint32) uint32 {
	node := uint32(1)
	for k := n - 1; k >= 0; k-- {
		node = node<<1 | w.c.bit(at+int(node), sym>>k&1)
	}
	return node &^ (1 << n)
}
