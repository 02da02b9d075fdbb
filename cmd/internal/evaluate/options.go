package evaluate

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/search/programs"
)

// Options say how to search. They are plain data. The zero value is not valid; see Flags.
type Options struct {
	Search  string   `json:"search"`            // one of searches
	Model   string   `json:"model,omitempty"`   // a file of weights; "" for the built-in ones
	Device  string   `json:"device"`            // that the model runs on
	Beam    int      `json:"beam,omitempty"`    // hypotheses of the model alone; 0 for the default
	Budget  Budget   `json:"budget"`            // of a sequence
	NoCoded bool     `json:"no_coded"`          // without the second search
	Without []string `json:"without,omitempty"` // rules
	Ranker  Table    `json:"ranker,omitempty"`  // of the network that orders cuts; empty for the built-in one
}

// A Table is the weights of a network. As the value of a flag it is the name of the file that
// holds them, which Set reads: processes that get the Options need no file.
type Table []byte

func (t *Table) String() string { return "" }

// Type implements pflag.Value.
func (t *Table) Type() string { return "FILE" }

// Set reads the file called name.
func (t *Table) Set(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	table, err := io.ReadAll(io.LimitReader(f, programs.RankerSize+1))
	if err == nil {
		_, err = programs.NewRanker(table)
	}
	if err == nil {
		*t = table
	}
	return err
}

// ranker returns the Ranker of t, nil if t is empty.
func (t Table) ranker() (*programs.Ranker, error) {
	if len(t) == 0 {
		return nil, nil
	}
	return programs.NewRanker(t)
}

// The values of --search.
const (
	searchEnumerate = "enumerate"
	searchSeqCoder  = "seqcoder"
	searchBoth      = "both"
)

var searches = []string{searchEnumerate, searchSeqCoder, searchBoth}

// Flags defines the flags of o, with their defaults.
func (o *Options) Flags(f *pflag.FlagSet) {
	f.StringVar(&o.Search, "search", searchEnumerate, "`HOW` to search: enumerate (deduction, whose guesses a small network ranks, and\nenumeration), seqcoder (a transformer alone), or both, which pays with a GPU")
	f.StringVar(&o.Model, "model", "", "take the transformer's weights from `FILE.safetensors` instead of the built-in\nones")
	f.StringVar(&o.Device, "device", model.CPU, "run the transformer on `DEVICE`: cpu, cuda, cuda:N, or auto (a GPU if there is\none)")
	f.IntVar(&o.Beam, "beam", 0, "follow at most `N` hypotheses with the model alone; 0 for 32")
	o.Budget.Set(defaultBudget)
	f.Var(&o.Budget, "budget", fmt.Sprintf("mean budget per sequence: steps of the search, or a time, of which\na millisecond counts as %d steps", stepsPerMillisecond))
	f.Lookup("budget").DefValue = defaultBudget
	f.BoolVar(&o.NoCoded, "no-coded", false, "skip the second search, whose result is coded_rate")
	f.Var(&o.Ranker, "ranker", "take the weights of the network that orders cuts from `FILE`, which\nsearch/programs/internal/rank/train writes, instead of the built-in ones")
	f.StringSliceVar(&o.Without, "without", nil, "search without these `RULES`, separated by commas:\n"+ruleNames())
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

// Check returns an error that names the flag if a value is wrong.
func (o *Options) Check() error {
	switch {
	case !slices.Contains(searches, o.Search):
		return fmt.Errorf("--search %s: must be one of %s", o.Search, strings.Join(searches, ", "))
	case o.Device == model.None:
		return fmt.Errorf("--device %s is for ktzip only", model.None)
	case o.Beam < 0:
		return errors.New("--beam must be at least 0")
	case o.Beam > 0 && o.Search != searchSeqCoder:
		return errors.New("--beam needs --search seqcoder")
	case o.Budget < 1:
		return errors.New("--budget must be at least 1")
	case o.Model != "" && o.Search == searchEnumerate:
		return errors.New("--model needs --search seqcoder or both")
	case len(o.Without) > 0 && o.Search == searchSeqCoder:
		return errors.New("--without needs --search enumerate or both")
	case len(o.Ranker) > 0 && o.Search == searchSeqCoder:
		return errors.New("--ranker needs --search enumerate or both")
	}
	for _, name := range o.Without {
		if !slices.Contains(programs.Rules(), name) {
			return fmt.Errorf("--without %s: unknown rule", name)
		}
	}
	if _, err := o.Ranker.ranker(); err != nil {
		return fmt.Errorf("--ranker: %w", err)
	}
	if err := model.Check(o.Device); err != nil {
		return fmt.Errorf("--device %s: %w", o.Device, err)
	}
	if o.Device != model.CPU && o.Search == searchEnumerate {
		return fmt.Errorf("--device %s needs --search seqcoder or both", o.Device)
	}
	return nil
}
