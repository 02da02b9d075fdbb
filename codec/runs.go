package codec

import (
	"context"

	"github.com/ktzip/ktzip/dsl"
)

// A plan is paid for once. Segments in a row are a run, of which only the first one, the
// leader, is searched. The others first take the leader's plan; so does the leader of the
// next run. A segment is searched for itself if that does not code it as well as the leader:
//
//	run        0               1               2
//	segments   L F F F F F F F L F F F F F F F L F F …      L leader, F follower
//	waits for    L of its run  L of the run before
//
// Who leads, and who waits for whom, follows from the order of the segments alone: so does
// what is written, whatever the number of threads. A follower that was searched leads nobody.

// runSegments is how many segments a run has. More wait less for each other: up to so many
// are coded at a time, once the first is. Fewer take a new plan sooner when the data changes
// its nature. Arbitrary.
const runSegments = 8

// An outlook says what a segment seems to take, in bytes, by samples of it.
type outlook struct {
	sampled  int64 // without a plan
	forecast int64 // by simple plans; 0 if the Planner is no Forecaster
}

// A finding is what a search found for a segment. The zero value says that there is no plan.
type finding struct {
	plan    *dsl.Program // nil if there is none
	apart   bool         // each stream is a group of its own
	repeats bool         // copies in its streams pay, which are not counted below
	size    int64        // bytes of the segment
	coded   int64        // bytes that it takes by the plan
	plain   int64        // bytes that it takes without one
	memory  int64        // bytes that a predictor of the segment takes; 0 if it has none
	whole   *dsl.Program // the predictor that codes all of the segment in its own order; nil if there is none
	outlook
}

// A leader hands a finding to the segments that wait for it.
type leader struct {
	done  chan struct{} // closed once found is set
	found finding
}

// A work is what is to be done with a segment.
type work struct {
	src    []byte
	noPlan bool    // it does not promise a plan
	alone  bool    // no segment comes before it or after it whose plan or outlook could be compared
	like   *leader // whose plan is tried first; nil if there is none
	leads  *leader // that the segment is; nil if it is a follower
}

// wait waits until the plan that w tries first is known.
func (w *work) wait() {
	if w.like != nil {
		<-w.like.done
	}
}

// known returns what the leader of w found; no plan if there is no leader.
func (w *work) known() finding {
	if w.like == nil {
		return finding{}
	}
	return w.like.found
}

// lead hands found to those that wait for w. If it has no plan, they get the one that w had.
func (w *work) lead(found finding) {
	if w.leads == nil {
		return
	}
	if found.plan == nil {
		found = w.known()
	}
	w.leads.found = found
	close(w.leads.done)
}

// A roll deals segments out to runs, in their order. It begins with a leader.
type roll struct {
	most     int // segments of a run
	leader   *leader
	segments int  // of the run, so far
	ended    bool // the next segment begins a run
	apart    bool // a leader does not take the plan of the run before
}

// add adds a segment to the run, or to the next one if that is complete.
func (r *roll) add(w *work) {
	w.like = r.leader
	if r.leader == nil || r.segments == r.most || r.ended {
		w.leads = &leader{done: make(chan struct{})}
		r.leader, r.segments, r.ended = w.leads, 0, false
		if r.apart {
			w.like = nil
		}
	}
	r.segments++
}

// How much a segment may differ from the leader to be coded by its plan, as one part in so
// many. What is here without a reason is arbitrary.
const (
	// maxUnlike: both take as much without a plan but for so little. deflate stores some
	// segments of samples and saves a sixth of others that are as like as can be.
	maxUnlike = 4
	// maxWorse and maxBetter: the plan leaves as much of the segment, or of what its sample
	// takes. One that leaves much less than it did meets other data, for which there may be a
	// better one.
	maxWorse, maxBetter = 32, 16
	// exactly is the length in bytes up to which a segment is always coded without a plan, too:
	// nearly all of a probe is of so short a segment.
	exactly = 64 << 10
	// maxUnforeseen: the plan is as far below the forecast but for so little. Forecasts of like
	// ECG segments differ by 2 %; 16-bit speech is 12 % farther below by a plan of 8-bit speech.
	maxUnforeseen = 16
	// minLead is what the plan must save at least for the segment not to be coded without one.
	minLead = 16
)

