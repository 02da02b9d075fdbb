package dsl

import (
	"errors"
	"math"
	"slices"
	"testing"
)

// wide is more elements than any literal of these tests has.
const wide = 1 << 20

// literals returns a budget that only limits literals, to n elements.
func literals(n int64) Budget { return Budget{Steps: 1 << 40, Elements: n} }

// TestBitForm writes and reads random sections: a plan, then blocks that are raw or have
// programs, of which some refer to lists of earlier programs.
func TestBitForm(t *testing.T) {
	for seed := range uint64(60) {
		r := newSampler(seed)
		r.earlier = int(seed) % 4 * 85
		plan := r.program(1+r.IntN(6), Plan)
		plan = plan.Canonical()
		blocks := make([]*Program, 1+r.IntN(200))
		for i := range blocks {
			if r.IntN(4) > 0 {
				blocks[i] = r.program(1+r.IntN(40), Block).Canonical()
			}
		}
		edition := Edition1 + Edition(seed%2)
		e := NewEncoder(edition)
		e.Plan(plan)
		before := len(e.w.out)
		cost := Cost(0)
		for _, p := range blocks {
			if p == nil {
				cost += e.RawCost()
				e.Raw()
				continue
			}
			state, flags := e.prior, e.flags
			c := e.ProgramCost(p)
			if e.prior != state || e.flags != flags || e.ProgramCost(p) != c {
				t.Fatalf("the cost of\n%s\nchanged the state", p)
			}
			cost += c
			e.Program(p)
		}
		section := e.Finish()
		if bits := float64(8 * (len(section) - before)); math.Abs(bits-cost.Bits()) > 40+cost.Bits()/1000 {
			t.Errorf("seed %d: costs %.1f bits, wrote %.0f", seed, cost.Bits(), bits)
		}
		d := NewDecoder(section, edition)
		if got, err := d.Plan(); err != nil || !same(got, plan) {
			t.Fatalf("seed %d: plan\n%s\nread as\n%v, %v", seed, plan, got, err)
		}
		for i, want := range blocks {
			got, err := d.Next(literals(wide), r.earlier)
			if err != nil || (got == nil) != (want == nil) || got != nil && !same(got, want) {
				t.Fatalf("seed %d: block %d\n%v\nread as\n%v, %v", seed, i, want, got, err)
			}
		}
		if err := d.Close(); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		// A used Encoder and a used Decoder are as good as new ones.
		e.Reset(edition)
		e.Plan(plan)
		d.Reset(e.Finish(), edition)
		if got, err := d.Plan(); err != nil || !same(got, plan) {
			t.Fatalf("seed %d: plan after Reset\n%v, %v", seed, got, err)
		}
	}
}

// TestReset wants the initial state of any edition back, whatever was coded, priced or read.
func TestReset(t *testing.T) {
	e, d := NewEncoder(Edition1), NewDecoder(nil, Edition1)
	for seed := range uint64(30) {
		r := newSampler(seed)
		for range 2 {
			p := r.program(1+r.IntN(40), Block).Canonical()
			e.ProgramCost(p)
			e.Price(p)
			e.Program(p)
			e.Raw()
		}
		d.Reset(e.Finish(), Edition1+Edition(seed/2%2))
		for d.walk.ok() {
			d.Raw(10)
			d.Next(literals(wide), r.earlier)
		}
		edition := Edition1 + Edition(seed/3%2)
		e.Reset(edition)
		d.Reset(nil, edition)
		if e.prior != *initialPriors[edition] || d.prior != *initialPriors[edition] {
			t.Fatalf("seed %d: another state than the initial one of edition %d", seed, edition)
		}
	}
}

// TestNumbers codes every operation with extreme numbers.
func TestNumbers(t *testing.T) {
	values := ints{0, 1, -1, 2, 5, 127, 128, 255, 256, 257, -128, 1 << 16, 1<<30 - 1, 1 << 30, maxInt - 1, maxInt, minInt, minInt + 1}
	var want []*Program
	for op := range numOps {
		if !op.in(Block) {
			continue
		}
		count := 0
		for _, k := range table[op].params {
			if k != kindRef && k != kindList {
				count++
			}
		}
		total := 1
		for range count {
			total *= len(values)
		}
		for x := range total {
			nums := make(ints, 0, 3)
			for range count {
				nums = append(nums, values[x%len(values)])
				x /= len(values)
			}
			if op == SetList {
				nums = values
			}
			want = append(want, call(op, nil, nil, nums...))
		}
	}
	e := NewEncoder(Edition2)
	for _, p := range want {
		e.Program(p)
	}
	section := e.Finish()
	d := NewDecoder(section, Edition2)
	for _, p := range want {
		if got, err := d.Next(literals(wide), 0); err != nil || got == nil || !same(got, p) {
			t.Fatalf("%s\nread as\n%v, %v", p, got, err)
		}
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// sameGroup reports whether two groups are the same.
func sameGroup(a, b Group) bool {
	return a.Streams == b.Streams && a.Member == b.Member && (a.Predictor == nil) == (b.Predictor == nil) &&
		(a.Predictor == nil || same(a.Predictor, b.Predictor))
}

// TestGroups codes random groups of streams, some with predictors, and groups too long for their members.
func TestGroups(t *testing.T) {
	r := newSampler(7)
	for range 300 {
		var groups []Group
		streams, longest := 0, 0
		for range 1 + r.IntN(5) {
			g := Group{Streams: 1 + r.IntN(4), Member: r.IntN(1 << r.IntN(20))}
			if r.IntN(3) == 0 {
				g.Predictor = r.program(1+r.IntN(6), Predictor).Canonical()
			}
			groups = append(groups, g)
			streams += g.Streams
			longest += g.Member
		}
		e := NewEncoder(Edition2)
		e.Plan(Identity())
		e.Groups(groups)
		e.Predictors(groups)
		section := e.Finish()
		d := NewDecoder(section, Edition2)
		d.Plan()
		if got, err := d.Groups(streams, longest); err != nil || d.Predictors(got) != nil || !slices.EqualFunc(got, groups, sameGroup) {
			t.Fatalf("%v read as %v, %v", groups, got, err)
		}
		d.Reset(section, Edition2)
		d.Plan()
		if got, err := d.Groups(streams, longest-groups[len(groups)-1].Member-1); !errors.Is(err, ErrCorrupt) && len(groups) > 1 {
			t.Fatalf("%v in fewer bytes read as %v, %v", groups, got, err)
		}
	}
}
