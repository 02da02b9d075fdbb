package programs

import "github.com/ktzip/ktzip/dsl"

// repeatLeaf is repeat_list of a chain.
type repeatLeaf struct{}

// maxPeriod is the longest period looked for, in elements (arbitrary).
const maxPeriod = 64

func (repeatLeaf) propose(m *meter, l *line, i int) {
	v := l.v[i:]
	longest := min(maxPeriod, len(v)/2)
	m.steps -= int64(longest)
	for n := 2; n <= longest; n++ {
		if v[n] != v[0] || v[n+1] != v[1] || int(l.run[i]) > n {
			continue
		}
		end := n + 2
		for end < len(v) && v[end] == v[end-n] {
			end++
		}
		m.steps -= int64(end - n)
		if end < 2*n {
			continue
		}
		once := l.inner(m, i, i+n, dsl.RepeatList)
		for times := 2; times <= end/n; times++ {
			if body := once + m.price.times[times]; body < unreachable {
				l.offer(piece{op: dsl.RepeatList, end: int32(i + times*n), body: body, x: int32(times), y: int32(n)})
			}
		}
	}
}

// inner returns the price of the cheapest chain of elements i..j-1 of l as the
// argument of parent.
func (l *line) inner(m *meter, i, j int, parent dsl.Op) int32 {
	c := l.nest()
	c.find(m, task{line: l, lo: i, hi: j, role: argument(parent, 0), plain: true})
	return c.cost
}

// nest returns a chain to be used at once.
func (l *line) nest() *chain {
	if l.nested == nil {
		l.nested = new(chain)
	}
	return l.nested
}

// build: the first p.y elements are repeated p.x times.
func (repeatLeaf) build(b *builder, l *line, i int, p *piece) int {
	list := b.inner(l, i, i+int(p.y), dsl.RepeatList)
	return b.node(dsl.Node{Op: dsl.RepeatList, Refs: [2]int{list}, Nums: [3]int32{p.x}})
}

// repetition returns the first copy of the list that the link repeats, and the
// other copies; ok reports whether it repeats one.
func (k *link) repetition() (first, others span, ok bool) {
	if k.p == nil || k.p.rule != leafRepeat || k.p.rel != nil {
		return span{}, span{}, false
	}
	return span{k.i, k.i + k.p.y}, span{k.i + k.p.y, k.j}, true
}

// repeatRelation is repeat_list of a list.
type repeatRelation struct{}

func (repeatRelation) propose(t *text) {
	for k := range t.links {
		t.repeatsOf(&t.links[k])
		p := &t.links[k]
		once, _, ok := p.repetition()
		if !ok {
			continue
		}
		i, n, times := int(p.i), once.len(), p.p.x
		for a := range t.holding(t.v[i]) {
			t.steps--
			if a >= int(p.i) && a < int(p.j) || t.v[a+1] != t.v[i+1] {
				continue
			}
			if t.same(i, a) >= n {
				t.add(relation{op: dsl.RepeatList, at: p.span(), src: [2]span{spanOf(a, n)}, x: times, body: t.price.times[times]})
			}
		}
	}
}

// repeatsOf adds that positions hold what p does several times in a row.
func (t *text) repeatsOf(p *link) {
	a, n := int(p.i), int(p.j-p.i)
	if n < 2 {
		return
	}
	for i := range t.holding(t.v[a]) {
		t.steps--
		if i+n > a && i < a+n || t.v[i+1] != t.v[a+1] || i+n >= len(t.v) || t.v[i+n] != t.v[a] ||
			i > 0 && t.v[i-1] == t.v[i+n-1] && t.linkAt[i-1] == t.linkAt[i] {
			continue
		}
		m := t.same(i, a)
		if m < n {
			continue
		}
		for m = n; t.v[i+m] == t.v[i+m-n]; {
			m++
		}
		if i < a {
			m = min(m, a-i)
		}
		t.steps -= int64(m / 4)
		if times := min(m/n, len(t.price.times)-1); times > 1 {
			for t.price.times[times] >= unreachable {
				times--
			}
			t.add(relation{
				op: dsl.RepeatList, x: int32(times), body: t.price.times[times],
				at: spanOf(i, times*n), src: [2]span{spanOf(a, n)},
			})
		}
	}
}
