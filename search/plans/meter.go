package plans

import (
	"context"
	"errors"

	"github.com/ktzip/ktzip/dsl"
)

// A meter counts the work of all searches for plans of a segment, in steps of about a nanosecond,
// and bounds it by a budget. The context is looked at before each piece of work.
type meter struct {
	ctx    context.Context
	steps  int64
	budget int64 // from which on nothing new is tried; 0 if there is none

	samples []*sample // that were priced on
	prices  map[priced]int64
}

// A priced is what has a price: a recipe, written as a key, of a sample.
type priced struct {
	sample *sample
	recipe string
}

// allow sets the budget to that of the effort e for a segment of size bytes.
func (m *meter) allow(e *effort, size int) { m.budget = e.stepsPerByte * int64(size+moreBytes) }

// moreBytes is for how many bytes more a search has steps than its segment has: there are as many
// recipes for a short one. Without more kwnz.sac is 3 % larger at level 6, ct.dcm 2 %.
const moreBytes = 16 << 10

// A plan saves less than what the data takes without one. So a search may take leastSteps
// and stepsPerSaved for each byte of that, within its budget.
const (
	stepsPerSaved = 1 << 17
	leastSteps    = 1 << 27
)

// The steps of each kind of work, per byte: nanoseconds in excerpts of real files on a core of
// an AMD EPYC, rounded (November 2026).
const (
	estimateSteps = 8   // estimate; 3 to 10
	entropySteps  = 2   // counting bytes for their entropy; about 1
	columnSteps   = 80  // telling the columns of records apart, a byte
	numberSteps   = 10  // trying a predictor of a field, a record
	digitSteps    = 500 // telling whether a field is of decimals: most are not
	stepperSteps  = 4   // following a length
	alignedSteps  = 8   // telling how much bytes are alike

	// The Writer's GZIP takes some for each byte, and more for each byte that it leaves: together 11
	// for data that it makes a thirtieth of, 50 for data that it makes two thirds of.
	writerSteps, leftSteps = 12, 60

	// Executing an operation, and for the numbers of its list; an adaptive prediction takes some
	// for each element and each weight.
	opSteps, opNumbersPerStep = 2, 8
	lmsSteps                  = 8
	fieldsSteps               = 8 // with what makes the fields

	// gatherSteps is what gathering evidence takes for each distance, and nearSteps in all, not per byte.
	gatherSteps, nearSteps = 2 * farPlaces, 2 * nearPlaces * (maxNear + farCandidates)
)

var errStopped = errors.New("plans: stopped")

// stopped reports whether the context is done.
func (t *trial) stopped() bool { return t.meter.ctx.Err() != nil }

// enough reports whether nothing new may be tried.
func (t *trial) enough() bool { return t.limit > 0 && t.meter.steps >= t.limit || t.stopped() }

// setLimit sets how much more may be tried for data that takes size bytes without a plan.
func (t *trial) setLimit(size int64) {
	if most := t.meter.steps + leastSteps + stepsPerSaved*size; t.limit == 0 || most < t.limit {
		t.limit = most
	}
}

// stage lets work take up to percent of the steps that the search has left.
func (t *trial) stage(percent int64, work func()) {
	limit := t.limit
	if left := limit - t.meter.steps; left > 0 {
		t.limit = t.meter.steps + left*percent/100
	}
	work()
	if limit > 0 {
		t.limit = limit
	}
}

// inner returns a trial of src within t, which may take up to percent of the steps that t has left.
func (t *trial) inner(e *effort, src []byte, c coder, percent int) *trial {
	in := newTrial(e, src, c, t.meter)
	in.limit = t.limit
	if left := t.limit - t.meter.steps; left > 0 {
		in.limit = t.meter.steps + left*int64(percent)/100
	}
	return in
}

// split takes b apart by the plan p. The error says that p does not fit b or that the search
// is stopped.
func (t *trial) split(b []byte, p *dsl.Program) ([][]byte, error) {
	if t.stopped() {
		return nil, errStopped
	}
	t.meter.steps += splitSteps(p) * int64(len(b))
	return t.machine.Split(b, p)
}

// splitSteps returns how many steps executing p takes, per byte.
func splitSteps(p *dsl.Program) int64 {
	steps := 0
	for i := range p.Nodes {
		switch n := &p.Nodes[i]; n.Op {
		case dsl.Columns, dsl.Kinds:
			steps += fieldsSteps
		case dsl.LMS:
			steps += (lmsSteps + len(n.List)) / abs(int(n.Nums[0]))
		default:
			steps += opSteps + len(n.List)/opNumbersPerStep
		}
	}
	return int64(steps)
}

// codedSize returns what c takes for a stream, in bytes; 0 if the search is stopped.
func (t *trial) codedSize(stream []byte, c coder) int64 {
	if t.stopped() {
		return 0
	}
	size := int64(c.bytes(stream))
	t.meter.steps += c.steps*int64(len(stream)) + c.leftSteps*size
	return size
}
