package plans

import (
	"context"
	"errors"

	"github.com/ktzip/ktzip/dsl"
)

// A meter counts the work of a search for plans, in steps of about a nanosecond, and looks
// at the context before each piece of work.
type meter struct {
	ctx   context.Context
	taken int64
}

// A plan saves less than what the data takes without one. So a search may cost leastSteps
// and stepsPerByte for each byte of that; then it tries nothing new, and what it found
// counts. Searches in real files took 2,000 to 35,000 steps a byte, those in files that
// short periods make up to 2 million (November 2026).
const (
	stepsPerByte = 1 << 17
	leastSteps   = 1 << 27

	// What a byte takes, in steps.
	roughSteps = 8  // of roughly
	coderSteps = 24 // of the Writer's GZIP
	countSteps = 2  // of entropy
	fieldSteps = 8  // of cutting records into fields
)

var errStopped = errors.New("plans: stopped")

// stopped reports whether the context is done.
func (t *trial) stopped() bool { return t.meter.ctx.Err() != nil }

// enough reports whether nothing new may be tried.
func (t *trial) enough() bool { return t.until > 0 && t.meter.taken >= t.until || t.stopped() }

// worth sets how much more may be tried for data that takes size bytes without a plan.
func (t *trial) worth(size int64) { t.until = t.meter.taken + leastSteps + stepsPerByte*size }

// split takes b apart by p.
func (t *trial) split(b []byte, p *dsl.Program) ([][]byte, error) {
	if t.stopped() {
		return nil, errStopped
	}
	each := 0
	for i := range p.Nodes {
		n := &p.Nodes[i]
		switch n.Op {
		case dsl.Fields:
			each = fieldSteps // with the nodes before, which make its parts
		case dsl.LMS:
			each += 2 + len(n.List)/2
		default:
			each += 1 + len(n.List)/8
		}
	}
	t.meter.taken += int64(each) * int64(len(b))
	return t.machine.Split(b, p)
}

// coded is about how many bytes GZIP needs for a stream; 0 if the search was stopped.
func (t *trial) coded(stream []byte) int64 {
	if t.stopped() {
		return 0
	}
	if t.rough {
		t.meter.taken += roughSteps * int64(len(stream))
		return int64(roughly(stream))
	}
	t.meter.taken += coderSteps * int64(len(stream))
	return int64(t.cost(stream))
}
