package finder

import (
	"errors"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search/predictors"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder"
)

// Config returns the configuration of package ktzip, with SeqCoder as its Finder if the
// options ask for it. On device auto it does without SeqCoder if that can't be had.
func Config(o cli.SearchOptions) (*codec.WriterConfig, cli.Notes, error) {
	cfg := ktzip.WriterConfig(o.Level)
	cfg.Mixer = predictors.New(o.Level) // which the options leave out, unless they ask for it
	switch {
	case o.How == cli.SearchSeqCoder && o.Device == model.None:
		return nil, cli.Notes{}, errors.New("--search seqcoder cannot be combined with --device none")
	case o.How == cli.SearchEnumerate || o.Device == model.None:
		return cfg, cli.Notes{}, nil
	}
	m, on, err := model.Open(o.Model, o.Device)
	switch {
	case err != nil && o.Device == model.Auto && o.How == cli.SearchBoth:
		return cfg, cli.Notes{Warning: err.Error() + "; continuing without the model"}, nil
	case err != nil:
		return nil, cli.Notes{}, err
	}
	var enumeration *programs.Finder
	if o.How == cli.SearchBoth {
		enumeration = programs.New(&programs.Config{Level: o.Level})
	}
	s := seqcoder.New(m, enumeration, programs.Adaptive)
	cfg.Finder = s
	return cfg, cli.Notes{Verbose: "SeqCoder runs on " + on, Err: s.Trouble, Progress: s.Blocks}, nil
}
