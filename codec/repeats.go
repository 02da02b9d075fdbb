package codec

import (
	"context"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A RepeatPlanner is a Planner that proposes, in addition, copies of what repeats at any
// distance.
type RepeatPlanner interface {
	Planner
	// Repeats returns d with copies in place of what repeats in its streams; ok is false if
	// they do not pay. For cost and ctx see Plans. A segment may be longer than one that
	// Plans is asked for. Streams of which they seem to leave far more than most bytes need not
	// be looked through; 0: each must be.
	Repeats(ctx context.Context, d plan.Division, cost func(stream []byte) int, most int) (found plan.Division, ok bool)
	// Lengthens reports whether a segment that begins with src should be longer, since one
	// part in parts of what it has repeats what came long before.
	Lengthens(src []byte, parts int) bool
}

// Segments become longer while one part in so many repeats what came long before: of data that
// does not promise another plan; of data that does, as long as other plans can code it; and
// beyond that.
const lengthenPlain, lengthenPlanned, lengthenBeyond = 32, 16, 3

// longRepeats is the level from which on data that does not promise another plan is coded in the
// longest segments: copies are always looked for, and the more there is to copy from, the more
// pay.
const longRepeats = 7

// lengthens reports whether the segment src, whose length the Writer chose, should be twice as
// long.
func (c *Cutter) lengthens(src []byte) bool {
	r, ok := c.cfg.Planner.(RepeatPlanner)
	if !ok || c.cfg.SegmentSize != 0 || c.cfg.only != nil || c.target >= maxAutoSegment {
		return false
	}
	parts := lengthenBeyond
	if c.noPlan {
		if c.cfg.Level >= longRepeats {
			return true
		}
		parts = lengthenPlain
	} else if c.target < dsl.FullPlanned {
		parts = lengthenPlanned
	}
	return r.Lengthens(src, parts)
}

// withRepeats codes src, which the plan p divides into streams, with copies that the Planner
// proposes; nil if it proposes none, or what it proposes can't take less than most bytes, unless
// that is 0.
func (e *encoder) withRepeats(src []byte, p *dsl.Program, streams [][]byte, most int) *coding {
	r, ok := e.cfg.Planner.(RepeatPlanner)
	if !ok || len(src) > dsl.MaxPlanned || e.brief(src) {
		return nil
	}
	alone := 0
	if len(streams) == 1 {
		alone = most
	}
	d, ok := r.Repeats(e.cfg.Context, plan.Division{Plan: p, Streams: streams}, e.estimate, alone)
	if !ok || e.cause() != nil {
		return nil
	}
	copied, err := e.divided(len(src), d)
	if err != nil {
		return nil
	}
	if most > 0 && e.estimateAll(d.Streams)*(copiesParts-1) > most*copiesParts {
		return nil
	}
	return shorter(e.together(copied), e.apart(copied))
}

// copiesParts: literals and copies take less than their estimate by one part in so many at most. Of
// 60 files it was one part in 8 (November 2026).
const copiesParts = 6

// withoutCopies returns the plan p with streams in place of its copies, which fit only the data
// that they were found in.
func withoutCopies(p *dsl.Program) *dsl.Program {
	copies := func(n dsl.Node) bool { return n.Op == dsl.Expand }
	if !slices.ContainsFunc(p.Nodes, copies) {
		return p
	}
	q := p.Clone()
	for i := range q.Nodes {
		if copies(q.Nodes[i]) {
			q.Nodes[i] = dsl.Node{Op: dsl.Payload, Nums: [3]int32{plan.MaxStreams + int32(i)}}
		}
	}
	q = q.Canonical()
	streams := make(map[int32]int32) // new number of each
	for i := range q.Nodes {
		n := &q.Nodes[i]
		if n.Op != dsl.Payload {
			continue
		}
		k, seen := streams[n.Nums[0]]
		if !seen {
			k = int32(len(streams))
			streams[n.Nums[0]] = k
		}
		n.Nums[0] = k
	}
	return q
}
