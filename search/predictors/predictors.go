package predictors

import (
	"context"

	"github.com/ktzip/ktzip/dsl"
)

// A Mixer proposes predictors. It is safe for concurrent use.
type Mixer struct{ effort effort }

// An effort is how much a search does.
type effort struct {
	parts   [stages]int // bytes of a stream on which predictors are compared
	climbed int         // sources that are climbed from
}

// New returns a Mixer that searches as hard as the level says, from 1 to 9.
func New(level int) *Mixer {
	switch {
	case level < 4:
		return &Mixer{effort{[stages]int{8 << 10, 16 << 10, 32 << 10}, 1}}
	case level < 7:
		return &Mixer{effort{[stages]int{12 << 10, 24 << 10, 64 << 10}, 2}}
	}
	return &Mixer{effort{[stages]int{16 << 10, 48 << 10, 160 << 10}, 2}}
}

// Plans returns the plans whose streams may be predicted: the identity; the one that cuts src where the plan
// found does; the plan found without its own predictions of numbers; and the plan found itself if it is of
// more than numbers.
func (m *Mixer) Plans(_ context.Context, src []byte, found *dsl.Program) []dsl.Proposal {
	plans := []*dsl.Program{dsl.Identity()}
	if lengths := joined(parts(found, len(src))); len(lengths) > 1 {
		plans = append(plans, frame(lengths))
	}
	plans = append(plans, bare(found))
	if !ofNumbers(found) {
		plans = append(plans, found)
	}
	var list []dsl.Proposal
	known := map[string]bool{}
	for _, p := range plans {
		if text := p.String(); !known[text] {
			known[text] = true
			list = append(list, dsl.Proposal{Plan: p})
		}
	}
	return list
}

// Predictors returns canonical predictors by which stream may be shorter, the most promising ones first, of
// which restoring a byte takes at most slowest nanoseconds, and about how many bytes it takes by each. The
// search begins with those that were proposed. The function cost returns how many bytes a part of the
// stream takes by one, and about how many nanoseconds a byte of that takes to restore; a negative number of
// bytes if it may not be used. It must be safe for concurrent use. Once ctx is done, Predictors soon returns
// anything.
func (m *Mixer) Predictors(ctx context.Context, stream []byte, proposed []*dsl.Program, slowest int, cost func(part []byte, p *dsl.Program) (size, time int)) (list []*dsl.Program, sizes []int) {
	t := &trial{ctx: ctx, stream: stream, sizes: m.effort.parts, slowest: slowest, cost: cost, known: map[question]tried{}}
	t.samples(m.effort.climbed)
	return t.front()
}
