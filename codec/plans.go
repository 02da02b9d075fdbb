package codec

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// errOnly reports that a segment can't be coded by WriterConfig.only.
var errOnly = errors.New("codec: the plan does not fit the input")

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
	return e.divided(len(src), plan.Division{Plan: p, Streams: streams})
}

// divided returns d, of a segment of size bytes, as it is coded. The error says that it can't be.
func (e *encoder) divided(size int, d plan.Division) (*division, error) {
	layout, err := plan.NewLayout(d.Plan, size)
	if err != nil {
		return nil, err
	}
	return &division{d.Plan, d.Streams, bytes.Join(d.Streams, nil), dsl.SegmentSteps(int64(size)) - layout.Steps}, nil
}

// maxMessage is the length of a message, in bytes, up to which the levels up to briefLevel look
// for no programs and spend no more on residuals than on other data: one of 1 KiB shall take 100 us.
const maxMessage, briefLevel = deflate.MaxShort, DefaultLevel

// brief reports whether b is a message on which no time is spent.
func (e *encoder) brief(b []byte) bool { return len(b) <= maxMessage && e.cfg.Level <= briefLevel }

// farShorter: a message that a plan makes shorter than deflate alone seems to by one part in so
// many is not coded by that: a guess is up to a tenth too high.
const farShorter = 5

// message is segment for a message that may have a plan: it codes it without one last, and not at
// all if the plan does far better.
func (e *encoder) message(dst []byte, w *work) (coded []byte, found finding, err error) {
	best, found, guess := e.plannedMessage(w)
	if best == nil || int64(best.size())*farShorter > guess*(farShorter-1) {
		plain := e.withoutPlan(w.src)
		if without := shorter(plain, e.withPrograms(plain, w.src), best); without != best {
			best, found = without, finding{}
		}
	}
	coded, err = e.seal(dst, w.src, best)
	return coded, found, err
}

// plannedMessage codes the message w by the plan of the segment before or a new one; nil if there
// is none. It guesses how many bytes the message takes without a plan.
func (e *encoder) plannedMessage(w *work) (best *coding, found finding, guess int64) {
	known, look := w.known(), outlook{}
	if known.plan != nil {
		look.sampled = int64(e.compressor.Guess(w.src))
		c, well := e.again(w.src, look, &known)
		if well {
			return c, known, look.sampled
		}
		best = c
	}
	if d := e.bestPlan(w); d != nil {
		best = shorter(best, e.together(d), e.apart(d))
	}
	if best == nil {
		return nil, finding{}, 0
	}
	if look.sampled == 0 {
		look.sampled = int64(e.compressor.Guess(w.src))
	}
	return best, finding{
		plan: best.plan, apart: len(best.groups) > 1,
		size: int64(len(w.src)), coded: int64(best.size()), plain: look.sampled, outlook: look,
	}, look.sampled
}

// frame returns the frame of a coding by d.
func (e *encoder) frame(d *division, groups ...dsl.Group) frame {
	f := frame{plan: d.plan, groups: groups, effort: deflate.Mixed(e.cfg.Level), steps: d.steps}
	if e.brief(d.joined) {
		f.effort = deflate.Level(e.cfg.Level)
	}
	return f
}

// byPlan codes src by the plan p alone, for tests. The error is errOnly, or the cause if the
// context is done.
func (e *encoder) byPlan(src []byte, p *dsl.Program) (*coding, error) {
	d, err := e.divide(src, p)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errOnly, err)
	}
	if len(d.joined) == 0 {
		return nil, errors.New("codec: a plan without streams")
	}
	best := shorter(e.together(d), e.apart(d))
	if err := e.cause(); err != nil {
		return nil, err
	}
	if best == nil {
		return nil, fmt.Errorf("%w: %w", errOnly, errSteps)
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

// bestPlan returns the division of w by the one of the caller's and the Planner's plans that
// seems to code it shortest; nil if none seems to be shorter than GZIP alone.
func (e *encoder) bestPlan(w *work) (best *division) {
	if w.noPlan {
		return nil
	}
	plans := e.cfg.Plans
	if e.cfg.Planner != nil {
		plans = append(slices.Clip(plans), e.cfg.Planner.Plans(e.cfg.Context, w.src, e.estimate)...)
	}
	if len(plans) == 0 || e.cause() != nil {
		return nil
	}
	if len(plans) == 1 && e.brief(w.src) {
		d, err := e.divide(w.src, plans[0])
		if err != nil || len(d.joined) == 0 {
			return nil
		}
		return d
	}
	least := e.estimateJoined(w.src)
	least += least / mixedShare
	for _, p := range plans {
		d, err := e.divide(w.src, p)
		if err != nil || p.IsIdentity() || len(d.joined) == 0 {
			continue
		}
		if size := e.estimateJoined(d.joined) + len(e.section(&frame{plan: p}, nil)); size < least {
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

// estimateJoined returns about how many bytes b, all streams of a plan, takes: more exactly
// than estimate at the levels that have the time.
func (e *encoder) estimateJoined(b []byte) int {
	if e.cfg.Level < planPrograms {
		return e.estimate(b)
	}
	return len(e.deflate(b, deflate.Mixed(4)))
}
