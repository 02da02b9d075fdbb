//go:build !ktzip_nopredictors

package codec

import (
	"context"
	"fmt"

	"github.com/ktzip/ktzip/codec/internal/records"
	"github.com/ktzip/ktzip/dsl"
)

// recordText is the text of a predictor of records.
type recordText struct{ records.Params }

func (r *recordText) decode(d *predicting, dst, member []byte) error {
	d.records.Charge(d.costs)
	return d.records.Decode(dst, member, &r.Params)
}

func (r *recordText) encode(ctx context.Context, d *predicting, src []byte) ([]byte, int, error) {
	member, err := d.records.Encode(ctx, nil, src, &r.Params)
	return member, 0, err
}

// Places in the list of a Framed: head, at, element, unit, plus, align, the number of keys; then the
// keys, and the types, three numbers each.
const frameNumbers = 7

// recordsOf returns what the chain p says: Framed; at most one of each Contexts, Experts and Match, in
// this order; Mixed.
func recordsOf(p *dsl.Program) (predictorText, error) {
	r := new(recordText)
	if err := setFrame(&r.Frame, &p.Nodes[0]); err != nil {
		return nil, err
	}
	last := dsl.Framed
	for i := range p.Nodes[1:] {
		n := &p.Nodes[1+i]
		if n.Op <= last || n.Nums[0] < 0 {
			return nil, errComponents
		}
		last = n.Op
		switch n.Op {
		case dsl.Contexts:
			r.Contexts = uint(n.Nums[0])
		case dsl.Experts:
			r.Experts = uint(n.Nums[0])
		case dsl.Match:
			r.Match = int(n.Nums[0])
		case dsl.Mixed:
			r.Log = int(n.Nums[0])
			if n.Nums[1] != 0 || len(n.List) != 0 {
				return nil, errComponents
			}
		default:
			return nil, errComponents
		}
	}
	if last != dsl.Mixed {
		return nil, errComponents
	}
	if err := r.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", dsl.ErrLimit, err)
	}
	return r, nil
}

// setFrame sets f to the frame of n.
func setFrame(f *records.Frame, n *dsl.Node) error {
	f.First, f.Length = int(n.Nums[0]), int(n.Nums[1])
	if len(n.List) == 0 {
		return nil
	}
	if len(n.List) < frameNumbers {
		return errComponents
	}
	at := func(k int) int { return int(n.List[k]) }
	f.Head, f.At, f.Element, f.Unit, f.Plus, f.Align = at(0), at(1), at(2), at(3), at(4), at(5)
	keys, types := at(6), n.List[frameNumbers:]
	if keys < 0 || keys > len(types) || (len(types)-keys)%3 != 0 {
		return errComponents
	}
	for _, k := range types[:keys] {
		f.Keys = append(f.Keys, int(k))
	}
	for types = types[keys:]; len(types) > 0; types = types[3:] {
		f.Types = append(f.Types, records.Type{Byte: int(types[0]), Length: int(types[1]), From: int(types[2])})
	}
	return nil
}
