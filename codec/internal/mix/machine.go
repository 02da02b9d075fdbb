package mix

import "context"

// A Machine encodes and decodes members. It keeps its arrays for the next one. The zero Machine
// is ready to use. It is not safe for concurrent use.
type Machine struct {
	p         *Samples
	c         coder
	left      int64 // decisions
	lanes     []lane
	surveys   []survey
	exponents []uint32 // how often floats have each, channel by channel
	channels  []channel

	// The samples under way: at[-reach:] before them.
	numbers []int64 // of a chunk, as they stand in the bytes
	levels  []int32 // reach levels before the chunk, then those of the chunk
	inputs  []int32 // of the ols: the same, scaled
	wrong   []int64 // the same: level - prediction, fractionBits
	gaps    []uint8 // of floats
	reach   int

	tree     tree
	evenNode int // decisions from here on are even
	pairs    []pair
	mixing   mixing
}

const (
	chunkSamples = 4096 // a multiple of 2, as samples may be packed
	fractionBits = 8    // of predictions and errors

	// Decisions on average per sample, and in addition: a bound of the time that a member
	// takes. Noise of 16 bits takes 9 and less, since its low bits are not decisions.
	decisionsPerSample = 20
	freeDecisions      = 4096
)

// Encode appends the member of src to dst, and returns it. The error is ErrParameters,
// ErrLimit, or that of the context.
func (m *Machine) Encode(ctx context.Context, dst, src []byte, p *Samples) ([]byte, error) {
	if err := m.begin(p, len(src)); err != nil {
		return nil, err
	}
	m.survey(src)
	m.c.encode(dst)
	if err := m.run(ctx, src); err != nil {
		return nil, err
	}
	return m.c.flush(), nil
}

// Decode fills dst from its member. The error is ErrParameters, ErrCorrupt or ErrLimit.
func (m *Machine) Decode(dst, member []byte, p *Samples) error {
	if err := m.begin(p, len(dst)); err != nil {
		return err
	}
	m.c.decode(member)
	if err := m.run(context.Background(), dst); err != nil {
		return err
	}
	return m.c.finish()
}

// begin checks the parameters and allocates what size bytes take.
func (m *Machine) begin(p *Samples, size int) error {
	if err := p.Check(); err != nil {
		return err
	}
	makeTables()
	m.p = p
	samples := p.countOf(size)
	m.left = decisionsPerSample*int64(samples) + freeDecisions
	m.lanes = zeros(m.lanes, min(p.Channels, samples))
	m.numbers = sized(m.numbers, chunkSamples)
	m.reach = p.reach()
	m.levels = zeros(m.levels, m.reach+chunkSamples)
	m.inputs = zeros(m.inputs, m.reach+chunkSamples)
	m.wrong = zeros(m.wrong, m.reach+chunkSamples)
	m.gaps = zeros(m.gaps, m.reach+chunkSamples)
	m.evenNode = nodeEven
	if p.Values != 0 {
		m.evenNode = nodeEvenest
	}
	if p.fast() {
		m.pairs = filled(m.pairs, levelClasses*lastClasses*nodes, pair{1 << 15, 1 << 15})
	} else {
		m.mixing.reset(p, samples)
	}
	return nil
}

// survey finds the lanes of src.
func (m *Machine) survey(src []byte) {
	p := m.p
	if p.isFloat() {
		m.surveyExponents(src)
		return
	}
	m.surveys = zeros(m.surveys, len(m.lanes))
	channel := 0
	for left := p.countOf(len(src)); left > 0; left -= chunkSamples {
		list := m.numbers[:min(left, chunkSamples)]
		p.load(list, src)
		src = src[p.bytesOf(len(list)):]
		for _, v := range list {
			m.surveys[channel].add(v)
			if channel++; channel == p.Channels {
				channel = 0
			}
		}
	}
	for i := range m.lanes {
		m.lanes[i] = m.surveys[i].lane()
	}
}

// surveyExponents finds the lanes of floating point numbers.
func (m *Machine) surveyExponents(src []byte) {
	p, size := m.p, 1<<m.p.exponentBits()
	m.exponents = zeros(m.exponents, size*len(m.lanes))
	shift := uint(8*p.Width - 1 - p.exponentBits())
	channel := 0
	for left := p.countOf(len(src)); left > 0; left -= chunkSamples {
		list := m.numbers[:min(left, chunkSamples)]
		p.load(list, src)
		src = src[p.bytesOf(len(list)):]
		for _, v := range list {
			m.exponents[channel*size+int(v>>shift&int64(size-1))]++
			if channel++; channel == p.Channels {
				channel = 0
			}
		}
	}
	for i := range m.lanes {
		m.lanes[i].zero = exponent(m.exponents[i*size:][:size])
	}
}

// run codes b: the lanes, the samples, and the bytes of no whole sample.
func (m *Machine) run(ctx context.Context, b []byte) error {
	p, c := m.p, &m.c
	least, most := p.limits()
	for i := range m.lanes {
		if p.isFloat() {
			l := &m.lanes[i]
			*l = lane{int64(c.number(uint32(l.zero), p.exponentBits())), 1, 1 - 1<<levelBits, 1<<levelBits - 1}
		} else if err := m.lanes[i].code(c, least, most); err != nil {
			return err
		}
	}
	m.channels = grown(m.channels, len(m.lanes))
	for i := range m.channels {
		m.channels[i].reset(p, i, &m.lanes[i])
	}
	turn := 0
	for left := p.countOf(len(b)); left > 0; left -= chunkSamples {
		list := m.numbers[:min(left, chunkSamples)]
		if !c.decoding {
			p.load(list, b)
		}
		turn = m.chunk(list, turn)
		if c.decoding {
			p.store(b, list)
		}
		b = b[p.bytesOf(len(list)):]
		switch {
		case m.left < 0:
			return ErrLimit
		case c.decoding && c.overrun():
			return ErrCorrupt
		case ctx.Err() != nil:
			return ctx.Err()
		}
	}
	for i := range b {
		b[i] = byte(c.number(uint32(b[i]), 8))
	}
	return nil
}

// chunk codes list, whose first sample is one of channel turn, and returns the next one's.
func (m *Machine) chunk(list []int64, turn int) int {
	for i, v := range list {
		h := &m.channels[turn]
		at := m.reach + i
		h.predict(m, at)
		if m.p.isFloat() {
			list[i] = m.float(h, at, v)
			if turn++; turn == len(m.channels) {
				turn = 0
			}
			continue
		}
		level := int64(0)
		if !m.c.decoding {
			level = (v - h.lane.zero) / h.lane.step
		}
		level = m.code(h, at, level)
		h.learn(m, at, level)
		list[i] = level*h.lane.step + h.lane.zero
		if turn++; turn == len(m.channels) {
			turn = 0
		}
	}
	copy(m.levels, m.levels[len(list):][:m.reach])
	copy(m.inputs, m.inputs[len(list):][:m.reach])
	copy(m.wrong, m.wrong[len(list):][:m.reach])
	copy(m.gaps, m.gaps[len(list):][:m.reach])
	return turn
}

// grown returns n elements, of list and new ones.
func grown[T any](list []T, n int) []T {
	list = list[:cap(list)]
	if len(list) < n {
		list = append(list, make([]T, n-len(list))...)
	}
	return list[:n]
}
