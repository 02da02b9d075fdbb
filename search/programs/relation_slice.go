package programs

import "github.com/ktzip/ktzip/dsl"

// sliceRelation is a list again, and get_subsequence_between_indices of it.
type sliceRelation struct{}

func (sliceRelation) propose(t *text) {
	for i, a := range t.alike() {
		n := apart(i, a, t.same(i, a))
		t.steps -= int64(n)
		if n < least {
			continue
		}
		for x, n := range t.pieces(i, a, n) {
			t.slice(i+x, a+x, n)
		}
	}
}

// slice adds that n positions from i on hold what those from a on do: as the list
// itself, or as a slice of the link that makes them.
func (t *text) slice(i, a, n int) {
	at, src := spanOf(i, n), spanOf(a, n)
	t.add(relation{op: dsl.Ref, at: at, src: [2]span{src}})
	whole := t.linkOf(src.i).span()
	from := src.i - whole.i
	if whole.j < src.j || whole == src || from >= MaxBlock || n >= MaxBlock {
		return
	}
	t.add(relation{
		op: dsl.Between, at: at, src: [2]span{whole},
		x: from, y: from + int32(n), body: t.price.index[from] + t.price.slice[n],
	})
}

// repeatRelation is repeat_list of a list.
type repeatRelation struct{}

func (repeatRelation) propose(t *text) {
	for k := range t.links {
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
