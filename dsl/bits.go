package dsl

import "math"

// A section is the coded programs of a segment: its plan, then for each block
// of its streams a flag and, where the flag says so, a program. Its coder and
// its prior start afresh in each segment.
type section struct {
	walk  walk
	prior prior
	flags uint32 // the last two flags
}

// flag codes whether the next block is a program (1) or raw (0).
func (s *section) flag(c coder, b uint32) uint32 {
	b = c.bit(atFlags+int(s.flags), b)
	s.flags = s.flags<<1&3 | b
	return b
}

// An Encoder writes a section. Use NewEncoder.
type Encoder struct {
	section
	w    writer
	cost coster
}

// NewEncoder returns an Encoder in the initial state of the edition.
func NewEncoder() *Encoder {
	e := new(Encoder)
	e.Reset()
	return e
}

// Reset takes e back to its initial state; bytes that it returned stay valid.
func (e *Encoder) Reset() {
	e.prior = *initialPrior
	e.flags = 0
	e.w = writer{prior: &e.prior, high: 1<<32 - 1}
	e.cost.prior = &e.prior
	e.walk = walk{c: &e.w}
}

// Plan writes the plan, once, before the blocks.
func (e *Encoder) Plan(p *Program) { e.write(p, Plan) }

// A Group is a number of streams in a row that are coded as one.
type Group struct {
	Streams int
	Member  int // length of the group's GZIP member in bytes
}

// Groups writes the groups of all streams of a plan other than the identity, after
// it.
func (e *Encoder) Groups(groups []Group) { e.groups(&e.w, groups) }

// groups codes which streams start a group and how long the members are but that
// of the last group.
func (s *section) groups(c coder, groups []Group) {
	for k, g := range groups {
		for i := range g.Streams {
			if k+i > 0 {
				c.flat(b2u(i == 0))
			}
		}
	}
	for _, g := range groups[:len(groups)-1] {
		s.walk.integer(atMember, int64(g.Member))
	}
}

