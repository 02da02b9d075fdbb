package programs

import "github.com/ktzip/ktzip/dsl"

// reverseRelation is reverse_list of a list.
type reverseRelation struct{}

func (reverseRelation) propose(t *text) {
	for i := range t.starts() {
		for a := range t.holding(t.v[i]) {
			t.steps--
			if a < 2 || t.v[a-1] != t.v[i+1] || t.v[a-2] != t.v[i+2] || i > 0 && t.v[a+1] == t.v[i-1] {
				continue
			}
			n := t.mirrorLen(i, a)
			t.steps -= int64(n)
			if n >= least {
				t.reverse(i, a-n+1, n)
			}
		}
	}
}

// mirrorLen returns the number of positions from i on that hold what those from a
// down do, of which three do. If a is before i, the two never overlap.
func (t *text) mirrorLen(i, a int) int {
	n := 3
	for a-n >= 0 && t.v[i+n] >= 0 && t.v[i+n] == t.v[a-n] {
		n++
	}
	if a >= i {
		n = min(n, (a-i+1)/2)
	}
	return n
}

// reverse adds that n positions from i on are those from a on in reverse, whole and
// by the links of either.
func (t *text) reverse(i, a, n int) {
	for x, n1 := range t.clipped(a, n) {
		first := i + n - x - n1 // the mirror of a+x+n1-1
		for y, n2 := range t.clipped(first, n1) {
			t.add(relation{op: dsl.ReverseList, at: spanOf(first+y, n2), src: [2]span{spanOf(a+x+n1-y-n2, n2)}})
		}
	}
}
