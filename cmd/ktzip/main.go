package main

import (
	"errors"
	"os"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search/plans"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder"
)

func main() { os.Exit(cli.Main(command, os.Args)) }

var command = cli.Command{
	Name:     "ktzip",
	Compress: true,
	Finder:   finder,
	Device:   model.Check,
	Planner:  func(level int) codec.Planner { return plans.New(level) },
}

// finder joins what looks for programs: on device auto it goes on without a model that
// can't be had.
func finder(s cli.Search) (codec.Finder, cli.Notes, error) {
	e := programs.New(&programs.Config{Level: s.Level})
	switch {
	case s.How == cli.SearchSeqCoder && s.Device == model.None:
		return nil, cli.Notes{}, errors.New("--search seqcoder needs a device")
	case s.How == cli.SearchEnumerate || s.Device == model.None:
		return e, cli.Notes{}, nil
	}
	m, on, err := model.Open(s.Model, s.Device)
	switch {
	case err != nil && s.Device == model.Auto && s.How == cli.SearchBoth:
		return e, cli.Notes{Warning: err.Error() + "; going on without the model"}, nil
	case err != nil:
		return nil, cli.Notes{}, err
	case s.How == cli.SearchSeqCoder:
		e = nil
	}
	return seqcoder.New(m, e, programs.Adaptive), cli.Notes{Verbose: "SeqCoder runs on " + on}, nil
}
