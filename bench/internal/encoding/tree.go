package encoding

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/bits"
	"strings"

	"github.com/ktzip/ktzip/dsl"
)

// A Tree prices programs as files have them, from the output down, by models of bits that
// adapt (container/FORMAT.md, sections 6 and 7). It has the names and numbers of that page.
type Tree struct {
	models  [models]model
	journal []change // of the program being priced

	bits Bits
	p    *dsl.Program
	done int   // nodes completed
	near []int // nodes completed that are no concatenation
	last int   // symbol of the list coded last
}

// A model is the state of a bit's probability.
type model struct{ p, n int }

// A change is a model before its update.
type change struct {
	at  int
	old model
}

// Numbers of models.
const (
	models      = 51279 // that programs of blocks use
	atOps       = 4
	atDistance  = 8196
	atRemainder = 8533
	atNear      = 42575
	atAfter     = 43087

	integerModels = 337 // of an integer
	listMade      = 63  // the symbol of a list made before
	blockRoot     = 63  // the parent of a program's output
	nearLists     = 8   // that a reference may name by a bit each
)

// parameters are the first models of the numbers of each operation, or of its literal.
var parameters = [...][3]int{
	dsl.SetList:       {8870},
	dsl.RangeUp:       {9801, 10395},
	dsl.RangeInterval: {10732, 11326, 11663},
	dsl.RepeatNum:     {12000, 12337},
	dsl.RepeatList:    {12931},
	dsl.Substitute:    {13268, 13862},
	dsl.Jumps:         {14456},
	dsl.Between:       {14793, 15130},
	dsl.MaxN:          {15467},
	dsl.MinN:          {16061},
	dsl.AddItem:       {16655},
	dsl.SubtractItem:  {17249},
	dsl.ModuloItem:    {17843},
	dsl.Interleave:    {}, // the last operation of the test
}

// NewTree returns a Tree without knowledge: each bit costs 1 at first.
func NewTree() *Tree {
	t := new(Tree)
	for i := range t.models {
		t.models[i] = model{p: 1 << 15}
	}
	return t
}

// Read takes t to the initial state of an edition, whose table r has: lines of a model's
// number, p and n. It passes over models that programs of blocks do not use.
func (t *Tree) Read(r io.Reader) error {
	*t = *NewTree()
	for s := bufio.NewScanner(r); ; {
		if !s.Scan() {
			return s.Err()
		}
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		var at int
		var m model
		if _, err := fmt.Sscan(s.Text(), &at, &m.p, &m.n); err != nil || at < 0 {
			return fmt.Errorf("encoding: %q, want a model's number, p and n", s.Text())
		}
		if at < models {
			t.models[at] = m
		}
	}
}

// Price implements Coder.
func (t *Tree) Price(p *dsl.Program) Bits {
	b := t.walk(p)
	for k := len(t.journal) - 1; k >= 0; k-- {
		t.models[t.journal[k].at] = t.journal[k].old
	}
	return b
}

// Learn implements Coder.
func (t *Tree) Learn(p *dsl.Program) { t.walk(p) }

func (t *Tree) walk(p *dsl.Program) Bits {
	t.p, t.bits, t.done, t.near, t.last, t.journal = p, Bits{}, 0, t.near[:0], 0, t.journal[:0]
	t.expr(blockRoot, 0, p.Out)
	return t.bits
}

// expr prices list ref, which is argument arg of parent.
func (t *Tree) expr(parent, arg, ref int) {
	at := atOps + 128*parent + 64*arg
	if arg == 1 && (parent == int(dsl.Concatenate) || parent == int(dsl.Interleave)) {
		at = atAfter + 4096*(parent-int(dsl.Concatenate)) + 64*t.last
	}
	if ref < t.done {
		t.symbol(Operations, at, 6, listMade)
		t.last = listMade
		t.reference(ref)
		return
	}
	n := &t.p.Nodes[ref]
	t.symbol(Operations, at, 6, int(n.Op))
	t.last = int(n.Op)
	t.numbers(n)
	for k := range n.Op.Lists() {
		t.expr(int(n.Op), k, n.Refs[k])
	}
	if n.Op != dsl.Concatenate {
		t.near = append(t.near, t.done)
		t.last = int(n.Op)
	}
	t.done++
}

