package search

import "github.com/ktzip/ktzip/dsl"

// period is repeat_list of a chain.
type period struct{}

func (period) propose(s *scratch, l *line, i int) {
	v := l.v[i:]
	s.steps -= int64(min(maxChain, len(v)/2))
	for n := 2; n <= min(maxChain, len(v)/2); n++ {
		if v[n] != v[0] || v[n+1] != v[1] || int(l.run[i]) > n {
			continue
		}
		k := n + 2
		for k < len(v) && v[k] == v[k-n] {
			k++
		}
		s.steps -= int64(k - n)
		if k < 2*n {
			continue
		}
		cost, kind, nodes := l.under(l.chain(s, i), i, n, dsl.RepeatList, 0)
		for times := 2; times <= k/n; times++ {
			l.offer(piece{op: dsl.RepeatList, nodes: nodes + 1, end: int32(i + times*n),
				body: cost + price.times[times], a: int32(times), b: int32(n), c: int32(kind)})
		}
	}
}

func (period) build(b *builder, l *line, i int, p *piece) int {
	list := b.chain(l, i, int(p.b), int(p.c), 0, false)
	return b.node(dsl.Node{Op: dsl.RepeatList, Refs: [2]int{list}, Nums: [3]int32{p.a}})
}
