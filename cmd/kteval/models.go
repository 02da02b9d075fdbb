package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/ktzip/ktzip/cmd/internal/answers"
	"github.com/ktzip/ktzip/cmd/internal/evaluate"
	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/cmd/internal/prompts"
	"github.com/ktzip/ktzip/cmd/internal/tool"
)

// ask writes a request for each sequence of the file.
func (opt *options) ask(ctx context.Context, _, _ io.Writer) error {
	return opt.each(func(name string, in iter.Seq2[pairs.Pair, error]) error {
		return create(opt.prompts, func(w io.Writer) error { return opt.requests(ctx, name, in, w) })
	})
}

// requests writes a request for each pair of a file called name.
func (opt *options) requests(ctx context.Context, name string, in iter.Seq2[pairs.Pair, error], w io.Writer) error {
	requests := prompts.New(&opt.asking)
	var line []byte
	n := 0
	for p, err := range in {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			n++
			line, err = requests.Append(line[:0], n, p.Sequence)
		}
		if err == nil {
			_, err = w.Write(line)
		}
		if err != nil {
			return err
		}
	}
	if n == 0 {
		return fmt.Errorf("%s: no sequences", name)
	}
	return nil
}

// score scores the programs in the files, or in the answers, and prints the metrics.
func (opt *options) score(ctx context.Context, stdout, _ io.Writer) error {
	return opt.each(func(name string, in iter.Seq2[pairs.Pair, error]) error {
		found, all, err := opt.scores(ctx, in)
		if err != nil {
			return err
		}
		return opt.report(name, found, all, stdout)
	})
}

// scores returns the outcome of each pair, by its own program or, with --answers, by those in its
// answers. all has the answers that were not asked for when the outcomes end.
func (opt *options) scores(ctx context.Context, in iter.Seq2[pairs.Pair, error]) (found iter.Seq2[*metrics.Outcome, error], all *answers.Set, err error) {
	if len(opt.answers) == 0 {
		return tool.Ordered(ctx, opt.threads, in, func(_ context.Context, p pairs.Pair) (*metrics.Outcome, error) {
			return evaluate.Score(p), nil
		}), nil, nil
	}
	if all, err = readAnswers(opt.answers); err != nil {
		return nil, nil, err
	}
	return tool.Ordered(ctx, opt.threads, answered(in, all), func(_ context.Context, s submission) (*metrics.Outcome, error) {
		return evaluate.ScoreTexts(s.sequence, s.programs, s.texts), nil
	}), all, nil
}

// A submission is what was answered for a sequence.
type submission struct {
	sequence []byte
	programs []string // their texts
	texts    int      // that they were read from
}

// answered returns the sequences of in with their answers in all.
func answered(in iter.Seq2[pairs.Pair, error], all *answers.Set) iter.Seq2[submission, error] {
	return func(yield func(submission, error) bool) {
		n := 0
		for p, err := range in {
			n++
			s := submission{sequence: p.Sequence}
			s.programs, s.texts, _ = all.Take(prompts.ID(n, p.Sequence))
			if !yield(s, err) {
				return
			}
		}
	}
}

// readAnswers reads the answers in files.
func readAnswers(names []string) (*answers.Set, error) {
	all := &answers.Set{}
	for _, name := range names {
		if err := addAnswers(all, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// addAnswers adds the answers in the file called name to all. It is an error if there are none.
func addAnswers(all *answers.Set, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	none := true
	for a, err := range answers.Read(f, name) {
		if err == nil {
			err = all.Add(a)
		}
		if err != nil {
			return err
		}
		none = false
	}
	if none {
		return fmt.Errorf("%s: no answers", name)
	}
	return nil
}

// countForeign adds to m the answers of all that no sequence asked for. It is an error if there
// are no others.
func countForeign(m *metrics.Metrics, all *answers.Set) error {
	if all == nil {
		return nil
	}
	m.Answers.Foreign = all.Texts()
	if m.Answers.Foreign > 0 && m.Answers.Texts == 0 {
		return fmt.Errorf("%s: the answers are to other sequences: score the file, --length, --every and --limit that --prompts had", m.File)
	}
	return nil
}
