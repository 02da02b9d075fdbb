package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// A teacher says which cuts a sequence should have, none if it knows of none, and what the
// program with them costs in bits. It is also given the program of the generator, nil if
// there is none.
type teacher func(p *dsl.Program, sequence []byte) (cuts []rank.Cut, bits float64)

// The values of -cuts.
const (
	cutsSearch  = "search"
	cutsProgram = "program"
)

// teacher returns the teacher of the sequences to learn from.
func (o *options) teacher() (teacher, error) {
	switch {
	case o.expert != "":
		table, err := os.ReadFile(o.expert)
		if err != nil {
			return nil, err
		}
		ranker, err := programs.NewRanker(table)
		if err != nil {
			return nil, fmt.Errorf("train: %s: %w", o.expert, err)
		}
		return searching(&programs.Config{Prior: programs.Uniform, Ranker: ranker}, nil, o.expertSteps), nil
	case o.cuts == cutsProgram:
		return imitating, nil
	}
	return o.usual(), nil
}

// usual returns the teacher of the sequences to test with: the search, after the cuts of the
// generator's program.
func (o *options) usual() teacher {
	return searching(&programs.Config{Prior: programs.Uniform}, hints, o.steps)
}

// searching returns a teacher that searches, a sequence for so many steps on average. It
// tries first what hint says of the generator's program, unless hint is nil. Each program
// that the search finds was executed: the cuts are those of one that makes the sequence.
func searching(cfg *programs.Config, hint func(*dsl.Program) [][]rank.Cut, steps int64) teacher {
	finder := programs.New(cfg)
	return func(p *dsl.Program, sequence []byte) ([]rank.Cut, float64) {
		var first [][]rank.Cut
		if p != nil && hint != nil {
			first = hint(p)
		}
		return finder.Cuts(sequence, first, steps*weight(len(sequence))/meanWeight)
	}
}

// imitating is a teacher that searches nothing: it knows the cuts that undo all interleaves
// with which the output of the generator's program begins. If either strand may get the
// tail, the first one does.
func imitating(p *dsl.Program, _ []byte) (cuts []rank.Cut, bits float64) {
	if p == nil {
		return nil, 0
	}
	for _, h := range hints(p) {
		if len(h) > len(cuts) {
			cuts = h
		}
	}
	return slices.Clone(cuts), p.UniformBits() + 1
}

// A weighing says how much the lessons of a label count.
type weighing func(l *label) float64

// alike lets all labels count the same.
func alike(*label) float64 { return 1 }

// reward lets a label count by the share of its sequence's bits that its program saves: the
// shorter the program, the more.
func reward(l *label) float64 { return max(0, 1-l.Bits/float64(8*len(l.Sequence))) }

// weighing returns how lessons are weighed.
func (o *options) weighing() weighing {
	if o.reward {
		return reward
	}
	return alike
}
