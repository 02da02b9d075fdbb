package programs

import (
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// TestMirrorIsFoundWhole: a list that comes 2 elements after its reverse is found
// whole, in either order of the two, though the gap is shorter than the list.
func TestMirrorIsFoundWhole(t *testing.T) {
	list := []byte{61, 190, 15, 40, 53, 247, 149, 180, 140}
	v := slices.Concat(list, []byte{7, 201}, backwards(list))
	s := new(scratch)
	s.begin(New(nil), v, 1<<40, window{})
	sol := &s.solution
	sol.begin(&s.meter, s.roots[0], nil)
	tx := &sol.text
	tx.effort = quick
	tx.set(&s.meter, sol.lines, sol.chains[:1], 1)
	reverseRelation{}.propose(tx)
	for _, want := range [2][2]span{{{11, 20}, {0, 9}}, {{0, 9}, {11, 20}}} {
		if !slices.ContainsFunc(tx.found, func(r relation) bool {
			return r.op == dsl.ReverseList && r.at == want[0] && r.src[0] == want[1]
		}) {
			t.Errorf("%v is not found as the reverse of %v: %+v", want[0], want[1], tx.found)
		}
	}
}
