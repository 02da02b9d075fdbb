package dialect

import (
	"math/rand/v2"
	"slices"
)

// What is drawn: the shape of the first language's programs (package dsl/kolmogorov), with the
// probabilities of its updates taken together.
const (
	minBases, maxBases   = 1, 5  // lists that a program starts from
	minLength, maxLength = 5, 25 // elements of one

	literalChance = 0.25 // a base is a literal, as in the first language
	stageChance   = 0.4  // each of updates and pair updates takes place
	updateChance  = 0.5  // a list gets an update: the first language's chances together
	pairChance    = 0.2  // two lists of one length get one
	weaveChance   = 0.2  // two lists are joined by another primitive than concatenate
	reuseChance   = 0.2  // each list of the output is followed by one more
)

// A Generator draws programs. Use NewGenerator. It is not safe for concurrent use.
type Generator struct {
	rand  *rand.Rand
	lines Program
	lists [][]byte // of each line

	bases, updates, pairs, joins []int // numbers of primitives to draw from
}

// stream is the second half of a seed, so that generators draw other numbers than other users
// of a seed (arbitrary).
const stream = 0x6469616c656374

// The numbers of primitives that have a part of their own.
var (
	literal     = named("list")
	concatenate = named("concatenate")
	pairUpdates = []int{named("merge"), named("xor_lists")} // of two lists of one length, which stay
)

// NewGenerator returns the Generator of a seed. It draws primitives that are at worst of that
// kind.
func NewGenerator(seed uint64, worst Kind) *Generator {
	g := &Generator{rand: rand.New(rand.NewPCG(seed, stream))}
	for k, p := range primitives {
		switch {
		case p.Kind > worst || k == literal || k == concatenate:
		case slices.Contains(pairUpdates, k):
			g.pairs = append(g.pairs, k)
		case p.Lists == 0:
			g.bases = append(g.bases, k)
		case p.Lists == 1:
			g.updates = append(g.updates, k)
		default:
			g.joins = append(g.joins, k)
		}
	}
	return g
}

// Next draws a program and its output; the caller owns both.
func (g *Generator) Next() (Program, []byte) {
	g.lines, g.lists = nil, nil
	for range g.between(minBases, maxBases) {
		if g.chance(literalChance) {
			g.add(literal)
		} else {
			g.add(g.pick(g.bases))
		}
	}
	if g.chance(stageChance) {
		for i := range len(g.lines) {
			if g.chance(updateChance) {
				g.add(g.pick(g.updates), i)
			}
		}
	}
	if g.chance(stageChance) {
		n := len(g.lines)
		for i := range n {
			for j := i + 1; j < n; j++ {
				if len(g.lists[i]) == len(g.lists[j]) && g.chance(pairChance) {
					g.add(g.pick(g.pairs), i, j)
				}
			}
		}
	}
	g.merge()
	return g.lines, g.lists[len(g.lists)-1]
}

// Sample draws a program that shows primitive k, and no other but literals and concatenations:
// three lists of a base; or one or two literals, and what the primitive makes of them.
func (g *Generator) Sample(k int) (Program, []byte) {
	g.lines, g.lists = nil, nil
	var args []int
	for range primitives[k].Lists {
		args = append(args, g.add(literal))
	}
	g.add(k, args...)
	if len(args) == 0 {
		g.add(k)
		g.add(k)
	}
	out := 0
	for i := range len(g.lines) - 1 {
		out = g.add(concatenate, out, i+1)
	}
	return g.lines, g.lists[out]
}

// merge folds the lists into the output.
func (g *Generator) merge() {
	lists, out := len(g.lines), 0
	join := func(i int) {
		k := concatenate
		if g.chance(weaveChance) {
			k = g.pick(g.joins)
		}
		out = g.add(k, out, i)
	}
	for i := 1; i < lists; i++ {
		join(i)
	}
	for range lists {
		if g.chance(reuseChance) {
			join(g.rand.IntN(lists))
		}
	}
}

// add appends primitive k of the lists args with numbers that it draws, and returns its line.
func (g *Generator) add(k int, args ...int) int {
	l := Line{Primitive: k, Lists: args}
	if k == literal {
		for range g.between(minLength, maxLength) {
			l.Literal = append(l.Literal, byte(g.between(0, 255)))
		}
	}
	for _, n := range primitives[k].numbers {
		l.Numbers = append(l.Numbers, n.least+n.step*g.rand.IntN((n.most-n.least)/n.step+1))
	}
	g.lists = append(g.lists, l.eval(g.lists))
	g.lines = append(g.lines, l)
	return len(g.lines) - 1
}

// chance returns true with probability p.
func (g *Generator) chance(p float64) bool { return g.rand.Float64() < p }

// between draws a number of a..b.
func (g *Generator) between(a, b int) int { return a + g.rand.IntN(b-a+1) }

// pick draws one of list.
func (g *Generator) pick(list []int) int { return list[g.rand.IntN(len(list))] }
