package codec

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// ErrPlan reports that a segment can't be coded by WriterConfig.Plan.
var ErrPlan = errors.New("codec: the plan does not fit the input")

// A division is a plan and the streams into which it divides a segment.
type division struct {
	plan    *dsl.Program
	streams [][]byte
	joined  []byte
	steps   int64 // of the segment, that are left for the section
}

// divide divides src by the plan p. The error is that of plan.Machine.Split.
func (e *encoder) divide(src []byte, p *dsl.Program) (*division, error) {
	streams, err := e.dividing.Split(src, p)
	if err != nil {
		return nil, err
	}
	layout, err := plan.NewLayout(p, len(src))
	if err != nil {
		return nil, err
	}
	return &division{p, streams, bytes.Join(streams, nil), dsl.SegmentSteps(int64(len(src))) - layout.Steps}, nil
}

// frame returns the frame of a coding by d.
func (e *encoder) frame(d *division, groups ...dsl.Group) frame {
	return frame{plan: d.plan, groups: groups, effort: deflate.Mixed(e.cfg.Level), steps: d.steps}
}

// byPlan codes src by the plan p, WriterConfig's. The error is ErrPlan, or the cause if the
// context is done.
func (e *encoder) byPlan(src []byte, p *dsl.Program) (*coding, error) {
	d, err := e.divide(src, p)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPlan, err)
	}
	if len(d.joined) == 0 {
		return nil, errors.New("codec: a plan without streams")
	}
	best := shorter(e.together(d), e.apart(d))
	if err := e.cause(); err != nil {
		return nil, err
	}
	if best == nil {
		return nil, fmt.Errorf("%w: %w", ErrPlan, errSteps)
	}
	return best, nil
}

// planPrograms is the level from which on programs are searched in the streams of a plan:
// these seldom have any, but much that looks like one.
const planPrograms = 7

// together codes the streams of d as one group.
func (e *encoder) together(d *division) *coding {
	best := e.plainly(e.frame(d, dsl.Group{Streams: len(d.streams)}), d.joined)
	if e.cfg.Level < planPrograms {
		return best
	}
	return shorter(best, e.withPrograms(best, d.joined))
}

// apart codes each stream of d as a group of its own, without programs; nil if there is only
// one.
func (e *encoder) apart(d *division) *coding {
	if len(d.streams) == 1 {
		return nil
	}
	f := e.frame(d)
	var members bytes.Buffer
	blocks := 0
	for _, stream := range d.streams {
		before := members.Len()
		e.appendMember(&members, stream, f.effort)
		f.groups = append(f.groups, dsl.Group{Streams: 1, Member: members.Len() - before})
		blocks += e.blocks(stream)
	}
	c := e.newCoding(f, e.section(&f, e.raw(blocks)))
	if c != nil {
		c.members = members
	}
	return c
}

// bestPlan returns the division of src by the one of the Planner's plans that seems to code
// it shortest; nil if none seems to be shorter than GZIP alone, or if noPlan.
func (e *encoder) bestPlan(src []byte, noPlan bool) (best *division) {
	if noPlan || e.cfg.Plan != nil || e.cfg.Planner == nil || len(src) > dsl.MaxPlanned {
		return nil
	}
	plans := e.cfg.Planner.Plans(e.cfg.Context, src, e.estimate)
	if len(plans) == 0 || e.cause() != nil {
		return nil
	}
	least := e.estimate(src)
	least += least / mixedShare
	for _, p := range plans {
		d, err := e.divide(src, p)
		if err != nil || len(d.joined) == 0 {
			continue
		}
		if size := e.estimateJoined(d) + len(e.section(&frame{plan: p}, nil)); size < least {
			best, least = d, size
		}
	}
	return best
}

// The streams of a plan are compressed by a better method than the one that estimates; it is
// expected to save 1/mixedShare. Arbitrary.
const mixedShare = 32

// estimate returns about how many bytes a stream takes; anything if the context is done. It
// is the cost that a Planner is given: fast, and good enough to compare plans.
func (e *encoder) estimate(stream []byte) int {
	return len(e.deflate(stream, deflate.Estimate()))
}

// estimateJoined returns about how many bytes the streams of d take: more exactly at the
// levels that have the time.
func (e *encoder) estimateJoined(d *division) int {
	if e.cfg.Level < planPrograms {
		return e.estimate(d.joined)
	}
	return len(e.deflate(d.joined, deflate.Mixed(4)))
}
