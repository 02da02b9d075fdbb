package seqcoder

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
)

// A Searcher looks for programs with a model, alone or beside deduction and enumeration.
// What it finds depends on nothing but the model, the sequence, the steps and its
// configuration. It is safe for concurrent use.
type Searcher struct {
	e     *programs.Finder // nil: the model alone
	price func(p *dsl.Program) float64
	w     *Weights
	wide  int // hypotheses of a beam, at most

	models  atomic.Pointer[models]
	mu      sync.Mutex
	trouble error // of the backend that was given up

	cores           chan struct{} // a token for each goroutine that enumerates
	queued, settled atomic.Int64
}

// models are a model's copies for several goroutines, or one that they share.
type models struct {
	shared *combiner
	pool   sync.Pool
}

func newModels(m *Model) *models {
	if m.backend.Shared() {
		return &models{shared: &combiner{m: m}}
	}
	return &models{pool: sync.Pool{New: func() any { return m.copy() }}}
}

// propose is Model.Propose.
func (l *models) propose(sequences [][]byte, b Beam) ([]*Proposal, error) {
	if l.shared != nil {
		return l.shared.propose(sequences, b)
	}
	m := l.pool.Get().(*Model)
	all, err := m.Propose(sequences, b)
	if err == nil {
		l.pool.Put(m)
	}
	return all, err
}

// New returns a Searcher with the model, beside e where that is not nil, for programs
// that are cheap under the prior.
func New(m *Model, e *programs.Finder, prior programs.Prior) *Searcher {
	s := &Searcher{e: e, w: m.w, wide: maxAlone, price: func(p *dsl.Program) float64 { return p.InitialCost().Bits() }}
	if e != nil {
		s.wide = maxBeam
	}
	s.cores = make(chan struct{}, runtime.GOMAXPROCS(0))
	if prior == programs.Uniform {
		s.price = (*dsl.Program).UniformBits
	}
	s.models.Store(newModels(m))
	return s
}

// NewAlone returns New's Searcher without enumeration, whose beams have at most width
// hypotheses; 0: as many as New's.
func NewAlone(m *Model, prior programs.Prior, width int) *Searcher {
	s := New(m, nil, prior)
	if width > 0 {
		s.wide = width
	}
	return s
}

// Trouble is why the model's backend was given up and the processor taken instead; nil: it
// was not.
func (s *Searcher) Trouble() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// giveUp puts the processor in the place of models that failed, and reports whether there
// are others now.
func (s *Searcher) giveUp(failed *models, err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.models.Load() == failed {
		if s.trouble != nil { // it was the processor
			return false
		}
		s.trouble = err
		s.models.Store(newModels(NewModel(s.w, nil)))
	}
	return true
}

const (
	// A step of the search takes as long as so many floating-point operations of a model on a
	// core. What is faster finds the same, in less time.
	flopsPerStep = 200

	// Beside enumeration a model may take 1/modelShare of the steps, and is left out
	// where that is too little for one hypothesis.
	modelShare = 6

	maxBeam   = 8
	maxAlone  = 32 // without enumeration: 128 take 4 times as long for 1.8 % fewer bits (60 pairs, 2026-11-26)
	proposed  = 96 // tokens that a beam follows: 96 give 0.354, 200 0.352 for 2.5 times as long (60 pairs, 2 s, 2026-11-27)
	expected  = 40 // on average
	together  = 16 // sequences that are read at a time
	leastMade = 2  // elements of a part that is worth going on from
)

// beamSteps are those of reading n elements, and of following one hypothesis from there.
func (s *Searcher) beamSteps(n int) (read, each float64) {
	return s.w.flops(n+1, 0) / flopsPerStep, expected * s.w.flops(1, n+1+expected/2) / flopsPerStep
}

// beam is the widest one for a sequence of n elements within steps; of width 0 where there
// is none.
func (s *Searcher) beam(n int, steps int64, most int) Beam {
	read, each := s.beamSteps(n)
	return Beam{Width: int(min(float64(most), max(0, (float64(steps)-read)/each))), Most: proposed}
}

// Best returns the cheapest program found whose output is sequence, and the steps taken;
// nil where there is none, which beside enumeration is so for sequences of 0 or more than
// programs.MaxBlock elements only.
func (s *Searcher) Best(sequence []byte, steps int64) (best *dsl.Program, used int64) {
	read := sequence[:min(len(sequence), s.w.Context/2)]
	share := steps
	if s.e != nil {
		share = steps / modelShare
	}
	var p *Proposal
	if b := s.beam(len(read), share, s.wide); b.Width > 0 {
		var all []*Proposal
		all, used = s.Propose([][]byte{read}, b)
		if p = all[0]; len(read) < len(sequence) {
			p.goesOn(sequence[len(read):])
		}
		best = s.cheapest(p.Programs...)
	}
	if p != nil && best == nil && p.Made >= leastMade {
		q, more := s.repaired(p, steps-used)
		best, used = q, used+more
	}
	if s.e == nil {
		return best, used
	}
	q, more := s.enumerated(sequence, steps-used)
	return s.cheapest(q, best), used + more
}

