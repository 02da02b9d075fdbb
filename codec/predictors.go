//go:build !ktzip_nopredictors

package codec

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/ktzip/ktzip/codec/internal/arith"
	"github.com/ktzip/ktzip/codec/internal/mix"
	"github.com/ktzip/ktzip/dsl"
)

// hasPredictors says that this program was built with predictors.
const hasPredictors = true

// A predicting codes groups by predictors. It is used by one goroutine at a time.
type predicting struct{ machine mix.Machine }

// decode fills dst with the group that member codes by the predictor p, which may take so many bytes of
// memory.
func (d *predicting) decode(dst, member []byte, p *dsl.Program, memory int64) error {
	s, err := samplesOf(p)
	if err != nil {
		return err
	}
	if s.Memory() > memory {
		return fmt.Errorf("%w: memory of a predictor", dsl.ErrLimit)
	}
	switch err := d.machine.Decode(dst, member, s); {
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
	s, err := samplesOf(stated)
	if err != nil {
		return nil, nil, err
	}
	if member, err = d.machine.Encode(ctx, nil, src, s); err != nil {
		return nil, nil, err
	}
	return member, withDecisions(p, d.machine.Decisions()), nil
}

// costOf returns what restoring n bytes by p takes, if p states its decisions; else at most. The error
// says that p is no predictor.
func costOf(p *dsl.Program, n int) (predictorCost, error) {
	s, err := samplesOf(p)
	if err != nil {
		return predictorCost{memory: math.MaxInt64}, err
	}
	return predictorCost{s.Memory(), int64(n) * 1_000_000_000 / max(s.Rate(), 1)}, nil
}

var (
	errComponents = fmt.Errorf("%w: components of a predictor in another order", dsl.ErrCorrupt)
	errElement    = fmt.Errorf("%w: samples of a predictor", dsl.ErrCorrupt)
)

// samplesOf returns what the predictor p says, which must be a source, one Fixed if its numbers are
// floating point, at most one OLS, some NLMS, and a code (container/FORMAT.md, section 12).
func samplesOf(p *dsl.Program) (*mix.Samples, error) {
	s := new(mix.Samples)
	for i := range p.Nodes {
		n := &p.Nodes[i]
		if i > 0 && (n.Op.Lists() != 1 || n.Refs[0] != i-1) {
			return nil, errComponents
		}
		if err := addComponent(s, n, i == 0, i == len(p.Nodes)-1); err != nil {
			return nil, err
		}
	}
	if p.Out != len(p.Nodes)-1 || len(p.Nodes) < 2 {
		return nil, errComponents
	}
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", dsl.ErrLimit, err)
	}
	return s, nil
}

// addComponent adds what n says to s. A source must be the first component, and a code the last.
func addComponent(s *mix.Samples, n *dsl.Node, first, last bool) error {
	switch n.Op {
	case dsl.Fixed:
		if first || last || s.Precision != 0 || s.OLS.Every != 0 || len(s.NLMS) > 0 || n.Nums[0] == 0 {
			return errComponents
		}
		s.Precision = int(n.Nums[0])
	case dsl.OLS:
		if first || last || s.OLS.Every != 0 || len(s.NLMS) > 0 || len(n.List) != 3 || n.Nums[1] == 0 {
			return errComponents
		}
		s.OLS = mix.OLS{
			Fade: int(n.Nums[0]), Every: int(n.Nums[1]),
			Own: int(n.List[0]), Other: int(n.List[1]), Rings: int(n.List[2]),
		}
	case dsl.NLMS:
		if first || last {
			return errComponents
		}
		s.NLMS = append(s.NLMS, mix.NLMS{Taps: int(n.Nums[0]), Shift: int(n.Nums[1])})
	case dsl.Code:
		if !last || n.Nums[0] < 0 || n.Nums[1] < 0 || n.Nums[2] < 0 {
			return errComponents
		}
		s.Contexts, s.Values, s.Decisions = uint(n.Nums[0]), uint(n.Nums[1]), int(n.Nums[2])
	default:
		if !first {
			return errComponents
		}
		return setSource(s, n)
	}
	return nil
}

// sourceKinds are the kinds of samples of the sources.
var sourceKinds = map[dsl.Op]mix.Kind{dsl.Signed: mix.Signed, dsl.Unsigned: mix.Unsigned, dsl.Floating: mix.Float, dsl.IBM: mix.FloatIBM}

// packings are the packings of samples of 12 bits, by the first number of the source.
var packings = map[int32]struct {
	packing   mix.Packing
	bigEndian bool
}{1: {mix.PackedRun, false}, -1: {mix.PackedRun, true}, 2: {mix.Packed212, false}}

// setSource sets s to the samples of the source n.
func setSource(s *mix.Samples, n *dsl.Node) error {
	s.Channels, s.Row = int(n.Nums[1]), int(n.Nums[2])
	if n.Op == dsl.Packed12 {
		p, ok := packings[n.Nums[0]]
		if !ok {
			return errElement
		}
		s.Kind, s.Packing, s.BigEndian = mix.Signed, p.packing, p.bigEndian
		return nil
	}
	e := int64(n.Nums[0])
	s.Kind, s.BigEndian, s.Width = sourceKinds[n.Op], e < 0, int(max(e, -e))
	return nil
}
