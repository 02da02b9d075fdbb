package programs

import "github.com/ktzip/ktzip/dsl"

// filterRelation is a filter of a list. Without it, programs of generated sequences
// are 0.06 % larger at 10 ms and 0.01 % at 100 ms (November 2026).
type filterRelation struct{}

func (filterRelation) propose(t *text) {
	v := t.v
	for k := range t.kept {
		t.setKept(k)
	}
	for i := range t.starts() {
		x, y, z := v[i], v[i+1], v[i+2]
		if y < 0 || z < 0 {
			continue
		}
		for k := range t.kept {
			op, kept := dsl.FilterEven+dsl.Op(k), t.kept[k]
			if !keeps(op, x) || !keeps(op, y) || !keeps(op, z) || op == dsl.FilterNotZero && t.first(0) < 0 {
				continue
			}
			for a := range t.holding(x) {
				t.steps--
				if b := kept[a]; v[b] == y && v[kept[b]] == z && !(t.inLink(i) && t.keptBefore(op, a) == v[i-1]) {
					t.filter(op, i, a)
				}
			}
		}
	}
}

// filters is the number of filters: FilterEven and those after it.
const filters = int(dsl.FilterNotZero-dsl.FilterEven) + 1

// setKept makes kept[k][a] the first position after a that filter k keeps or that
// ends a line.
func (t *text) setKept(k int) {
	op, kept := dsl.FilterEven+dsl.Op(k), grow(t.kept[k], len(t.v))
	after := int32(len(t.v) - 1)
	for a := after; a >= 0; a-- {
		kept[a] = after
		if x := t.v[a]; x < 0 || keeps(op, x) {
			after = a
		}
	}
	t.kept[k] = kept
	t.steps -= int64(len(t.v) / 4)
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

// keptBefore returns the last element before position a that op keeps, or what ends the
// line before it.
func (t *text) keptBefore(op dsl.Op, a int) int32 {
	for a--; a >= 0; a-- {
		if x := t.v[a]; x < 0 || keeps(op, x) {
			return x
		}
	}
	return lineEnd(0)
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
	t.steps -= int64(k-a)/2 + 1
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