func b2u(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// Raw notes that the next block is raw.
func (e *Encoder) Raw() { e.flag(&e.w, 0) }

// Program notes that the next block is the output of p, which must be
// canonical and cost less than Unwritable: it panics else.
func (e *Encoder) Program(p *Program) {
	e.flag(&e.w, 1)
	e.write(p, Block)
}

// RawCost is what Raw would write now.
func (e *Encoder) RawCost() Cost { return e.prior[atFlags+int(e.flags)].cost(0) }

// Unwritable is more than any program that can be written costs.
const Unwritable Cost = 1 << 56

// ProgramCost is what Program would write now; Unwritable, where p has more
// nodes than MaxNodes or an operation that is not for blocks.
func (e *Encoder) ProgramCost(p *Program) Cost {
	flag := e.prior[atFlags+int(e.flags)].cost(1)
	err := e.put(&e.cost, p, Block)
	cost := e.cost.rollback()
	if err != nil {
		return Unwritable
	}
	return flag + cost
}

// put walks p; the error says that it has no bit form.
func (e *Encoder) put(c coder, p *Program, role Role) error {
	e.walk.c, e.walk.p, e.walk.role = c, p, role
	e.walk.program()
	err := e.walk.err
	e.walk.c, e.walk.err = &e.w, nil
	return err
}

func (e *Encoder) write(p *Program, role Role) {
	if err := e.put(&e.w, p, role); err != nil {
		panic(err)
	}
}

// Price does what Program does or, if p is nil, Raw, but writes nothing, and returns
// what the block costs: for a section of which only that is asked.
func (e *Encoder) Price(p *Program) Cost {
	c := coster{prior: &e.prior, keep: true}
	if p == nil {
		e.flag(&c, 0)
		return c.sum
	}
	e.flag(&c, 1)
	if err := e.put(&c, p, Block); err != nil {
		panic(err)
	}
	return c.sum
}

// Finish returns the section's bytes. Only Reset may follow.
func (e *Encoder) Finish() []byte {
	e.w.finish()
	return e.w.out
}

// A Decoder reads a section. Use NewDecoder.
type Decoder struct {
	section
	r reader
	p Program
}

// NewDecoder returns a Decoder of the section b.
func NewDecoder(b []byte) *Decoder {
	d := new(Decoder)
	d.Reset(b)
	return d
}

// Reset makes d read the section b from its start.
func (d *Decoder) Reset(b []byte) {
	d.prior = *initialPrior
	d.flags = 0
	d.r = reader{prior: &d.prior, in: b}
	d.r.start()
	d.walk = walk{c: &d.r, src: &d.r, reading: true, p: &d.p, lists: d.walk.lists}
}

// Plan reads the plan, once, before the blocks. The error is ErrCorrupt or
// ErrLimit.
func (d *Decoder) Plan() (*Program, error) { return d.get(Plan, Budget{math.MaxInt64, MaxPlanList}, 0) }

// Groups reads the groups of streams streams; the members are at most longest
// bytes together, what the last one has is what is left of that. The error is
// ErrCorrupt, and stays.
func (d *Decoder) Groups(streams, longest int) ([]Group, error) {
	groups := []Group{{Streams: 1}}
	for range streams - 1 {
		if d.r.flat(0) == 1 {
			groups = append(groups, Group{})
		}
		groups[len(groups)-1].Streams++
		if !d.walk.ok() {
			return nil, d.walk.err
		}
	}
	for k := range groups {
		n := int64(longest)
		if k < len(groups)-1 {
			n = d.walk.integer(atMember, 0)
		}
		if !d.walk.ok() {
			return nil, d.walk.err
		}
		if n < 0 || n > int64(longest) {
			d.walk.fail(errMembers)
			return nil, d.walk.err
		}
		longest -= int(n)
		groups[k].Member = int(n)
	}
	return groups, nil
}

// Raw reads flags up to and with the last of the next blocks that are raw, at
// most n, and returns how many they are. Where they are fewer than n, Next
// reads a program, or says what is wrong.
func (d *Decoder) Raw(n int) (raw int) {
	for ; raw < n && d.walk.err == nil; raw++ {
		m := &d.prior[atFlags+int(d.flags)]
		mid := split(d.r.low, d.r.high, m.p)
		if d.r.x <= mid {
			break // the flag is 1, and not read yet
		}
		d.r.low = mid + 1
		for (d.r.low^d.r.high)>>24 == 0 {
			d.r.shift()
		}
		if !d.walk.ok() {
			break
		}
		m.update(0)
		d.flags = d.flags << 1 & 3
	}
	return raw
}

// Next reads the next block's program, or nil where it is raw. Its literals are within
// b.Elements together, and reading it takes no more than b.Steps (Program.ReadSteps): it
// is refused before it is read whole. It may refer to earlier lists of earlier programs
// (Machine.Earlier). The program is valid until the next call. The error is ErrCorrupt or
// ErrLimit, and stays.
func (d *Decoder) Next(b Budget, earlier int) (*Program, error) {
	if d.walk.err != nil {
		return nil, d.walk.err
	}
	if d.flag(&d.r, 0) == 0 {
		if !d.walk.ok() {
			return nil, d.walk.err
		}
		return nil, nil
	}
	return d.get(Block, b, earlier)
}

func (d *Decoder) get(role Role, b Budget, earlier int) (*Program, error) {
	d.walk.role, d.walk.elements, d.walk.steps, d.walk.earlier = role, b.Elements, b.Steps, earlier
	d.walk.lists = d.walk.lists[:0]
	d.p.Nodes = d.p.Nodes[:0]
	d.walk.program()
	if !d.walk.ok() {
		return nil, d.walk.err
	}
	return &d.p, nil
}

// Close checks that all bytes of the section were read.
func (d *Decoder) Close() error {
	if d.walk.err == nil && d.r.pos < len(d.r.in) {
		d.walk.fail(errTrailing)
	}
	return d.walk.err
}
