package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search"
)

// errNoProgram reports that a search found nothing: a fault of it, since every
// sequence has a program, its literal.
var errNoProgram = errors.New("the search found no program")

// evaluate searches for programs of the sequences, twice: under the uniform prior
// and, where coded is set, under the adaptive one. It calls done after each search.
func evaluate(ctx context.Context, sequences []sequence, opt *options, done func()) (*outcome, error) {
	n := len(sequences)
	o := &outcome{sequences: sequences, programs: make([]*dsl.Program, n), times: make([]time.Duration, n)}
	uniform := search.New(&search.Config{Prior: search.Uniform, Without: opt.without})
	steps := opt.budget.share(sequences)
	err := each(ctx, n, opt.threads, func(i int) error {
		start := time.Now()
		p := find(uniform, sequences[i].values, steps[i])
		o.times[i] = time.Since(start)
		done()
		if o.programs[i] = p; p == nil || !makes(p, sequences[i].values) {
			return errNoProgram
		}
		return nil
	})
	if err != nil || opt.noCoded {
		return o, err
	}
	o.coded = make([]*dsl.Program, n)
	adaptive := search.New(&search.Config{Prior: search.Adaptive, Without: opt.without})
	return o, each(ctx, n, opt.threads, func(i int) error {
		p := find(adaptive, sequences[i].values, steps[i])
		done()
		if o.coded[i] = p; p == nil || !makes(p, sequences[i].values) {
			return errNoProgram
		}
		return nil
	})
}

// find searches for a program of values; those that are too long for that are a
// literal.
func find(e *search.Enumerator, values []byte, steps int64) *dsl.Program {
	if len(values) > search.MaxBlock {
		literal := dsl.Node{Op: dsl.SetList}
		for _, v := range values {
			literal.List = append(literal.List, int32(v))
		}
		return &dsl.Program{Nodes: []dsl.Node{literal}}
	}
	p, _ := e.Best(values, steps)
	return p
}

// score takes the programs that the file gives as those found.
func score(sequences []sequence) *outcome {
	o := &outcome{sequences: slices.Clone(sequences), programs: make([]*dsl.Program, len(sequences))}
	for i := range o.sequences {
		s := &o.sequences[i]
		if s.program != nil && makes(s.program, s.values) {
			o.programs[i] = s.program
		}
		s.program = nil // nothing to compare with
	}
	return o
}

// makes executes p and reports whether its output is values.
func makes(p *dsl.Program, values []byte) bool {
	var m dsl.Machine
	out := make([]byte, len(values))
	_, err := m.Bytes(out, p, dsl.Budget{Steps: 1 << 28, Elements: 1 << 22})
	return err == nil && slices.Equal(out, values)
}

// each calls f for 0..n-1 in threads goroutines, until one fails.
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
