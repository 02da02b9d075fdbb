package programs

import "github.com/ktzip/ktzip/dsl"

// sawtooth is modulo_item_list of a rising progression, where it wraps.
type sawtooth struct{}

func (sawtooth) propose(s *scratch, l *line, i int) {
	n := int(l.run[i])
	if n < 2 || i+n+2 > len(l.v) || l.within(i) {
		return
	}
	v := l.v[i:]
	step := v[1] - v[0]
	m := v[n-1] + step - v[n]
	if step <= 0 || m <= v[n-1] || int(m) >= len(s.price.modulo) {
		return
	}
	for wrap := n; n < len(v); n++ {
		want := v[n-1] + step
		if want >= m {
			want -= m
		}
		if v[n] != want {
			return
		}
		if n < wrap+1 {
			continue
		}
		if op, body := s.price.progression(v[0], step, n+1); body < unreachable {
			body += s.price.modulo[m] + s.price.sym[dsl.ModuloItem][0][op]
			l.offer(piece{op: dsl.ModuloItem, end: int32(i + n + 1), body: body, a: m})
		}
	}
}

func (sawtooth) build(b *builder, l *line, i int, p *piece) int {
	list := b.progression(l.v[i], l.v[i+1]-l.v[i], int(p.end)-i)
	return b.node(dsl.Node{Op: dsl.ModuloItem, Refs: [2]int{list}, Nums: [3]int32{p.a}})
}
