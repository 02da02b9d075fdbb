package programs

import "github.com/ktzip/ktzip/dsl"

// scanRelation is scan_add of a list.
type scanRelation struct{}

func (scanRelation) propose(t *text) {
	for i := range t.starts() {
		if t.v[i+1] < t.v[i] || t.v[i+2] < t.v[i+1] {
			continue
		}
		for a := range t.holding(t.v[i]) {
			n := 1
			for t.v[i+n]-t.v[i+n-1] == t.v[a+n] && t.v[a+n] >= 0 && t.v[i+n] >= 0 {
				n++
			}
			t.steps -= int64(n)
			if n = apart(i, a, n); n >= least {
				t.add(relation{op: dsl.ScanAdd, at: spanOf(i, n), src: [2]span{spanOf(a, n)}})
			}
		}
	}
}
