package seqcoder

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// A Searcher finds programs with a model, alone or along with enumeration. What it finds depends
// only on the weights, the sequence, the steps and the configuration, apart from rounding,
// which differs between backends. It implements codec.ConcurrentFinder and is safe for concurrent
// use.
type Searcher struct {
	finder  *programs.Finder // nil if the model is alone
	price   func(p *dsl.Program) float64
	weights *model.Weights
	width   int // of beams, at most

	models  atomic.Pointer[models]
	mu      sync.Mutex
	trouble error // why the backend was replaced, nil if it was not

	enumerating     chan struct{} // has a token for each goroutine that enumerates
	queued, settled atomic.Int64  // blocks
}

// New returns a Searcher with model m, alone if finder is nil. The cheapest programs under prior
// win. New panics if the model's tokens are not this package's.
func New(m *model.Model, finder *programs.Finder, prior programs.Prior) *Searcher {
	w := m.Weights()
	if w.Vocabulary != Vocabulary {
		panic(fmt.Sprintf("seqcoder: a model of %d tokens, want %d", w.Vocabulary, Vocabulary))
	}
	s := &Searcher{finder: finder, weights: w, width: maxWidthAlone}
	if finder != nil {
		s.width = maxWidth
	}
	s.price = func(p *dsl.Program) float64 { return p.InitialCost().Bits() }
	if prior == programs.Uniform {
		s.price = (*dsl.Program).UniformBits
	}
	s.enumerating = make(chan struct{}, runtime.GOMAXPROCS(0))
	s.models.Store(newModels(m))
	return s
}

// NewAlone returns a Searcher without enumeration whose beams have at most width hypotheses;
// if width is 0, New's default.
func NewAlone(m *model.Model, prior programs.Prior, width int) *Searcher {
	s := New(m, nil, prior)
	if width > 0 {
		s.width = width
	}
	return s
}

// models is a model for several goroutines: a pool of copies, or a combiner if the model is
// shared.
type models struct {
	shared *combiner // nil if there is a pool
	pool   sync.Pool // of *model.Model
}

func newModels(m *model.Model) *models {
	if m.Shared() {
		return &models{shared: &combiner{m: m}}
	}
	return &models{pool: sync.Pool{New: func() any { return m.Copy() }}}
}

// propose is Propose with one of the models.
func (l *models) propose(sequences [][]byte, b Beam) ([]*Proposal, error) {
	if l.shared != nil {
		return l.shared.propose(sequences, b)
	}
	m := l.pool.Get().(*model.Model)
	all, err := Propose(m, sequences, b)
	if err == nil {
		l.pool.Put(m)
	}
	return all, err
}

// Trouble returns why the model's backend failed and the processor replaced it; nil if it did
// not fail.
func (s *Searcher) Trouble() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// replace replaces models that failed by models on the processor. It reports whether there is
// something to try again with.
func (s *Searcher) replace(failed *models, err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.models.Load() == failed {
		if s.trouble != nil { // it was the processor that failed
			return false
		}
		s.trouble = err
		s.models.Store(newModels(model.New(s.weights, nil)))
	}
	return true
}

const (
	// flopsPerStep is the number of floating-point operations of a model that count as a step of
	// the search. kteval takes 200 million steps for a second, in which a core does 40 to 55 GFLOP
	// of a model (AMD EPYC, 2026-11-26). The number is the same for all devices, so that a faster
	// one finds the same programs, sooner.
	flopsPerStep = 200

	// Of the steps for a sequence, 1/modelShare are for the model if there is enumeration too. It
	// matters little: rate 0.3029 for 3, 0.3031 for 6, 0.3037 for 12 (60 pairs, 300 ms,
	// 2026-11-27).
	modelShare = 6
	// Of the steps left for a sequence, 1/remainderShare are for enumerating the remainder of a
	// Partial. Arbitrary: 4, 8 and 16 find the same (60 pairs, 300 ms, 2026-11-27).
	remainderShare = 8
	// For the blocks of a stream the model gets 1/streamShare of the steps that enumeration took:
	// of the first 60,000 bytes of kt/synthetic.bin 19,091 are left for 2, 19,087 for 4, 19,198
	// for 8, in 3.5, 3.0 and 2.8 s (2026-11-27).
	streamShare = 4

	maxWidth      = 8  // hypotheses, along with enumeration; arbitrary
	maxWidthAlone = 32 // hypotheses; 128 take 4 times as long for 1.8 % fewer bits (60 pairs, 2026-11-26)
	maxTokens     = 96 // of a program; rate 0.354, with 200 tokens 0.352 in 2.5 times as long (60 pairs, 2 s, 2026-11-27)
	meanTokens    = 40 // of a program, expected when steps are shared out; arbitrary
	sequencesRead = 16 // that are read and followed together; arbitrary
	minElements   = 2  // of a Partial that is worth completing; arbitrary
)

