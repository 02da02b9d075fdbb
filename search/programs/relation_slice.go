package programs

import "github.com/ktzip/ktzip/dsl"

// again is a list made before, and get_subsequence_between_indices of it.
type again struct{}

func (again) propose(t *text) {
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
			if a > i {
				n = min(n, a-i)
			} else {
				n = min(n, i-a)
			}
			t.s.steps -= int64(n)
			if n < least {
				continue
			}
			t.clipped(a, n, func(skip, n int) {
				i, a := i+skip, a+skip
				t.clipped(i, n, func(skip, n int) {
					t.again(i+skip, a+skip, n)
				})
			})
		}
	}
}

// again adds that n places from i on hold what those from a on do: the list, or
// a slice of the part that they are in.
func (t *text) again(i, a, n int) {
	t.add(dsl.Ref, i, n, 0, 0, 0, span{int32(a), int32(a + n)}, span{})
	p := &t.parts[t.part[a]]
	if int(p.j) < a+n || p.i == int32(a) && int(p.j) == a+n {
		return
	}
	from := int32(a) - p.i
	if from < MaxBlock && n < MaxBlock {
		t.add(dsl.Between, i, n, t.s.price.index[from]+t.s.price.slice[n], from, from+int32(n), span{p.i, p.j}, span{})
	}
}
