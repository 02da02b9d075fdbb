package predictors

import (
	"context"

	"github.com/ktzip/ktzip/dsl"
)

// A Mixer proposes predictors. It is safe for concurrent use.
type Mixer struct{ effort effort }

// An effort is how much a search does.
type effort struct {
	part    int // bytes of a stream on which predictors are compared
	climbed int // sources that are climbed from
}

// New returns a Mixer that searches as hard as the level says, from 1 to 9.
func New(level int) *Mixer {
	switch {
	case level < 4:
		return &Mixer{effort{part: 32 << 10, climbed: 1}}
	case level < 7:
		return &Mixer{effort{part: 64 << 10, climbed: 2}}
	}
	return &Mixer{effort{part: 160 << 10, climbed: 3}}
}

// Plans returns the plan that cuts src where the plan found does and leaves its parts as they are; none
// if it does not cut.
func (m *Mixer) Plans(_ context.Context, src []byte, found *dsl.Program) []*dsl.Program {
	lengths := joined(parts(found, len(src)))
	if len(lengths) < 2 {
		return nil
	}
	return []*dsl.Program{frame(lengths)}
}

// windows is how many parts of a stream stand for it. Arbitrary.
const windows = 4

// Predictors returns canonical predictors by which stream may be shorter, the shortest first, of which
// restoring a byte takes at most slowest nanoseconds. The function cost returns how many bytes a part of it takes by one, and about how many nanoseconds a byte
// of that takes to restore; a negative number of bytes if it may not be used. Once ctx is done,
// Predictors soon returns anything.
func (m *Mixer) Predictors(ctx context.Context, stream []byte, slowest int, cost func(part []byte, p *dsl.Program) (size, time int)) []*dsl.Program {
	t := &trial{slowest: slowest, cost: func(part []byte, p *dsl.Program) (int, int) {
		if ctx.Err() != nil {
			return -1, 0
		}
		return cost(part, p)
	}}
	var best []tried
	for _, s := range sources(stream) {
		t.part = spread(stream, windows, m.effort.part, s.frame())
		if x, ok := t.try(fast(s)); ok {
			x.size = int(int64(x.size) << 16 / int64(len(t.part)))
			k := 0
			for k < len(best) && best[k].size <= x.size {
				k++
			}
			best = append(best[:k], append([]tried{x}, best[k:]...)...)
		}
	}
	t.all = nil
	for _, x := range best[:min(len(best), m.effort.climbed)] {
		t.part = spread(stream, windows, m.effort.part, x.frame())
		if x, ok := t.try(x.predictor); ok {
			t.climb(x)
		}
	}
	return t.front()
}
