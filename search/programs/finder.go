package programs

import (
	"fmt"
	"slices"
	"sync"

	"github.com/ktzip/ktzip/dsl"
)

// A Prior says what programs cost.
type Prior int

// The priors.
const (
	Adaptive Prior = iota // that of files, in the initial state of the edition
	Uniform               // the benchmark's
)

// Config says how to search. The zero Config is the default.
type Config struct {
	Level   int      // of Programs: 1..9; 0 is 6
	Prior   Prior    // of Best; Programs takes Adaptive
	Without []string // rules not to use, of Rules
}

// An Finder finds programs. It is safe for concurrent use. Use New.
type Finder struct {
	level   int
	uniform bool
	prices  []*prices // of the uniform prior, by the lines of a program
	without uint64    // bits of rules
	pool    sync.Pool // of *scratch
}

// interleaveBit stands for undoing interleaves among the rules; relations have
// the bits from relationBit on, leaves those below.
const (
	relationBit   = 16
	interleaveBit = 63
	interleave    = "interleave"
)

// Rules are the names of the rules that can be turned off.
func Rules() []string {
	names := []string{interleave}
	for r := ruleLiteral + 1; r < len(leaves); r++ {
		names = append(names, leaves[r].name)
	}
	for r := range relations {
		names = append(names, relations[r].name)
	}
	return names
}

// New returns an Finder; nil is the zero Config. It panics where a rule has
// no such name.
func New(cfg *Config) *Finder {
	if cfg == nil {
		cfg = new(Config)
	}
	e := &Finder{level: 6, uniform: cfg.Prior == Uniform}
	if cfg.Level != 0 {
		e.level = min(max(cfg.Level, 1), 9)
	}
	for _, name := range cfg.Without {
		bit := -1
		for r := range leaves {
			if leaves[r].name == name && r != ruleLiteral {
				bit = r
			}
		}
		for r := range relations {
			if relations[r].name == name {
				bit = relationBit + r
			}
		}
		if name == interleave {
			bit = interleaveBit
		}
		if bit < 0 {
			panic(fmt.Sprintf("programs: no rule is called %q", name))
		}
		e.without |= 1 << bit
	}
	if e.uniform {
		e.prices = uniformTables()
	} else {
		e.prices = []*prices{adaptiveTable()}
	}
	e.pool.New = func() any { return new(scratch) }
	return e
}

var (
	adaptiveTable = sync.OnceValue(adaptivePrices)
	uniformTables = sync.OnceValue(func() (tables []*prices) {
		for k := range 12 {
			tables = append(tables, uniformPrices(3+linesApart*k))
		}
		return tables
	})
)

// linesApart is the difference in lines between one table of uniform prices and
// the next.
const linesApart = 3

// Best returns the cheapest program found whose output is sequence, and the steps
// taken: about steps at most, but at least the first program is finished.
// Sequences have 1..MaxBlock elements; of others nothing is found. It does not
// depend on anything but the sequence, the steps and the configuration.
func (e *Finder) Best(sequence []byte, steps int64) (p *dsl.Program, used int64) {
	if len(sequence) == 0 || len(sequence) > MaxBlock {
		return nil, 0
	}
	s := e.pool.Get().(*scratch)
	defer e.pool.Put(s)
	s.begin(e, sequence, nil, steps, 0)
	b := best{sequence: sequence, uniform: e.uniform, budget: executable}
	s.run(&b)
	return b.program, steps - s.steps
}

// A best keeps the cheapest program of a sequence.
type best struct {
	sequence []byte
	uniform  bool
	budget   dsl.Budget // of its execution
	program  *dsl.Program
	cost     float64 // bits
	text     string  // of program
	out      []byte
	machine  dsl.Machine
}

// take implements taker.
func (b *best) take(s *scratch, st *state, sol *solution) float64 {
	p := s.program(st, sol)
	cost := 0.0
	if b.uniform {
		doubled(p)
		p = ordered(p)
		cost = p.UniformBits() + 1
	} else {
		cost = p.InitialCost().Bits()
	}
	if len(p.Nodes) > dsl.MaxNodes || b.program != nil && cost > b.cost {
		return b.cost
	}
	text := ""
	if b.program != nil && cost == b.cost {
		if text = p.String(); b.text == "" {
			b.text = b.program.String()
		}
		if text >= b.text {
			return b.cost
		}
	}
	b.out = grow(b.out, len(b.sequence))
	if _, err := b.machine.Bytes(b.out, p, b.budget); err == nil && slices.Equal(b.out, b.sequence) {
		b.program, b.cost, b.text = p, cost, text
	}
	return b.cost
}

// executable is more than a program of a sequence takes.
var executable = dsl.Budget{Steps: 1 << 30, Elements: 1 << 22}
