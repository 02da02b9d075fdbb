package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/ktzip/ktzip/cmd/internal/answers"
	"github.com/ktzip/ktzip/cmd/internal/baseline"
	"github.com/ktzip/ktzip/cmd/internal/evaluate"
	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/cmd/internal/prompts"
	"github.com/ktzip/ktzip/cmd/internal/tool"
	"github.com/ktzip/ktzip/search/programs"
)

// options are the command line.
type options struct {
	evaluate.Options
	baselines  []string // coders to measure instead of searching
	limit      int      // sequences of a file; 0 for all
	every      int      // of so many sequences, the first is taken
	length     int      // bytes per sequence of files other than .jsonl
	threads    int
	json       bool
	programs   string // a file for the programs found; "" for none
	score      bool
	answers    []string        // files of answers to requests, with score
	prompts    string          // a file for requests; "" to search or score
	asking     prompts.Options // with prompts
	noProgress bool
	files      []string
}

const usage = `Usage: kteval [OPTION]... FILE...
       kteval --score [OPTION]... FILE.jsonl...
       kteval --prompts REQUESTS.jsonl [OPTION]... FILE
       kteval --score --answers ANSWERS.jsonl [OPTION]... FILE
       kteval --baseline NAMES [OPTION]... FILE...

kteval takes the KoLMogorov Test: it searches for the shortest program of each
sequence in FILE. A FILE.jsonl has an object per line with the "sequence" and,
optionally, a "program" to compare with. Any other FILE is cut into sequences of
--length bytes.

With --prompts it asks a language model instead: it writes a request per sequence
for a batch. With --score --answers it reads what came back. A program counts if
it outputs the sequence, in the test's language or in Python that says the same,
which is parsed and never executed.
`

func main() { tool.Main(&options{}) }

// Flags implements tool.Tool.
func (opt *options) Flags() (*pflag.FlagSet, string) {
	f := pflag.NewFlagSet("kteval", pflag.ContinueOnError)
	f.SortFlags = false
	opt.Options.Flags(f)
	f.StringSliceVar(&opt.baselines, "baseline", nil, "measure these coders instead of searching: `NAMES`, separated by commas, of\n"+
		"gzip (zlib at level 9), order2 (adaptive, of three bytes in a row), lmic (the\ntransformer as a model of bytes)")
	f.IntVar(&opt.every, "every", 1, "take the first of every `N` sequences of a file only")
	f.IntVar(&opt.limit, "limit", 0, "take the first `N` sequences of each file; 0 for all")
	f.IntVar(&opt.length, "length", 128, "cut files other than .jsonl into sequences of `N` bytes")
	f.IntVar(&opt.threads, "threads", runtime.GOMAXPROCS(0), "search for `N` sequences at a time")
	f.BoolVar(&opt.json, "json", false, "print a JSON object per file")
	f.StringVar(&opt.programs, "programs", "", "write the programs found to `OUT.jsonl`; with --answers, also the verdict on each\nsequence, and the program as it was answered")
	f.BoolVar(&opt.score, "score", false, "score the programs in the files instead of searching")
	f.StringSliceVar(&opt.answers, "answers", nil, "with --score: score the programs in the answers that `FILES` have, the output of\nbatches that --prompts began, separated by commas")
	f.StringVar(&opt.prompts, "prompts", "", "write a request per sequence to `REQUESTS.jsonl`, in the form of a batch of chat\ncompletions")
	opt.asking.Flags(f)
	f.BoolVar(&opt.noProgress, "no-progress", false, "show no progress bar")
	return f, usage
}

