package main

import (
	"fmt"
	"strconv"
	"time"
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

// share divides b among the sequences by weight. The mean is b, rounded down.
func (b budget) share(sequences []sequence) []int64 {
	steps := make([]int64, len(sequences))
	total := 0.0
	for _, s := range sequences {
		total += weight(len(s.values))
	}
	for i, s := range sequences {
		steps[i] = int64(float64(b) * weight(len(s.values)) * float64(len(sequences)) / total)
	}
	return steps
}

// weight returns the share of a sequence of n elements: the square of n, because a longer
// sequence has more candidates and each of them takes longer, and a constant, so that short
// sequences get enough.
func weight(n int) float64 { return float64(n)*float64(n) + minWeight }

const minWeight = 2000 // arbitrary: that of about 45 elements
