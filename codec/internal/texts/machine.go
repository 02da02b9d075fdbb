package texts

import (
	"context"
	"sync"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// A Machine encodes and decodes members. It keeps its arrays for the next one. The zero Machine
// is ready to use. It is not safe for concurrent use.
type Machine struct {
	c     arith.Coder
	model model
}

const (
	mostSize = 1 << 30 // bytes: places have 32 bits
	chunk    = 4096    // bytes between looks at the context and the end of the member
)

// prepareTables makes the tables that all machines share.
var prepareTables = sync.OnceFunc(func() {
	arith.MakeTables()
	makeHistories()
	makeEntries()
})

// Encode appends the member of src to dst, and returns it. The error is arith.ErrParameters, arith.ErrLimit,
// or that of the context.
func (m *Machine) Encode(ctx context.Context, dst, src []byte, p *Params) ([]byte, error) {
	if err := m.begin(p, src); err != nil {
		return nil, err
	}
	m.c.Encode(dst)
	lengths := even()
	if p.Shaped {
		lengths = huffman(src)
	}
	if err := m.run(ctx, src, &lengths); err != nil {
		return nil, err
	}
	return m.c.Flush(), nil
}

// Decode fills dst from its member. The error is arith.ErrParameters, arith.ErrCorrupt or arith.ErrLimit.
func (m *Machine) Decode(dst, member []byte, p *Params) error {
	if err := m.begin(p, dst); err != nil {
		return err
	}
	m.c.Decode(member)
	lengths := even()
	if err := m.run(context.Background(), dst, &lengths); err != nil {
		return err
	}
	return m.c.Finish()
}

// Charge makes Decode charge what each byte costs to list, in 1/16 bit, without the code's lengths; nil if
// nobody asks.
func (m *Machine) Charge(list []uint16) { m.c.Charge(list) }

// begin checks the parameters and allocates what they take.
func (m *Machine) begin(p *Params, b []byte) error {
	if err := p.Check(); err != nil {
		return err
	}
	if len(b) > mostSize {
		return arith.ErrLimit
	}
	prepareTables()
	m.model.reset(p, &m.c, b)
	return nil
}

// run codes the lengths of the code, if decisions are shaped, and the bytes.
func (m *Machine) run(ctx context.Context, b []byte, lengths *[256]uint8) error {
	if m.model.p.Shaped {
		codeLengths(&m.c, lengths)
	}
	if !m.model.tree.reset(lengths) {
		return arith.ErrCorrupt
	}
	return m.model.run(ctx, b)
}

// codeLengths codes the lengths of a code: numbers of 4 bits by pairs that know if the one
// before was 0.
func codeLengths(c *arith.Coder, lengths *[256]uint8) {
	pairs := arith.Filled[arith.Pair](nil, 2*16, arith.EvenPair)
	used := 0
	for v, n := range lengths {
		node := 1
		for k := 3; k >= 0; k-- {
			node = node<<1 | pairs[16*used+node].Code(c, int(n>>k&1))
		}
		lengths[v] = uint8(node & 15)
		used = min(node&15, 1)
	}
}
