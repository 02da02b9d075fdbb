package programs

import "github.com/ktzip/ktzip/dsl"

// filterRelation is a filter of a list. Without it, programs of generated sequences
// are 0.06 % larger at 10 ms and 0.01 % at 100 ms (November 2026).
type filterRelation struct{}

func (filterRelation) propose(t *text) {
	for i := range t.starts() {
		x, y, z := t.v[i], t.v[i+1], t.v[i+2]
		if y < 0 || z < 0 {
			continue
		}
		for op := dsl.FilterEven; op <= dsl.FilterNotZero; op++ {
			if !keeps(op, x) || !keeps(op, y) || !keeps(op, z) {
				continue
			}
			for a := range t.holding(x) {
				t.filter(op, i, a)
			}
		}
	}
}

// keeps reports whether the filter op keeps x.
func keeps(op dsl.Op, x int32) bool {
	switch op {
	case dsl.FilterEven:
		return x&1 == 0
	case dsl.FilterOdd:
		return x&1 != 0
	}
	return x != 0
}

// filter adds that the positions from i on hold what op keeps of those around a.
// Elements that it leaves out may stand before and after.
func (t *text) filter(op dsl.Op, i, a int) {
	v := t.v
	n, k := 0, a
	last := a // after the last element kept
	for v[k] >= 0 && (k < i || k >= i+n) {
		if keeps(op, v[k]) {
			if v[k] != v[i+n] {
				break
			}
			n++
			last = k + 1
		}
		k++
	}
	t.steps -= int64(k-a) + 1
	if n < least {
		return
	}
	from := a
	for from > 0 && v[from-1] >= 0 && !keeps(op, v[from-1]) {
		from--
	}
	if p := t.linkOf(int32(a)); p.i >= int32(from) && p.i < int32(a) {
		from = int(p.i)
	}
	to := k
	if p := t.linkOf(int32(last - 1)); int(p.j) >= last && int(p.j) <= k {
		to = int(p.j)
	}
	if to-from == n {
		return
	}
	add := func(from, to int) {
		t.add(relation{op: op, at: spanOf(i, n), src: [2]span{{int32(from), int32(to)}}})
	}
	add(from, to)
	if from < a && to-a > n {
		add(a, to)
	}
	if last < to {
		add(from, last)
	}
}
