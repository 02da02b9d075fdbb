package plans

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/internal/mutate"
)

// TestRefit takes the plan of the first half of some records to the second half, which begins
// within a record: it takes hardly more than the first half.
func TestRefit(t *testing.T) {
	fitted := 0
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 5))
		p := framedRecords(r)
		for len(p.lengths) < 2 { // of one length they need no framing
			p = framedRecords(r)
		}
		first, second := p.data[:len(p.data)/2], p.data[len(p.data)/2:]
		want, _, found := bestPlan(t, 3, first)
		if found == nil {
			continue
		}
		q := New(1).Refit(found, second)
		if q == nil {
			continue // it has no records
		}
		fitted++
		if got := plannedSize(t, second, q); got*100 > want*110 {
			t.Errorf("%s: %d bytes by the fitted plan, the first half %d\n%v", p.name, got, want, q)
		}
	}
	if fitted < 3 {
		t.Errorf("%d plans fitted", fitted)
	}
}

// TestRefitShortRecords fits a plan with heads of 9 bytes to records some of which are shorter: the fitted plan takes
// apart what it is for.
func TestRefitShortRecords(t *testing.T) {
	found, err := dsl.Parse(`sequence_1 = payload(0)
sequence_2 = columns(sequence_1, [9, 0, 0])
sequence_3 = get_subsequence_between_indices(sequence_2, 0, 900)
sequence_4 = payload(1)
sequence_5 = kinds(sequence_3, sequence_4, 9, [4, 1, 1, 0, 1, 0, 0])
output = sequence_5`, dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	fitted, most := 0, 200
	for short := range most {
		r := rand.New(rand.NewPCG(uint64(short), 6))
		var src []byte
		for range 2000 {
			n := 9 + r.IntN(12)
			if r.IntN(most) < short {
				n = 5 + r.IntN(9-5)
			}
			record := make([]byte, n)
			record[4] = byte(n)
			src = append(src, record...)
		}
		if q := New(minLevel).Refit(found, src); q != nil {
			joins(t, q, src)
			fitted++
		}
	}
	if fitted == 0 || fitted == most {
		t.Errorf("%d of %d fitted", fitted, most)
	}
}

// TestRefitRefuses fits plans to what they are not for.
func TestRefitRefuses(t *testing.T) {
	p := framedRecords(rand.New(rand.NewPCG(1, 5)))
	_, _, found := bestPlan(t, 1, p.data)
	noise := make([]byte, 100_000)
	r := rand.New(rand.NewPCG(2, 5))
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for name, src := range map[string][]byte{"noise": noise, "nothing": nil, "a byte": {1}, "zeros": make([]byte, 100_000)} {
		if q := New(1).Refit(found, src); q != nil && name != "zeros" {
			t.Errorf("%s: fitted %v", name, q)
		}
	}
	if q := New(1).Refit(dsl.Identity(), p.data); q != nil {
		t.Errorf("the identity fitted to %v", q)
	}
}

// FuzzRefit fits any plan to any bytes: what takes these apart puts them together again.
func FuzzRefit(plain *testing.F) {
	f := mutate.Of(plain)
	for seed := range uint64(4) {
		for i, draw := range []func(*rand.Rand) puzzle{framedRecords, typedRecords} {
			p := draw(rand.New(rand.NewPCG(seed, uint64(i))))
			f.Add(p.truth[0], p.data[:4<<10])
		}
	}
	rows := []byte(strings.Repeat("a,1\nb,2.5\n", 100))
	for _, p := range New(minLevel).Plans(f.Context(), rows, deflated) {
		f.Add(p.String(), rows)
	}
	f.Fuzz(func(t *testing.T, text string, src []byte) {
		p, err := dsl.Parse(text, dsl.Plan)
		if err != nil {
			return
		}
		q := New(minLevel).Refit(p, src)
		if q == nil {
			return
		}
		var m plan.Machine
		streams, err := m.Split(src, q)
		if err != nil {
			return // a plan that is not one of the search's
		}
		dst := make([]byte, len(src))
		if err := m.Join(dst, q, streams); err != nil || !bytes.Equal(dst, src) {
			t.Fatalf("joined to other bytes, %v\n%s", err, q)
		}
	})
}