// beamSteps returns the steps for reading a sequence of n elements, and for each hypothesis
// that is followed from there.
func (s *Searcher) beamSteps(n int) (read, each float64) {
	read = s.weights.Flops(n+1, 0) / flopsPerStep
	each = meanTokens * s.weights.Flops(1, n+1+meanTokens/2) / flopsPerStep
	return read, each
}

// beam returns the widest Beam up to width for a sequence of n elements within steps; its
// Width is 0 if the steps do not suffice for one hypothesis.
func (s *Searcher) beam(n int, steps int64, width int) Beam {
	read, each := s.beamSteps(n)
	affordable := max(0, (float64(steps)-read)/each)
	return Beam{Width: int(min(float64(width), affordable)), MaxTokens: maxTokens}
}

// Best returns the cheapest program found whose output is sequence, and the steps taken. The
// program is nil if none was found; with enumeration that happens only if the sequence is
// empty or has more than programs.MaxBlock elements.
func (s *Searcher) Best(sequence []byte, steps int64) (best *dsl.Program, used int64) {
	if s.finder == nil {
		return s.alone(sequence, steps)
	}
	best, used = s.byModel(sequence, steps/modelShare, steps)
	p, more := s.enumerate(sequence, steps-used)
	return s.cheapest(p, best), used + more
}

// byModel returns the cheapest program that the model finds: within share steps, or by
// completing a Partial within what is left of steps.
func (s *Searcher) byModel(sequence []byte, share, steps int64) (best *dsl.Program, used int64) {
	read := sequence[:min(len(sequence), s.weights.Context/2)] // the other half is for the program
	b := s.beam(len(read), share, s.width)
	if b.Width == 0 {
		return nil, 0
	}
	p, used := s.proposeFrom(read, sequence[len(read):], b)
	if best = s.cheapest(p.Programs...); best == nil && p.Partial.Elements >= minElements {
		var more int64
		best, more = s.complete(&p.Partial, steps-used)
		used += more
	}
	return best, used
}

// proposeFrom proposes programs of the beginning of a sequence, whose rest the Partials leave.
func (s *Searcher) proposeFrom(beginning, rest []byte, b Beam) (p *Proposal, used int64) {
	all, used := s.Propose([][]byte{beginning}, b)
	if p = all[0]; len(rest) > 0 {
		p.extend(rest)
	}
	return p, used
}

// complete returns a program for the sequence of a Partial. The remainder is enumerated; if the
// model is alone, the model searches it, and it becomes a literal if nothing is found.
func (s *Searcher) complete(q *Partial, steps int64) (p *dsl.Program, used int64) {
	var remainder *dsl.Program
	if s.finder != nil {
		remainder, used = s.enumerate(q.Remainder, steps/remainderShare)
	} else if remainder, used = s.Best(q.Remainder, steps); remainder == nil {
		remainder = dsl.Literal(q.Remainder)
	}
	if remainder == nil {
		return nil, used
	}
	return q.complete(remainder), used
}

// enumerate returns what enumeration finds. At most GOMAXPROCS goroutines enumerate at a time,
// since that takes much memory; of many goroutines most wait for a backend.
func (s *Searcher) enumerate(sequence []byte, steps int64) (*dsl.Program, int64) {
	s.enumerating <- struct{}{}
	defer func() { <-s.enumerating }()
	return s.finder.Best(sequence, steps)
}

// Propose calls the function Propose with the Searcher's model and returns the steps as well.
// If the model's backend fails, the processor replaces it; if that fails too, the Proposals
// are empty.
func (s *Searcher) Propose(sequences [][]byte, b Beam) ([]*Proposal, int64) {
	list := s.models.Load()
	all, err := list.propose(sequences, b)
	if err != nil && s.replace(list, err) {
		return s.Propose(sequences, b)
	}
	if err != nil {
		all = make([]*Proposal, len(sequences))
		for i := range all {
			all[i] = &Proposal{}
		}
	}
	flops := 0.0
	for _, p := range all {
		flops += p.Flops
	}
	return all, int64(flops / flopsPerStep)
}

// Concurrency implements codec.ConcurrentFinder: a shared model has work for maxLeaders batches.
func (s *Searcher) Concurrency() int {
	if s.models.Load().shared != nil {
		return maxLeaders() * maxCombined / sequencesRead
	}
	return 1
}

// cheapest returns the first program of the lowest price among those that can be written; nil
// if there is none. Programs may be nil.
func (s *Searcher) cheapest(programs ...*dsl.Program) (best *dsl.Program) {
	lowest := 0.0
	for _, p := range programs {
		if p == nil || len(p.Nodes) > dsl.MaxNodes {
			continue
		}
		if price := s.price(p); best == nil || price < lowest {
			best, lowest = p, price
		}
	}
	return best
}
