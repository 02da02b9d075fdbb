package dsl

import (
	"bytes"
	"testing"

	"github.com/ktzip/ktzip/dsl/internal/dsltest"
)

// TestGoldenPlans reads the plan of every golden segment, and writes the same bits.
func TestGoldenPlans(t *testing.T) {
	plans := 0
	for _, g := range dsltest.Golden(t, "..", "*") {
		p, err := NewDecoder(g.Programs, Edition(g.Edition)).Plan()
		if err != nil {
			t.Fatal(err)
		}
		if !p.IsIdentity() {
			plans++
		}
		e := NewEncoder(Edition(g.Edition))
		e.Plan(p)
		got := e.Finish()
		got = got[:max(0, len(got)-1)] // the last byte also depends on what follows
		if !bytes.HasPrefix(g.Programs, got) {
			t.Errorf("%s\nwritten as %x, read from %x", p, got, g.Programs)
		}
	}
	if plans == 0 {
		t.Error("no plan but the identity")
	}
}
