package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/ktzip/ktzip/cmd/internal/model"
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

// finders returns a function that returns the finder of --search under a prior. The finders
// share one model.
func (opt *options) finders() (func(programs.Prior) finder, error) {
	enumerator := func(prior programs.Prior) *programs.Finder {
		return programs.New(&programs.Config{Prior: prior, Without: opt.without})
	}
	if opt.search == searchEnumerate {
		return func(prior programs.Prior) finder { return enumerator(prior) }, nil
	}
	m, _, err := model.Open(opt.model, opt.device)
	if err != nil {
		return nil, err
	}
	if opt.search == searchSeqCoder {
		return func(prior programs.Prior) finder { return seqcoder.NewAlone(m, prior, opt.beam) }, nil
	}
	return func(prior programs.Prior) finder { return seqcoder.New(m, enumerator(prior), prior) }, nil
}

// evaluate searches for programs of the sequences under the uniform prior and, unless
// --no-coded is given, under the adaptive one. It calls done after each search.
func evaluate(ctx context.Context, sequences []sequence, opt *options, done func()) (*outcome, error) {
	n := len(sequences)
	o := &outcome{sequences: sequences, programs: make([]*dsl.Program, n), times: make([]time.Duration, n)}
	finders, err := opt.finders()
	if err != nil {
		return nil, err
	}
	uniform := finders(programs.Uniform)
	steps := opt.budget.share(sequences)
	err = each(ctx, n, opt.threads, func(i int) error {
		start := time.Now()
		p := find(uniform, sequences[i].values, steps[i])
		o.times[i] = time.Since(start)
		done()
		o.programs[i] = p
		return opt.check(p, sequences[i].values)
	})
	if err != nil || opt.noCoded {
		return o, err
	}
	o.coded = make([][]*dsl.Program, n)
	adaptive := finders(programs.Adaptive)
	return o, each(ctx, n, opt.threads, func(i int) error {
		list := findSeveral(adaptive, sequences[i].values, steps[i])
		done()
		o.coded[i] = list
		for _, p := range list {
			if err := opt.check(p, sequences[i].values); err != nil {
				return err
			}
		}
		return nil
	})
}

// check returns errNoProgram if p does not produce values, although it must.
func (opt *options) check(p *dsl.Program, values []byte) error {
	if p == nil && opt.search == searchSeqCoder || p != nil && produces(p, values) {
		return nil
	}
	return errNoProgram
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

// score returns the programs in the file as those found. A wrong one counts as none.
func score(sequences []sequence) *outcome {
	o := &outcome{sequences: slices.Clone(sequences), programs: make([]*dsl.Program, len(sequences))}
	for i := range o.sequences {
		s := &o.sequences[i]
		if s.program != nil && produces(s.program, s.values) {
			o.programs[i] = s.program
		}
		s.program = nil // leave nothing to compare with
	}
	return o
}

// scoreBudget bounds the execution of a program that anyone may have written. The values are
// arbitrary: a program of the test takes some thousands of steps.
var scoreBudget = dsl.Budget{Steps: 1 << 28, Elements: 1 << 22}

// produces executes p and reports whether its output is values.
func produces(p *dsl.Program, values []byte) bool {
	var m dsl.Machine
	out := make([]byte, len(values))
	_, err := m.Bytes(out, p, scoreBudget)
	return err == nil && slices.Equal(out, values)
}

// each calls f with 0 to n-1 in threads goroutines, until a call fails or ctx is done.
func each(ctx context.Context, n, threads int, f func(i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	next := make(chan int)
	for range threads {
		wg.Go(func() {
			for i := range next {
				if err := f(i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		next <- i
	}
	close(next)
	wg.Wait()
	return context.Cause(ctx)
}
