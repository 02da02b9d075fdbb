package search

import "github.com/ktzip/ktzip/dsl"

// interleaved is interleave of two chains of leaves, as long as one another or
// the first longer by one.
type interleaved struct{}

// near is how far from its start one of two strands must hold something but
// literals.
const near = 24

func (interleaved) propose(s *scratch, i int) {
	v := s.whole.v
	if len(v)-i < 6 || s.whole.run[i] > 3 {
		return
	}
	a, b := &s.strands[i&1], &s.strands[(i+1)&1]
	x, y := i/2, (i+1)/2
	s.steps -= 2
	if !a.holds(x) && !b.holds(y) {
		return
	}
	p, q := a.chain(s, x), b.chain(s, y)
	size := min(maxChain, len(b.v)-y)
	s.steps -= int64(2 * size)
	for n := 2; n <= size; n++ {
		second, kindB, nodesB := b.under(q, y, n, dsl.Interleave, 1)
		for m := n; m <= n+1 && m <= maxChain && x+m <= len(a.v); m++ {
			first, kindA, nodesA := a.under(p, x, m, dsl.Interleave, 0)
			s.offerUse(i, ruleInterleaved, piece{op: dsl.Interleave, nodes: nodesA + nodesB + 1, end: int32(i + n + m),
				body: first + second, a: int32(m), b: int32(n), c: int32(kindA | kindB<<1)})
		}
	}
}

// holds reports whether a piece other than a literal starts near i.
func (l *line) holds(i int) bool { return l.busy[i] > l.busy[min(i+near, len(l.v))] }

// strand is strand k of the piece p that starts at i: a chain of n elements
// from start on.
func (s *scratch) strand(i, k int, p *piece) (l *line, start, n, kind int) {
	l, start, n, kind = &s.strands[(i+k)&1], (i+k)/2, int(p.a), int(p.c&1)
	if k == 1 {
		n, kind = int(p.b), int(p.c>>1&1)
	}
	return
}

func (interleaved) build(b *builder, i int, p *piece) int {
	var refs [2]int
	for k := range refs {
		l, start, n, kind := b.s.strand(i, k, p)
		refs[k] = b.chain(l, start, n, kind, true)
	}
	return b.node(dsl.Node{Op: dsl.Interleave, Refs: refs})
}
