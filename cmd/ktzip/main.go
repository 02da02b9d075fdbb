package main

import (
	"os"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search"
)

func main() { os.Exit(cli.Main(command, os.Args[1:])) }

var command = cli.Command{
	Name:     "ktzip",
	Compress: true,
	Finder:   func(level int) codec.Finder { return search.New(&search.Config{Level: level}) },
	Planner:  func(level int) codec.Planner { return search.NewPlanner(level) },
}
