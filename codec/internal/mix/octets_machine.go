package mix

import "context"

// maxBytes is the most bytes that are coded as bytes: places in them have 32 bits.
const maxBytes = 1 << 30

// EncodeBytes appends the member of src to dst, and returns it. The error is ErrParameters,
// ErrLimit, or that of the context.
func (m *Machine) EncodeBytes(ctx context.Context, dst, src []byte, p *Bytes) ([]byte, error) {
	if err := m.beginBytes(p, len(src)); err != nil {
		return nil, err
	}
	m.c.encode(dst)
	if err := m.octets.run(ctx, src); err != nil {
		return nil, err
	}
	return m.c.flush(), nil
}

// DecodeBytes fills dst from its member. The error is ErrParameters, ErrCorrupt or ErrLimit.
func (m *Machine) DecodeBytes(dst, member []byte, p *Bytes) error {
	if err := m.beginBytes(p, len(dst)); err != nil {
		return err
	}
	m.c.decode(member)
	if err := m.octets.run(context.Background(), dst); err != nil {
		return err
	}
	return m.c.finish()
}

// beginBytes checks the parameters and allocates what coding takes.
func (m *Machine) beginBytes(p *Bytes, size int) error {
	if err := p.Check(); err != nil {
		return err
	}
	if size > maxBytes {
		return ErrLimit
	}
	makeTables()
	if m.octets == nil {
		m.octets = new(octets)
	}
	m.octets.reset(p, &m.c)
	return nil
}
