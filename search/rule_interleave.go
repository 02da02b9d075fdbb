package search

import "github.com/ktzip/ktzip/dsl"

// interleaved is interleave of two chains of leaves, of the two strands of the
// line. They are as long as one another, or the first is longer by one, or one
// ends in a progression that goes on after them.
type interleaved struct{}

const (
	// near is how far from its start one of two strands must hold something
	// but literals.
	near = 24
	// slack is how much dearer than a literal an interleave may be, in 1/256
	// bit: a literal may be longer than it.
	slack = 8 * 256
)

func (interleaved) propose(s *scratch, l *line, i int) {
	if l.strands == nil || len(l.v)-i < 6 || l.run[i] > 3 {
		return
	}
	a, b := &l.strands[i&1], &l.strands[(i+1)&1]
	x, y := i/2, (i+1)/2
	s.steps -= 2
	if !a.holds(x) && !b.holds(y) {
		return
	}
	p, q := a.chain(s, x), b.chain(s, y)
	size := min(maxChain, len(b.v)-y, len(a.v)-x)
	s.steps -= int64(3 * size)
	for n := 2; n <= size; n++ {
		first, kindA, nodesA := a.under(p, x, n, dsl.Interleave, 0)
		second, kindB, nodesB := b.under(q, y, n, dsl.Interleave, 1)
		o := piece{op: dsl.Interleave, nodes: nodesA + nodesB + 1, end: int32(i + 2*n),
			body: first + second, a: int32(n), b: int32(n), c: int32(kindA | kindB<<1)}
		l.offerCheap(i, o)
		if more, delta := a.goesOn(x, n, kindA, l.v[i+2*n:]); more > 0 {
			o := o
			o.end, o.body, o.c = o.end+int32(more), o.body+delta, o.c|1<<2|int32(more)<<4
			l.offerCheap(i, o)
		}
		if more, delta := b.goesOn(y, n, kindB, l.v[i+2*n:]); more > 0 {
			o := o
			o.end, o.body, o.c = o.end+int32(more), o.body+delta, o.c|2<<2|int32(more)<<4
			l.offerCheap(i, o)
		}
		if n < maxChain && x+n < len(a.v) {
			o.body, o.c, o.nodes = second, o.c&2, nodesB+1
			first, kindA, nodesA = a.under(p, x, n+1, dsl.Interleave, 0)
			o.body += first
			o.nodes += nodesA
			o.a, o.c, o.end = int32(n+1), o.c|int32(kindA), o.end+1
			l.offerCheap(i, o)
		}
	}
}

// holds reports whether a piece other than a literal starts near i.
func (l *line) holds(i int) bool { return l.busy[i] > l.busy[min(i+near, len(l.v))] }

func (l *line) offerCheap(i int, p piece) {
	if p.body < l.literal(i, int(p.end))+slack {
		l.offer(p)
	}
}

// goesOn is by how many elements, the first of rest, the progression that ends
// the chain of kind and length n of l from i on can be lengthened, and the price
// of that.
func (l *line) goesOn(i, n, kind int, rest []int32) (more int, delta int32) {
	c := l.chainCells(i)[kind*(maxChain+1)+n]
	if len(rest) == 0 || c.offer < 0 {
		return 0, 0
	}
	p := &l.offers[l.lo[i+int(c.from)]+int32(c.offer)]
	if p.rule != ruleProgression {
		return 0, 0
	}
	v := l.v[i+int(c.from) : i+n]
	step := v[1] - v[0]
	next := v[len(v)-1] + step
	for more < len(rest) && rest[more] == next {
		more++
		next += step
	}
	if more == 0 {
		return 0, 0
	}
	_, body, _ := progressionCost(v[0], step, len(v)+more)
	return more, body - p.body
}

// strand is strand k of the piece p of l that starts at i: a chain of n
// elements from start on, the last piece of which is longer by more.
func (l *line) strand(i, k int, p *piece) (strand *line, start, n, kind, more int) {
	strand, start, n, kind = &l.strands[(i+k)&1], (i+k)/2, int(p.a), int(p.c&1)
	if k == 1 {
		n, kind = int(p.b), int(p.c>>1&1)
	}
	if p.c>>2&3 == int32(k+1) {
		more = int(p.c >> 4)
	}
	return
}

func (interleaved) build(b *builder, l *line, i int, p *piece) int {
	return b.interleave(l, i, p, false)
}

func (b *builder) interleave(l *line, i int, p *piece, known bool) int {
	var refs [2]int
	for k := range refs {
		strand, start, n, kind, more := l.strand(i, k, p)
		refs[k] = b.chain(strand, start, n, kind, more, known)
	}
	return b.node(dsl.Node{Op: dsl.Interleave, Refs: refs})
}
