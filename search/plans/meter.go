package plans

import (
	"context"
	"errors"

	"github.com/ktzip/ktzip/dsl"
)

// A meter counts the work of a search, in steps of about a nanosecond. The context is looked
// at before each piece of work.
type meter struct {
	ctx   context.Context
	steps int64
}

// A plan saves less than what the data takes without one. So a search may take leastSteps
// and stepsPerByte for each byte of that; then it tries nothing new, and the best of what it
// tried counts. Searches in real files took 2,000 to 35,000 steps a byte, those in files made
// by short periods up to 2 million (November 2026).
const (
	stepsPerByte = 1 << 17
	leastSteps   = 1 << 27
)

// The steps of each kind of work, per byte: nanoseconds in excerpts of real files on a core of
// an AMD EPYC, rounded (November 2026).
const (
	estimateSteps = 8   // estimate; 5 to 10
	writerSteps   = 24  // the Writer's GZIP; 17 to 20 at level 6
	entropySteps  = 2   // counting bytes for their entropy; about 1
	columnSteps   = 128 // telling the columns of records apart, a byte
	numberSteps   = 16  // trying a predictor of a field, a record
	stepperSteps  = 3   // following a length
	alignedSteps  = 8   // telling how much bytes are alike

	// Executing an operation, and for the numbers of its list; 1.2 for a prediction, 8 for an
	// adaptive one of 16 weights.
	opSteps, opNumbersPerStep   = 1, 8
	lmsSteps, lmsNumbersPerStep = 2, 2
	fieldsSteps                 = 8
)

var errStopped = errors.New("plans: stopped")

// stopped reports whether the context is done.
func (t *trial) stopped() bool { return t.meter.ctx.Err() != nil }

// enough reports whether nothing new may be tried.
func (t *trial) enough() bool { return t.limit > 0 && t.meter.steps >= t.limit || t.stopped() }

// setLimit sets how much more may be tried for data that takes size bytes without a plan.
func (t *trial) setLimit(size int64) { t.limit = t.meter.steps + leastSteps + stepsPerByte*size }

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
			steps += lmsSteps + len(n.List)/lmsNumbersPerStep
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
	t.meter.steps += c.steps * int64(len(stream))
	return int64(c.bytes(stream))
}
