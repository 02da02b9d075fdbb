package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/tool"
	"github.com/ktzip/ktzip/search/programs"
)

// options are the command line.
type options struct {
	seed     uint64
	count    int // pairs; 0 for no end
	threads  int
	packed   bool
	bare     bool   // without sequences
	expand   string // a file of bare pairs; "" to draw
	reduce   int64  // steps of the search for a shorter program; 0 for none
	steps    int64  // of the search for windows and noisy sequences
	longest  int    // tokens of a pair, at most
	without  string // a file of pairs to leave out; "" for none
	kinds    []string
	excluded map[string]bool // the sequences of without
}

// kinds are the ways to draw a pair.
var kinds = map[string]func(*drawer) pair{"pairs": (*drawer).pair, "windows": (*drawer).window, "noisy": (*drawer).noisy}

// maxTokens is the most tokens that a pair can have when it is packed.
const maxTokens = 1<<16 - 1

const usage = `Usage: ktgen [OPTION]...

ktgen draws random pairs of a sequence and a program that produces it, and
writes them to standard output.
`

func main() { tool.Main(&options{}) }

// Flags implements tool.Tool.
func (opt *options) Flags() (*pflag.FlagSet, string) {
	f := pflag.NewFlagSet("ktgen", pflag.ContinueOnError)
	f.SortFlags = false
	f.Uint64Var(&opt.seed, "seed", 1, "draw the pairs of seed `N`, which do not depend on the number of threads")
	f.IntVar(&opt.count, "count", 0, "draw `N` pairs; 0 for no end")
	f.IntVar(&opt.threads, "threads", runtime.GOMAXPROCS(0), "use `N` threads")
	f.BoolVar(&opt.packed, "packed", false, "write tokens for training instead of JSON lines. A pair is the number of its\ntokens, the number of those that are the sequence, and the tokens, each 16 bits,\nlittle endian")
	f.BoolVar(&opt.bare, "bare", false, "with --packed: leave out the sequences, which --expand puts back")
	f.StringVar(&opt.expand, "expand", "", "draw nothing, but write the pairs of `FILE`, which --packed --bare wrote, with\ntheir sequences; leave out those of --without")
	f.Int64Var(&opt.reduce, "reduce", 0, "search for a shorter program for `STEPS` steps (200000 take about a millisecond);\n0 to remove only what the output does not need")
	f.Int64Var(&opt.steps, "steps", 400_000, "search for `STEPS` steps for a program of windows and noisy sequences")
	f.IntVar(&opt.longest, "longest", maxTokens, "leave out pairs of more than `N` tokens")
	f.StringSliceVar(&opt.kinds, "kinds", []string{"pairs"}, "draw these `KINDS` in turn, separated by commas: pairs (the published\ndistribution), windows (128 bytes of joined sequences), noisy (signals, counters,\nrecords, walks)")
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
	case opt.reduce < 0 || opt.steps < 0:
		return errors.New("--reduce and --steps must be at least 0")
	case opt.longest < 1 || opt.longest > maxTokens:
		return fmt.Errorf("--longest %d: must be 1 to %d", opt.longest, maxTokens)
	case opt.bare && !opt.packed:
		return errors.New("--bare needs --packed")
	case opt.bare && opt.expand != "":
		return errors.New("--bare cannot be combined with --expand")
	case len(opt.kinds) == 0:
		return errors.New("--kinds names no kind")
	}
	for _, k := range opt.kinds {
		if kinds[k] == nil {
			return fmt.Errorf("--kinds %s: must be some of %s", k, strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
		}
	}
	var err error
	if opt.without != "" {
		opt.excluded, err = sequencesOf(opt.without)
	}
	return err
}

// Run implements tool.Tool: it draws pairs, or expands those of a file.
func (opt *options) Run(ctx context.Context, stdout, _ io.Writer) error {
	if opt.expand != "" {
		return opt.expandFile(ctx, stdout)
	}
	return opt.draw(ctx, stdout)
}

// batchPairs is the number of pairs that are drawn from one seed. Changing it changes the
// pairs of every seed.
const batchPairs = 512

// draw draws batches, each from a seed of its own, and writes them in their order.
func (opt *options) draw(ctx context.Context, stdout io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	batches := make(chan chan []byte, opt.threads) // in the order of the output
	group.Go(func() {
		defer close(batches)
		opt.drawBatches(ctx, &group, batches)
	})
	w := bufio.NewWriterSize(stdout, outputBuffer)
	for b := range batches {
		if _, err := w.Write(<-b); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return w.Flush()
}

const outputBuffer = 1 << 20 // bytes, arbitrary

// drawBatches sends, for each batch, a channel that gets its pairs. opt.threads goroutines
// of group draw at a time. It returns when all batches are under way, or when ctx is done.
func (opt *options) drawBatches(ctx context.Context, group *sync.WaitGroup, batches chan<- chan []byte) {
	finder := programs.New(&programs.Config{Prior: programs.Uniform})
	slots := make(chan struct{}, opt.threads)
	for k := 0; opt.count == 0 || k*batchPairs < opt.count; k++ {
		n := batchPairs
		if opt.count > 0 {
			n = min(n, opt.count-k*batchPairs)
		}
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		b := make(chan []byte, 1)
		group.Go(func() {
			b <- newDrawer(opt, finder, uint64(k)).batch(ctx, n)
			<-slots
		})
		select {
		case batches <- b:
		case <-ctx.Done():
			return
		}
	}
}
