package plans

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/plans/internal/series"
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

// TestFoldingIsThatOfTheSegment folds and unfolds residuals by all of a segment, if its sample,
// which is louder than the rest, does not tell.
func TestFoldingIsThatOfTheSegment(t *testing.T) {
	const samples = 200_000
	draw := func(quiet int) []byte {
		r := rand.New(rand.NewPCG(5, 5))
		var b []byte
		x := 0
		for i := range samples {
			x += r.IntN(2*quiet) - quiet
			if part := i * 8 / samples; part == 1 || part == 2 || part == 5 || part == 6 {
				x = r.IntN(1 << 16)
			}
			b = binary.LittleEndian.AppendUint16(b, uint16(x))
		}
		return b
	}
	bare := recipe{ops: []dsl.Node{predict(2, 0, 1, 1)}}
	folded := bare.with(node(dsl.Zigzag, 2), transpose(1, 2))
	unfolded := bare.with(transpose(1, 2))
	for _, c := range []struct {
		name  string
		quiet int
		r     recipe
		want  recipe
	}{
		{"unfolded", 100, unfolded, folded},
		{"folded", 100, folded, folded},
		{"unfolded noise", 1 << 15, unfolded, unfolded},
		{"folded noise", 1 << 15, folded, folded},
	} {
		tr := newTrial(&efforts[1], draw(c.quiet), roughly, &meter{ctx: t.Context()})
		r := c.r
		r.sample, r.cost = tr.sample, tr.price(r, tr.sample)
		if got := tr.folding(r); !sameOps(got.ops, c.want.ops) {
			t.Errorf("%s: %s", c.name, got.plan(100))
		}
	}
}

// TestHigherLevelsSeeWhatLowerSee holds that all levels gather evidence that shows only at the places where
// the lowest level looks.
func TestHigherLevelsSeeWhatLowerSee(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 8))
	src := make([]byte, 100_000)
	for i := range src {
		src[i] = byte(r.Uint32())
	}
	p := probe{src, efforts[minLevel].maxDistance, nearPlaces}
	for k := range probeParts {
		alike, _ := p.part(k)
		for i := range alike {
			alike[i] = byte(i / 8)
		}
	}
	for level := minLevel; level <= maxLevel; level++ {
		if gather(src, &efforts[level]) == nil {
			t.Errorf("level %d: no evidence", level)
		}
	}
}

// TestDivisorOfDistance holds that the divisor of a distance is the shortest at which bytes are nearly as much
// alike, in parts of series.Usual: 300 of 1,024 are nearly as few as 250, not as 200, and 700 save nearly as
// much as 650, not as 500.
func TestDivisorOfDistance(t *testing.T) {
	for _, c := range []struct{ best, shorter, want int }{
		{250, 300, 355}, {200, 300, 0}, {650, 700, 355}, {500, 700, 0}, {300, 1024, 0},
	} {
		share := slices.Repeat([]int{series.Usual}, 2200)
		share[2130], share[710], share[355] = c.best, c.shorter, c.shorter
		if got := divisor(share, minFar, 2130); got != c.want {
			t.Errorf("%d at 2130, %d at 355 and 710: divisor %d, want %d", c.best, c.shorter, got, c.want)
		}
	}
}
