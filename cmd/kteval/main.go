package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/cmd/internal/tool"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
)

// options are the command line.
type options struct {
	search     string // one of searches
	model      string // a file of weights; "" for the built-in ones
	device     string // that the model runs on
	beam       int    // hypotheses of the model alone; 0 for the default
	budget     budget
	limit      int // sequences of a file; 0 for all
	length     int // bytes per sequence of files other than .jsonl
	threads    int
	json       bool
	programs   string // a file for the programs found; "" for none
	score      bool
	noCoded    bool
	noProgress bool
	without    []string // rules
	files      []string
}

// The values of --search.
const (
	searchEnumerate = "enumerate"
	searchSeqCoder  = "seqcoder"
	searchBoth      = "both"
)

var searches = []string{searchEnumerate, searchSeqCoder, searchBoth}

const usage = `Usage: kteval [OPTION]... FILE...
       kteval --score [OPTION]... FILE.jsonl...

kteval takes the KoLMogorov Test: it searches for the shortest program of each
sequence in FILE. A FILE.jsonl has an object per line with the "sequence" and,
optionally, a "program" to compare with. Any other FILE is cut into sequences of
--length bytes.
`

func main() { tool.Main(&options{}) }

// Flags implements tool.Tool.
func (opt *options) Flags() (*pflag.FlagSet, string) {
	f := pflag.NewFlagSet("kteval", pflag.ContinueOnError)
	f.SortFlags = false
	f.StringVar(&opt.search, "search", searchEnumerate, "`HOW` to search: enumerate (deduction, whose guesses a small network ranks, and\nenumeration), seqcoder (a transformer alone), or both, which pays with a GPU")
	f.StringVar(&opt.model, "model", "", "take the transformer's weights from `FILE.safetensors` instead of the built-in\nones")
	f.StringVar(&opt.device, "device", model.CPU, "run the transformer on `DEVICE`: cpu, cuda, cuda:N, or auto (a GPU if there is\none)")
	f.IntVar(&opt.beam, "beam", 0, "follow at most `N` hypotheses with the model alone; 0 for 32")
	opt.budget.Set(defaultBudget)
	f.Var(&opt.budget, "budget", fmt.Sprintf("mean budget per sequence: steps of the search, or a time, of which\na millisecond counts as %d steps", stepsPerMillisecond))
	f.Lookup("budget").DefValue = defaultBudget
	f.IntVar(&opt.limit, "limit", 0, "take the first `N` sequences of each file; 0 for all")
	f.IntVar(&opt.length, "length", 128, "cut files other than .jsonl into sequences of `N` bytes")
	f.IntVar(&opt.threads, "threads", runtime.GOMAXPROCS(0), "search for `N` sequences at a time")
	f.BoolVar(&opt.json, "json", false, "print a JSON object per file")
	f.StringVar(&opt.programs, "programs", "", "write the programs found to `OUT.jsonl`")
	f.BoolVar(&opt.score, "score", false, "score the programs in the files instead of searching")
	f.BoolVar(&opt.noCoded, "no-coded", false, "skip the second search, whose result is coded_rate")
	f.StringSliceVar(&opt.without, "without", nil, "search without these `RULES`, separated by commas:\n"+ruleNames())
	f.BoolVar(&opt.noProgress, "no-progress", false, "show no progress bar")
	return f, usage
}

// ruleNames returns the names of all rules in lines for the help.
func ruleNames() string {
	var b strings.Builder
	for i, name := range programs.Rules() {
		switch {
		case i == 0:
		case i%rulesPerLine == 0:
			b.WriteString(",\n")
		default:
			b.WriteString(", ")
		}
		b.WriteString(name)
	}
	return b.String()
}

const rulesPerLine = 6 // in the help

// Check implements tool.Tool.
func (opt *options) Check(files []string) error {
	opt.files = files
	switch {
	case len(files) == 0:
		return errors.New("no files given")
	case !slices.Contains(searches, opt.search):
		return fmt.Errorf("--search %s: must be one of %s", opt.search, strings.Join(searches, ", "))
	case opt.device == model.None:
		return fmt.Errorf("--device %s is for ktzip only", model.None)
	case opt.length < 1 || opt.length > programs.MaxBlock:
		return fmt.Errorf("--length %d: must be 1 to %d", opt.length, programs.MaxBlock)
	case opt.beam < 0:
		return errors.New("--beam must be at least 0")
	case opt.beam > 0 && opt.search != searchSeqCoder:
		return errors.New("--beam needs --search seqcoder")
	case opt.limit < 0:
		return errors.New("--limit must be at least 0")
	case opt.threads < 1:
		return errors.New("--threads must be at least 1")
	case opt.score && opt.programs != "":
		return errors.New("--programs cannot be combined with --score")
	case opt.programs != "" && len(files) > 1:
		return fmt.Errorf("--programs takes the programs of one file, got %d files", len(files))
	}
	for _, name := range opt.without {
		if !slices.Contains(programs.Rules(), name) {
			return fmt.Errorf("--without %s: unknown rule", name)
		}
	}
	if err := model.Check(opt.device); err != nil {
		return fmt.Errorf("--device %s: %w", opt.device, err)
	}
	return nil
}

// Run implements tool.Tool.
func (opt *options) Run(ctx context.Context, stdout, stderr io.Writer) error {
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
		err = m.print(stdout)
	}
	if err == nil && opt.programs != "" {
		err = save(opt.programs, sequences, o.programs)
	}
	return err
}

// evaluate searches for programs of the sequences. It shows a progress bar if stderr is a
// terminal.
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

// save writes the programs to the file called name, which appears only when it is complete.
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
