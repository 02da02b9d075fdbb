package dsl

import "testing"

// TestEdition checks that segments without programs cost next to nothing.
func TestEdition(t *testing.T) {
	e := NewEncoder(Edition2)
	e.Plan(Identity())
	if bits := e.RawCost().Bits(); bits > 1.5 {
		t.Errorf("the first raw flag costs %.2f bits, want at most 1.5", bits)
	}
	for range 5 {
		e.Raw()
	}
	if n := len(e.Finish()); n > 1 {
		t.Errorf("the identity plan and 5 raw flags take %d bytes, want 1", n)
	}
}
