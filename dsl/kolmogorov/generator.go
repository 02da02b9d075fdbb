package kolmogorov

import (
	"math/rand/v2"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A Generator draws pairs. Use NewGenerator. It is not safe for concurrent use.
type Generator struct {
	rand    *rand.Rand
	machine dsl.Machine
	pair
}

// A pair is a program in the making.
type pair struct {
	nodes []dsl.Node
	lists [][]int32 // what each node makes
	left  []bool    // nodes left out of the output, having been substituted
}

// NewGenerator returns the Generator of a seed.
func NewGenerator(seed uint64) *Generator {
	return &Generator{rand: rand.New(rand.NewPCG(seed, 0x6b6f6c6d6f676f72))}
}

// Next draws a program and the sequence that it makes, both the caller's. The
// program has the lines of the published style, needed or not.
func (g *Generator) Next() (*dsl.Program, []byte) {
	for {
		g.pair = pair{}
		out := g.draw()
		if seq, ok := sequence(g.lists[out]); ok {
			return &dsl.Program{Nodes: g.nodes, Out: out}, seq
		}
	}
}

// Append appends n bytes to dst: sequences without separators, the last one
// cut.
func (g *Generator) Append(dst []byte, n int) []byte {
	for end := len(dst) + n; len(dst) < end; {
		_, seq := g.Next()
		dst = append(dst, seq[:min(len(seq), end-len(dst))]...)
	}
	return dst
}

func sequence(list []int32) (seq []byte, ok bool) {
	for _, v := range list {
		if v&^255 != 0 {
			return nil, false
		}
		seq = append(seq, byte(v))
	}
	return seq, len(seq) > 0
}

// draw draws a program and returns the node of its output.
func (g *Generator) draw() int {
	for range g.between(1, 5) {
		g.base()
	}
	if g.chance(0.4) {
		g.listUpdates()
	}
	if g.chance(0.4) {
		g.mathUpdates()
	}
	if g.chance(0.4) {
		g.filter()
	}
	if g.chance(0.4) {
		g.pairUpdates()
	}
	return g.merge()
}

// chance is true with probability p.
func (g *Generator) chance(p float64) bool { return g.rand.Float64() < p }

// between draws one of a, a+1, …, b.
func (g *Generator) between(a, b int) int { return a + g.rand.IntN(b-a+1) }

// pick draws one of ops.
func (g *Generator) pick(ops ...dsl.Op) dsl.Op { return ops[g.rand.IntN(len(ops))] }

// node is the operation op on the lists refs with the numbers nums.
func node(op dsl.Op, refs []int, nums ...int) dsl.Node {
	n := dsl.Node{Op: op}
	copy(n.Refs[:], refs)
	for i, v := range nums {
		n.Nums[i] = int32(v)
	}
	return n
}

// eval returns what n makes of its two lists, or of its first.
func (g *Generator) eval(n dsl.Node) []int32 {
	out, err := g.machine.Apply(&n, g.list(n.Refs[0]), g.list(n.Refs[1]),
		dsl.Budget{Steps: 1 << 30, Elements: 1 << 26})
	if err != nil {
		panic("kolmogorov: " + err.Error()) // the draws below exclude it
	}
	return slices.Clone(out)
}

func (g *Generator) list(i int) []int32 {
	if i < len(g.lists) {
		return g.lists[i]
	}
	return nil
}

// add appends n to the program and returns its number.
func (g *Generator) add(n dsl.Node) int { return g.append(n, g.eval(n)) }

func (g *Generator) append(n dsl.Node, list []int32) int {
	g.nodes = append(g.nodes, n)
	g.lists = append(g.lists, list)
	g.left = append(g.left, false)
	return len(g.nodes) - 1
}
