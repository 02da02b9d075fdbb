package programs

import "github.com/ktzip/ktzip/dsl"

// filtered is a filter of a list.
type filtered struct{}

func (filtered) propose(t *text) {
	for _, h := range t.hot {
		if t.s.steps <= 0 {
			return
		}
		i := int(h)
		for op := dsl.FilterEven; op <= dsl.FilterNotZero; op++ {
			keep := func(x int32) bool {
				switch op {
				case dsl.FilterEven:
					return x&1 == 0
				case dsl.FilterOdd:
					return x&1 != 0
				}
				return x != 0
			}
			if !keep(t.v[i]) || !keep(t.v[i+1]) || !keep(t.v[i+2]) || t.v[i+1] < 0 || t.v[i+2] < 0 {
				continue
			}
			for a := t.first(t.v[i]); a >= 0 && t.s.steps > 0; a = t.next[a] {
				t.filter(op, keep, i, int(a))
			}
		}
	}
}

func (t *text) filter(op dsl.Op, keep func(int32) bool, i, a int) {
	n, k := 0, a
	last := a // after the last element kept
	for t.v[k] >= 0 && t.v[i+n] >= 0 && !(k >= i && k < i+n) {
		if keep(t.v[k]) {
			if t.v[k] != t.v[i+n] {
				break
			}
			n++
			last = k + 1
		}
		k++
	}
	t.s.steps -= int64(k-a) + 1
	if n < least {
		return
	}
	// Elements left out may stand before and after.
	from := a
	for from > 0 && t.v[from-1] >= 0 && !keep(t.v[from-1]) {
		from--
	}
	if p := t.parts[t.part[a]]; p.i >= int32(from) && p.i < int32(a) {
		from = int(p.i)
	}
	to := k
	if p := t.parts[t.part[last-1]]; int(p.j) >= last && int(p.j) <= k {
		to = int(p.j)
	}
	if to-from == n {
		return
	}
	t.add(op, i, n, 0, 0, 0, span{int32(from), int32(to)}, span{})
	if from < a && to-a > n {
		t.add(op, i, n, 0, 0, 0, span{int32(a), int32(to)}, span{})
	}
	if last < to {
		t.add(op, i, n, 0, 0, 0, span{int32(from), int32(last)}, span{})
	}
}
