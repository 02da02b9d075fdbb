package mix

import (
	"context"
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// A Machine encodes and decodes members. It keeps its arrays for the next one. The zero Machine
// is ready to use. It is not safe for concurrent use.
type Machine struct {
	p        *Samples
	c        arith.Coder
	samples  int
	left     int64 // decisions
	channels []channel
	numbers  []int64 // a chunk of samples, as they stand in the bytes

	// Of the samples: those within reach before the chunk, then those of the chunk.
	reach, chunk int     // samples
	levels       []int32 // of lanes
	inputs       []int32 // of the ols: levels, scaled
	wrong        []int64 // levels less predictions, fractionBits of fraction
	gaps         []uint8 // 1 for a gap: of floating point numbers

	surveys   []survey
	exponents []uint32 // how often floating point numbers have each, channel by channel

	low, high int64 // where the level under way may be: low <= level < high
	evenNode  int   // decisions from this node on are even
	pairs     []arith.Pair
	pair      int // where the class of the level under way begins in pairs
	mixing    mixing
}

const (
	leastChunk   = 4096 // samples: a multiple of 2, as samples may be packed
	fractionBits = 8    // of predictions and errors

	// Decisions that a member may take in addition, so that short ones may be unlike the rest.
	freeDecisions = 4096
)

// Encode appends the member of src to dst, and returns it. The error is arith.ErrParameters,
// arith.ErrLimit, or that of the context.
func (m *Machine) Encode(ctx context.Context, dst, src []byte, p *Samples) ([]byte, error) {
	if err := m.begin(p, len(src)); err != nil {
		return nil, err
	}
	m.survey(src)
	m.c.Encode(dst)
	if err := m.run(ctx, src); err != nil {
		return nil, err
	}
	return m.c.Flush(), nil
}

// Decode fills dst from its member. The error is arith.ErrParameters, arith.ErrCorrupt or arith.ErrLimit.
func (m *Machine) Decode(dst, member []byte, p *Samples) error {
	if err := m.begin(p, len(dst)); err != nil {
		return err
	}
	m.c.Decode(member)
	if err := m.run(context.Background(), dst); err != nil {
		return err
	}
	return m.c.Finish()
}

// Charge makes Decode charge what each byte costs to list, in 1/16 bit, without the lanes; nil if nobody asks.
func (m *Machine) Charge(list []uint16) { m.c.Charge(list) }

// Decisions returns the least Samples.Decisions with which the last member is coded, or 1.
func (m *Machine) Decisions() int {
	if m.samples == 0 {
		return 1
	}
	n := int64(m.samples)
	used := int64(m.p.Decisions)*n/4 - m.left // without those that are free
	return int(max((4*used+n-1)/n, 1))
}

// begin checks the parameters and allocates what size bytes take.
func (m *Machine) begin(p *Samples, size int) error {
	if err := p.Check(); err != nil {
		return err
	}
	arith.MakeTables()
	m.p = p
	m.samples = p.countOf(size)
	m.left = int64(p.Decisions)*int64(m.samples)/4 + freeDecisions
	m.channels = arith.Grown(m.channels, min(p.Channels, m.samples))
	m.reach, m.chunk = p.reach(), p.chunk()
	m.numbers = arith.Sized(m.numbers, m.chunk)
	m.levels = arith.Zeros(m.levels, m.reach+m.chunk)
	m.inputs = arith.Zeros(m.inputs, m.reach+m.chunk)
	m.wrong = arith.Zeros(m.wrong, m.reach+m.chunk)
	m.gaps = arith.Zeros(m.gaps, m.reach+m.chunk)
	m.evenNode = nodeEven
	if p.Values != 0 {
		m.evenNode = nodeEvenest
	}
	if p.fast() {
		m.pairs = arith.Filled(m.pairs, scaleClasses*lastClasses*nodes, arith.EvenPair)
	} else {
		m.mixing.reset(p, m.samples)
	}
	return nil
}

// cut returns the next chunk of b, where its numbers belong, and what is after it.
func (m *Machine) cut(b []byte) (list []int64, chunk, after []byte) {
	list = m.numbers[:min(m.p.countOf(len(b)), m.chunk)]
	n := m.p.bytesOf(len(list))
	return list, b[:n], b[n:]
}

// survey finds the lanes of src.
func (m *Machine) survey(src []byte) {
	if m.p.isFloat() {
		m.surveyExponents(src)
		return
	}
	m.surveys = arith.Zeros(m.surveys, len(m.channels))
	turn := 0
	for m.p.countOf(len(src)) > 0 {
		list, chunk, after := m.cut(src)
		m.p.load(list, chunk)
		src = after
		for _, v := range list {
			m.surveys[turn].add(v)
			if turn++; turn == len(m.surveys) {
				turn = 0
			}
		}
	}
	for i := range m.channels {
		m.channels[i].lane = m.surveys[i].lane()
	}
}

// surveyExponents finds the exponents of the lanes of floating point numbers.
func (m *Machine) surveyExponents(src []byte) {
	n := m.p.exponentBits()
	size, shift := 1<<n, 8*m.p.Width-1-n
	m.exponents = arith.Zeros(m.exponents, size*len(m.channels))
	turn := 0
	for m.p.countOf(len(src)) > 0 {
		list, chunk, after := m.cut(src)
		m.p.load(list, chunk)
		src = after
		for _, v := range list {
			m.exponents[turn*size+int(v>>shift)&(size-1)]++
			if turn++; turn == len(m.channels) {
				turn = 0
			}
		}
	}
	for i := range m.channels {
		m.channels[i].floats.exponent = exponent(m.exponents[i*size:][:size])
	}
}

// head codes the lanes.
func (m *Machine) head() error {
	p, c := m.p, &m.c
	least, most := p.limits()
	for i := range m.channels {
		h := &m.channels[i]
		if p.isFloat() {
			e := int64(c.Number(uint32(h.floats.exponent), p.exponentBits()))
			h.floats.reset(p, max(e, 1))
			h.lane = lane{step: 1, least: -h.floats.most(), most: h.floats.most()}
		} else if err := h.lane.code(c, least, most); err != nil {
			return err
		}
		h.reset(p, i)
	}
	return nil
}

// run codes b: the lanes, the samples, and the bytes of no whole sample.
func (m *Machine) run(ctx context.Context, b []byte) error {
	if err := m.head(); err != nil {
		return err
	}
	p, c, turn := m.p, &m.c, 0
	c.Charged(0)
	for p.countOf(len(b)) > 0 {
		list, chunk, after := m.cut(b)
		if !c.Decoding() {
			p.load(list, chunk)
		}
		turn = m.walk(list, turn)
		if c.Decoding() {
			p.store(chunk, list)
		}
		b = after
		switch {
		case m.left < 0:
			return arith.ErrLimit
		case c.Decoding() && c.Overrun():
			return arith.ErrCorrupt
		case ctx.Err() != nil:
			return ctx.Err()
		}
	}
	for i := range b {
		if v := byte(c.Number(uint32(b[i]), 8)); c.Decoding() {
			b[i] = v
		}
		c.Charged(1)
	}
	return nil
}

// walk codes the numbers of a chunk, the first of which is one of channel turn, and returns
// whose turn is next. It stops if there are no decisions left.
func (m *Machine) walk(list []int64, turn int) int {
	for i, v := range list {
		if m.left < 0 {
			break
		}
		h := &m.channels[turn]
		h.predict(m, m.reach+i)
		if m.p.isFloat() {
			list[i] = m.float(h, m.reach+i, v)
		} else {
			list[i] = m.whole(h, m.reach+i, v)
		}
		m.c.Charged(m.p.bytesAt(i))
		if turn++; turn == len(m.channels) {
			turn = 0
		}
	}
	copy(m.levels, m.levels[len(list):][:m.reach])
	copy(m.inputs, m.inputs[len(list):][:m.reach])
	copy(m.wrong, m.wrong[len(list):][:m.reach])
	if m.p.isFloat() {
		copy(m.gaps, m.gaps[len(list):][:m.reach])
	}
	return turn
}

// whole codes the whole number v at at, and learns.
func (m *Machine) whole(h *channel, at int, v int64) int64 {
	level := int64(0)
	if !m.c.Decoding() {
		level = (v - h.lane.zero) / h.lane.step
	}
	level = m.code(h, at, level)
	h.learn(m, at, level)
	return h.lane.zero + level*h.lane.step
}

// ceilLog2 returns the logarithm of the least power of 2 that is n or more.
func ceilLog2(n int) int { return bits.Len(uint(n - 1)) }
