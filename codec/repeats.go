package codec

import (
	"context"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A RepeatPlanner is a Planner that proposes, in addition, copies of what repeats at any
// distance.
type RepeatPlanner interface {
	Planner
	// Repeats returns d with copies in place of what repeats in its streams; ok is false if
	// they do not pay. For cost and ctx see Plans. A segment may be longer than one that
	// Plans is asked for.
	Repeats(ctx context.Context, d plan.Division, cost func(stream []byte) int) (found plan.Division, ok bool)
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

// lengthens reports whether the segment in w.buf, whose length the Writer chose, should be twice
// as long.
func (w *Writer) lengthens() bool {
	r, ok := w.cfg.Planner.(RepeatPlanner)
	if !ok || w.cfg.SegmentSize != 0 || w.cfg.Plan != nil || w.target >= maxAutoSegment {
		return false
	}
	parts := lengthenBeyond
	if w.noPlan {
		if w.cfg.Level >= longRepeats {
			return true
		}
		parts = lengthenPlain
	} else if w.target < dsl.FullPlanned {
		parts = lengthenPlanned
	}
	return r.Lengthens(w.buf, parts)
}

// withRepeats codes src by d with copies that the Planner proposes.
func (e *encoder) withRepeats(src []byte, d plan.Division) (list []*coding) {
	r, ok := e.cfg.Planner.(RepeatPlanner)
	if !ok || e.cfg.Plan != nil || len(src) > dsl.MaxPlanned {
		return nil
	}
	if d, ok = r.Repeats(e.cfg.Context, d, e.estimate); !ok || e.cause() != nil {
		return nil
	}
	copied, err := e.divided(len(src), d)
	if err != nil {
		return nil
	}
	whole := e.frame(copied, dsl.Group{Streams: len(copied.streams)}) // literals have no programs
	return []*coding{e.plainly(whole, copied.joined), e.apart(copied)}
}
