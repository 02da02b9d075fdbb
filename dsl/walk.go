package dsl

import "math/bits"

// A walk is the one description of the bit form of programs (container/FORMAT.md, section
// 7). It writes, reads or costs, as its coder does.
//
// It visits a program from its output down. For each list, a symbol says either which
// operation makes it, and the arguments follow; or that it is a list made before, and its
// distance follows. So a program is a tree, and only a list that is used twice needs a
// reference.
type walk struct {
	c       coder
	edition Edition
	role    Role
	p       *Program // canonical; reading: the program so far

	done   int   // nodes completed, 0 <= done <= opened <= MaxNodes
	opened int   // nodes begun
	last   int   // symbol of the list coded last; of a concatenation, that of its second list
	near   []int // nodes completed that are no concatenation

	// Reading only.
	reading  bool
	src      *reader // the coder
	earlier  int     // earlier lists that the program may refer to
	elements int64   // list elements that may still be read
	steps    int64   // that reading may still take
	lists    []int32 // storage of the lists read

	err error // the first: of what was read, or of a program without a bit form
}

// program codes w.p.
func (w *walk) program() {
	root := rootBlock
	if w.role == Plan {
		root = rootPlan
	}
	w.done, w.opened, w.near = 0, 0, w.near[:0]
	out := w.p.Out
	w.expr(root, 0, &out)
	if w.reading {
		w.p.Out = out
	}
}

// fail sets err unless there was an error before.
func (w *walk) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// ok reports whether there was no error so far.
func (w *walk) ok() bool {
	if w.err == nil && w.reading && w.src.overrun() {
		w.err = errBits
	}
	return w.err == nil
}

// expr codes the list *ref, which is argument arg of parent.
func (w *walk) expr(parent, arg int, ref *int) {
	sym := uint32(symRef)
	if !w.reading && *ref >= w.done {
		sym = w.p.Nodes[*ref].Op.symbol()
	}
	sym = w.tree(w.symbolAt(parent, arg), opBits, sym)
	if w.last = int(sym); !w.ok() {
		return
	}
	if sym == uint32(symRef) {
		w.reference(ref)
		return
	}
	op := opOf(sym, w.role)
	if !op.In(w.role) {
		w.fail(errOp)
		return
	}
	if w.opened++; w.opened > MaxNodes {
		w.fail(errNodes)
		return
	}
	n := Node{Op: op}
	if !w.reading {
		n = w.p.Nodes[*ref]
	} else if w.steps -= fixedSteps[n.Op]; w.steps < 0 {
		w.fail(errSteps)
		return
	}
	w.args(&n)
	if w.reading && w.err == nil {
		*ref = w.done
		w.p.Nodes = append(w.p.Nodes, n)
	}
	if n.Op != Concatenate {
		w.near = append(w.near, w.done)
		w.last = int(n.Op)
	}
	w.done++
}

// symbolAt returns the models of the symbol of argument arg of parent.
func (w *walk) symbolAt(parent, arg int) int {
	if w.role == Predictor {
		return atComponent + parent%firstComponent<<opBits
	}
	if join := joinOf(parent); arg == 1 && join >= 0 && w.edition >= Edition2 {
		return atAfter + (join<<opBits+w.last)<<opBits
	}
	return atOps + (parent*2+arg)<<opBits
}

// reference codes which list made before *ref is: a bit for each of the near ones, the last
// first, up to the one that it is, and else its distance.
func (w *walk) reference(ref *int) {
	if w.edition >= Edition2 && w.role != Predictor {
		near := w.near[max(0, len(w.near)-nearLists):]
		for k := len(near) - 1; k >= 0; k-- {
			this := uint32(0)
			if near[k] == *ref {
				this = 1
			}
			op := int(w.p.Nodes[near[k]].Op)
			if w.c.bit(atNear+op*nearLists+k, this) == 1 {
				*ref = near[k]
				return
			}
		}
	}
	distance := int32(w.done - 1 - *ref)
	w.number(atDistance, &distance)
	if w.reading {
		*ref = w.done - 1 - int(distance)
		if distance < 0 || *ref < -w.earlier {
			w.fail(errRef)
		}
	}
}

// args codes the arguments of n: numbers and literals, then lists.
func (w *walk) args(n *Node) {
	r := &table[n.Op]
	num := 0
	for k := range r.params {
		if r.coded != nil {
			k = r.coded[k]
			num = k // an operation with an order of its own has numbers only
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

// list codes a literal: its length, then its elements.
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
		start := len(w.lists)
		for range n {
			w.lists = append(w.lists, 0)
		}
		*list = w.lists[start:len(w.lists):len(w.lists)]
	}
	for i := range *list {
		if !w.ok() {
			return
		}
		w.value(at+sizeModel, &(*list)[i])
	}
}

// end codes the end of a range or slice, number k of n, relative to its start, number k-1:
// the number of whole steps from start to end-1 and, if the step is above 1, what is left.
// The step is number k+1 of a RangeInterval, else 1; one below 1 counts as 1.
func (w *walk) end(at int, n *Node, k int) {
	start, step := int64(n.Nums[k-1]), int64(1)
	if n.Op == RangeInterval {
		step = int64(n.Nums[2])
	}
	if step < 1 {
		step = 1
	}
	diff := int64(n.Nums[k]) - start - 1
	remainder := diff % step
	if remainder < 0 {
		remainder += step
	}
	whole := (diff - remainder) / step
	whole = w.integer(at, whole)
	if step > 1 {
		remainder = w.integer(atRemainder, remainder)
	} else {
		remainder = 0
	}
	if w.reading {
		if v := start + 1 + whole*step + remainder; fits(v) && 0 <= remainder && remainder < step {
			n.Nums[k] = int32(v)
		} else {
			w.fail(errNumber)
		}
	}
}

// value codes a number that is most likely a byte.
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

// integer codes a number of magnitude below 2^33: the bit length of its magnitude, the bits
// below the leading one, and the sign unless the number is 0.
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
	x, prefix := uint64(1), uint32(1)
	for k := int(length) - 2; k >= 0; k-- {
		b := uint32(u>>k) & 1
		if prefix < headTree {
			b = w.c.bit(at+lenModels+int(length)*headTree+int(prefix), b)
			prefix = prefix<<1 | b
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

// tree codes a symbol of n bits, the highest first, with a model for each prefix.
func (w *walk) tree(at, n int, sym uint32) uint32 {
	node := uint32(1)
	for k := n - 1; k >= 0; k-- {
		node = node<<1 | w.c.bit(at+int(node), sym>>k&1)
	}
	return node &^ (1 << n)
}