// Check implements tool.Tool.
func (opt *options) Check(files []string) error {
	opt.files = files
	switch {
	case len(files) == 0:
		return errors.New("no files given")
	case opt.length < 1 || opt.length > programs.MaxBlock:
		return fmt.Errorf("--length %d: must be 1 to %d", opt.length, programs.MaxBlock)
	case opt.every < 1:
		return errors.New("--every must be at least 1")
	case opt.limit < 0:
		return errors.New("--limit must be at least 0")
	case opt.threads < 1:
		return errors.New("--threads must be at least 1")
	case opt.score && len(opt.baselines) > 0:
		return errors.New("--baseline cannot be combined with --score")
	case len(opt.baselines) > 0 && opt.programs != "":
		return errors.New("--programs cannot be combined with --baseline")
	case len(opt.baselines) > 0 && baseline.Check(opt.baselines) != nil:
		return fmt.Errorf("--baseline: %w", baseline.Check(opt.baselines))
	case opt.score && len(opt.answers) == 0 && opt.programs != "":
		return errors.New("--programs cannot be combined with --score, but for --answers")
	case opt.programs != "" && len(files) > 1:
		return fmt.Errorf("--programs takes the programs of one file, got %d files", len(files))
	}
	if err := opt.checkModels(); err != nil {
		return err
	}
	return opt.Options.Check()
}

// Run implements tool.Tool.
func (opt *options) Run(ctx context.Context, stdout, stderr io.Writer) error {
	if len(opt.baselines) > 0 {
		return opt.compare(ctx, stdout)
	}
	for _, name := range opt.files {
		if err := opt.file(ctx, name, stdout, stderr); err != nil {
			return err
		}
	}
	return nil
}

// file searches for programs of the sequences in the file called name, or scores those in
// it, and prints the metrics.
func (opt *options) file(ctx context.Context, name string, stdout, stderr io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in := opt.read(f, name)
	if opt.prompts != "" {
		return opt.ask(name, in)
	}
	var found iter.Seq2[*metrics.Outcome, error]
	var all *answers.Set // nil if the programs are in the file
	if opt.score {
		found, all, err = opt.scores(ctx, in)
	} else {
		found, err = opt.outcomes(ctx, name, in, stderr)
	}
	if err != nil {
		return err
	}
	tally := metrics.New(name)
	var lines []byte // of the programs found
	for o, err := range found {
		if err != nil {
			return err
		}
		tally.Add(o)
		if opt.programs != "" {
			lines = (&metrics.Outcome{Sequence: o.Sequence, Found: o.Found, Verdict: o.Verdict, Text: o.Text}).AppendLine(lines)
		}
	}
	if tally.Sequences() == 0 {
		return fmt.Errorf("%s: no sequences", name)
	}
	m := tally.End()
	if err := countForeign(m, all); err != nil {
		return err
	}
	if opt.json {
		err = json.NewEncoder(stdout).Encode(m)
	} else {
		err = m.Print(stdout)
	}
	if err == nil && opt.programs != "" {
		err = save(opt.programs, lines)
	}
	return err
}

// read returns the pairs of f, a file called name: the first of every opt.every, and of these the
// first opt.limit.
func (opt *options) read(f io.Reader, name string) iter.Seq2[pairs.Pair, error] {
	return func(yield func(pairs.Pair, error) bool) {
		n, taken := 0, 0
		for p, err := range pairs.Read(f, name, opt.length) {
			if n++; err == nil && (n-1)%opt.every != 0 {
				continue
			}
			if !yield(p, err) {
				return
			}
			if taken++; taken == opt.limit {
				return
			}
		}
	}
}

// outcomes searches for the outcome of each pair, in their order. It holds all pairs, since they
// share a budget. It shows a progress bar if stderr is a terminal.
func (opt *options) outcomes(ctx context.Context, name string, in iter.Seq2[pairs.Pair, error], stderr io.Writer) (iter.Seq2[*metrics.Outcome, error], error) {
	var held []pairs.Pair
	var all evaluate.Worth
	for p, err := range in {
		if err != nil {
			return nil, err
		}
		p.Text = ""
		held, all = append(held, p), all.Plus(evaluate.WorthOf(p.Sequence))
	}
	e, err := evaluate.New(&opt.Options)
	if err != nil {
		return nil, err
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

// save writes lines to the file called name, which appears only when it is complete.
func save(name string, lines []byte) error {
	return create(name, func(w io.Writer) error {
		_, err := w.Write(lines)
		return err
	})
}

// create makes the file called name of what write writes. It appears only when it is complete.
func create(name string, write func(w io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".kteval-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	w := bufio.NewWriter(f)
	if err = write(w); err == nil {
		err = w.Flush()
	}
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
