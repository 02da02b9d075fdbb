package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/benchmark"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
)

var evaluateCommand = command{
	name: "evaluate", about: "take the KoLMogorov Test on the sequences of files, as kteval does",
	usage: "[OPTION]... --input PATTERN... --output DIR",
	start: func(f *pflag.FlagSet) runner {
		v := &evaluateRunner{}
		inputFlag(f, &v.patterns)
		f.StringVar(&v.Output, "output", "", "write the outcomes of each file and report.json into `DIR`")
		f.BoolVar(&v.Score, "score", false, "score the programs in the files instead of searching")
		f.BoolVar(&v.json, "json", false, "print a JSON object")
		f.IntVar(&v.Limit, "limit", 0, "take the first `N` sequences of each file; 0 for all")
		f.IntVar(&v.Length, "length", 128, "cut files other than .jsonl into sequences of `N` bytes")
		modeFlags(f, &v.Mode)
		v.Options.Flags(f)
		return v
	},
}

// An evaluateRunner runs the command evaluate.
type evaluateRunner struct {
	benchmark.Test
	patterns []string
	json     bool
}

func (v *evaluateRunner) run(ctx context.Context, e *env, operands []string) error {
	v.patterns = append(v.patterns, operands...)
	switch {
	case len(v.patterns) == 0:
		return errNoInput
	case v.Output == "":
		return errNoOutput
	}
	if err := v.Check(); err != nil {
		return err
	}
	v.Workers, v.Name = e.Workers, strings.Join(v.patterns, " ")
	return e.within(ctx, v.Output, keyOf("evaluate"), func() error {
		if err := v.weigh(ctx, e); err != nil {
			return err
		}
		if err := v.Begin(ctx); err != nil {
			return err
		}
		results, err := job.Run(ctx, "evaluate", &e.Options, func(s beam.Scope) (beam.PCollection, error) {
			return benchmark.Evaluate(s, &v.Test, v.patterns), nil
		})
		if err != nil {
			return err
		}
		e.shards(results, "outcomes")
		return v.print(ctx, e)
	})
}

// errNoSequences reports that no file has a sequence.
var errNoSequences = errors.New("no sequences")

// weigh sets v.Worth, unless there is no search.
func (v *evaluateRunner) weigh(ctx context.Context, e *env) error {
	if v.Score {
		return nil
	}
	results, err := job.Run(ctx, "weigh", &e.Options, func(s beam.Scope) (beam.PCollection, error) {
		return benchmark.Weigh(s, &v.Test, v.patterns), nil
	})
	if err != nil {
		return err
	}
	v.Worth, err = benchmark.WorthOf(results)
	if err == nil && v.Worth.Sequences == 0 {
		for _, r := range results {
			if r.Error != "" {
				e.warn(r.Path, r.Error)
			}
		}
		err = errNoSequences
	}
	return err
}

// print prints the metrics as kteval does.
func (v *evaluateRunner) print(ctx context.Context, e *env) error {
	m, err := v.Report(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("the report: %w", err)
	case m.Sequences == 0:
		return errNoSequences
	case v.json:
		return json.NewEncoder(e.stdout).Encode(m)
	}
	return m.Print(e.stdout)
}
