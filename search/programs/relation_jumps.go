package programs

import "github.com/ktzip/ktzip/dsl"

// jumps is get_subsequence_with_jumps of a list.
type jumps struct{}

func (jumps) propose(t *text) {
	for _, h := range t.hot {
		if t.s.steps <= 0 {
			return
		}
		i := int(h)
		for a := t.first(t.v[i]); a >= 0 && t.s.steps > 0; a = t.next[a] {
			t.s.steps -= 2
			a := int(a)
			for k := 2; k <= 5 && a+2*k < len(t.v); k++ {
				if t.v[a+k] != t.v[i+1] || t.v[a+2*k] != t.v[i+2] {
					continue
				}
				n := 3
				for a+n*k < len(t.v) && t.v[i+n] >= 0 && t.v[i+n] == t.v[a+n*k] {
					n++
				}
				if t.line[a+(n-1)*k] != t.line[a] {
					continue // through the end of a line
				}
				// The list may have up to k-1 elements after the last.
				end := a + (n-1)*k + 1
				if p := t.parts[t.part[a+(n-1)*k]]; int(p.j) > end && int(p.j) < end+k {
					end = int(p.j)
				}
				t.add(dsl.Jumps, i, n, t.s.price.jump[k], int32(k), 0, span{int32(a), int32(end)}, span{})
			}
		}
	}
}
