//go:build !ktzip_nopredictors

package codec

import (
	"context"
	"fmt"

	"github.com/ktzip/ktzip/codec/internal/texts"
	"github.com/ktzip/ktzip/dsl"
)

// mixtureText is the text of a predictor of any bytes.
type mixtureText struct{ texts.Params }

func (m *mixtureText) decode(d *predicting, dst, member []byte) error {
	machine := d.textsMachine()
	machine.Charge(d.costs)
	return machine.Decode(dst, member, &m.Params)
}

func (m *mixtureText) encode(ctx context.Context, d *predicting, src []byte) ([]byte, int, error) {
	member, err := d.textsMachine().Encode(ctx, nil, src, &m.Params)
	return member, 0, err
}

// textsMachine returns the machine of texts, which takes 0.1 MB and is made when it is needed.
func (d *predicting) textsMachine() *texts.Machine {
	if d.texts == nil {
		d.texts = new(texts.Machine)
	}
	return d.texts
}

// textKinds are the kinds of contexts of the components.
var textKinds = map[dsl.Op]texts.Kind{
	dsl.Order: texts.Order, dsl.Masked: texts.Masked, dsl.Word: texts.Word, dsl.Followed: texts.Followed,
	dsl.Column: texts.Column, dsl.Above: texts.Above, dsl.Nucleotide: texts.Nucleotide, dsl.Opcode: texts.Opcode,
	dsl.Foretold: texts.Foretold, dsl.Repeated: texts.Repeated,
}

// mixtureOf returns what the chain p says: Bytes; contexts and matches in any order; Mixed.
func mixtureOf(p *dsl.Program) (predictorText, error) {
	m := new(mixtureText)
	last := len(p.Nodes) - 1
	for i := 1; i < last; i++ {
		n := &p.Nodes[i]
		if n.Op == dsl.Match {
			m.Matches = append(m.Matches, int(n.Nums[0]))
			continue
		}
		kind, ok := textKinds[n.Op]
		if !ok {
			return nil, errComponents
		}
		c := texts.Context{Kind: kind, A: int(n.Nums[0]), B: int(n.Nums[1])}
		for _, mask := range n.List {
			if mask < 0 || mask > 255 {
				return nil, errComponents
			}
			c.Masks = append(c.Masks, byte(mask))
		}
		m.Contexts = append(m.Contexts, c)
	}
	n := &p.Nodes[last]
	if n.Op != dsl.Mixed || n.Nums[1] < 0 || n.Nums[1] > 1 || len(n.List) != 1 || n.List[0] < 0 {
		return nil, errComponents
	}
	m.Log, m.Shaped, m.Sets = int(n.Nums[0]), n.Nums[1] == 1, uint(n.List[0])
	if err := m.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", dsl.ErrLimit, err)
	}
	return m, nil
}
