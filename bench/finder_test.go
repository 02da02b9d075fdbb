package bench

import (
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search/plans"
	"github.com/ktzip/ktzip/search/programs"
)

// finder is the search for programs that a level stands for.
func finder(level int) codec.Finder { return programs.New(&programs.Config{Level: level}) }

// planner is the search for plans that a level stands for.
func planner(level int) codec.Planner { return plans.New(level) }
