package seqcoder

import (
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// TestLongSequence searches with the model alone for a program of a drawn sequence, too long to
// be read as a whole: the start is read first, the rest later.
func TestLongSequence(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	w := embeddedWeights(t)
	gen := kolmogorov.NewGenerator(77)
	_, sequence := gen.Next()
	for len(sequence) <= w.Context-maxTokens || len(sequence) > w.Context {
		_, sequence = gen.Next()
	}
	const steps = 100_000_000
	p, used := NewAlone(model.New(w, nil), programs.Uniform, 4).Best(sequence, steps)
	if p == nil || !outputs(p, sequence) {
		t.Fatalf("got %v", p)
	}
	if bits := p.UniformBits(); bits > dsl.Literal(sequence).UniformBits() || used > 2*steps {
		t.Errorf("%d elements: got %.0f bits after %d steps:\n%s", len(sequence), bits, used, p)
	}
}

// TestReplaceLine replaces a line that two others refer to, and the output, by other programs of
// the same lists.
func TestReplaceLine(t *testing.T) {
	p := &dsl.Program{Out: 2, Nodes: []dsl.Node{
		{Op: dsl.SetList, List: []int32{1, 2, 3}},
		{Op: dsl.ReverseList},
		{Op: dsl.Concatenate, Refs: [2]int{0, 1}},
	}}
	want := []byte{1, 2, 3, 3, 2, 1}
	ranged := &dsl.Program{Nodes: []dsl.Node{{Op: dsl.RangeUp, Nums: [3]int32{1, 3}}}}
	for i, q := range []*dsl.Program{ranged, dsl.Literal([]byte{3, 2, 1})} {
		got := replaceLine(p, i, q)
		if !outputs(got, want) || !slices.ContainsFunc(got.Nodes, func(n dsl.Node) bool { return n.Op == q.Nodes[0].Op }) {
			t.Errorf("line %d: got\n%s", i, got)
		}
	}
}
