package codec

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/ktzip/ktzip/dsl"
)

// A Mixer proposes predictors, and plans that leave numbers in their own order for them. It must be
// safe for concurrent use, and give the same answers to the same questions.
type Mixer interface {
	// Plans returns the canonical plans by whose streams predictors may code src. The plan found is the
	// best one for deflate, the identity if none is better. Those that have a stream in common must
	// propose the same predictors for it.
	Plans(ctx context.Context, src []byte, found *dsl.Program) []dsl.Proposal
	// Predictors looks for predictors of the streams of plans for a segment of size bytes, for each plan a
	// list of its streams. It returns those by which a stream may be shorter, the most promising ones
	// first; none of streams that seem worth no search. Plans that leave a stream as it is share it.
	Predictors(ctx context.Context, size int, plans [][]*dsl.Stream) map[*dsl.Stream][]dsl.Predicted
}

const (
	// MinRestoreSpeed is the least speed that predictors may restore at, in bytes a second of the
	// reference processor.
	MinRestoreSpeed = 500_000

	// deflateTime is about what restoring a byte without a predictor takes, in nanoseconds.
	deflateTime = 10

	// usualDecisions is how many quarters of a decision a sample takes, as long as nobody knows: of
	// recordings and images 8 to 40.
	usualDecisions = 20

	// triedPredictors is how many predictors of a stream may code all of it. Arbitrary.
	triedPredictors = 3

	// Divisions of a segment whose estimates by predictors are within one part in closeDivisions of the
	// least are coded, at most maxDivisions; so is a stream whose estimate is within one part in
	// closeDeflate of what deflate seems to take. Arbitrary.
	closeDivisions, maxDivisions, closeDeflate = 50, 2, 16
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

// A predictable is a stream of a segment for which predictors are looked for. Plans that leave a stream
// as it is share it.
type predictable struct {
	dsl.Stream
	lock     sync.Mutex     // of whole
	whole    map[string]way // by predictors that coded all of it in the search
	proposed []*dsl.Program // those by which it may be shorter than by deflate, the most promising ones first
	size     int            // bytes that it seems to take
	coded    int            // how many of proposed were tried on all of it
	ways     []way          // by these, and by deflate at the end
}

// An attempt is a plan that the Mixer proposed.
type attempt struct {
	*division
	streams []*predictable
	size    int // bytes that they seem to take
}

// byPredictors returns the shortest coding of src in which predictors code some of the streams, by one
// of the plans that the Mixer proposes; nil if there is none.
func (e *encoder) byPredictors(src []byte, found *dsl.Program) (best *coding) {
	if e.cfg.Mixer == nil || len(src) > dsl.MaxPlanned {
		return nil
	}
	time := e.cfg.restoreTime(len(src))
	list := e.attempts(src, e.cfg.Mixer.Plans(e.cfg.Context, src, found), time)
	for _, a := range list[:min(len(list), maxDivisions)] {
		if e.cause() != nil {
			return nil
		}
		if (a.size-list[0].size)*closeDivisions <= list[0].size {
			best = shorter(best, e.mixed(a.division, a.streams, time))
		}
	}
	return best
}

// attempts divides src by each of the plans proposed and looks for predictors of the streams, which may
// take so many nanoseconds to restore. It returns the plans of which a stream has some, the shortest first.
func (e *encoder) attempts(src []byte, plans []dsl.Proposal, time int64) (list []*attempt) {
	known := map[streamID]*predictable{}
	var sought [][]*dsl.Stream
	for _, p := range plans {
		d, err := e.divide(src, p.Plan)
		if err != nil {
			continue
		}
		a := &attempt{division: d}
		var streams []*dsl.Stream
		for k, stream := range d.streams {
			id := idOf(stream)
			s := known[id]
			if s == nil {
				s = e.predictable(stream, time)
				if known[id] = s; k < len(p.Predictors) {
					s.Proposed = p.Predictors[k]
				}
			}
			a.streams, streams = append(a.streams, s), append(streams, &s.Stream)
		}
		list, sought = append(list, a), append(sought, streams)
	}
	answers := e.cfg.Mixer.Predictors(e.cfg.Context, len(src), sought)
	for _, s := range known {
		s.propose(answers[&s.Stream])
	}
	list = slices.DeleteFunc(list, func(a *attempt) bool {
		any := false
		for _, s := range a.streams {
			a.size += s.size
			any = any || len(s.proposed) > 0
		}
		return !any
	})
	slices.SortStableFunc(list, func(a, b *attempt) int { return cmp.Compare(a.size, b.size) })
	return list
}

// predictable returns a stream for which predictors are to be found by which it takes at most so many
// nanoseconds to restore.
func (e *encoder) predictable(stream []byte, time int64) *predictable {
	s := &predictable{whole: map[string]way{}, size: e.estimate(stream)}
	s.Bytes, s.Size, s.Slowest = stream, s.size, int(time/max(int64(len(stream)), 1))
	s.Code = func(part []byte, p *dsl.Program) (size, time int) {
		member, stated, cost, err := e.cfg.byPredictor(part, p)
		if err != nil {
			return -1, 0
		}
		if len(part) == len(stream) {
			s.lock.Lock()
			s.whole[p.String()] = way{stated, member, cost.time, cost.memory}
			s.lock.Unlock()
		}
		return len(member), int(cost.time / int64(len(part)))
	}
	s.Time = func(size int, p *dsl.Program) int {
		cost, err := costOf(withDecisions(p, usualDecisions), size)
		if err != nil || cost.memory > 1<<e.cfg.Header.PredictorLog {
			return -1
		}
		return int(cost.time / int64(size))
	}
	return s
}

// propose adds to s the first predictors of list that may be shorter than deflate.
func (s *predictable) propose(list []dsl.Predicted) {
	deflated := s.size
	for _, x := range list[:min(len(list), triedPredictors)] {
		if x.Size-x.Size/closeDeflate < deflated {
			s.proposed = append(s.proposed, x.Predictor)
			s.size = min(s.size, x.Size)
		}
	}
}

// code codes s by the first predictors that were proposed until there are n ways by them.
func (s *predictable) code(cfg *WriterConfig, n int) {
	for ; s.coded < len(s.proposed) && len(s.ways) <= n; s.coded++ {
		p := s.proposed[s.coded]
		w, known := s.whole[p.String()]
		if !known {
			member, stated, cost, err := cfg.byPredictor(s.Bytes, p)
			if err != nil {
				continue
			}
			w = way{stated, member, cost.time, cost.memory}
		}
		s.ways = slices.Insert(s.ways, len(s.ways)-1, w)
	}
}

// restoreTime returns how many nanoseconds restoring n bytes may take.
func (c *WriterConfig) restoreTime(n int) int64 {
	return int64(n) * 1_000_000_000 / int64(c.RestoreSpeed)
}

// mixed codes each of the streams of d by deflate or by the predictor that is best in the time that there
// is.
func (e *encoder) mixed(d *division, streams []*predictable, time int64) *coding {
	f := e.frame(d)
	for _, s := range streams {
		if len(s.ways) == 0 {
			var deflated bytes.Buffer
			e.appendMember(&deflated, s.Bytes, f.effort)
			s.ways = []way{{member: deflated.Bytes(), time: deflateTime * int64(len(s.Bytes))}}
		}
	}
	var chosen []way
	for n := 1; n <= triedPredictors; n++ {
		var wait sync.WaitGroup
		total := int64(0)
		for k, s := range streams {
			if !slices.Contains(streams[:k], s) { // streams that are the same are one
				wait.Go(func() { s.code(e.cfg, n) })
			}
		}
		wait.Wait()
		all := make([][]way, len(streams))
		for k, s := range streams {
			all[k] = s.ways
			total += s.ways[0].time
		}
		if chosen = affordable(all, time); total <= time {
			break
		}
	}
	blocks := 0
	var members bytes.Buffer
	for k, w := range chosen {
		f.groups = append(f.groups, dsl.Group{Streams: 1, Member: len(w.member), Predictor: w.predictor})
		members.Write(w.member)
		f.memory = max(f.memory, w.memory)
		if w.predictor == nil {
			blocks += e.blocks(streams[k].Bytes)
		}
	}
	c := e.newCoding(f, e.section(&f, e.raw(blocks)))
	if c != nil {
		c.members = members
	}
	return c
}

// byPredictor codes b, which is not empty, by the predictor p, on one of the machines of c. It returns the
// member, the predictor as it is written, and what restoring takes. The error says why there is none.
func (c *WriterConfig) byPredictor(b []byte, p *dsl.Program) (member []byte, stated *dsl.Program, cost predictorCost, err error) {
	if cost, err = costOf(withDecisions(p, 1), len(b)); err != nil {
		return nil, nil, cost, err
	}
	if cost.memory > 1<<c.Header.PredictorLog {
		return nil, nil, cost, fmt.Errorf("%w: memory of a predictor", dsl.ErrLimit)
	}
	machine := <-c.predicting
	member, stated, err = machine.encode(c.Context, b, p)
	if c.predicting <- machine; err != nil {
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
