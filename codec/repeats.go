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
}

// withRepeats codes src by d with copies that the Planner proposes.
func (e *encoder) withRepeats(src []byte, d plan.Division) (list []*coding) {
	r, ok := e.cfg.Planner.(RepeatPlanner)
	if !ok || e.cfg.Plan != nil || !anyPlans(&e.cfg.Header) || len(src) > dsl.MaxPlanned {
		return nil
	}
	if d, ok = r.Repeats(e.cfg.Context, d, e.estimate); !ok || e.cause() != nil {
		return nil
	}
	copied, err := e.divided(len(src), d)
	if err != nil {
		return nil
	}
	return []*coding{e.together(copied), e.apart(copied)}
}
