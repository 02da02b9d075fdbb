package plans

import (
	"bytes"
	"context"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/code"
	"github.com/ktzip/ktzip/search/plans/internal/disguise"
	"github.com/ktzip/ktzip/search/plans/internal/text"
)

// A Finder looks for plans of segments. It is safe for concurrent use.
type Finder struct {
	effort *effort
	level  int
	lower  []*effort // of lower levels, whose plans are proposed, too
}

// New returns a Finder for a level of 1 to 9, or 0 for 6. A level out of range means the
// nearest one.
func New(level int) *Finder {
	if level == 0 {
		level = defaultLevel
	}
	level = min(max(level, minLevel), maxLevel)
	f := &Finder{effort: &efforts[level], level: level}
	for _, l := range f.effort.lower {
		f.lower = append(f.lower, &efforts[l])
	}
	return f
}

// minPlanned is the length in bytes of the shortest segment that plans are looked for in.
// A plan takes about 10 bytes, which less data hardly ever wins. Arbitrary.
const minPlanned = 256

// Plans returns plans for src, the most promising first; none if no recipe saves anything or
// the context is done. The cost of a stream is what the Writer's GZIP takes for it, in bytes.
// Plans implements codec.Planner.
func (f *Finder) Plans(ctx context.Context, src []byte, cost func(stream []byte) int) []*dsl.Program {
	if !plannable(src) {
		return nil
	}
	if len(src) <= maxMessage && f.effort.brief {
		return brief(src)
	}
	if lead := leadOf(src); lead > 0 {
		return afterLead(lead, f.Plans(ctx, src[lead:], cost))
	}
	return f.search(&meter{ctx: ctx}, src, writer(cost))
}

// search returns plans for src, of the lower levels, too, within what m then allows.
func (f *Finder) search(m *meter, src []byte, c coder) (plans []*dsl.Program) {
	for _, e := range slices.Backward(append([]*effort{f.effort}, f.lower...)) {
		if e != f.effort && e != &efforts[defaultLevel] && minMiddling <= len(src) && len(src) < minLong {
			continue
		}
		m.allow(e, len(src))
		t := newTrial(e, src, c, m)
		if e == f.effort {
			plans = append(t.find(), plans...) // those of higher levels first
		} else {
			plans = append(t.otherPlans(), plans...)
		}
	}
	return withoutEqual(plans)
}

// minMiddling is the length in bytes from which on the levels below defaultLevel are not searched in
// addition, up to minLong: they would look at the same excerpts, and take the steps of what finds
// more. Arbitrary.
const minMiddling = 32 << 10

// withoutEqual returns those of plans that no earlier one is equal to.
func withoutEqual(plans []*dsl.Program) (list []*dsl.Program) {
	seen := map[string]bool{}
	for _, p := range plans {
		if text := p.String(); !seen[text] {
			seen[text] = true
			list = append(list, p)
		}
	}
	return list
}

// Promising reports whether Plans may find something for src, much faster than Plans does.
// It implements codec.Planner.
func (f *Finder) Promising(src []byte) bool {
	src = src[leadOf(src):]
	if !plannable(src) {
		return false
	}
	e := *f.effort
	e.hopeful = max(e.hopeful, 1) // at the highest level, too: Repeats codes what has no plan
	t := newTrial(&e, src, roughly, &meter{ctx: context.Background()})
	return t.promising()
}

// promising is Finder.Promising for the segment.
func (t *trial) promising() bool {
	if ev := t.evidence(); ev != nil {
		if _, _, ok := t.packing(ev); ok || t.worthwhile(ev) != nil {
			return true
		}
	}
	src := t.src
	if isText(src) {
		return promisesRows(src, t.effort) || isDump(src) || text.Letters(src, estimate) != nil
	}
	if _, _, ok := disguise.Facets(src); ok {
		return true
	}
	if _, ok := typeFraming(src); ok || code.Survey(src).Architecture != 0 || len(t.framings()) > 0 {
		return true
	}
	return changes(src) && slices.ContainsFunc(t.windows(), func(w excerpt) bool { return t.structure(w.b) != nil })
}

// forecastBytes is how much of a segment a forecast is made from, in bytes: about 5 ms for a
// segment of 1 MiB on a core of an AMD EPYC (November 2026).
const forecastBytes = 32 << 10

// Forecast returns about how many bytes src takes by the best of some simple plans, or without
// one: what a search can be expected to improve on. It implements codec.Forecaster.
func (f *Finder) Forecast(src []byte) int {
	t := newTrial(f.effort, src, roughly, &meter{ctx: context.Background()})
	s := t.narrow(t.sample, forecastBytes, roughly)
	least := t.price(recipe{}, s)
	if plannable(src) {
		if ev := t.evidence(); ev != nil {
			for _, r := range simple(ev) {
				least = min(least, t.price(r, s))
			}
		}
	}
	return int(least * int64(len(src)) / int64(s.size()))
}

// plannable reports whether src has a length for which a plan is possible and may pay.
func plannable(src []byte) bool { return minPlanned <= len(src) && len(src) <= dsl.FullPlanned }

// A trial is the search for plans of one segment.
type trial struct {
	effort  *effort
	src     []byte
	coder   coder // of streams; the sample's and long's
	sample  *sample
	long    *sample // for what needs time to adapt
	machine plan.Machine
	meter   *meter
	limit   int64 // of the meter, in steps, from which on nothing new is tried; 0 if not known yet
	cut     []int // leads after which plain bytes were cut into columns
	element int   // type of the segment's elements, of one channel; 0 if it is not known

	gathered bool
	found    *evidence // of the segment, once it is gathered; nil if nothing speaks for a plan
}

