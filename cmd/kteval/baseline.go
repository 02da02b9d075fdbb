package main

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"os"

	"github.com/ktzip/ktzip/cmd/internal/baseline"
)

// compare prints the rates of the baselines for each file.
func (opt *options) compare(ctx context.Context, stdout io.Writer) error {
	set, err := baseline.New(opt.baselines, &baseline.Options{Model: opt.Model, Device: opt.Device, Threads: opt.threads})
	if err != nil {
		return err
	}
	for _, name := range opt.files {
		if err := opt.compareFile(ctx, set, name, stdout); err != nil {
			return err
		}
	}
	return nil
}

// compareFile prints the rates of the sequences in the file called name.
func (opt *options) compareFile(ctx context.Context, set *baseline.Set, name string, stdout io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := set.Rates(ctx, name, opt.sequences(f, name))
	if err != nil {
		return err
	}
	if opt.json {
		return json.NewEncoder(stdout).Encode(r)
	}
	return r.Print(stdout)
}

// sequences returns those of the pairs that read returns.
func (opt *options) sequences(f io.Reader, name string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for p, err := range opt.read(f, name) {
			if !yield(p.Sequence, err) {
				return
			}
		}
	}
}