// A Refitter is a Planner that fits plans to other segments.
type Refitter interface {
	Planner
	// Refit returns p, a plan for another segment, as it fits src; nil if it does not.
	Refit(p *dsl.Program, src []byte) *dsl.Program
}

// RefitOnly returns a Planner that proposes no plans, but fits those that a Writer is given as p does; nil
// if p fits none.
func RefitOnly(p Planner) Planner {
	if r, ok := p.(Refitter); ok {
		return refitOnly{r}
	}
	return nil
}

type refitOnly struct{ Refitter }

func (refitOnly) Plans(context.Context, []byte, func([]byte) int) []*dsl.Program { return nil }
func (refitOnly) Promising([]byte) bool                                          { return false }

// fit divides src by the plan p, fitted to it if it is of another segment.
func (e *encoder) fit(src []byte, p *dsl.Program) (*division, error) {
	d, err := e.divide(src, p)
	if r, ok := e.cfg.Planner.(Refitter); err != nil && ok {
		if p = r.Refit(p, src); p != nil {
			return e.divide(src, p)
		}
	}
	return d, err
}

// again codes src by the plan of k, fitted to it; nil if that is impossible. It reports whether the plan does
// as well as it did for the segment that k is of.
func (e *encoder) again(src []byte, look outlook, k *finding) (c *coding, well bool) {
	if k.plan == nil || !alike(look.sampled*k.size, k.sampled*int64(len(src)), maxUnlike, maxUnlike) {
		return nil, false
	}
	d, err := e.fit(src, k.plan)
	if err != nil || len(d.joined) == 0 {
		return nil, false
	}
	if k.apart {
		c = e.apart(d)
	} else {
		c = e.together(d)
	}
	if c == nil {
		return nil, false
	}
	size, n := int64(c.size()), int64(len(src))
	same := alike(size*started(k.size, k.size), k.coded*started(n, n), maxWorse, maxBetter) ||
		alike(size*started(k.sampled, k.size), k.coded*started(look.sampled, n), maxWorse, maxBetter)
	promised := alike(size*started(k.forecast, k.size), k.coded*started(look.forecast, n), maxUnforeseen, maxUnforeseen)
	if k.repeats {
		c = shorter(c, e.withRepeats(src, d.plan, d.streams, c.size()))
	}
	return c, same && promised && size*k.sampled*minLead <= look.sampled*k.plain*(minLead-1)
}

// startBytes is how many bytes more a segment seems to have because it starts without history; wantCoded says
// as much. By that, segments of JSON logs of 140 KB to 1.3 MB take within 6 % of the same per byte, and by their
// bytes alone within 14 % (November 2026).
const startBytes = 32 << 10

// started returns an estimate for a segment of n bytes, that is proportional to them, with what its start costs
// in addition. A segment shorter than startBytes is all start.
func started(estimate, n int64) int64 { return estimate + estimate*min(n, startBytes)/n }

// alike reports whether x is above y by no more than one part in above, and below it by no
// more than one in below.
func alike(x, y, above, below int64) bool {
	return x <= y+y/above && x >= y-y/below
}

// outlook returns what src seems to take. plain is its coding without a plan, or nil if that
// was not made.
func (e *encoder) outlook(src []byte, plain *coding) (look outlook) {
	if plain != nil {
		look.sampled = int64(plain.size())
	} else {
		sample := e.probe.sample(src)
		look.sampled = int64(e.estimate(sample)) * int64(len(src)) / int64(len(sample))
	}
	if f, ok := e.cfg.Planner.(Forecaster); ok && !e.brief(src) {
		look.forecast = int64(f.Forecast(src))
	}
	return look
}
