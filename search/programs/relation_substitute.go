package programs

import "github.com/ktzip/ktzip/dsl"

// replaced is substitute of one number in a list.
type replaced struct{}

func (replaced) propose(t *text) {
	for _, h := range t.hot {
		if t.s.steps <= 0 {
			return
		}
		i := int(h)
		for a := t.first(t.v[i]); a >= 0 && t.s.steps > 0; a = t.next[a] {
			t.s.steps--
			a := int(a)
			if a == i || t.v[a+1] != t.v[i+1] || i > 0 && a > 0 && t.v[a-1] == t.v[i-1] {
				continue
			}
			n := t.same(i, a)
			if n < 2 {
				continue
			}
			t.replaced(i, a, i+n, a+n) // the elements after
			if i > 0 && a > 0 {
				t.replaced(i, a, i-1, a-1) // the element before
			}
		}
	}
}

// replaced adds what the places around i hold where those around a do, but that
// the element of place b is replaced by that of place j wherever it occurs.
func (t *text) replaced(i, a, j, b int) {
	x, y := t.v[b], t.v[j]
	if x < 0 || y < 0 {
		return
	}
	fits := func(k int) bool {
		u, v := t.v[a+k], t.v[i+k]
		return u >= 0 && v >= 0 && (u == x && v == y || u != x && u == v)
	}
	for k := range max(j-i, 1) {
		if !fits(k) {
			return
		}
	}
	most := max(a-i, i-a)
	from, to := 0, 1
	for to < most && fits(to) {
		to++
	}
	for i+from > 0 && a+from > 0 && to-from < most && fits(from-1) {
		from--
	}
	t.s.steps -= int64(to - from)
	if to-from < 5 || x > 255 || y > 255 {
		return
	}
	numbers := t.s.price.from[x] + t.s.price.to[y]
	t.clipped(a+from, to-from, func(skip, n int) {
		i, a := i+from+skip, a+from+skip
		t.clipped(i, n, func(skip, n int) {
			t.add(dsl.Substitute, i+skip, n, numbers, x, y, span{int32(a + skip), int32(a + skip + n)}, span{})
		})
	})
}
