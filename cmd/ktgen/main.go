package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/cmd/internal/tool"
)

// options are the command line.
type options struct {
	pairs.Options
	count    int // pairs; 0 for no end
	threads  int
	expand   string          // a file of bare pairs; "" to draw
	without  string          // a file of pairs to leave out; "" for none
	excluded map[string]bool // the sequences of without
	flags    *pflag.FlagSet  // all of them
}

const usage = `Usage: ktgen [OPTION]...

ktgen draws random pairs of a sequence and a program that produces it, and
writes them to standard output.
`

func main() { tool.Main(&options{}) }

// Flags implements tool.Tool.
func (opt *options) Flags() (*pflag.FlagSet, string) {
	f := pflag.NewFlagSet("ktgen", pflag.ContinueOnError)
	f.SortFlags = false
	opt.flags = f
	f.IntVar(&opt.count, "count", 0, "draw `N` pairs; 0 for no end")
	f.IntVar(&opt.threads, "threads", runtime.GOMAXPROCS(0), "use `N` threads")
	opt.Options.Flags(f)
	f.StringVar(&opt.expand, "expand", "", "draw nothing, but write the pairs of `FILE`, which --packed --bare wrote, with\ntheir sequences; leave out those of --without")
	f.StringVar(&opt.without, "without", "", "leave out the sequences of `FILE.jsonl`")
	return f, usage
}

// Check implements tool.Tool.
func (opt *options) Check(operands []string) error {
	switch {
	case len(operands) > 0:
		return fmt.Errorf("unexpected argument %q", operands[0])
	case opt.count < 0:
		return errors.New("--count must be at least 0")
	case opt.threads < 1:
		return errors.New("--threads must be at least 1")
	case opt.flags.Changed("expand") && opt.expand == "":
		return errors.New("--expand: the name is empty")
	case opt.flags.Changed("without") && opt.without == "":
		return errors.New("--without: the name is empty")
	case opt.expand != "":
		if other := tool.Other(opt.flags, expanding...); other != "" {
			return fmt.Errorf("--%s cannot be combined with --expand", other)
		}
	}
	err := opt.Options.Check()
	if err == nil && opt.without != "" {
		opt.excluded, err = pairs.Sequences(opt.without)
	}
	return err
}

// expanding are the flags that mean something with --expand, which draws nothing.
var expanding = []string{"expand", "count", "threads", "longest", "packed", "without"}

// Run implements tool.Tool: it draws pairs, or expands those of a file.
func (opt *options) Run(ctx context.Context, stdout, _ io.Writer) error {
	w := bufio.NewWriterSize(stdout, outputBuffer)
	var err error
	if opt.expand != "" {
		err = opt.expandFile(ctx, w)
	} else {
		err = opt.draw(ctx, w)
	}
	if err != nil {
		return err
	}
	return w.Flush()
}

const outputBuffer = 1 << 20 // bytes, arbitrary

// draw draws batches, each from a seed of its own, and writes them in their order.
func (opt *options) draw(ctx context.Context, w io.Writer) error {
	drawer, err := pairs.NewDrawer(&opt.Options, opt.excluded)
	if err != nil {
		return err
	}
	draw := func(ctx context.Context, k uint64) ([]byte, error) {
		n := uint64(pairs.BatchPairs)
		if opt.count > 0 {
			n = min(n, uint64(opt.count)-k*pairs.BatchPairs)
		}
		return drawer.Batch(ctx, k, int(n))
	}
	for b, err := range tool.Ordered(ctx, opt.threads, opt.batches(), draw) {
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// batches returns the numbers of the batches.
func (opt *options) batches() iter.Seq2[uint64, error] {
	return func(yield func(uint64, error) bool) {
		for k := uint64(0); opt.count == 0 || k*pairs.BatchPairs < uint64(opt.count); k++ {
			if !yield(k, nil) {
				return
			}
		}
	}
}
