package main

import (
	"errors"
	"os"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search"
	"github.com/ktzip/ktzip/search/seqcoder"
)

func main() { os.Exit(cli.Main(command, os.Args[1:])) }

var command = cli.Command{
	Name:     "ktzip",
	Compress: true,
	Finder:   finder,
	Planner:  func(level int) codec.Planner { return search.NewPlanner(level) },
}

// finder joins what looks for programs: on device auto it goes on without a model that
// can't be had.
func finder(s cli.Search) (codec.Finder, string, error) {
	e := search.New(&search.Config{Level: s.Level})
	if s.How == cli.SearchEnumerate || s.Device == cli.DeviceNone {
		return e, "", nil
	}
	if s.Device == cli.DeviceCUDA {
		return nil, "", errors.New("--device cuda: models run on the CPU only, so far")
	}
	w, err := seqcoder.Embedded()
	if s.Model != "" {
		w, err = seqcoder.ReadWeights(s.Model)
	}
	switch {
	case err != nil && s.Device == cli.DeviceAuto && s.How == cli.SearchBoth:
		return e, err.Error() + "; going on without the model", nil
	case err != nil:
		return nil, "", err
	case s.How == cli.SearchSeqCoder:
		e = nil
	}
	return seqcoder.New(seqcoder.NewModel(w, nil), e, search.Adaptive), "", nil
}
