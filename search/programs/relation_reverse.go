package programs

import "github.com/ktzip/ktzip/dsl"

// reversed is reverse_list of a list.
type reversed struct{}

func (reversed) propose(t *text) {
	for _, h := range t.hot {
		if t.s.steps <= 0 {
			return
		}
		i := int(h)
		for a := t.first(t.v[i]); a >= 0 && t.s.steps > 0; a = t.next[a] {
			t.s.steps--
			a := int(a)
			if a < 2 || t.v[a-1] != t.v[i+1] || t.v[a-2] != t.v[i+2] || i > 0 && t.v[a+1] == t.v[i-1] {
				continue
			}
			n := 3
			for a-n >= 0 && t.v[i+n] >= 0 && t.v[i+n] == t.v[a-n] {
				n++
			}
			switch {
			case a > i:
				n = min(n, (a-i+1)/2)
			case a > i-n:
				n = min(n, i-a) // never: a < i
			}
			t.s.steps -= int64(n)
			if n < least {
				continue
			}
			t.clipped(a-n+1, n, func(skip, m int) {
				i, start := i+n-skip-m, a-n+1+skip
				t.clipped(i, m, func(skip, k int) {
					src := start + m - skip - k
					t.add(dsl.ReverseList, i+skip, k, 0, 0, 0, span{int32(src), int32(src + k)}, span{})
				})
			})
		}
	}
}
