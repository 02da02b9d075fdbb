package programs

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestDeriveFindsWhatMade makes lists by every operation on one list: derive finds an
// operation that makes each.
func TestDeriveFindsWhatMade(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	list := func(n int) (v []int32) {
		for range n {
			v = append(v, int32(r.IntN(256)))
		}
		return v
	}
	for range 500 {
		w := list(6 + r.IntN(20))
		n := int32(len(w))
		for _, x := range []dsl.Node{
			{Op: dsl.ReverseList},
			{Op: dsl.ScanAdd},
			{Op: dsl.FilterEven},
			{Op: dsl.FilterOdd},
			{Op: dsl.FilterNotZero},
			{Op: dsl.RepeatList, Nums: [3]int32{2 + r.Int32N(8)}},
			{Op: dsl.Jumps, Nums: [3]int32{2 + r.Int32N(8)}},
			{Op: dsl.Between, Nums: [3]int32{1, 4 + r.Int32N(n-4)}},
			{Op: dsl.MinN, Nums: [3]int32{2 + r.Int32N(n-2)}},
			{Op: dsl.MaxN, Nums: [3]int32{2 + r.Int32N(n-2)}},
			{Op: dsl.AddItem, Nums: [3]int32{1 + r.Int32N(255)}},
			{Op: dsl.SubtractItem, Nums: [3]int32{1 + r.Int32N(255)}},
			{Op: dsl.ModuloItem, Nums: [3]int32{2 + r.Int32N(250)}},
			{Op: dsl.Substitute, Nums: [3]int32{w[r.IntN(len(w))], r.Int32N(256)}},
		} {
			v := forward(t, x.Op, x.Nums[0], x.Nums[1], w)
			if len(v) == 0 {
				continue
			}
			ref := &refiner{parts: []part{{v: v}, {v: w}}, sorted: make([][]int32, 2)}
			found := 0
			ref.derive(0, 1, func(y dsl.Node) {
				found++
				if got := forward(t, y.Op, y.Nums[0], y.Nums[1], w); !slices.Equal(got, v) {
					t.Fatalf("%v of %v is %v, not %v", y, w, got, v)
				}
			})
			if found == 0 {
				t.Fatalf("%v(%v) makes %v of %v: not found", x.Op, x.Nums, v, w)
			}
		}
	}
}

// TestRefinedMakesTheSame refines drawn programs: they make the same, and cost no
// more; some cost less.
func TestRefinedMakesTheSame(t *testing.T) {
	oneGoroutine(t)
	g, r, cheaper := kolmogorov.NewGenerator(36), new(refiner), 0
	for range 500 {
		p, v := g.Next()
		p = p.Canonical()
		m := meter{steps: 1 << 40, ctx: context.Background()}
		q := r.refine(&m, p, (*dsl.Program).UniformBits)
		if !slices.Equal(list(t, q), v) {
			t.Fatalf("%s\nmakes %v, but refined\n%s\nmakes %v", p, v, q, list(t, q))
		}
		before, after := p.UniformBits(), q.UniformBits()
		if after > before {
			t.Fatalf("%s\ncosts %.1f bits, but refined\n%s\n%.1f", p, before, q, after)
		}
		if after < before {
			cheaper++
		}
	}
	if cheaper < 20 {
		t.Errorf("%d programs are cheaper", cheaper)
	}
}

// TestTakeRefusesWrongPrograms offers a program of another sequence: it is not kept, and
// what is kept stays.
func TestTakeRefusesWrongPrograms(t *testing.T) {
	program := func(v ...int32) *dsl.Program {
		return &dsl.Program{Nodes: []dsl.Node{{Op: dsl.SetList, List: v}}}
	}
	b := best{sequence: []byte{3, 1, 4}, uniform: true, budget: executable}
	if b.offer(program(2, 7), 1) || b.program != nil {
		t.Error("a wrong program was kept")
	}
	right := program(3, 1, 4)
	if !b.offer(right, 40) || b.program != right {
		t.Error("the right program was not kept")
	}
	if b.offer(program(2, 7, 1), 1) || b.program != right || b.cost != 40 {
		t.Error("a wrong program took the place of the right one")
	}
}
