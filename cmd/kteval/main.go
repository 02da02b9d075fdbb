package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"slices"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/answers"
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
	programs   string          // a file for the programs found; "" for none
	answers    []string        // files of answers to requests, with score
	prompts    string          // a file for requests; "" to search or score
	asking     prompts.Options // with prompts
	noProgress bool
	files      []string
	flags      *pflag.FlagSet // all of them
	mode       mode           // what they ask for
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
	opt.flags = f
	f.IntVar(&opt.length, "length", 128, "cut files other than .jsonl into sequences of `N` bytes")
	f.IntVar(&opt.every, "every", 1, "take the first of every `N` sequences of a file only")
	f.IntVar(&opt.limit, "limit", 0, "take the first `N` of these sequences; 0 for all")
	f.BoolVar(&opt.json, "json", false, "print a JSON object per file")
	f.StringVar(&opt.programs, "programs", "", "write the programs found to `OUT.jsonl`; with --answers, also the verdict on each\nsequence, and the program as it was answered")
	f.IntVar(&opt.threads, "threads", runtime.GOMAXPROCS(0), "take `N` sequences at a time")
	f.BoolVar(&opt.noProgress, "no-progress", false, "show no progress bar")
	opt.Options.Flags(f)
	f.StringSliceVar(&opt.baselines, "baseline", nil, "measure these coders instead of searching: `NAMES`, separated by commas, of\n"+
		"gzip (zlib at level 9), order2 (adaptive, of three bytes in a row), lmic (the\ntransformer as a model of bytes)")
	f.Bool("score", false, "score the programs in the files instead of searching")
	f.StringSliceVar(&opt.answers, "answers", nil, "with --score: score the programs in the answers that `FILES` have, the output of\nbatches that --prompts began, separated by commas")
	f.StringVar(&opt.prompts, "prompts", "", "write a request per sequence to `REQUESTS.jsonl`, in the form of a batch of chat\ncompletions")
	opt.asking.Flags(f)
	return f, usage
}

// Check implements tool.Tool.
func (opt *options) Check(files []string) error {
	opt.files, opt.mode = files, chosen(opt.flags)
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
	}
	if err := opt.mode.others(opt.flags); err != nil {
		return err
	}
	if err := opt.mode.check(opt); err != nil {
		return err
	}
	for _, name := range outputs {
		switch given := opt.flags.Lookup(name); {
		case !given.Changed:
		case given.Value.String() == "":
			return fmt.Errorf("--%s: the name is empty", name)
		case len(files) > 1:
			return fmt.Errorf("--%s takes the sequences of one file, got %d files", name, len(files))
		}
	}
	return nil
}

// outputs are the flags that name a file to write.
var outputs = []string{"programs", "prompts"}

// Run implements tool.Tool.
func (opt *options) Run(ctx context.Context, stdout, stderr io.Writer) error {
	for _, name := range outputs {
		if opt.flags.Changed(name) {
			if err := checkOutput(name, opt.flags.Lookup(name).Value.String(), slices.Concat(opt.files, opt.answers)...); err != nil {
				return err
			}
		}
	}
	return opt.mode.run(opt, ctx, stdout, stderr)
}

// each calls do with the pairs of each file.
func (opt *options) each(do func(name string, in iter.Seq2[pairs.Pair, error]) error) error {
	for _, name := range opt.files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		err = do(name, opt.read(f, name))
		f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// report prints the metrics of the outcomes of a file called name, and writes the programs found. all has the
// answers that were not asked for when the outcomes end; nil if there are none.
func (opt *options) report(name string, found iter.Seq2[*metrics.Outcome, error], all *answers.Set, stdout io.Writer) error {
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
	err := countForeign(m, all)
	if err == nil && opt.programs != "" {
		err = create(opt.programs, func(w io.Writer) error {
			_, err := w.Write(lines)
			return err
		})
	}
	if err != nil {
		return err
	}
	if opt.json {
		return json.NewEncoder(stdout).Encode(m)
	}
	return m.Print(stdout)
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
