package plans

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl/plan"
)

// TestSectionsEndInOrder cuts data of two natures that alternate often, in pieces as short as
// a quarter of a unit: the ends rise, and the plan fits.
func TestSectionsEndInOrder(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	r := rand.New(rand.NewPCG(7, 8))
	files := 2
	if testing.Short() {
		files = 1
	}
	for range files {
		var src []byte
		for len(src) < 10*sectionUnit {
			for range sectionUnit/4 + r.IntN(2*sectionUnit) {
				src = append(src, "etaoin shrdlu\n"[r.IntN(14)])
			}
			src = append(src, walks(r, sectionUnit/8+r.IntN(sectionUnit), 2, 1, 30)...)
		}
		tr := newTrial(&efforts[6], src, roughly, &meter{ctx: t.Context()})
		ends := tr.sectionEnds(tr.windowRecipes())
		if len(ends) == 0 || ends[len(ends)-1] != len(src) {
			t.Errorf("sections of %d bytes end at %d", len(src), ends)
		}
		for i := 1; i < len(ends); i++ {
			if ends[i] <= ends[i-1] {
				t.Errorf("sections of %d bytes end at %d", len(src), ends)
			}
		}
		if p := tr.sectionPlan(); p != nil {
			var m plan.Machine
			if _, err := m.Split(src, p); err != nil {
				t.Errorf("%s\n%v", p, err)
			}
		}
	}
}

// TestTwoNaturesHaveTwoSections finds the border between a text and samples.
func TestTwoNaturesHaveTwoSections(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	const border = 3*sectionUnit + 1234
	src := append(prose(border), samples(2*sectionUnit)...)
	tr := newTrial(&efforts[6], src, roughly, &meter{ctx: t.Context()})
	ends := tr.sectionEnds(tr.windowRecipes())
	if len(ends) != 2 || abs(ends[0]-border) > sectionUnit/32 {
		t.Errorf("sections end at %d, want %d and %d", ends, border, len(src))
	}
}

// TestShortSectionsHavePlans asks for a plan of whatever may be left of a segment.
func TestShortSectionsHavePlans(t *testing.T) {
	pairs := bytes.Repeat([]byte{1, 9}, minPlanned)
	for n := range 2 * minPlanned {
		if p := newTrial(&efforts[6], pairs[:n], roughly, &meter{ctx: t.Context()}).shortest(); p == nil {
			t.Fatalf("%d bytes have no plan", n)
		}
	}
}
