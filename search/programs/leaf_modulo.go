package programs

import "github.com/ktzip/ktzip/dsl"

// moduloLeaf is modulo_item_list of a rising progression, where it wraps.
type moduloLeaf struct{}

func (moduloLeaf) propose(m *meter, l *line, i int) {
	n := int(l.run[i])
	if n < 2 || i+n+2 > len(l.v) || l.inRun(i) {
		return
	}
	v := l.v[i:]
	step := v[1] - v[0]
	modulus := v[n-1] + step - v[n]
	if step <= 0 || modulus <= v[n-1] || int(modulus) >= len(m.price.modulo) {
		return
	}
	for wrap := n; n < len(v); n++ {
		want := v[n-1] + step
		if want >= modulus {
			want -= modulus
		}
		if v[n] != want {
			return
		}
		if n == wrap {
			continue // one element says the modulus; only more are worth it
		}
		if op, body := m.price.progression(v[0], step, n+1); body < unreachable {
			body += m.price.modulo[modulus] + m.price.sym[dsl.ModuloItem][0][op]
			l.offer(piece{op: dsl.ModuloItem, end: int32(i + n + 1), body: body, x: modulus})
		}
	}
}

// build: p.x is the modulus.
func (moduloLeaf) build(b *builder, l *line, i int, p *piece) int {
	list := b.progression(l.v[i], l.v[i+1]-l.v[i], int(p.end)-i)
	return b.node(dsl.Node{Op: dsl.ModuloItem, Refs: [2]int{list}, Nums: [3]int32{p.x}})
}

// substituteLeaf is substitute of one element of a progression.
type substituteLeaf struct{}

func (substituteLeaf) propose(m *meter, l *line, i int) {
	n := int(l.run[i]) // index of the element that breaks the progression
	if n < 2 || i+n+2 >= len(l.v) || l.inRun(i) {
		return
	}
	v := l.v[i:]
	step := v[1] - v[0]
	old := v[n-1] + step
	if step == 0 || old&^255 != 0 || v[n+1] != old+step {
		return
	}
	for k := n + 2; k < len(v) && v[k]-v[k-1] == step; k++ {
		if op, body := m.price.progression(v[0], step, k+1); body < unreachable {
			body += m.price.from[old] + m.price.to[v[n]] + m.price.sym[dsl.Substitute][0][op]
			l.offer(piece{op: dsl.Substitute, end: int32(i + k + 1), body: body, x: old, y: v[n]})
		}
	}
}

// build: p.x is replaced by p.y.
func (substituteLeaf) build(b *builder, l *line, i int, p *piece) int {
	list := b.progression(l.v[i], l.v[i+1]-l.v[i], int(p.end)-i)
	return b.node(dsl.Node{Op: dsl.Substitute, Refs: [2]int{list}, Nums: [3]int32{p.x, p.y}})
}
