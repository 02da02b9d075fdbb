package plans

import (
	"context"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/lz"
)

// What repeats, near or far, becomes copies: of a segment, or of a stream into which a plan
// divides it.

// Repeats returns d with copies of what repeats in its streams, where they pay; ok is false if
// they pay nowhere or the context is done. It implements codec.RepeatPlanner.
func (f *Finder) Repeats(ctx context.Context, d plan.Division, cost func(stream []byte) int) (found plan.Division, ok bool) {
	out := &draft{}
	lines := make([]int, len(d.Plan.Nodes)) // of each node
	var streams [][]byte
	for i, n := range d.Plan.Nodes {
		if n.Op != dsl.Payload {
			for k := range n.Op.Lists() {
				n.Refs[k] = lines[n.Refs[k]]
			}
			out.Nodes = append(out.Nodes, n)
			lines[i] = len(out.Nodes) - 1
			continue
		}
		stream := d.Streams[n.Nums[0]]
		n, literals, columns := f.contract(ctx, stream, cost)
		if literals == nil {
			lines[i] = out.payload()
			streams = append(streams, stream)
			continue
		}
		lines[i] = out.add(n, out.state(out.payload(), len(literals)), out.state(out.payload(), len(columns)))
		streams = append(streams, literals, columns)
		ok = true
	}
	out.Out = lines[d.Plan.Out]
	return plan.Division{Plan: out.Program.Canonical(), Streams: streams}, ok && len(streams) <= plan.MaxStreams
}

// contract returns the literals and the copies of which n makes stream; nil if they do not pay.
func (f *Finder) contract(ctx context.Context, stream []byte, cost func(stream []byte) int) (n dsl.Node, literals, columns []byte) {
	if len(stream) < minPlanned {
		return n, nil, nil
	}
	copies := lz.Parse(ctx, stream, lz.Effort{Depth: 64, Nice: 256})
	if len(copies) == 0 || ctx.Err() != nil {
		return n, nil, nil
	}
	least := slices.MinFunc(copies, func(a, b plan.Copy) int { return int(a.Length) - int(b.Length) }).Length
	n, columns = plan.CopyNode(copies, int(least))
	literals = plan.AppendLiterals(nil, stream, copies)
	if cost(literals)+cost(columns)+expandBytes >= cost(stream) {
		return n, nil, nil
	}
	return n, literals, columns
}

// expandBytes is about what an expand takes in a plan.
const expandBytes = 16
