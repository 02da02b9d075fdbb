package encoding

import (
	"math"

	"github.com/ktzip/ktzip/dsl"
)

// endOfProgram is the symbol of the line of the output, after those of the test's operations.
const endOfProgram = dsl.Interleave + 1

// symbols is how many symbols a line has.
const symbols = int(endOfProgram) + 1

// uniformKinds is among how many kinds of lines the benchmark chooses.
const uniformKinds = 25

// An Order says what the probability of an operation depends on.
type Order int

// The orders.
const (
	None     Order = iota // one of 25, as in the benchmark
	Alone                 // the operation's frequency
	Previous              // its frequency after the operation of the line before
)

// Lines prices programs line by line. Parameters take what they do under the benchmark's
// uniform prior, which has no bits for the length of a literal.
type Lines struct {
	order  Order
	frozen bool
	counts [symbols][symbols]float64 // by symbol before; in row 0 if that does not matter
	sums   [symbols]float64
}

// NewLines returns a Coder that has seen no program.
func NewLines(order Order) *Lines { return &Lines{order: order} }

// Freeze ends the learning: from then on the code is static.
func (l *Lines) Freeze() { l.frozen = true }

// unseen is what a symbol counts before it is seen (the estimator of Krichevsky and Trofimov).
const unseen = 0.5

// symbol returns what the symbol s takes after before.
func (l *Lines) symbol(before, s dsl.Op) float64 {
	if l.order == None {
		return math.Log2(uniformKinds)
	}
	k := l.context(before)
	return math.Log2((l.sums[k] + unseen*float64(symbols)) / (l.counts[k][s] + unseen))
}

func (l *Lines) context(before dsl.Op) dsl.Op {
	if l.order == Previous {
		return before
	}
	return 0
}

// Price implements Coder.
func (l *Lines) Price(p *dsl.Program) (b Bits) {
	before := endOfProgram
	for i := range p.Nodes {
		n := &p.Nodes[i]
		b[Operations] += l.symbol(before, n.Op)
		b[References] += float64(n.Op.Lists()) * math.Log2(float64(i+1))
		if int(n.Op) < len(numbers) {
			for _, k := range numbers[n.Op] {
				b[k.part] += k.bits
			}
		}
		b[Elements] += valueBits * float64(len(n.List))
		before = n.Op
	}
	b[Operations] += l.symbol(before, endOfProgram)
	return b
}

// Learn implements Coder.
func (l *Lines) Learn(p *dsl.Program) {
	if l.frozen {
		return
	}
	before := endOfProgram
	learn := func(s dsl.Op) {
		k := l.context(before)
		l.counts[k][s]++
		l.sums[k]++
		before = s
	}
	for i := range p.Nodes {
		learn(p.Nodes[i].Op)
	}
	learn(endOfProgram)
}
