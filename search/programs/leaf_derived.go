package programs

import "github.com/ktzip/ktzip/dsl"

// The leaves below make pieces of a progression that is not in the line: its running
// sums, its remainders, and it with one element replaced.

// scanLeaf is scan_add of a progression, and of an element and a progression.
// Without it, programs of generated sequences are 0.07 % larger at 10 ms and as
// large at 100 ms (November 2026).
type scanLeaf struct{}

// minScan is the length in elements of the shortest sums of a progression (arbitrary;
// three elements are such sums too often by chance).
const minScan = 4

func (scanLeaf) propose(m *meter, l *line, i int) {
	v := l.v[i:]
	if len(v) < minScan || l.run[i] > shortRun {
		return
	}
	d := v[1] - v[0]
	if e := d - v[0]; e != 0 && v[2]-v[1] == d+e {
		for n := 3; n <= len(v) && v[n-1]-v[n-2] == v[0]+int32(n-1)*e; n++ {
			if n < minScan {
				continue
			}
			if op, body := m.price.progression(v[0], e, n); body < unreachable {
				body += m.price.sym[dsl.ScanAdd][0][op]
				l.offer(piece{op: dsl.ScanAdd, end: int32(i + n), body: body})
			}
		}
	}
	e := v[2] - v[1] - d
	if e == 0 || v[3]-v[2] != d+2*e || i > 0 && d-(v[0]-l.v[i-1]) == e {
		return
	}
	head := m.price.sym[dsl.ScanAdd][0][dsl.Concatenate] + m.price.first[dsl.SetList] + m.price.length[1] + m.price.element[v[0]]
	for n := minScan + 1; n <= len(v) && v[n-1]-v[n-2] == d+int32(n-2)*e; n++ {
		if op, body := m.price.progression(d, e, n-1); body < unreachable {
			body += head + m.price.sym[dsl.Concatenate][1][op]
			l.offer(piece{op: dsl.ScanAdd, end: int32(i + n), body: body, x: 1})
		}
	}
}

// build: p.x elements come before the progression, 0 or 1.
func (scanLeaf) build(b *builder, l *line, i int, p *piece) int {
	v := l.v[i:p.end]
	d := v[1] - v[0]
	var list int
	if p.x == 0 {
		list = b.progression(v[0], d-v[0], len(v))
	} else {
		head := b.node(dsl.Node{Op: dsl.SetList, List: []int32{v[0]}})
		list = b.concatenate(head, b.progression(d, v[2]-v[1]-d, len(v)-1))
	}
	return b.node(dsl.Node{Op: dsl.ScanAdd, Refs: [2]int{list}})
}

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
