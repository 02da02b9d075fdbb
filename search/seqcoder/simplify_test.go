package seqcoder

import (
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// uniform prices programs under the uniform prior; it has no model.
var uniform = &Searcher{price: (*dsl.Program).UniformBits}

// TestSimplifyDerives simplifies programs that state a list and what an operation makes of it as
// literals: the second one becomes the operation.
func TestSimplifyDerives(t *testing.T) {
	source := []int32{50, 13, 207, 0, 13, 94, 31, 13, 8, 121, 77, 60}
	for _, n := range []dsl.Node{
		{Op: dsl.Between, Nums: [3]int32{2, 9}},
		{Op: dsl.Jumps, Nums: [3]int32{3}},
		{Op: dsl.MinN, Nums: [3]int32{7}},
		{Op: dsl.MaxN, Nums: [3]int32{7}},
		{Op: dsl.FilterEven},
		{Op: dsl.FilterOdd},
		{Op: dsl.FilterNotZero},
		{Op: dsl.RepeatList, Nums: [3]int32{2}},
		{Op: dsl.ReverseList},
		{Op: dsl.AddItem, Nums: [3]int32{9}},
		{Op: dsl.SubtractItem, Nums: [3]int32{4}},
		{Op: dsl.ModuloItem, Nums: [3]int32{100}},
		{Op: dsl.Substitute, Nums: [3]int32{13, 99}},
		{Op: dsl.ScanAdd},
	} {
		var m dsl.Machine
		out, err := m.Apply(&n, source, nil, dsl.Budget{Steps: 1000, Elements: 1000})
		if err != nil {
			t.Fatal(err)
		}
		p := &dsl.Program{Out: 2, Nodes: []dsl.Node{
			{Op: dsl.SetList, List: source},
			{Op: dsl.SetList, List: slices.Clone(out)},
			{Op: dsl.Interleave, Refs: [2]int{0, 1}},
		}}
		q, steps := uniform.simplify(p)
		if len(q.Nodes) != 3 || q.Nodes[1].Op != n.Op || !slices.Equal(outputsOf(q)[2], outputsOf(p)[2]) || steps <= 0 {
			t.Errorf("%s: got, after %d steps,\n%s", n.Op, steps, q)
		}
	}
}

// TestSimplifyKeepsOutput simplifies drawn programs that are joined to others: the output is the
// same, and no program becomes more expensive.
func TestSimplifyKeepsOutput(t *testing.T) {
	gen := kolmogorov.NewGenerator(8)
	shorter := 0
	for range 60 {
		p, first := gen.Next()
		q, second := gen.Next()
		both := join(dsl.Concatenate, p, q)
		got, _ := uniform.simplify(join(dsl.Concatenate, both, p))
		if !outputs(got, slices.Concat(first, second, first)) {
			t.Fatalf("%s\noutputs something else", got)
		}
		if cost, limit := got.UniformBits(), join(dsl.Concatenate, both, p).UniformBits(); cost > limit {
			t.Errorf("%.1f bits became %.1f", limit, cost)
		} else if cost < limit {
			shorter++
		}
	}
	if shorter == 0 {
		t.Error("no program became cheaper")
	}
}
