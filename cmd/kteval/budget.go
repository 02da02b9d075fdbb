package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/ktzip/ktzip/search/programs"
)

const defaultBudget = "10ms"

// stepsPerMillisecond converts a time into steps, so that results repeat on every machine.
// On one core of the machine of bench/README.md a search takes a little less than the time:
// short sequences do not use up their steps.
const stepsPerMillisecond = 200_000

// A budget is the mean number of steps per sequence. It is the value of a flag.
type budget int64

func (b *budget) String() string { return strconv.FormatInt(int64(*b), 10) }
func (b *budget) Type() string   { return "STEPS|TIME" }

// Set takes a number of steps or a time.
func (b *budget) Set(s string) error {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
		*b = budget(n)
		return nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return fmt.Errorf("%q is neither a number of steps nor a time such as 10ms", s)
	}
	*b = budget(d.Microseconds() * stepsPerMillisecond / 1000)
	return nil
}

// share divides b among the sequences by what their searches are worth. The mean is b, rounded
// down.
func (b budget) share(sequences []sequence) []int64 {
	worth := make([]float64, len(sequences))
	total := 0.0
	for i, s := range sequences {
		worth[i] = float64(programs.Worth(s.values))
		total += worth[i]
	}
	steps := make([]int64, len(sequences))
	for i := range steps {
		steps[i] = int64(float64(b) * worth[i] * float64(len(sequences)) / total)
	}
	return steps
}
