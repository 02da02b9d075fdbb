package describe

import (
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// TestGrownBy wants a step that joins lists to be worth what deflate takes of its result more than of the streams below,
// if no other step needs these.
func TestGrownBy(t *testing.T) {
	nodes := func() []Node {
		return []Node{
			{Stream: 0, Deflated: 10},
			{Stream: -1, Deflated: 25, Args: []int{0}},
			{Stream: 1, Deflated: 40},
			{Stream: -1, Deflated: 500, Args: []int{1, 2}},
			{Stream: 2, Deflated: 7},
			{Stream: -1, Deflated: 600, Args: []int{3, 4}},
		}
	}
	for _, c := range []struct {
		name string
		set  func([]Node)
		node int
		op   dsl.Op
		want int64 // -1 if it is unknown
	}{
		{"kinds", func([]Node) {}, 3, dsl.Kinds, 450},
		{"a join", func([]Node) {}, 5, dsl.Concatenate, -1},
		{"a stream", func([]Node) {}, 4, dsl.Payload, -1},
		{"a shared stream", func(list []Node) { list[5].Args = []int{3, 0} }, 3, dsl.Kinds, -1},
		{"an unknown stream", func(list []Node) { list[2].Deflated = 0 }, 3, dsl.Kinds, -1},
		{"an unknown list", func(list []Node) { list[3].Deflated = 0 }, 3, dsl.Kinds, -1},
	} {
		d := Detail{Nodes: nodes()}
		c.set(d.Nodes)
		n, ok := d.grownBy(c.node, c.op)
		if !ok {
			n = -1
		}
		if n != c.want {
			t.Errorf("%s: got %d, want %d", c.name, n, c.want)
		}
	}
}

// TestWorthOfLines wants rows of text to be worth what deflate takes of the text more than of the two streams.
func TestWorthOfLines(t *testing.T) {
	p := parsed(t, dsl.Plan, `payload(0); get_subsequence_between_indices(sequence_1, 0, 3); payload(1);
		get_subsequence_between_indices(sequence_3, 0, 6); lines(sequence_2, sequence_4, 10, 2, [1], "v=%u1\n")`)
	src := []byte("v=7\nv=9\n")
	streams, err := new(plan.Machine).Split(src, p)
	if err != nil {
		t.Fatal(err)
	}
	ds := newDetails(&Options{
		Deflate: func(b []byte) int { return 100 * (len(b) + 1) },
		Without: func([]byte, *dsl.Program) int64 { return 5000 },
	}, new(plan.Machine))
	d := detailed{Detail: Detail{Nodes: nodesOf(p)}, distinct: true}
	ds.measure(&d, &codec.SegmentInfo{Restored: src, Plan: p, Coded: 500}, p, streams)
	want := (5000 + 100*int64(len(src)+1-len(streams[0])-1-len(streams[1])-1)) / 10
	if got := d.Nodes[4].Without; got != want {
		t.Errorf("got %d, want %d", got, want)
	}
}
