package programs

import "github.com/ktzip/ktzip/dsl"

// repeated is repeat_list of a list made before.
type repeated struct{}

func (repeated) propose(t *text) {
	for k := range t.parts {
		p := &t.parts[k]
		if p.p == nil || p.p.rule != rulePeriod || p.p.rel != nil {
			continue
		}
		i, n := int(p.i), int(p.p.b)
		for a := t.first(t.v[i]); a >= 0 && t.s.steps > 0; a = t.next[a] {
			t.s.steps--
			if a >= p.i && a < p.j || t.v[a+1] != t.v[i+1] {
				continue
			}
			if t.same(i, int(a)) >= n {
				t.add(dsl.RepeatList, i, int(p.j-p.i), t.s.price.times[p.p.a], p.p.a, 0, span{a, a + int32(n)}, span{})
			}
		}
	}
}
