//go:build !ktzip_nopredictors

package codec

import (
	"context"
	"fmt"

	"github.com/ktzip/ktzip/codec/internal/mix"
	"github.com/ktzip/ktzip/dsl"
)

// samples is the text of a predictor of samples.
type samples struct{ mix.Samples }

func (s *samples) decode(d *predicting, dst, member []byte) error {
	d.samples.Charge(d.costs)
	return d.samples.Decode(dst, member, &s.Samples)
}

func (s *samples) encode(ctx context.Context, d *predicting, src []byte) ([]byte, int, error) {
	member, err := d.samples.Encode(ctx, nil, src, &s.Samples)
	return member, d.samples.Decisions(), err
}

var errElement = fmt.Errorf("%w: samples of a predictor", dsl.ErrCorrupt)

// samplesOf returns what the chain p says: a source, one Fixed if its numbers are floating point, at
// most one OLS, some NLMS, and a code.
func samplesOf(p *dsl.Program) (predictorText, error) {
	s := new(samples)
	for i := range p.Nodes {
		if err := addComponent(&s.Samples, &p.Nodes[i], i == 0, i == len(p.Nodes)-1); err != nil {
			return nil, err
		}
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
