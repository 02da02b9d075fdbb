package codec

import (
	"context"
	"fmt"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Each segment starts without knowledge. Segments in a row that predictors code whole, of any bytes in
// their own order, are joined where one segment takes less:
//
//	coded      A  B  C  D        as they come; AB stands for a segment of both
//	pending    A
//	           A  B              A is over joinedGrowth times as long as B
//	           A  BC, ABC        C is about as long as B, A as BC
//	           ABC  D
//	written    ABCD
//
// What waits are pending segments, each over joinedGrowth times as long as the next one, so that a byte is
// coded again about as often as the length of a segment doubles. Which are joined follows from their order
// alone.

// A Joiner is a Mixer that proposes predictors of streams that follow each other.
type Joiner interface {
	Mixer
	// Joined returns canonical predictors of a stream of n bytes which p may code well, since p does
	// so for a part of it, the most promising ones first.
	Joined(p *dsl.Program, n int) []*dsl.Program
}

const (
	// maxJoined is how many bytes of pending segments wait at most: those that memory is stated for.
	maxJoined = maxAutoSegment

	// joinedGrowth: two pending segments are joined once the first is at most so many times as long.
	joinedGrowth = 2
)

// Joins reports whether a Writer joins segments. Else each is a joint of its own (Cut.Joint).
func (c *WriterConfig) Joins() bool {
	_, ok := c.Mixer.(Joiner)
	return ok && c.SegmentSize == 0 && !c.Rsyncable
}

// joint says which segments the next one may be joined with.
func (c *Cutter) joint(cut *Cut) {
	p := &c.place
	if p.JointSize > 0 && (p.JointSize+cut.Size > maxJoined || !c.cfg.Joins()) {
		c.endJoint()
	}
	cut.Joint = p.Joint
	p.JointSize += cut.Size
}

// endJoint makes the next segment begin a joint.
func (c *Cutter) endJoint() {
	if c.place.JointSize > 0 {
		c.place.Joint, c.place.JointSize = c.place.Joint+1, 0
	}
}

// A joining joins segments of one joint.
type joining struct {
	coder   *Coder
	pending []*job // segments that may be joined
	joined  []*job // with those before them
}

// add adds j to the pending segments, and joins those that have become about as long as each other.
func (g *joining) add(ctx context.Context, j *job) error {
	g.pending = append(g.pending, j)
	for n := len(g.pending); n > 1 && g.pending[n-2].Size <= joinedGrowth*g.pending[n-1].Size; n = len(g.pending) {
		if ok, err := g.join(ctx, n-1); !ok {
			return err
		}
	}
	return nil
}

// settle joins what is pending, the last segments first.
func (g *joining) settle(ctx context.Context) error {
	for k := len(g.pending) - 1; k > 0; k-- {
		if _, err := g.join(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

// join joins the k-th pending segment and the one before it, and reports whether one segment takes less than
// both. It tries so once for each border.
func (g *joining) join(ctx context.Context, k int) (ok bool, err error) {
	a, b := g.pending[k-1], g.pending[k]
	if b.apart {
		return false, nil
	}
	b.apart = true
	longer := a
	if b.Size > a.Size {
		longer = b
	}
	if longer.Found.whole == nil {
		return false, nil
	}
	src := append(slices.Clip(a.Source), b.Source...)
	var coded []byte
	var found Finding
	err = g.coder.with(ctx, func(e *encoder) (err error) {
		coded, found, err = e.joined(src, longer.Found.whole, len(a.Bytes)+len(b.Bytes))
		return err
	})
	if err != nil || coded == nil {
		return false, err
	}
	g.joined, g.pending = append(g.joined, b), slices.Delete(g.pending, k, k+1)
	a.Size, a.Source, a.Bytes, a.Found = len(src), src, coded, found
	return true, nil
}

// Join joins the coded segments of one joint, given in their order, where that is shorter. It returns what
// to write instead. Once ctx is done, it soon returns its cause.
func (c *Coder) Join(ctx context.Context, parts []Coded) ([]Coded, error) {
	if !c.cfg.Joins() || len(parts) < 2 {
		return parts, nil
	}
	off, size := parts[0].Offset, 0
	for k := range parts {
		p := &parts[k]
		if size += p.Size; p.Size < 1 || len(p.Source) != p.Size || p.Offset != off || p.Joint != parts[0].Joint || size > maxJoined {
			return nil, fmt.Errorf("codec: the segments to be joined, from %d on, are not those of a joint", parts[0].Offset)
		}
		off += int64(p.Size)
	}
	g := joining{coder: c}
	for _, p := range parts {
		if err := g.add(ctx, &job{Coded: p}); err != nil {
			return nil, err
		}
	}
	if err := g.settle(ctx); err != nil {
		return nil, err
	}
	parts = nil
	for _, j := range g.pending {
		parts = append(parts, j.Coded)
	}
	return parts, nil
}

// joined codes src by a predictor like p, if that takes less than most bytes: else it returns nil.
func (e *encoder) joined(src []byte, p *dsl.Program, most int) (coded []byte, found Finding, err error) {
	d, err := e.divide(src, e.identity)
	if err != nil {
		return nil, found, nil
	}
	time := e.cfg.restoreTime(len(src))
	for _, p := range e.cfg.Mixer.(Joiner).Joined(p, len(src)) {
		if cost, err := costOf(p, len(src)); err != nil || cost.time > time || cost.memory > 1<<e.cfg.Header.PredictorLog {
			continue
		}
		member, stated, cost, err := e.cfg.byPredictor(src, p)
		if err != nil || len(member) >= most {
			return nil, found, e.cause()
		}
		s := &predictable{Stream: dsl.Stream{Bytes: src}, ways: []way{{stated, member, cost.time, cost.memory}}}
		c := e.mixed(d, []*predictable{s}, time)
		if c == nil || c.size() >= most {
			return nil, found, e.cause()
		}
		coded, err = e.seal(nil, src, c)
		if err != nil || len(coded) >= most {
			return nil, found, err
		}
		return coded, Finding{memory: c.memory, whole: c.whole()}, nil
	}
	return nil, found, e.cause()
}

// whole returns the predictor that codes all of a segment in its own order; nil if there is none.
func (c *coding) whole() *dsl.Program {
	if len(c.groups) != 1 || !c.plan.IsIdentity() {
		return nil
	}
	return c.groups[0].Predictor
}
