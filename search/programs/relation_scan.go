package programs

import "github.com/ktzip/ktzip/dsl"

// summed is scan_add of a list.
type summed struct{}

func (summed) propose(t *text) {
	for _, h := range t.hot {
		if t.s.steps <= 0 {
			return
		}
		i := int(h)
		if t.v[i+1] < t.v[i] || t.v[i+2] < t.v[i+1] {
			continue
		}
		for a := t.first(t.v[i]); a >= 0 && t.s.steps > 0; a = t.next[a] {
			a := int(a)
			n := 1
			for t.v[i+n]-t.v[i+n-1] == t.v[a+n] && t.v[a+n] >= 0 && t.v[i+n] >= 0 {
				n++
			}
			t.s.steps -= int64(n)
			if a > i {
				n = min(n, a-i)
			} else {
				n = min(n, i-a)
			}
			if n >= least {
				t.add(dsl.ScanAdd, i, n, 0, 0, 0, span{int32(a), int32(a + n)}, span{})
			}
		}
	}
}
