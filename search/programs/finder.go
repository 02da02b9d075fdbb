package programs

import (
	"fmt"
	"slices"
	"sync"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// A Prior says what programs cost.
type Prior int

// The priors.
const (
	Adaptive Prior = iota // the prior of files, in the edition's initial state
	Uniform               // the benchmark's prior
)

// Config says how to search. The zero Config is the default.
type Config struct {
	Level   int      // how much Find does: 1..9, or 0 for 6
	Prior   Prior    // for Best; with Find, use Adaptive
	Without []string // names of Rules not to use
	Ranker  *Ranker  // that orders cuts; nil for the built-in one
}

// A Finder finds programs. It is safe for concurrent use. Make one with New.
type Finder struct {
	level   level
	uniform bool
	prices  []*prices // of the uniform prior: for 3, 6, 9, … lines of a program
	without ruleSet
	ranker  *Ranker   // nil for the built-in one
	pool    sync.Pool // of *scratch

	attempts []attempt // of Best; Find makes the first one
}

// A ruleSet is a set of rules: bits of leaves from 0 on, of relations from
// relationBit on, and those of noRules.
type ruleSet uint64

const (
	relationBit   = 16
	rowsBit       = 60
	refinerBit    = 61
	rankerBit     = 62
	interleaveBit = 63
)

// noRules are what can be turned off and is neither in leaves nor in relations.
var noRules = [...]struct {
	name string
	bit  int
}{{"interleave", interleaveBit}, {"ranker", rankerBit}, {"refiner", refinerBit}, {"rows", rowsBit}}

func (r ruleSet) has(bit int) bool { return r>>bit&1 != 0 }

// Rules returns the names of the rules that can be turned off, and "ranker", the network
// that orders the cuts of a line, "refiner", which makes programs cheaper, and "rows", the
// sources of several pieces in a row.
func Rules() []string {
	var names []string
	for _, o := range noRules {
		names = append(names, o.name)
	}
	for r := leafLiteral + 1; r < len(leaves); r++ {
		names = append(names, leaves[r].name)
	}
	for r := range relations {
		names = append(names, relations[r].name)
	}
	return names
}

// bitOf returns the bit of the rule called name. It panics if no rule is.
func bitOf(name string) int {
	for _, o := range noRules {
		if o.name == name {
			return o.bit
		}
	}
	for r := leafLiteral + 1; r < len(leaves); r++ {
		if leaves[r].name == name {
			return r
		}
	}
	for r := range relations {
		if relations[r].name == name {
			return relationBit + r
		}
	}
	panic(fmt.Sprintf("programs: no rule is called %q", name))
}

// New returns a Finder. A nil cfg is the zero Config. New panics if cfg.Without
// holds an unknown name.
func New(cfg *Config) *Finder {
	if cfg == nil {
		cfg = new(Config)
	}
	f := &Finder{level: levels[6], uniform: cfg.Prior == Uniform, ranker: cfg.Ranker}
	if cfg.Level != 0 {
		f.level = levels[min(max(cfg.Level, 1), 9)]
	}
	for _, name := range cfg.Without {
		f.without |= 1 << bitOf(name)
	}
	if f.uniform {
		f.prices = uniformTables()
		f.attempts = attemptsWith(uniformGuides, adaptiveGuides, uniformSteep)
	} else {
		f.prices = []*prices{adaptiveTable()}
		usual := func() []*prices { return uniformGuides()[usualTable : usualTable+1] }
		f.attempts = attemptsWith(adaptiveGuides, usual, adaptiveSteep)
	}
	f.pool.New = func() any { return new(scratch) }
	return f
}

var (
	adaptiveTable  = sync.OnceValue(adaptivePrices)
	adaptiveGuides = sync.OnceValue(func() []*prices { return guidesOf([]*prices{adaptiveTable()}, surcharge) })
	adaptiveSteep  = sync.OnceValue(func() []*prices { return guidesOf([]*prices{adaptiveTable()}, steepSurcharge) })
	uniformTables  = sync.OnceValue(func() (tables []*prices) {
		for k := range 12 {
			tables = append(tables, uniformPrices(3+linesApart*k))
		}
		return tables
	})
	uniformGuides = sync.OnceValue(func() []*prices { return guidesOf(uniformTables(), surcharge) })
	uniformSteep  = sync.OnceValue(func() []*prices { return guidesOf(uniformTables(), steepSurcharge) })
)

// guidesOf returns the guides of tables.
func guidesOf(tables []*prices, surcharge int32) (guides []*prices) {
	for _, t := range tables {
		guides = append(guides, t.guide(surcharge))
	}
	return guides
}

// linesApart is the difference in lines between one table of uniform prices and
// the next (arbitrary).
const linesApart = 3

// Best returns the cheapest program found whose output is sequence, and the number
// of steps used: about steps at most, but always enough for a first program. It
// returns nil if sequence is empty or longer than MaxBlock. The result depends only
// on the sequence, the steps and the configuration.
func (f *Finder) Best(sequence []byte, steps int64) (p *dsl.Program, used int64) {
	found, used := f.search(sequence, steps, 0)
	return found.program, used
}

// search is Best, which also keeps as many of the cheapest programs as most says.
func (f *Finder) search(sequence []byte, steps int64, most int) (cheapest best, used int64) {
	if len(sequence) == 0 || len(sequence) > MaxBlock {
		return best{}, 0
	}
	s := f.pool.Get().(*scratch)
	defer f.pool.Put(s)
	kept := candidates{most: most}
	left, alone := steps, firstSteps*Worth(sequence)
	for k := range f.attempts {
		share := f.attemptShare(k, left, alone)
		if k > 0 && share < leastShare {
			break
		}
		b, used := s.tryAttempt(f, sequence, k, share, &kept)
		left -= used
		if k == 0 || b.beats(&cheapest) {
			cheapest = b
		}
	}
	return cheapest, steps - left
}

// tryAttempt makes attempt k, and returns what it found and the steps used. It adds the
// programs to kept.
func (s *scratch) tryAttempt(f *Finder, sequence []byte, k int, steps int64, kept *candidates) (found best, used int64) {
	s.begin(f, sequence, steps, window{attempt: k})
	found = best{sequence: sequence, uniform: f.uniform, budget: executable, builder: &s.builder, kept: kept}
	if !f.without.has(refinerBit) {
		s.refiner.rows = !f.without.has(rowsBit)
		found.refiner = &s.refiner
	}
	s.run(&found)
	return found, steps - s.steps
}

// An attempt is a way to search a sequence. Pieces and relations that fit by chance hide
// a wrong cut, but seldom from all attempts.
type attempt struct {
	name       string
	guides     func() []*prices // like Finder.prices
	bitsPerNat int32            // see bitsPerNat
	without    ruleSet          // not used but to solve the best state in the end
}

// guide returns the guide for the exact prices of the table, or the last one if the prior
// has fewer.
func (a *attempt) guide(table int) *prices {
	guides := a.guides()
	return guides[min(table, len(guides)-1)]
}

// attemptsWith returns the attempts, given the guides of the prior, those of the other
// prior, and those with the steep surcharge. In 900 drawn sequences, whose programs took
// 177,684 bits after 120 ms, 40 ms of the second attempt saved 575 bits, of the third 182
// more, of the fourth about 90 more; the programs drawn would save 2,008. Attempts with a
// surcharge of 1, a splitAgain of 1 to 3, near at 60 or without the ranker saved at most
// 28 alone on a part where the second saved 346 (November 2026).
func attemptsWith(own, other, steep func() []*prices) []attempt {
	noSlices := ruleSet(1) << bitOf("relation-slice")
	return []attempt{
		{name: "first", guides: own, bitsPerNat: bitsPerNat},
		{name: "other prior", guides: other, bitsPerNat: bitsPerNat},
		{name: "steep", guides: steep, bitsPerNat: steepBitsPerNat},
		{name: "no slices", guides: own, bitsPerNat: bitsPerNat, without: noSlices},
	}
}

const (
	// firstSteps are for the first attempt alone, by Worth: 30 ms for the mean of drawn
	// sequences. Until then it gains more than others would (November 2026).
	firstSteps = 8000
	// steepBitsPerNat is the bitsPerNat of the third attempt: with 12, it saves 153 bits
	// alone, with 4, 233 (same sequences).
	steepBitsPerNat = 4
	// leastShare is the share of an attempt that is worth it (arbitrary: 0.5 ms).
	leastShare = 100_000
	// usualTable is the uniform table that stands for the other prior: 15 lines
	// (arbitrary).
	usualTable = 4
)

// attemptShare returns the share of attempt k in the steps that are left: alone and
// half of what is beyond for the first, the same for each of the others.
func (f *Finder) attemptShare(k int, left, alone int64) int64 {
	if k == 0 {
		return left - max(0, left-alone)/2
	}
	return left / int64(len(f.attempts)-k)
}

// A best keeps the cheapest program of a sequence.
type best struct {
	sequence []byte
	uniform  bool
	budget   dsl.Budget // of its execution
	builder  *builder
	machine  dsl.Machine
	out      []byte
	refiner  *refiner    // nil to leave programs as they are
	kept     *candidates // nil to keep the cheapest alone

	program *dsl.Program // nil if there is none yet
	cost    float64      // bits
	text    string       // of program, or "" if not needed yet
}

// beats reports whether b holds a better program than c: a cheaper one or, of two with the
// same cost, that whose text sorts first.
func (b *best) beats(c *best) bool {
	if b.program == nil || c.program == nil {
		return b.program != nil
	}
	return b.cost < c.cost || b.cost == c.cost && b.program.String() < c.program.String()
}

// take implements taker. Of two programs with the same cost, it keeps the one whose
// text sorts first.
func (b *best) take(sol *solution) (bits float64) {
	if b.program != nil && float64(sol.cost)/256 > b.cost+far {
		return b.cost
	}
	p, cost := b.priced(b.builder.program(sol))
	refined := p
	if b.refiner != nil && (b.program == nil || cost < b.cost) {
		refined = b.refiner.refine(sol.meter, p, b.bits)
	}
	if !b.offer(b.priced(refined)) && refined != p {
		b.offer(p, cost)
	}
	if b.program == nil {
		return noProgram
	}
	return b.cost
}

// offer keeps p if it is better than what b holds. It reports false if p cannot be kept
// because it does not make the sequence or has too many nodes.
func (b *best) offer(p *dsl.Program, cost float64) bool {
	if len(p.Nodes) > dsl.MaxNodes {
		return false
	}
	if b.kept != nil {
		b.kept.add(p, cost)
	}
	if b.program != nil && cost > b.cost {
		return true
	}
	text := ""
	if b.program != nil && cost == b.cost {
		if text = p.String(); b.text == "" {
			b.text = b.program.String()
		}
		if text >= b.text {
			return true
		}
	}
	b.out = grow(b.out, len(b.sequence))
	if _, err := b.machine.Bytes(b.out, p, b.budget); err != nil || !slices.Equal(b.out, b.sequence) {
		return false
	}
	b.program, b.cost, b.text = p, cost, text
	return true
}

// far is by how many bits the estimate of a solution may be above what its program
// costs (arbitrary; it is some 10 bits below as a rule).
const far = 100

// priced returns p, in the order of lines that is the cheapest, and what it costs in bits.
func (b *best) priced(p *dsl.Program) (q *dsl.Program, cost float64) {
	if !b.uniform {
		return p, p.InitialCost().Bits()
	}
	p = &dsl.Program{Nodes: slices.Clone(p.Nodes), Out: p.Out}
	replaceDoubles(p)
	p = reorder(p)
	return p, p.UniformBits() + 1
}

// bits returns what p costs.
func (b *best) bits(p *dsl.Program) float64 {
	_, cost := b.priced(p)
	return cost
}

// executable is a budget that programs of a sequence stay below by far.
var executable = dsl.Budget{Steps: 1 << 30, Elements: 1 << 22}

// Cuts searches for sequence as Best does, but tries the cuts of hints first. It returns
// those of the best state found, outermost first, and what the best program costs in bits.
// Package rank/train learns from them.
func (f *Finder) Cuts(sequence []byte, hints [][]rank.Cut, steps int64) (cuts []rank.Cut, bits float64) {
	s := f.pool.Get().(*scratch)
	defer f.pool.Put(s)
	s.begin(f, sequence, steps, window{})
	b := best{sequence: sequence, uniform: f.uniform, budget: executable, builder: &s.builder}
	for _, h := range hints {
		s.follow(&b, s.roots[0], statesOf(h))
	}
	s.run(&b)
	for st := s.best; st != nil && st.parent != nil; st = st.parent {
		cuts = append(cuts, st.shown())
	}
	slices.Reverse(cuts)
	return cuts, b.cost
}

// lessonSteps is enough for a state (arbitrary).
const lessonSteps = 10_000_000

// Lessons returns what the ranker is shown of the states on the way to that with the
// cuts. Package rank/train learns from them.
func (f *Finder) Lessons(sequence []byte, cuts []rank.Cut) (lessons []rank.Lesson) {
	s := f.pool.Get().(*scratch)
	defer f.pool.Put(s)
	s.begin(f, sequence, lessonSteps, window{})
	b := best{sequence: sequence, uniform: f.uniform, budget: executable, builder: &s.builder}
	st := s.roots[0]
	for _, next := range statesOf(cuts) {
		s.steps = lessonSteps
		s.improve(st, &b)
		k := slices.IndexFunc(st.slots, func(p slot) bool { return p.first })
		if 2*int(next.pairs) > len(st.slots[k].line.v) {
			break
		}
		s.expand(st, k, &s.solution, s.lowest+hopeless<<8)
		if l := (rank.Lesson{State: *s.seen(st, k)}); len(l.Kids) > 0 {
			l.Line, l.Kids = slices.Clone(l.Line), slices.Clone(l.Kids)
			l.Right = slices.IndexFunc(l.Kids, func(k rank.Kid) bool { return k.Cut == next.shown() })
			lessons = append(lessons, l)
		}
		st = s.make(st, kid{cut: next.cut, which: int32(k)})
	}
	return lessons
}
