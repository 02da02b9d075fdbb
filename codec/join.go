package codec

import (
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

// joins reports whether w joins segments.
func (w *Writer) joins() bool {
	_, ok := w.cfg.Mixer.(Joiner)
	return ok && w.cfg.SegmentSize == 0
}

// pend adds j to the pending segments, and joins those that have become about as long as each other.
func (w *Writer) pend(j *job) {
	waiting := len(j.src)
	for _, p := range w.pending {
		waiting += len(p.src)
	}
	if waiting > maxJoined {
		w.settle()
	}
	w.pending = append(w.pending, j)
	for n := len(w.pending); n > 1 && len(w.pending[n-2].src) <= joinedGrowth*len(w.pending[n-1].src) && w.join(n-1); {
		n = len(w.pending)
	}
}

// settle joins what is pending, the last segments first, and writes it.
func (w *Writer) settle() {
	for k := len(w.pending) - 1; k > 0; k-- {
		w.join(k)
	}
	for _, j := range w.pending {
		w.emit(j)
	}
	w.pending = w.pending[:0]
}

// join joins the k-th pending segment and the one before it, and reports whether one segment takes less than
// both. It tries so once for each border.
func (w *Writer) join(k int) bool {
	a, b := w.pending[k-1], w.pending[k]
	if b.apart || w.stopped() || a.err != nil || b.err != nil {
		return false
	}
	b.apart = true
	longer := a
	if len(b.src) > len(a.src) {
		longer = b
	}
	if longer.whole == nil {
		return false
	}
	src := append(slices.Clip(a.src), b.src...)
	e := <-w.encoders
	coded, found, err := e.joined(src, longer.whole, len(a.coded)+len(b.coded))
	w.encoders <- e
	if err != nil {
		b.err = err
	}
	if coded == nil {
		return false
	}
	w.spare = append(w.spare, b)
	w.pending = slices.Delete(w.pending, k, k+1)
	a.src, a.coded, a.memory, a.whole = src, coded, found.memory, found.whole
	return true
}

// joined codes src by a predictor like p, if that takes less than most bytes: else it returns nil.
func (e *encoder) joined(src []byte, p *dsl.Program, most int) (coded []byte, found finding, err error) {
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
		return coded, finding{memory: c.memory, whole: c.whole()}, nil
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
