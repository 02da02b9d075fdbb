package records

import (
	"context"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// maxBytes is the most bytes that a member has: places in them have 32 bits.
const maxBytes = 1 << 30

// Encode appends the member of src to dst, and returns it. The error is arith.ErrParameters,
// arith.ErrLimit, or that of the context.
func (m *Machine) Encode(ctx context.Context, dst, src []byte, p *Params) ([]byte, error) {
	if err := m.begin(p, len(src)); err != nil {
		return nil, err
	}
	m.c.Encode(dst)
	if err := m.run(ctx, src); err != nil {
		return nil, err
	}
	return m.c.Flush(), nil
}

// Decode fills dst from its member. The error is arith.ErrParameters, arith.ErrCorrupt or
// arith.ErrLimit.
func (m *Machine) Decode(dst, member []byte, p *Params) error {
	if err := m.begin(p, len(dst)); err != nil {
		return err
	}
	m.c.Decode(member)
	if err := m.run(context.Background(), dst); err != nil {
		return err
	}
	return m.c.Finish()
}

// Charge makes Decode charge what each byte costs to list, in 1/16 bit; nil if nobody asks.
func (m *Machine) Charge(list []uint16) { m.c.Charge(list) }

// begin checks the parameters and allocates what coding takes.
func (m *Machine) begin(p *Params, size int) error {
	if err := p.Check(); err != nil {
		return err
	}
	if size > maxBytes {
		return arith.ErrLimit
	}
	arith.MakeTables()
	m.reset(p)
	return nil
}