// reference prices which of the lists made before ref is.
func (t *Tree) reference(ref int) {
	near := t.near[max(0, len(t.near)-nearLists):]
	for k := len(near) - 1; k >= 0; k-- {
		at := atNear + nearLists*int(t.p.Nodes[near[k]].Op) + k
		if near[k] == ref {
			t.bit(References, at, 1)
			return
		}
		t.bit(References, at, 0)
	}
	t.integer(References, atDistance, t.done-1-ref)
}

// numbers prices the numbers of n, or its literal.
func (t *Tree) numbers(n *dsl.Node) {
	if int(n.Op) >= len(parameters) {
		return
	}
	at := parameters[n.Op]
	switch n.Op {
	case dsl.SetList:
		t.integer(Lengths, at[0], len(n.List))
		for _, v := range n.List {
			t.value(Elements, at[0]+integerModels, int(v))
		}
	case dsl.RangeInterval: // the step first
		t.integer(Numbers, at[2], int(n.Nums[2]))
		t.value(Values, at[0], int(n.Nums[0]))
		t.end(at[1], int(n.Nums[0]), int(n.Nums[1]), max(1, int(n.Nums[2])))
	default:
		for k, kind := range numbers[n.Op] {
			switch kind {
			case &end:
				t.end(at[k], int(n.Nums[k-1]), int(n.Nums[k]), 1)
			case &value:
				t.value(Values, at[k], int(n.Nums[k]))
			default:
				t.integer(Numbers, at[k], int(n.Nums[k]))
			}
		}
	}
}

// end prices the end of a range or slice relative to its start.
func (t *Tree) end(at, start, end, step int) {
	diff := end - start - 1
	rest := (diff%step + step) % step
	t.integer(Numbers, at, (diff-rest)/step)
	if step > 1 {
		t.integer(Numbers, atRemainder, rest)
	}
}

func (t *Tree) value(part Part, at, v int) {
	if v&^255 != 0 {
		t.bit(part, at, 1)
		t.integer(part, at+257, v)
		return
	}
	t.bit(part, at, 0)
	t.symbol(part, at+1, 8, v)
}

func (t *Tree) integer(part Part, at, v int) {
	u := max(v, -v)
	length := bits.Len(uint(u))
	t.symbol(part, at, 6, length)
	if length == 0 {
		return
	}
	prefix := 1
	for k := length - 2; k >= 0; k-- {
		b := u >> k & 1
		if prefix < 8 {
			t.bit(part, at+64+8*length+prefix, b)
			prefix = 2*prefix + b
		} else {
			t.bits[part]++
		}
	}
	negative := 0
	if v < 0 {
		negative = 1
	}
	t.bit(part, at+integerModels-1, negative)
}

func (t *Tree) symbol(part Part, at, size, s int) {
	node := 1
	for k := size - 1; k >= 0; k-- {
		b := s >> k & 1
		t.bit(part, at+node, b)
		node = 2*node + b
	}
}

// bit prices the bit b under model at, which learns it.
func (t *Tree) bit(part Part, at, b int) {
	m := t.models[at]
	t.journal = append(t.journal, change{at, m})
	p := m.p
	if b == 0 {
		p = 1<<16 - p
	}
	t.bits[part] += 16 - math.Log2(float64(p))
	m.p += (b<<16 - m.p) * (1 << 16 / (2*m.n + 3)) >> 15
	t.models[at] = model{min(max(m.p, 32), 1<<16-32), min(m.n+1, 127)}
}
