package programs

import "testing"

// TestHigherLevelsDoMore: no level does less than the one before it in any respect,
// and thorough no less than quick.
func TestHigherLevelsDoMore(t *testing.T) {
	for k := 2; k < len(levels); k++ {
		if a, b := levels[k-1], levels[k]; b.steps <= a.steps || b.depth < a.depth || b.passes < a.passes || b.effort < a.effort {
			t.Errorf("level %d is %+v, level %d is %+v", k-1, a, k, b)
		}
	}
	a, b := quick, thorough
	if a.anySpan && !b.anySpan || b.relations < a.relations || b.groups < a.groups || b.exchanged < a.exchanged || b.rounds < a.rounds {
		t.Errorf("quick is %+v, thorough is %+v", a, b)
	}
}
