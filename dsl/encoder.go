package dsl

// A section is the coded programs of a segment: its plan, then for each block of its
// streams a flag and, if the flag is 1, a program. Its coder and its prior start afresh in
// each segment.
type section struct {
	walk    walk
	prior   prior
	touched touched
	flags   uint32 // the last two flags
}

// reset takes the state of s to the initial one of the edition.
func (s *section) reset(edition Edition) {
	if s.walk.edition == edition {
		s.prior.reset(&s.touched, initialPriors[edition])
	} else {
		s.prior, s.touched = *initialPriors[edition], touched{}
	}
	s.flags = 0
}

// flag codes whether the next block has a program (1) or is raw (0).
func (s *section) flag(c coder, b uint32) uint32 {
	b = c.bit(atFlags+int(s.flags), b)
	s.addFlag(b)
	return b
}

func (s *section) addFlag(b uint32) { s.flags = s.flags<<1&3 | b }

// A Group is a run of consecutive streams that are coded as one.
type Group struct {
	Streams   int
	Member    int      // length of the group's member in bytes
	Predictor *Program // by which the member is coded; nil if it is coded by deflate
}

// groups codes which streams begin a group, then the length of every member but the last.
func (s *section) groups(c coder, groups []Group) {
	for k, g := range groups {
		for i := range g.Streams {
			switch {
			case k+i == 0: // the first stream always does
			case i == 0:
				c.flat(1)
			default:
				c.flat(0)
			}
		}
	}
	for _, g := range groups[:len(groups)-1] {
		s.walk.integer(atMember, int64(g.Member))
	}
}

// An Encoder writes a section: Plan, Groups unless the plan is the identity, then Raw or
// Program for each block, then Finish. Use NewEncoder. It is not safe for concurrent use.
type Encoder struct {
	section
	w    writer
	cost coster
}

// NewEncoder returns an Encoder in the initial state of the edition.
func NewEncoder(edition Edition) *Encoder {
	e := new(Encoder)
	e.Reset(edition)
	return e
}

// Reset takes e to the initial state of the edition. Bytes that it returned stay valid.
func (e *Encoder) Reset(edition Edition) {
	e.reset(edition)
	e.w = writer{prior: &e.prior, touched: &e.touched, high: 1<<32 - 1}
	e.cost.prior, e.cost.touched = &e.prior, &e.touched
	e.walk = walk{c: &e.w, edition: edition, near: e.walk.near}
}

// Plan writes the plan, once, before anything else. It panics if p has no bit form.
func (e *Encoder) Plan(p *Program) { e.write(p, Plan) }

// Groups writes the groups of all streams of a plan, after it, but for their predictors.
func (e *Encoder) Groups(groups []Group) { e.groups(&e.w, groups) }

// Predictors writes whether each group has a predictor, and which, after the groups or, under the
// identity, the plan: in files whose header states predictors. It panics if one has no bit form.
func (e *Encoder) Predictors(groups []Group) {
	for _, g := range groups {
		if g.Predictor == nil {
			e.w.bit(atCoder, 0)
			continue
		}
		e.w.bit(atCoder, 1)
		e.write(g.Predictor, Predictor)
	}
}

// Raw writes that the next block is raw.
func (e *Encoder) Raw() { e.flag(&e.w, 0) }

// Program writes the program of the next block. p must be canonical. Program panics if p
// has no bit form: if ProgramCost is Unwritable.
func (e *Encoder) Program(p *Program) {
	e.flag(&e.w, 1)
	e.write(p, Block)
}

// RawCost returns the cost of Raw in the current state.
func (e *Encoder) RawCost() Cost { return e.prior[atFlags+int(e.flags)].cost(0) }

// Unwritable is the cost of a program without a bit form. It is above the cost of any other
// program, which has at most MaxNodes nodes.
const Unwritable Cost = 1 << 56

// ProgramCost returns the cost of Program(p) in the current state, or Unwritable if p has
// more than MaxNodes nodes or an operation that is not for blocks. It does not change e.
func (e *Encoder) ProgramCost(p *Program) Cost {
	flag := e.prior[atFlags+int(e.flags)].cost(1)
	err := e.walkProgram(&e.cost, p, Block)
	cost := e.cost.rollback()
	if err != nil {
		return Unwritable
	}
	return flag + cost
}

// Price changes the state of e as Program(p) does, or as Raw if p is nil, but writes
// nothing. It returns what the block costs. Use it for sections of which only that matters.
func (e *Encoder) Price(p *Program) Cost {
	c := coster{prior: &e.prior, touched: &e.touched, keep: true}
	if p == nil {
		e.flag(&c, 0)
		return c.sum
	}
	e.flag(&c, 1)
	if err := e.walkProgram(&c, p, Block); err != nil {
		panic(err)
	}
	return c.sum
}

// Finish returns the bytes of the section. Only Reset may follow.
func (e *Encoder) Finish() []byte {
	e.w.finish()
	return e.w.out
}

// walkProgram codes p by c. The error says why p has no bit form.
func (e *Encoder) walkProgram(c coder, p *Program, role Role) error {
	e.walk.c, e.walk.p, e.walk.role = c, p, role
	e.walk.program()
	err := e.walk.err
	e.walk.c, e.walk.err = &e.w, nil
	return err
}

func (e *Encoder) write(p *Program, role Role) {
	if err := e.walkProgram(&e.w, p, role); err != nil {
		panic(err)
	}
}
