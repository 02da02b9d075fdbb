package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// sorted is min_n and max_n of a list.
type sorted struct{}

func (sorted) propose(t *text) {
	for _, h := range t.hot {
		if t.s.steps <= 0 {
			return
		}
		for _, up := range []bool{true, false} {
			i, n := int(h), 1
			less := func(x, y int32) bool { return up && x < y || !up && x > y }
			for t.v[i+n] >= 0 && !less(t.v[i+n], t.v[i+n-1]) {
				n++
			}
			if n < least || i > 0 && t.v[i-1] >= 0 && !less(t.v[i], t.v[i-1]) && t.part[i-1] == t.part[i] {
				continue
			}
			if !t.elsewhere(i+1, i, n) || !t.elsewhere(i+2, i, n) {
				continue
			}
			for a := t.first(t.v[i]); a >= 0 && t.s.steps > 0; a = t.next[a] {
				if int(a) < i || int(a) >= i+n {
					t.sorted(i, n, int(a), up)
				}
			}
		}
	}
}

// elsewhere reports whether what place k holds stands outside of the n places from
// i on.
func (t *text) elsewhere(k, i, n int) bool {
	for a := t.first(t.v[k]); a >= 0 && t.s.steps > 0; a = t.next[a] {
		if int(a) < i || int(a) >= i+n {
			return true
		}
	}
	return false
}

// sorted adds that some of the n sorted places from i on are the first of a
// sorted list around place a, which holds the first of them.
func (t *text) sorted(i, n, a int, up bool) {
	for n = min(n, 255); n >= least && t.s.steps > 0; n-- {
		last := t.v[i+n-1]
		neutral := func(x int32) bool { return up && x > last || !up && x < last }
		left := append(t.s.left[:0], t.v[i:i+n]...)
		t.s.left = left
		// A place further on from a in one direction belongs to the list while
		// its element is neutral or one of those still left.
		from, to := a, a
		tight := span{int32(a), int32(a)}
		for to < len(t.v) && t.v[to] >= 0 && !(to >= i && to < i+n) {
			if !neutral(t.v[to]) {
				k := slices.Index(left, t.v[to])
				if k < 0 {
					break
				}
				left = slices.Delete(left, k, k+1)
				tight.j = int32(to + 1)
			}
			to++
		}
		for from > 0 && t.v[from-1] >= 0 && !(from-1 >= i && from-1 < i+n) {
			if !neutral(t.v[from-1]) {
				k := slices.Index(left, t.v[from-1])
				if k < 0 {
					break
				}
				left = slices.Delete(left, k, k+1)
				tight.i = int32(from - 1)
			}
			from--
		}
		t.s.steps -= int64(2*(to-from) + n)
		if len(left) > 0 {
			continue
		}
		src := tight
		if p := t.parts[t.part[tight.i]]; int(p.i) >= from {
			src.i = p.i
		}
		if p := t.parts[t.part[tight.j-1]]; int(p.j) <= to {
			src.j = p.j
		}
		op, numbers := dsl.MinN, t.s.price.minN[n]
		if !up {
			op, numbers = dsl.MaxN, t.s.price.maxN[n]
		}
		t.add(op, i, n, numbers, int32(n), 0, src, span{})
		if src != tight {
			t.add(op, i, n, numbers, int32(n), 0, tight, span{})
		}
		return
	}
}
