package plans

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/internal/mutate"
)

// FuzzRecords looks for records in arbitrary bytes: each plan that is found takes them apart and
// puts them together again, and so does a plan fitted to other bytes, if there is one. The steps
// are bounded.
func FuzzRecords(plain *testing.F) {
	f := mutate.Of(plain)
	const seedBytes = 3 << 10 // the shorter the seeds, the more of them a second tries
	for i, draw := range []func(*rand.Rand) puzzle{framedRecords, typedRecords, fitRecords} {
		for seed := range uint64(8) {
			p := draw(rand.New(rand.NewPCG(seed, uint64(i))))
			f.Add(p.data[:min(len(p.data), seedBytes)], byte(seed))
		}
	}
	f.Add(bytes.Repeat([]byte{4, 0, 0, 0}, seedBytes/4), byte(1))
	f.Add(fitOf([]byte{fitDefinition, 0, 0, 20, 0, 0}, make([]byte, seedBytes)), byte(6)) // of no fields

	f.Fuzz(func(t *testing.T, src []byte, level byte) {
		if !plannable(src) || len(src) > 1<<14 {
			return
		}
		m := &meter{ctx: t.Context()}
		tr := newTrial(&efforts[minLevel+int(level)%maxLevel], src, roughly, m)
		for _, p := range tr.recordPlans() {
			joins(t, p, src)
			other := src[len(src)/3:]
			if q := New(minLevel).Refit(p, other); q != nil {
				joins(t, q, other)
			}
		}
		if most := recordSteps + recordStepsPerByte*int64(len(src)); m.steps > most {
			t.Errorf("%d steps for %d bytes, want at most %d", m.steps, len(src), most)
		}
	})
}

// What the search for records may take at most, in steps: to find lengths, and for each byte to
// find the fields of two framings.
const recordSteps, recordStepsPerByte = 200_000_000, 2 * 4 * columnSteps

// joins fails if the plan p does not take src apart and put it together again.
func joins(t *testing.T, p *dsl.Program, src []byte) {
	t.Helper()
	var m plan.Machine
	streams, err := m.Split(src, p)
	if err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	dst := make([]byte, len(src))
	if err := m.Join(dst, p, streams); err != nil || !bytes.Equal(dst, src) {
		t.Fatalf("joined to other bytes, %v\n%s", err, p)
	}
}

// fitOf returns the FIT file that consists of records.
func fitOf(records ...[]byte) []byte {
	head := append(make([]byte, 8), ".FIT"...)
	head[0] = byte(len(head))
	return append(head, bytes.Join(records, nil)...)
}
