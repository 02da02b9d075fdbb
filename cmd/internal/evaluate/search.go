package evaluate

import (
	"errors"
	"fmt"
	"time"

	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder"
)

// errNoProgram reports that a search found no program that produces the sequence. That is a
// bug of the search, since a literal always does; only a model alone may find none.
var errNoProgram = errors.New("the search found no program")

// A finder searches for programs.
type finder interface {
	// Best returns the cheapest program of the sequence that it finds in about that many
	// steps, and the steps it used.
	Best(sequence []byte, steps int64) (p *dsl.Program, used int64)
}

// A severalFinder is a finder that also returns other programs of the same search.
type severalFinder interface {
	// Cheapest returns at most so many programs, the cheapest first.
	Cheapest(sequence []byte, steps int64, most int) (list []*dsl.Program, used int64)
}

// maxChoice is among how many programs of a sequence the cheapest is chosen when it is
// written. More than 4 saved nothing on two sets of drawn sequences (November 2026).
const maxChoice = 4

// An Evaluator searches for programs of sequences. Use New. It is safe for concurrent use.
type Evaluator struct {
	opt      Options
	uniform  finder
	adaptive finder // nil for no second search
}

// New returns an Evaluator. It opens the model if the options need one.
func New(opt *Options) (*Evaluator, error) {
	if err := opt.Check(); err != nil {
		return nil, err
	}
	newFinder, err := opt.finders()
	if err != nil {
		return nil, err
	}
	e := &Evaluator{opt: *opt, uniform: newFinder(programs.Uniform)}
	if !opt.NoCoded {
		e.adaptive = newFinder(programs.Adaptive)
	}
	return e, nil
}

// finders returns a function that returns the finder of --search under a prior. The finders
// share one model.
func (o *Options) finders() (func(programs.Prior) finder, error) {
	ranker, err := o.Ranker.ranker()
	if err != nil {
		return nil, fmt.Errorf("--ranker: %w", err)
	}
	enumerator := func(prior programs.Prior) *programs.Finder {
		return programs.New(&programs.Config{Prior: prior, Without: o.Without, Ranker: ranker})
	}
	if o.Search == searchEnumerate {
		return func(prior programs.Prior) finder { return enumerator(prior) }, nil
	}
	m, _, err := model.Open(o.Model, o.Device)
	if err != nil {
		return nil, err
	}
	if o.Search == searchSeqCoder {
		return func(prior programs.Prior) finder { return seqcoder.NewAlone(m, prior, o.Beam) }, nil
	}
	return func(prior programs.Prior) finder { return seqcoder.New(m, enumerator(prior), prior) }, nil
}

// Outcome searches for programs of the sequence of p, one of those of all, under the uniform
// prior and, unless --no-coded is given, under the adaptive one.
func (e *Evaluator) Outcome(p pairs.Pair, all Worth) (*metrics.Outcome, error) {
	steps := e.opt.Budget.Steps(p.Sequence, all)
	o := &metrics.Outcome{Sequence: p.Sequence, Given: p.Program}
	start := time.Now()
	o.Found = find(e.uniform, p.Sequence, steps)
	o.Time = time.Since(start)
	found := []*dsl.Program{o.Found}
	if e.adaptive != nil {
		o.Coded = findSeveral(e.adaptive, p.Sequence, steps)
		found = append(found, o.Coded...)
	}
	for _, q := range found {
		if q == nil && e.opt.Search != searchSeqCoder || q != nil && !produces(q, p.Sequence) {
			return nil, errNoProgram
		}
	}
	if len(o.Coded) == 1 && o.Coded[0] == nil {
		o.Coded = o.Coded[:0]
	}
	return o, nil
}

// find searches for a program of values. It returns a literal if they are too long for the
// search.
func find(e finder, values []byte, steps int64) *dsl.Program {
	if len(values) > programs.MaxBlock {
		return dsl.Literal(values)
	}
	p, _ := e.Best(values, steps)
	return p
}

// findSeveral searches for programs of values like find. It returns more than one if e
// does, and none but nil if there are none.
func findSeveral(e finder, values []byte, steps int64) []*dsl.Program {
	if f, ok := e.(severalFinder); ok && len(values) <= programs.MaxBlock {
		if list, _ := f.Cheapest(values, steps, maxChoice); len(list) > 0 {
			return list
		}
	}
	return []*dsl.Program{find(e, values, steps)}
}
