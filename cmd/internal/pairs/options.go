package pairs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Options say which pairs are drawn, and how they are written. They are plain data: the same
// Options draw the same pairs in every process that has the same files of Real. The zero value is not valid; see Flags.
type Options struct {
	Seed    uint64   `json:"seed"`
	Kinds   []string `json:"kinds"`          // drawn in turn; keys of kinds
	Reduce  int64    `json:"reduce"`         // steps of the search for a shorter program; 0 for none
	Real    []string `json:"real,omitempty"` // files of the kind real, on the machine that draws
	Steps   int64    `json:"steps"`          // of the search for windows, noisy sequences and real ones
	Longest int      `json:"longest"`        // tokens of a pair, at most
	Packed  bool     `json:"packed"`         // tokens instead of JSON lines
	Bare    bool     `json:"bare"`           // with Packed: without sequences
}

// Flags defines the flags of o, with their defaults.
func (o *Options) Flags(f *pflag.FlagSet) {
	f.Uint64Var(&o.Seed, "seed", 1, "draw the pairs of seed `N`, which do not depend on the number of threads")
	f.StringSliceVar(&o.Kinds, "kinds", []string{"pairs"}, "draw these `KINDS` in turn, separated by commas: pairs (the published\ndistribution), windows (128 bytes of joined sequences), noisy (signals, counters,\nrecords, walks), real (128 bytes of the files of --real, without a program if\nnone is found that saves enough)")
	f.StringSliceVar(&o.Real, "real", nil, "the `FILES` of the kind real, separated by commas: each is drawn from as often")
	f.Int64Var(&o.Reduce, "reduce", 0, "search for a shorter program for `STEPS` steps (200000 take about a millisecond);\n0 to remove only what the output does not need")
	f.Int64Var(&o.Steps, "steps", 400_000, "search for `STEPS` steps for a program of windows, noisy sequences and real ones")
	f.IntVar(&o.Longest, "longest", maxTokens, "leave out pairs of more than `N` tokens")
	f.BoolVar(&o.Packed, "packed", false, "write tokens for training instead of JSON lines. A pair is the number of its\ntokens, the number of those that are the sequence, and the tokens, each 16 bits,\nlittle endian")
	f.BoolVar(&o.Bare, "bare", false, "with --packed: leave out the sequences, which ktgen --expand puts back")
}

// maxTokens is the most tokens that a pair can have when it is packed.
const maxTokens = 1<<16 - 1

// Check returns an error that names the flag if a value is wrong.
func (o *Options) Check() error {
	switch {
	case o.Reduce < 0 || o.Steps < 0:
		return errors.New("--reduce and --steps must be at least 0")
	case o.Longest < 1 || o.Longest > maxTokens:
		return fmt.Errorf("--longest %d: must be 1 to %d", o.Longest, maxTokens)
	case o.Bare && !o.Packed:
		return errors.New("--bare needs --packed")
	case len(o.Kinds) == 0:
		return errors.New("--kinds names no kind")
	}
	for _, k := range o.Kinds {
		if kinds[k].draw == nil {
			return fmt.Errorf("--kinds %s: must be some of %s", k, strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
		}
	}
	return o.checkReal()
}

// checkReal is Check of what the kind real needs.
func (o *Options) checkReal() error {
	if !slices.Contains(o.Kinds, kindReal) {
		if len(o.Real) > 0 {
			return errors.New("--real needs --kinds real")
		}
		return nil
	}
	switch {
	case len(o.Real) == 0:
		return errors.New("--kinds real needs the files of --real")
	case o.Bare:
		return errors.New("--bare cannot be combined with --kinds real, which has pairs without a program")
	case o.Longest <= windowBytes:
		return fmt.Errorf("--longest %d: must be at least %d for --kinds real", o.Longest, windowBytes+1)
	}
	return nil
}
