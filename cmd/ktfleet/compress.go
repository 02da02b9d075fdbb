package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/compress"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
)

var compressCommand = command{
	name: "compress", about: "compress files, to the bytes that ktzip makes of them",
	usage: "[OPTION]... --input PATTERN... --output DIR",
	more:  func() string { return "\nOptions of ktzip:\n" + cli.CodingUsage() },
	start: func(f *pflag.FlagSet) runner {
		c := &compressRunner{in: input.Config{Kind: input.Compressed, Small: compress.WholeFile}}
		inputFlag(f, &c.in.Patterns)
		f.StringVar(&c.in.Output, "output", "", "write FILE"+cli.Suffix+" into `DIR`, in the folders that FILE has below the pattern's first\nwildcard")
		f.BoolVarP(&c.in.Force, "force", "f", false, "replace outputs that exist")
		f.BoolVar(&c.in.Resume, "resume", false, "leave alone files whose output exists, and code without a search what an\ninterrupted run did not bring to an end")
		f.DurationVar(&c.SegmentTime, "segment-time", defaultSegmentTime, "code a segment without a search if that takes longer than `TIME` a MiB")
		return c
	},
}

// defaultSegmentTime is ten times what a MiB takes at level 9 with --mix.
const defaultSegmentTime = 10 * time.Minute

// inputFlag adds the flag of patterns.
func inputFlag(f *pflag.FlagSet, inputs *[]string) {
	f.StringArrayVar(inputs, "input", nil, "take the files of `PATTERN`: a file, a folder, or a path with *, ?, [a-z] or **,\nlocal or with gs:// or s3://; may be repeated")
}

// What a command needs that was not given.
var (
	errNoInput  = errors.New("no files given; --input names them")
	errNoOutput = errors.New("no folder given; --output names it")
)

// A compressRunner runs the command compress.
type compressRunner struct {
	in input.Config
	compress.Config
	codingOptions
}

func (c *compressRunner) run(ctx context.Context, e *env, operands []string) (err error) {
	c.in.Patterns = append(c.in.Patterns, operands...)
	switch {
	case len(c.in.Patterns) == 0:
		return errNoInput
	case c.in.Output == "":
		return errNoOutput
	case c.SegmentTime <= 0:
		return errors.New("--segment-time must be more than 0")
	}
	if c.Args, c.Like, err = c.coding(ctx); err != nil {
		return err
	}
	c.Workers = e.Workers
	key := keyOf(slices.Concat(c.Args, c.Like, []string{""}, c.in.Patterns)...)
	return e.within(ctx, c.in.Output, key, func() error {
		c.Temp = e.Temp
		if !c.in.Resume {
			if err := files.RemoveAll(ctx, c.Temp); err != nil {
				return err
			}
		}
		results, err := job.Run(ctx, "compress", &e.Options, func(s beam.Scope) (beam.PCollection, error) { return compress.Pipeline(s, &c.in, &c.Config) })
		if err != nil {
			return err
		}
		e.report(results, "compressed")
		return nil
	})
}
