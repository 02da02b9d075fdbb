package codec

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

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

// A Finding is what coding a segment found out: what the segments that follow a leader are given, and what
// joining and assembling need. The zero value says that there is no plan. Text can carry it, and so can JSON.
type Finding struct {
	plan    *dsl.Program // nil if there is none
	apart   bool         // each stream is a group of its own
	repeats bool         // copies in its streams pay, which are not counted below
	size    int64        // bytes of the segment that the plan was found in
	coded   int64        // bytes that it takes by the plan
	plain   int64        // bytes that it takes without one
	outlook
	memory int64        // bytes that a predictor of the segment takes; 0 if it has none
	whole  *dsl.Program // the predictor that codes all of the segment in its own order; nil if there is none
	handed bool         // the plan is that of a segment before, and does not code this one
}

// Plan returns the plan that the segments given f try first; nil if there is none. It must not be changed.
func (f *Finding) Plan() *dsl.Program { return f.plan }

// Planned reports whether Code, which returned f, coded the segment by a plan that segments after it may
// share. Its text does not carry that.
func (f *Finding) Planned() bool { return f.plan != nil && !f.handed }

// WithoutPlan returns what joining and assembling need of f.
func (f *Finding) WithoutPlan() Finding { return Finding{memory: f.memory, whole: f.whole} }

// maxStated is how many bytes a Finding states at most, so that no product of two of its numbers and one
// of a segment's overflows. No estimate for a segment of MaxSegmentSize comes near it.
const maxStated = 1 << 30

// numbers returns the numbers of f, in their order in its text.
func (f *Finding) numbers() [6]*int64 {
	return [...]*int64{&f.size, &f.coded, &f.plain, &f.sampled, &f.forecast, &f.memory}
}

// switches returns what f says yes or no to, in their order in its text.
func (f *Finding) switches() [2]*bool { return [...]*bool{&f.apart, &f.repeats} }

// MarshalText implements encoding.TextMarshaler: a line with the switches as digits, the numbers and the length
// of the plan in bytes, separated by spaces, then the plan and the predictor.
func (f Finding) MarshalText() ([]byte, error) {
	var b []byte
	for _, is := range f.switches() {
		digit := byte('0')
		if *is {
			digit = '1'
		}
		b = append(b, digit)
	}
	for _, n := range f.numbers() {
		b = strconv.AppendInt(append(b, ' '), *n, 10)
	}
	text := func(p *dsl.Program) string {
		if p == nil {
			return ""
		}
		return p.String()
	}
	found := text(f.plan)
	b = append(strconv.AppendInt(append(b, ' '), int64(len(found)), 10), '\n')
	return append(append(b, found...), text(f.whole)...), nil
}

// UnmarshalText implements encoding.TextUnmarshaler. It checks what it reads: whoever wrote that can make files
// longer, but not wrong.
func (f *Finding) UnmarshalText(text []byte) error {
	line, programs, ended := strings.Cut(string(text), "\n")
	fields := strings.Split(line, " ")
	var g Finding
	switches, numbers := g.switches(), g.numbers()
	if !ended || len(fields) != 1+len(numbers)+1 || len(fields[0]) != len(switches) || strings.Trim(fields[0], "01") != "" {
		return errors.New("codec: no text of a finding")
	}
	for i, is := range switches {
		*is = fields[0][i] == '1'
	}
	for i, n := range numbers {
		v, err := strconv.ParseInt(fields[1+i], 10, 64)
		if err != nil || v < 0 || v > maxStated {
			return fmt.Errorf("codec: a finding of %q bytes, at most %d", fields[1+i], maxStated)
		}
		*n = v
	}
	n, err := strconv.Atoi(fields[len(fields)-1])
	if err != nil || n < 0 || n > len(programs) {
		return errors.New("codec: a finding whose plan is cut")
	}
	if g.memory > MaxPredictorMemory {
		return fmt.Errorf("codec: a finding of %d bytes of memory, at most %d", g.memory, MaxPredictorMemory)
	}
	if g.plan, err = parseFound(programs[:n], dsl.Plan); err != nil {
		return err
	}
	if g.whole, err = parseFound(programs[n:], dsl.Predictor); err != nil {
		return err
	}
	if g.plan != nil && (g.size < 1 || g.size > MaxSegmentSize) {
		return fmt.Errorf("codec: a finding for a segment of %d bytes", g.size)
	}
	if g.whole != nil {
		if _, err := costOf(g.whole, MaxSegmentSize); err != nil {
			return fmt.Errorf("codec: the predictor of a finding: %w", err)
		}
	}
	*f = g
	return nil
}

// maxFoundText is how many bytes the text of a program has at most that a Finding carries. Those of
// dsl.MaxNodes lines and dsl.MaxPlanList numbers have fewer.
const maxFoundText = 1 << 20

// parseFound parses the text of a program; nil if it is empty.
func parseFound(text string, role dsl.Role) (*dsl.Program, error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > maxFoundText {
		return nil, fmt.Errorf("codec: a program of %d bytes of text, at most %d", len(text), maxFoundText)
	}
	p, err := dsl.Parse(text, role)
	if err != nil {
		return nil, err
	}
	if err := checkProgram(p, role); err != nil {
		return nil, err
	}
	return p.Canonical(), nil
}

// A work is what is to be done with a segment.
type work struct {
	src    []byte
	noPlan bool    // it does not promise a plan
	alone  bool    // no segment comes before it or after it whose plan or outlook could be compared
	lead   Finding // whose plan is tried first
}

// handed returns what the segments that follow a leader are given: found or, if that has no plan, the one
// that the leader was given.
func (w *work) handed(found Finding) Finding {
	if found.plan == nil {
		memory, whole := found.memory, found.whole
		found = w.lead
		found.memory, found.whole, found.handed = memory, whole, true
	}
	return found
}

// runSegments returns how many segments a run has at most.
func (c *WriterConfig) runSegments() int {
	if c.Rsyncable {
		return contentRunSegments
	}
	return runSegments
}

// deal gives the next segment its part in a run: the present one, or the next one if that is complete.
func (c *Cutter) deal(cut *Cut) {
	p := &c.place
	if !cut.NoPlan {
		if cut.Follows = p.Led; c.Leads() {
			cut.Leads, cut.Follows = true, p.Led && !c.cfg.Rsyncable
			p.Led, p.Run, p.Ended = true, 0, false
		}
		p.Run++
	}
	p.Ended = p.Ended || c.leads
}

// Leads reports whether the next segment leads if it promises a plan: then a run is complete, if one began.
func (c *Cutter) Leads() bool {
	p := &c.place
	return !p.Led || p.Run == c.cfg.runSegments() || p.Ended
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
func (e *encoder) again(src []byte, look outlook, k *Finding) (c *coding, well bool) {
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
