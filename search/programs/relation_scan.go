package programs

import "github.com/ktzip/ktzip/dsl"

// scanRelation is scan_add of a list.
type scanRelation struct{}

func (scanRelation) propose(t *text) {
	for i := range t.starts() {
		x, d, e := t.v[i], t.v[i+1]-t.v[i], t.v[i+2]-t.v[i+1]
		if d < 0 || e < 0 || d|e == 0 {
			continue
		}
		for a := range t.holding(x) {
			if t.v[a+1] == d && t.v[a+2] == e {
				t.sums(i, a)
			}
			t.steps--
		}
	}
}

// sums adds that the positions from i on hold the running sums of those from a on.
// The first three do.
func (t *text) sums(i, a int) {
	n := 3
	for t.v[a+n] >= 0 && t.v[i+n] >= 0 && t.v[i+n]-t.v[i+n-1] == t.v[a+n] {
		n++
	}
	if n = apart(i, a, n); n >= minScan {
		t.add(relation{op: dsl.ScanAdd, at: spanOf(i, n), src: [2]span{spanOf(a, n)}})
	}
}
