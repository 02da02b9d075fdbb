package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/search/programs"
)

// options are what the command line says.
type options struct {
	seed    uint64
	count   int
	threads int
	packed  bool
	bare    bool
	expand  string
	reduce  int64
	steps   int64
	longest int
	without string
	kinds   []string
	exclude map[string]bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the command; it returns its exit code: 1 for an error, 2 for a wrong command
// line.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opt, err := parseFlags(args, stdout)
	if errors.Is(err, pflag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "ktgen: %v\nTry 'ktgen --help'.\n", err)
		return 2
	}
	if err := opt.run(ctx, stdout); err != nil && !errors.Is(err, syscall.EPIPE) { // who reads has enough
		fmt.Fprintf(stderr, "ktgen: %v\n", err)
		return 1
	}
	return 0
}

func parseFlags(args []string, stdout io.Writer) (*options, error) {
	opt := &options{}
	f := pflag.NewFlagSet("ktgen", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {
		fmt.Fprintf(stdout, "Usage: ktgen [options]\n\nDraws pairs of a sequence and a program that makes it, to standard output.\n\n%s", f.FlagUsages())
	}
	f.Uint64Var(&opt.seed, "seed", 1, "`SEED`; the same one draws the same pairs, whatever the number of threads")
	f.IntVar(&opt.count, "count", 0, "draw `N` pairs; 0: without end")
	f.IntVar(&opt.threads, "threads", runtime.GOMAXPROCS(0), "pairs drawn at a time")
	f.BoolVar(&opt.packed, "packed", false, "write tokens for training, not JSON lines: for each pair two 16-bit numbers,\nhow many tokens and how many of them are the sequence, and the tokens, 16 bits each,\nlittle endian")
	f.BoolVar(&opt.bare, "bare", false, "with --packed: leave the sequences out (0 of the tokens), for --expand to put back")
	f.StringVar(&opt.expand, "expand", "", "draw nothing: execute the programs of `FILE`, which --packed --bare wrote, and write\npairs; the sequences of --without stay out")
	f.Int64Var(&opt.reduce, "reduce", 0, "look for a shorter program for `STEPS` steps of the search (a millisecond is about\n200000); 0: only drop what the output does not need")
	f.Int64Var(&opt.steps, "steps", 400_000, "steps of the search for windows and noisy sequences, which have no drawn program")
	f.IntVar(&opt.longest, "longest", 0, "leave out pairs of more than `N` tokens; 0: of more than 65535")
	f.StringSliceVar(&opt.kinds, "kinds", []string{"pairs"}, "draw these by turns: pairs (the published distribution), windows (128 bytes of joined\nsequences), noisy (signals, counters, records, walks)")
	f.StringVar(&opt.without, "without", "", "leave out the sequences of `FILE.jsonl`")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	switch {
	case f.NArg() > 0:
		return nil, fmt.Errorf("what is %q to be?", f.Arg(0))
	case opt.count < 0 || opt.threads < 1 || opt.reduce < 0 || opt.steps < 0:
		return nil, errors.New("numbers are not negative, and there is a thread")
	case opt.bare && !opt.packed:
		return nil, errors.New("--bare needs --packed")
	case opt.bare && opt.expand != "":
		return nil, errors.New("--expand puts back what --bare leaves out")
	case len(opt.kinds) == 0:
		return nil, errors.New("no --kinds")
	}
	if opt.longest == 0 {
		opt.longest = 1<<16 - 1
	}
	for _, k := range opt.kinds {
		if kinds[k] == nil {
			return nil, fmt.Errorf("no kind is called %q", k)
		}
	}
	if opt.without != "" {
		var err error
		if opt.exclude, err = sequencesOf(opt.without); err != nil {
			return nil, err
		}
	}
	return opt, nil
}

// batchPairs are drawn from one seed.
const batchPairs = 512

// run draws pairs, or expands those of a file.
func (opt *options) run(ctx context.Context, stdout io.Writer) error {
	if opt.expand != "" {
		return opt.expandFile(ctx, stdout)
	}
	return opt.draw(ctx, stdout)
}

// draw draws batches, each from a seed of its own, and writes them in their order.
func (opt *options) draw(ctx context.Context, stdout io.Writer) error {
	type batch struct{ done chan []byte }
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan batch, opt.threads)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	finder := programs.New(&programs.Config{Prior: programs.Uniform})
	group.Go(func() {
		defer close(queue)
		slots := make(chan struct{}, opt.threads)
		for k := 0; opt.count == 0 || k*batchPairs < opt.count; k++ {
			n := batchPairs
			if opt.count > 0 {
				n = min(n, opt.count-k*batchPairs)
			}
			b := batch{make(chan []byte, 1)}
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			group.Go(func() {
				b.done <- newDrawer(opt, finder, uint64(k)).batch(ctx, n)
				<-slots
			})
			select {
			case queue <- b:
			case <-ctx.Done():
				return
			}
		}
	})
	w := bufio.NewWriterSize(stdout, 1<<20)
	for b := range queue {
		if _, err := w.Write(<-b.done); err != nil {
			return err
		}
		if ctx.Err() != nil {
			break
		}
	}
	if err := ctx.Err(); err != nil {
		return errors.New("interrupted")
	}
	return w.Flush()
}

// kinds says how pairs are drawn.
var kinds = map[string]func(*drawer) pair{"pairs": (*drawer).pair, "windows": (*drawer).window, "noisy": (*drawer).noisy}
