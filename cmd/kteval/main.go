package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
)

// options are what the command line says.
type options struct {
	search     string
	model      string
	device     string
	beam       int
	budget     budget
	limit      int
	length     int
	threads    int
	json       bool
	programs   string
	score      bool
	noCoded    bool
	noProgress bool
	without    []string
	files      []string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the command; it returns its exit code: 1 for an error, 2 for a wrong
// command line.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opt, err := parseFlags(args, stdout)
	if errors.Is(err, pflag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "kteval: %v\nTry 'kteval --help'.\n", err)
		return 2
	}
	if err := opt.run(ctx, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "kteval: %v\n", err)
		return 1
	}
	return 0
}

func parseFlags(args []string, stdout io.Writer) (*options, error) {
	opt := &options{}
	opt.budget.Set("10ms")
	f := pflag.NewFlagSet("kteval", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {
		fmt.Fprintf(stdout, "Usage: kteval [options] FILE...\n       kteval --score [options] FILE.jsonl...\n\n"+
			"Takes the KoLMogorov Test. FILE is .jsonl with \"sequence\" and, optionally,\n\"program\"; any other is cut into sequences of --length bytes.\n\n%s", f.FlagUsages())
	}
	f.StringVar(&opt.search, "search", "enumerate", "how to search: enumerate (deduction and enumeration), seqcoder (the model\nalone), both")
	f.StringVar(&opt.model, "model", "", "take the model of `FILE.safetensors`, not the one built in")
	f.IntVar(&opt.beam, "beam", 0, "of the model alone: hypotheses of a beam, at most `N`; 0: 32")
	f.Var(&opt.budget, "budget", fmt.Sprintf("for a sequence, on average: steps, or a time, of which a\nmillisecond is %d steps (default 10ms)", stepsPerMillisecond))
	f.IntVar(&opt.limit, "limit", 0, "take the first `N` sequences of a file; 0: all")
	f.IntVar(&opt.length, "length", 128, "length of the sequences that other files are cut into")
	f.IntVar(&opt.threads, "threads", runtime.GOMAXPROCS(0), "sequences searched at a time")
	f.BoolVar(&opt.json, "json", false, "print an object of JSON for each file")
	f.StringVar(&opt.programs, "programs", "", "write the programs found to `OUT.jsonl`")
	f.BoolVar(&opt.score, "score", false, "execute and score the programs in the files instead of searching")
	f.BoolVar(&opt.noCoded, "no-coded", false, "do without the second search, for coded_rate")
	f.StringSliceVar(&opt.without, "without", nil, "search without these `RULES`: "+strings.Join(programs.Rules(), ", "))
	f.BoolVar(&opt.noProgress, "no-progress", false, "show no progress bar")
	f.StringVar(&opt.device, "device", model.CPU, "that the model runs on: cpu, cuda, cuda:N, auto")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	opt.files = f.Args()
	switch {
	case len(opt.files) == 0:
		return nil, errors.New("no files")
	case opt.search != "enumerate" && opt.search != "seqcoder" && opt.search != "both":
		return nil, fmt.Errorf("no such search: %s", opt.search)
	case model.Check(opt.device) != nil || opt.device == model.None:
		return nil, fmt.Errorf("no such device: %s", opt.device)
	case opt.length < 1 || opt.length > programs.MaxBlock:
		return nil, fmt.Errorf("--length is not within 1..%d", programs.MaxBlock)
	case opt.beam < 0 || opt.beam > 0 && opt.search != "seqcoder":
		return nil, errors.New("--beam is for --search seqcoder, and at least 0")
	case opt.limit < 0 || opt.threads < 1:
		return nil, errors.New("--limit and --threads are not negative, and there is a thread")
	case opt.score && opt.programs != "":
		return nil, errors.New("--score finds no --programs")
	case opt.programs != "" && len(opt.files) > 1:
		return nil, errors.New("--programs takes those of one file")
	}
	for _, name := range opt.without {
		if !slices.Contains(programs.Rules(), name) {
			return nil, fmt.Errorf("no rule is called %q", name)
		}
	}
	return opt, nil
}

func (opt *options) run(ctx context.Context, stdout, stderr io.Writer) error {
	for _, name := range opt.files {
		sequences, err := read(name, opt.limit, opt.length)
		if err != nil {
			return err
		}
		if len(sequences) == 0 {
			return fmt.Errorf("%s: no sequences", name)
		}
		var o *outcome
		if opt.score {
			o = score(sequences)
		} else if o, err = opt.evaluate(ctx, name, sequences, stderr); err != nil {
			return err
		}
		m, err := measure(name, o)
		if err != nil {
			return err
		}
		if opt.json {
			err = json.NewEncoder(stdout).Encode(m)
		} else {
			m.print(stdout)
		}
		if err != nil {
			return err
		}
		if opt.programs != "" {
			if err := save(opt.programs, sequences, o.programs); err != nil {
				return err
			}
		}
	}
	return nil
}

// evaluate shows a progress bar where somebody is there to see it.
func (opt *options) evaluate(ctx context.Context, name string, sequences []sequence, stderr io.Writer) (*outcome, error) {
	searches := 2 * len(sequences)
	if opt.noCoded {
		searches = len(sequences)
	}
	done := func() {}
	if f, ok := stderr.(*os.File); ok && !opt.noProgress && term.IsTerminal(int(f.Fd())) {
		bar := progressbar.NewOptions(searches, progressbar.OptionSetWriter(stderr), progressbar.OptionSetDescription(name),
			progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(150e6))
		defer bar.Clear()
		done = func() { bar.Add(1) }
	}
	return evaluate(ctx, sequences, opt, done)
}

// save writes the programs to a file that is whole or not there.
func save(name string, sequences []sequence, found []*dsl.Program) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".kteval-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = writePrograms(f, sequences, found)
	if e := f.Chmod(0o644); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	return err
}
