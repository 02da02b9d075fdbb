package dsl

import (
	"bytes"
	"fmt"
	"slices"
)

// The prices in this file are those of the parts of a block program under the
// initial prior of the edition, without the updates that coding makes: what a
// search adds up. They are slow; tabulate them.

// What can stand beside the operations in SymbolCost.
const (
	Ref       = Op(symRef)    // as a symbol: a list made before
	RootBlock = Op(rootBlock) // as a parent: the output of a block program
)

// A pricer is a coder that adds up prices and leaves the prior as it is.
type pricer struct {
	prior *prior
	sum   Cost
}

func (c *pricer) bit(i int, b uint32) uint32 {
	c.sum += c.prior[i].cost(b)
	return b
}

func (c *pricer) flat(b uint32) uint32 {
	c.sum += costOne
	return b
}

func price(code func(w *walk)) Cost {
	c := pricer{prior: initialPrior}
	code(&walk{c: &c})
	return c.sum
}

// FlagCost is the price of saying that a block among blocks that are programs
// is one too.
func FlagCost() Cost { return initialPrior[atFlags+3].cost(1) }

// SymbolCost is the price of saying that argument arg, 0 or 1, of parent (an
// operation or RootBlock) is made by sym (an operation or Ref).
func SymbolCost(parent Op, arg int, sym Op) Cost {
	return price(func(w *walk) { w.tree(atOps+(int(parent)*2+arg)<<opBits, opBits, uint32(sym)) })
}

// DistanceCost is the price of the distance of a reference: the number of lists
// completed after the one that is meant.
func DistanceCost(d int) Cost {
	return price(func(w *walk) { w.integer(atDistance, int64(d)) })
}

// NumberCost is the price of v as parameter k of op, counted as in the text
// form, references included. The parameter is not the end of a range or slice.
func NumberCost(op Op, k int, v int32) Cost {
	return price(func(w *walk) {
		if at := numModels[op][k]; table[op].params[k] == kindValue {
			w.value(at, &v)
		} else {
			w.number(at, &v)
		}
	})
}

// EndCost is the price of the end of a range or slice. The step of operations
// that have none is 1.
func EndCost(op Op, start, end, step int32) Cost {
	k := slices.Index(table[op].params, kindEnd)
	return price(func(w *walk) {
		n := Node{Op: op, Nums: [3]int32{start, end, step}}
		w.end(numModels[op][k], &n, 1)
	})
}

// LengthCost is the price of the length of a literal list, ElementCost that of
// an element of it.
func LengthCost(n int) Cost {
	return price(func(w *walk) { w.integer(numModels[SetList][0], int64(n)) })
}

// ElementCost: see LengthCost.
func ElementCost(v int32) Cost {
	return price(func(w *walk) { w.value(numModels[SetList][0]+sizeModel, &v) })
}

// InitialCost is the sum of the prices of a canonical block program, its flag
// included.
func (p *Program) InitialCost() Cost {
	c := pricer{prior: initialPrior}
	w := walk{c: &c, p: p}
	w.program()
	return c.sum + FlagCost()
}

// A Learner counts the bits that sections would code and makes the table of an
// edition from them. Use NewLearner.
type Learner struct {
	section
	ones, seen []uint64
}

// NewLearner returns a Learner that has seen nothing.
func NewLearner() *Learner {
	l := &Learner{ones: make([]uint64, priorSize), seen: make([]uint64, priorSize)}
	l.walk.c = l
	return l
}

// Plan starts a section with the plan p.
func (l *Learner) Plan(p *Program) {
	l.flags = 0
	l.walk.p, l.walk.role = p, Plan
	l.walk.program()
}

// Raw is Encoder.Raw.
func (l *Learner) Raw() { l.flag(l.walk.c, 0) }

// Program is Encoder.Program.
func (l *Learner) Program(p *Program) {
	l.flag(l.walk.c, 1)
	l.walk.p, l.walk.role = p, Block
	l.walk.program()
}

func (l *Learner) bit(i int, b uint32) uint32 {
	l.seen[i]++
	l.ones[i] += uint64(b)
	return b
}

func (l *Learner) flat(b uint32) uint32 { return b }

// Table is the Go source of a table of the most entries models seen most often,
// at least 3 times, each as sure as if seen sure times at most.
func (l *Learner) Table(entries int, sure uint64) []byte {
	var at []int
	for i, n := range l.seen {
		if n >= 3 {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(i, j int) int { return int(l.seen[j]) - int(l.seen[i]) })
	at = at[:min(len(at), entries)]
	slices.Sort(at)
	var b bytes.Buffer
	b.WriteString("package dsl\n\nvar edition1 = []entry{")
	for k, i := range at {
		if k%8 == 0 {
			b.WriteString("\n\t")
		} else {
			b.WriteString(" ")
		}
		p := (l.ones[i]<<17 + 1<<16) / (2*l.seen[i] + 2)
		fmt.Fprintf(&b, "{%d, %d, %d},", i, min(max(p, pMin), 65536-pMin), min(l.seen[i], sure))
	}
	b.WriteString("\n}\n")
	return b.Bytes()
}
