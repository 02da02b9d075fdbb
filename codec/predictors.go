//go:build !ktzip_nopredictors

package codec

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/ktzip/ktzip/codec/internal/arith"
	"github.com/ktzip/ktzip/codec/internal/mix"
	"github.com/ktzip/ktzip/codec/internal/records"
	"github.com/ktzip/ktzip/codec/internal/texts"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// hasPredictors says that this program was built with predictors.
const hasPredictors = true

// A predicting codes groups by predictors. It is used by one goroutine at a time.
type predicting struct {
	samples mix.Machine
	records records.Machine
	texts   *texts.Machine // nil until it is needed
	costs   []uint16       // to which decode charges what each byte costs, in 1/16 bit; nil if nobody asks
}

// A predictorText is what a predictor says, within its limits.
type predictorText interface {
	// Memory returns how many bytes of memory coding takes.
	Memory() int64
	// Rate returns about how many bytes a second are coded.
	Rate() int64
	// decode fills dst from its member; the error is one of package arith.
	decode(d *predicting, dst, member []byte) error
	// encode returns the member of src, and how many quarters of a decision a sample takes in it; 0 if
	// the text states none.
	encode(ctx context.Context, d *predicting, src []byte) (member []byte, decisions int, err error)
}

// textsOf makes the texts of predictors of each source. The error is dsl.ErrCorrupt or dsl.ErrLimit.
var textsOf = map[dsl.Op]func(p *dsl.Program) (predictorText, error){
	dsl.Signed:   samplesOf,
	dsl.Unsigned: samplesOf,
	dsl.Floating: samplesOf,
	dsl.IBM:      samplesOf,
	dsl.Packed12: samplesOf,
	dsl.Framed:   recordsOf,
	dsl.Bytes:    mixtureOf,
}

var errComponents = fmt.Errorf("%w: components of a predictor in another order", dsl.ErrCorrupt)

// maxTable is how many bytes of contexts a predictor may have for each byte that it codes, beyond
// freeTable: so that to clear them takes less time than to code. Arbitrary.
const maxTable, freeTable = 1 << 10, 1 << 16

// textOf returns what the predictor p of n bytes says, which must be a chain of components from a source
// on (container/FORMAT.md, section 12).
func textOf(p *dsl.Program, n int) (predictorText, error) {
	if p.Out != len(p.Nodes)-1 || len(p.Nodes) < 2 {
		return nil, errComponents
	}
	for i := range p.Nodes {
		if n := &p.Nodes[i]; n.Op.Lists() != min(i, 1) || i > 0 && n.Refs[0] != i-1 {
			return nil, errComponents
		}
	}
	of := textsOf[p.Nodes[0].Op]
	if of == nil {
		return nil, errComponents
	}
	if end := &p.Nodes[p.Out]; end.Op == dsl.Mixed {
		if log := end.Nums[0]; log < 0 || log > container.MaxPredictorLog || 1<<log > max(freeTable, maxTable*int64(n)) {
			return nil, fmt.Errorf("%w: 2^%d bytes of contexts of %d bytes", dsl.ErrLimit, log, n)
		}
	}
	return of(p)
}

// decode fills dst with the group that member codes by the predictor p, which may take so many bytes of
// memory.
func (d *predicting) decode(dst, member []byte, p *dsl.Program, memory int64) error {
	t, err := textOf(p, len(dst))
	if err != nil {
		return err
	}
	if t.Memory() > memory {
		return fmt.Errorf("%w: memory of a predictor", dsl.ErrLimit)
	}
	switch err := t.decode(d, dst, member); {
	case errors.Is(err, arith.ErrLimit):
		return fmt.Errorf("%w: %w", dsl.ErrLimit, err)
	case err != nil:
		return fmt.Errorf("%w: %w", errMember, err)
	}
	return nil
}

// encode returns the member of src by the predictor p, and p as it is written: with the decisions that
// the member takes. The error says why there is none.
func (d *predicting) encode(ctx context.Context, src []byte, p *dsl.Program) (member []byte, stated *dsl.Program, err error) {
	stated = withDecisions(p, mix.MaxDecisions)
	t, err := textOf(stated, len(src))
	if err != nil {
		return nil, nil, err
	}
	member, decisions, err := t.encode(ctx, d, src)
	if err != nil {
		return nil, nil, err
	}
	return member, withDecisions(p, decisions), nil
}

// costOf returns what restoring n bytes by p takes, if p states its decisions; else at most. The error
// says that p is no predictor.
func costOf(p *dsl.Program, n int) (predictorCost, error) {
	t, err := textOf(p, n)
	if err != nil {
		return predictorCost{memory: math.MaxInt64}, err
	}
	return predictorCost{t.Memory(), int64(n) * 1_000_000_000 / max(t.Rate(), 1)}, nil
}
