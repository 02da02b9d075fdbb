package bench

import (
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search"
)

// finder is the search for programs that a level stands for.
func finder(level int) codec.Finder { return search.New(&search.Config{Level: level}) }

// planner is the search for plans that a level stands for.
func planner(level int) codec.Planner { return search.NewPlanner(level) }
