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

// A pair is a program that is being drawn.
type pair struct {
	nodes   []dsl.Node
	lists   [][]int32 // of each node
	omitted []bool    // nodes that the output leaves out
}

// stream is the second half of a seed, so that generators draw other numbers than other
// users of a seed (arbitrary).
const stream = 0x6b6f6c6d6f676f72

// NewGenerator returns the Generator of a seed.
func NewGenerator(seed uint64) *Generator {
	return &Generator{rand: rand.New(rand.NewPCG(seed, stream))}
}

// Next draws a program and the sequence that it makes; the caller owns both. As in the
// published pairs, the output may not need every line.
func (g *Generator) Next() (*dsl.Program, []byte) {
	for {
		g.pair = pair{}
		out := g.draw()
		if seq, ok := sequence(g.lists[out]); ok {
			return &dsl.Program{Nodes: g.nodes, Out: out}, seq
		}
	}
}

// Append appends n bytes to dst: sequences one after the other, the last one cut.
func (g *Generator) Append(dst []byte, n int) []byte {
	for end := len(dst) + n; len(dst) < end; {
		_, seq := g.Next()
		dst = append(dst, seq[:min(len(seq), end-len(dst))]...)
	}
	return dst
}

// sequence returns list as bytes; ok if it has elements, all of them bytes.
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
	for range g.between(minBases, maxBases) {
		g.base()
	}
	if g.chance(stageChance) {
		g.listUpdates()
	}
	if g.chance(stageChance) {
		g.mathUpdates()
	}
	if g.chance(stageChance) {
		g.filter()
	}
	if g.chance(stageChance) {
		g.pairUpdates()
	}
	return g.merge()
}

// chance returns true with probability p.
func (g *Generator) chance(p float64) bool { return g.rand.Float64() < p }

// between draws a number of a..b.
func (g *Generator) between(a, b int) int { return a + g.rand.IntN(b-a+1) }

// pick draws one of ops.
func (g *Generator) pick(ops ...dsl.Op) dsl.Op { return ops[g.rand.IntN(len(ops))] }

// node returns the operation op on the lists refs with the numbers nums.
func node(op dsl.Op, refs []int, nums ...int) dsl.Node {
	n := dsl.Node{Op: op}
	copy(n.Refs[:], refs)
	for i, v := range nums {
		n.Nums[i] = int32(v)
	}
	return n
}

// ample is a budget that no operation of a drawn program exceeds.
var ample = dsl.Budget{Steps: 1 << 30, Elements: 1 << 26}

// eval returns what n makes of its lists.
func (g *Generator) eval(n dsl.Node) []int32 {
	out, err := g.machine.Apply(&n, g.list(n.Refs[0]), g.list(n.Refs[1]), ample)
	if err != nil {
		panic("kolmogorov: " + err.Error()) // no drawn parameters make an error
	}
	return slices.Clone(out)
}

// list returns the list of node i, nil if there is no such node yet.
func (g *Generator) list(i int) []int32 {
	if i < len(g.lists) {
		return g.lists[i]
	}
	return nil
}

// add appends n, with the list that it makes, and returns its number.
func (g *Generator) add(n dsl.Node) int { return g.append(n, g.eval(n)) }

func (g *Generator) append(n dsl.Node, list []int32) int {
	g.nodes = append(g.nodes, n)
	g.lists = append(g.lists, list)
	g.omitted = append(g.omitted, false)
	return len(g.nodes) - 1
}
