package main

import (
	"context"
	"io"
	"iter"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/ktzip/ktzip/cmd/internal/evaluate"
	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/cmd/internal/tool"
)

// search searches for programs of the sequences in the files, and prints the metrics.
func (opt *options) search(ctx context.Context, stdout, stderr io.Writer) error {
	e, err := evaluate.New(&opt.Options)
	if err != nil {
		return err
	}
	return opt.each(func(name string, in iter.Seq2[pairs.Pair, error]) error {
		found, err := opt.outcomes(ctx, e, name, in, stderr)
		if err != nil {
			return err
		}
		return opt.report(name, found, nil, stdout)
	})
}

// outcomes searches for the outcome of each pair, in their order. It holds all pairs, since they
// share a budget. It shows a progress bar if stderr is a terminal.
func (opt *options) outcomes(ctx context.Context, e *evaluate.Evaluator, name string, in iter.Seq2[pairs.Pair, error], stderr io.Writer) (iter.Seq2[*metrics.Outcome, error], error) {
	var held []pairs.Pair
	var all evaluate.Worth
	for p, err := range in {
		if err != nil {
			return nil, err
		}
		p.Text = ""
		held, all = append(held, p), all.Plus(evaluate.WorthOf(p.Sequence))
	}
	found := tool.Ordered(ctx, opt.threads, values(held), func(_ context.Context, p pairs.Pair) (*metrics.Outcome, error) {
		return e.Outcome(p, all)
	})
	if f, ok := stderr.(*os.File); ok && !opt.noProgress && term.IsTerminal(int(f.Fd())) {
		found = withBar(found, progressbar.NewOptions(len(held), progressbar.OptionSetWriter(stderr), progressbar.OptionSetDescription(name),
			progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(150e6)))
	}
	return found, nil
}

// values returns the elements of list.
func values[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// withBar returns the values of in. It adds each to bar.
func withBar[T any](in iter.Seq2[T, error], bar *progressbar.ProgressBar) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		defer bar.Clear()
		for v, err := range in {
			bar.Add(1)
			if !yield(v, err) {
				return
			}
		}
	}
}