// enumerated is what enumeration finds. Calls of many goroutines, of which most wait for a
// backend, take turns: a search keeps much in memory.
func (s *Searcher) enumerated(sequence []byte, steps int64) (*dsl.Program, int64) {
	s.cores <- struct{}{}
	defer func() { <-s.cores }()
	return s.e.Best(sequence, steps)
}

// Propose is Model.Propose, from any goroutine, and counts the steps. Where the model's
// backend fails, the processor takes over.
func (s *Searcher) Propose(sequences [][]byte, b Beam) ([]*Proposal, int64) {
	list := s.models.Load()
	all, err := list.propose(sequences, b)
	if err != nil && s.giveUp(list, err) {
		return s.Propose(sequences, b)
	}
	if err != nil {
		all = make([]*Proposal, len(sequences))
		for i := range all {
			all[i] = &Proposal{}
		}
	}
	work := 0.0
	for _, p := range all {
		work += p.Work
	}
	return all, int64(work / flopsPerStep)
}

// Concurrency returns how many concurrent calls of Find it can use.
func (s *Searcher) Concurrency() int {
	if s.models.Load().shared != nil {
		return leaders() * mostCombined / together
	}
	return 1
}

// repaired is the part of p's sequence that was proposed, and a program for what is left:
// found by enumeration for some of the steps, or by the model, a literal if need be.
func (s *Searcher) repaired(p *Proposal, steps int64) (*dsl.Program, int64) {
	var left *dsl.Program
	var used int64
	if s.e != nil {
		left, used = s.enumerated(p.Left, steps/8)
	} else if left, used = s.Best(p.Left, steps); left == nil {
		left = dsl.Literal(p.Left)
	}
	if left == nil {
		return nil, used
	}
	if p.Second {
		return joined(p.Merge, left, p.Part), used
	}
	return joined(p.Merge, p.Part, left), used
}

// cheapest is the first of the programs of least price; nil: there is none.
func (s *Searcher) cheapest(programs ...*dsl.Program) (best *dsl.Program) {
	least := 0.0
	for _, p := range programs {
		if p == nil || len(p.Nodes) > dsl.MaxNodes {
			continue
		}
		if price := s.price(p); best == nil || price < least {
			best, least = p, price
		}
	}
	return best
}

// Promising implements codec.Finder.
func (s *Searcher) Promising(block []byte) bool { return promising.Promising(block) }

var promising = programs.New(nil)

// Find implements codec.Finder: enumeration first, as far as there is any; then, for a
// quarter of the steps that this took, the model for blocks that are still without a
// program.
func (s *Searcher) Find(ctx context.Context, stream []byte, from, size int, limits []dsl.Cost, steps int64) (found []*dsl.Program, used int64) {
	s.queued.Add(int64(len(limits)))
	defer s.settled.Add(int64(len(limits)))
	if s.e == nil {
		found = make([]*dsl.Program, len(limits))
	} else {
		s.cores <- struct{}{}
		found, used = s.e.Find(ctx, stream, from, size, limits, steps)
		<-s.cores
		steps = used / 4
	}
	base := used
	var open []int
	for i, p := range found {
		if p == nil {
			open = append(open, i)
		}
	}
	if len(open) == 0 {
		return found, used
	}
	slices.SortStableFunc(open, func(i, j int) int { return cmp.Compare(limits[j], limits[i]) }) // the dearest first
	b := s.beam(size, steps/int64(len(open)), maxBeam)
	if b.Width == 0 { // for some of them
		if b = s.beam(size, steps, 1); b.Width == 0 {
			return found, used
		}
		read, each := s.beamSteps(size)
		open = open[:min(len(open), int(float64(steps)/(read+each)))]
	}
	for list := range slices.Chunk(open, together) {
		if ctx.Err() != nil {
			break
		}
		var blocks [][]byte
		for _, i := range list {
			at := from + i*size
			blocks = append(blocks, stream[at:min(at+size, len(stream))])
		}
		all, more := s.Propose(blocks, b)
		used += more
		for k, i := range list {
			p := s.cheapest(all[k].Programs...)
			if p == nil && all[k].Made >= leastMade && used < steps+base {
				q, more := s.repaired(all[k], steps/int64(len(open)))
				p, used = s.cheapest(q), used+more
			}
			if p != nil && p.InitialCost() < limits[i] {
				found[i] = p
			}
		}
	}
	return found, used
}

// Blocks is how many blocks were queued so far, and how many of them are settled.
func (s *Searcher) Blocks() (queued, settled int64) { return s.queued.Load(), s.settled.Load() }
