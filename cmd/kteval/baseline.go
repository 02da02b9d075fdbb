package main

import (
	"context"
	"encoding/json"
	"io"
	"iter"

	"github.com/ktzip/ktzip/cmd/internal/baseline"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
)

// compare prints the rates of the baselines for each file.
func (opt *options) compare(ctx context.Context, stdout, _ io.Writer) error {
	set, err := baseline.New(opt.baselines, &baseline.Options{Model: opt.Model, Device: opt.Device, Threads: opt.threads})
	if err != nil {
		return err
	}
	return opt.each(func(name string, in iter.Seq2[pairs.Pair, error]) error {
		r, err := set.Rates(ctx, name, sequences(in))
		if err != nil {
			return err
		}
		if opt.json {
			return json.NewEncoder(stdout).Encode(r)
		}
		return r.Print(stdout)
	})
}

// sequences returns those of the pairs of in.
func sequences(in iter.Seq2[pairs.Pair, error]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for p, err := range in {
			if !yield(p.Sequence, err) {
				return
			}
		}
	}
}
