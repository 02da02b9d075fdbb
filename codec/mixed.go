package codec

import (
	"bytes"
	"context"
	"fmt"

	"github.com/ktzip/ktzip/dsl"
)

// A Mixer proposes predictors, and plans that leave numbers in their own order for them. It must be
// safe for concurrent use, and give the same answers to the same questions.
type Mixer interface {
	// Plans returns canonical plans by which predictors may code src, the most promising ones first.
	// The plan found is the best one for deflate, the identity if none is better.
	Plans(ctx context.Context, src []byte, found *dsl.Program) []*dsl.Program
	// Predictors returns canonical predictors by which stream may be shorter, the most promising
	// ones first; restoring a byte may take slowest nanoseconds. The function cost returns how many
	// bytes a part of the stream takes by a predictor, and about how many nanoseconds a byte of it
	// takes to restore; a negative number of bytes if it may not be used.
	Predictors(ctx context.Context, stream []byte, slowest int, cost func(part []byte, p *dsl.Program) (size, time int)) []*dsl.Program
}

const (
	// MinRestoreSpeed is the least speed that predictors may restore at, in bytes a second of the
	// reference processor.
	MinRestoreSpeed = 500_000

	// deflateTime is about what restoring a byte without a predictor takes, in nanoseconds.
	deflateTime = 10

	// minPredicted is the length of the shortest stream, in bytes, for which predictors are looked
	// for. Arbitrary.
	minPredicted = 512

	// triedPredictors is how many predictors of a stream code all of it. Arbitrary.
	triedPredictors = 2
)

// A way is one way to code a stream.
type way struct {
	predictor *dsl.Program // nil: by deflate
	member    []byte
	time      int64 // nanoseconds to restore
	memory    int64 // bytes
}

// A predictorCost is what restoring by a predictor takes.
type predictorCost struct {
	memory int64 // bytes
	time   int64 // nanoseconds on the reference processor
}

// byPredictors returns the shortest coding of src in which predictors code some of the streams, by one
// of the plans that the Mixer proposes, by the plan found, or by the identity; nil if there is none.
func (e *encoder) byPredictors(src []byte, found *dsl.Program) (best *coding) {
	if e.cfg.Mixer == nil || len(src) > dsl.MaxPlanned {
		return nil
	}
	plans := append(e.cfg.Mixer.Plans(e.cfg.Context, src, found), found)
	if !found.IsIdentity() {
		plans = append(plans, e.identity)
	}
	for _, p := range plans {
		if e.cause() != nil {
			return nil
		}
		d, err := e.divide(src, p)
		if err != nil {
			continue
		}
		best = shorter(best, e.mixed(d, len(src)))
	}
	return best
}

// mixed codes each stream of d, a division of a segment of size bytes, by deflate or by the predictor
// that is best in the time that there is; nil if none is.
func (e *encoder) mixed(d *division, size int) *coding {
	f := e.frame(d)
	all := make([][]way, len(d.streams))
	time := int64(size) * 1_000_000_000 / int64(e.cfg.RestoreSpeed)
	any := false
	for k, stream := range d.streams {
		all[k] = e.predicted(stream, time)
		any = any || len(all[k]) > 0
	}
	if !any {
		return nil
	}
	for k, stream := range d.streams {
		var deflated bytes.Buffer
		e.appendMember(&deflated, stream, f.effort)
		all[k] = append(all[k], way{member: deflated.Bytes(), time: deflateTime * int64(len(stream))})
	}
	if e.cause() != nil {
		return nil
	}
	blocks := 0
	var members bytes.Buffer
	for k, w := range affordable(all, time) {
		f.groups = append(f.groups, dsl.Group{Streams: 1, Member: len(w.member), Predictor: w.predictor})
		members.Write(w.member)
		f.memory = max(f.memory, w.memory)
		if w.predictor == nil {
			blocks += e.blocks(d.streams[k])
		}
	}
	c := e.newCoding(f, e.section(&f, e.raw(blocks)))
	if c != nil {
		c.members = members
	}
	return c
}

// predicted returns ways to code stream by predictors, which may take so many nanoseconds to restore.
func (e *encoder) predicted(stream []byte, time int64) (list []way) {
	if len(stream) < minPredicted {
		return nil
	}
	proposed := e.cfg.Mixer.Predictors(e.cfg.Context, stream, int(time/int64(len(stream))), e.predictorCost)
	for _, p := range proposed[:min(len(proposed), triedPredictors)] {
		if member, stated, cost, err := e.byPredictor(stream, p); err == nil {
			list = append(list, way{stated, member, cost.time, cost.memory})
		}
	}
	return list
}

// predictorCost is the cost that a Mixer is given.
func (e *encoder) predictorCost(part []byte, p *dsl.Program) (size, time int) {
	member, _, cost, err := e.byPredictor(part, p)
	if err != nil {
		return -1, 0
	}
	return len(member), int(cost.time / int64(len(part)))
}

// byPredictor codes b, which is not empty, by the predictor p. It returns the member, the predictor as
// it is written, and what restoring takes. The error says why there is none.
func (e *encoder) byPredictor(b []byte, p *dsl.Program) (member []byte, stated *dsl.Program, cost predictorCost, err error) {
	if cost, err = costOf(withDecisions(p, 1), len(b)); err != nil {
		return nil, nil, cost, err
	}
	if cost.memory > 1<<e.cfg.Header.PredictorLog {
		return nil, nil, cost, fmt.Errorf("%w: memory of a predictor", dsl.ErrLimit)
	}
	if member, stated, err = e.predicting.encode(e.cfg.Context, b, p); err != nil {
		return nil, nil, cost, err
	}
	cost, err = costOf(stated, len(b))
	return member, stated, cost, err
}

// affordable chooses one of the ways of each stream, of which the last is the fastest, so that all take
// at most so many nanoseconds together, as far as the fastest do. It begins with these and takes what
// saves most bytes a nanosecond, as long as there is time.
func affordable(all [][]way, time int64) (chosen []way) {
	for _, ways := range all {
		w := ways[len(ways)-1]
		chosen = append(chosen, w)
		time -= w.time
	}
	for {
		stream, next := -1, way{}
		var saved, taken int64
		for k, ways := range all {
			for _, w := range ways {
				s, t := int64(len(chosen[k].member)-len(w.member)), max(w.time-chosen[k].time, 1)
				if s > 0 && w.time-chosen[k].time <= time && (stream < 0 || s*taken > saved*t) {
					stream, next, saved, taken = k, w, s, t
				}
			}
		}
		if stream < 0 {
			return chosen
		}
		time -= next.time - chosen[stream].time
		chosen[stream] = next
	}
}

// withDecisions returns p with so many decisions if its output is a code; else p itself.
func withDecisions(p *dsl.Program, decisions int) *dsl.Program {
	if len(p.Nodes) == 0 || p.Nodes[len(p.Nodes)-1].Op != dsl.Code {
		return p
	}
	p = p.Clone()
	p.Nodes[len(p.Nodes)-1].Nums[2] = int32(decisions)
	return p
}
