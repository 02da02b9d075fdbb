package plans

import (
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// TestLinearTriesEveryOrder holds that each order of a linear prediction is a recipe of its
// own, and that the recipe that they refine stays as it is.
func TestLinearTriesEveryOrder(t *testing.T) {
	tr := newTrial(&efforts[6], samples(20_000), roughly, &meter{ctx: t.Context()})
	first := predict(2, 0, 1, 1)
	r := planes(recipe{ops: []dsl.Node{first}})
	list := tr.linear(nil, r)
	if !sameOps(r.ops[:1], []dsl.Node{first}) {
		t.Errorf("the recipe became %v", r.ops[0])
	}
	var orders []int
	for _, q := range list {
		last := len(q.ops[0].List) - 2
		orders = append(orders, int(q.ops[0].List[last]))
	}
	if want := []int{2, 3, 4, 6, 8, 12, 16}; !slices.Equal(orders, want) {
		t.Errorf("orders %v, want %v", orders, want)
	}
}

// TestDismissalKeepsEvidence holds that to look whether a segment is hopeless does not change
// the evidence.
func TestDismissalKeepsEvidence(t *testing.T) {
	src := samples(20_000)
	tr := newTrial(&efforts[6], src, roughly, &meter{ctx: t.Context()})
	ev := &evidence{near: []int{2, 4, 6, 8}, far: []int{100}}
	tr.hopeless(ev, minSaving)
	if want := []int{2, 4, 6, 8}; !slices.Equal(ev.near, want) {
		t.Errorf("near distances are %v, want %v", ev.near, want)
	}
}

// TestEqualRecipesRankOnce holds that recipes that do the same take one place: an exclusive or
// of bytes at one distance is the same for elements of any type.
func TestEqualRecipesRankOnce(t *testing.T) {
	tr := newTrial(&efforts[6], samples(2000), roughly, &meter{ctx: t.Context()})
	var list []recipe
	for _, w := range elements {
		list = append(list, recipe{ops: []dsl.Node{node(dsl.ScanXor, w, 16/abs(w))}})
	}
	if got := tr.rank(list, tr.sample); len(got) != 1 {
		t.Errorf("%d recipes, want 1", len(got))
	}
}
