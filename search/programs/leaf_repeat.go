package programs

import "github.com/ktzip/ktzip/dsl"

// period is repeat_list of a chain.
type period struct{}

// maxPeriod is the longest period looked for.
const maxPeriod = 64

func (period) propose(s *scratch, l *line, i int) {
	v := l.v[i:]
	s.steps -= int64(min(maxPeriod, len(v)/2))
	for n := 2; n <= min(maxPeriod, len(v)/2); n++ {
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
		cost := s.inner(l, i, i+n, dsl.RepeatList)
		for times := 2; times <= k/n; times++ {
			if body := cost + s.price.times[times]; body < unreachable {
				l.offer(piece{op: dsl.RepeatList, end: int32(i + times*n), body: body, a: int32(times), b: int32(n)})
			}
		}
	}
}

func (period) build(b *builder, l *line, i int, p *piece) int {
	list := b.inner(l, i, i+int(p.b), dsl.RepeatList)
	return b.node(dsl.Node{Op: dsl.RepeatList, Refs: [2]int{list}, Nums: [3]int32{p.a}})
}
