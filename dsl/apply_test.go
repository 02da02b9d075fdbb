package dsl

import (
	"slices"
	"testing"
)

// TestApply wants of a node by itself what it makes in a program, and the same limits.
func TestApply(t *testing.T) {
	s, u := []byte{5, 1, 4, 1, 3}, []byte{2, 7, 1}
	var m Machine
	budget := Budget{Steps: 1 << 16, Elements: 1 << 12}
	applied := 0
	for op := Op(0); op <= Interleave; op++ {
		n := Node{Op: op, Nums: [3]int32{1, 2, 1}, List: []int32{9, 8}}
		if _, list := op.Numbers(); !list {
			n.List = nil
		}
		p := &Program{Nodes: []Node{Literal(s).Nodes[0], Literal(u).Nodes[0], n}, Out: 2}
		p.Nodes[2].Refs = [2]int{0, 1}
		out, _, wanted := m.Run(p, budget)
		want := slices.Clone(out)
		got, err := m.Apply(&n, p.Nodes[0].List, p.Nodes[1].List, budget)
		if (err == nil) != (wanted == nil) || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, not %v, %v", op, got, err, want, wanted)
		}
		if err == nil {
			applied++
		}
		if _, err := m.Apply(&n, p.Nodes[0].List, p.Nodes[1].List, Budget{}); err == nil {
			t.Errorf("%s takes nothing", op)
		}
	}
	if applied < 15 {
		t.Errorf("%d operations", applied)
	}
}