// evidence returns a copy of the evidence of the segment, gathered once; nil if nothing speaks for a
// plan.
func (t *trial) evidence() *evidence {
	if !t.gathered {
		t.gathered, t.found = true, gather(t.src, t.effort)
	}
	if t.found == nil {
		return nil
	}
	return &evidence{near: slices.Clone(t.found.near), far: slices.Clone(t.found.far), divisor: t.found.divisor}
}

// newTrial returns a trial of src whose streams are priced by c.
func newTrial(e *effort, src []byte, c coder, m *meter) *trial {
	return &trial{
		effort: e, src: src, coder: c, meter: m, limit: m.budget - m.budget/finishParts,
		sample: m.sample(spread(src, e.windows, e.windowBytes), c),
		long:   m.sample(spread(src, 2, e.longBytes/2), c),
	}
}

// finishParts: one part in so many of a budget is for the prices by which the search ends.
const finishParts = 16

// find returns the plans for a segment of any nature.
func (t *trial) find() []*dsl.Program {
	if p := t.meshPlan(); p != nil {
		return []*dsl.Program{p}
	}
	return slices.Concat(t.packetPlans(), t.joinedPlans())
}

// joinedPlans returns the plans for a segment of any nature that is not cut into packets.
func (t *trial) joinedPlans() []*dsl.Program {
	return slices.Concat(t.textPlans(), t.coded(t.framedPlans(recordPercent)), t.otherPlans())
}

// otherPlans returns the plans but for those of records of several kinds, of which a lower effort
// finds no others.
func (t *trial) otherPlans() (plans []*dsl.Program) {
	if isText(t.src) {
		return t.uniformPlans(nil)
	}
	t.stage(sectionPercent, func() {
		if s := t.sectionPlan(); s != nil {
			plans = append(plans, s)
		}
	})
	if list, ok := t.undisguised(func(in *trial) []*dsl.Program { return in.alikePlans(nil) }); ok {
		return append(plans, list...)
	}
	return t.alikePlans(plans)
}

// alikePlans returns plans, and those for a segment of one nature, of layers, too.
func (t *trial) alikePlans(plans []*dsl.Program) []*dsl.Program {
	var layers []*layer
	var more []recipe
	t.stage(surveyPercent, func() {
		more = t.decimalRecords(t.evidence())
		e := t.survey()
		layers = t.layers(e)
		more = append(more, t.jointly(e)...)
	})
	percent := int64(100)
	if len(layers) > 0 {
		percent = besideLayers
	}
	t.stage(percent, func() { plans = append(plans, t.uniformPlans(more)...) })
	return append(plans, t.layered(layers, plans)...)
}

// framedPlans returns the plans for records of several kinds. Looking for them may take up to
// percent of the steps that are left.
func (t *trial) framedPlans(percent int64) (plans []*dsl.Program) {
	if !isText(t.src) {
		t.stage(percent, func() { plans = t.recordPlans() })
	}
	return plans
}

// What looking for records of several kinds, in a segment and in a section, for sections and for
// layers may take of the steps that are left, in percent. Each may find what is not there: the
// search goes on as if there were none. Beside layers it takes besideLayers. Arbitrary.
const (
	recordPercent, recordPart   = 90, 30
	sectionPercent              = 40
	surveyPercent, besideLayers = 30, 60
)

// uniformPlans returns the plans for a segment of one nature whose records are alike.
// The search also tries recipes.
func (t *trial) uniformPlans(recipes []recipe) []*dsl.Program {
	ev := t.evidence()
	t.meter.steps += gatherSteps*int64(min(t.effort.maxDistance, len(t.src)/distanceShare)) + nearSteps
	if ev == nil && t.element != 0 {
		ev = &evidence{near: []int{1, 2, 4}}
	}
	if ev == nil {
		return nil
	}
	if packed := t.packedPlans(ev); packed != nil && len(recipes) == 0 {
		return packed
	}
	return t.bestPlans(ev, recipes)
}

// bestPlans returns the plans of the best recipes that ev suggests.
func (t *trial) bestPlans(ev *evidence, more []recipe) (plans []*dsl.Program) {
	var fits []recipe
	for _, r := range t.search(ev, more) {
		if r.isPlain() || len(plans) >= t.effort.plans || slices.ContainsFunc(fits, r.fitsAs) {
			continue
		}
		fits = append(fits, r)
		if len(plans) == 0 {
			r = t.folding(r)
			if wide, ok := t.wholeLayout(r, ev); ok {
				plans = append(plans, wide.plan(len(t.src)))
			}
		}
		plans = append(plans, r.plan(len(t.src)))
	}
	return plans
}

const (
	textPlaces  = 4096 // bytes that are looked at, at most
	textParts   = 50   // fewer than one byte in so many may be one that texts do not have
	constantRun = 512  // bytes of a run of one byte that is ignored as padding
)

// isText reports whether src has hardly a byte that texts do not have, apart from long runs
// of one byte.
func isText(src []byte) bool {
	seen, other := 0, 0
	stride := len(src)/textPlaces + 1
	places := len(src)/stride + 1
	for i := 0; i < len(src) && other*textParts < places; i += stride {
		c := src[i]
		if text := c >= '\t' && c <= '\r' || c >= ' ' && c < 0x7f; !text {
			if start, end := i+1-constantRun, i+constantRun; start >= 0 && isConstant(src[start:i+1]) ||
				end <= len(src) && isConstant(src[i:end]) {
				continue
			}
			other++
		}
		seen++
	}
	return other*textParts < seen
}

// isConstant reports whether all bytes of b, which is not empty, are the same.
func isConstant(b []byte) bool { return bytes.Equal(b[1:], b[:len(b)-1]) }
