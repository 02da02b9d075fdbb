package main

import (
	"fmt"
	"strconv"
	"time"
)

// stepsPerMillisecond turns a time into steps, so that results repeat on every
// machine: short sequences leave some of their steps, and the measured mean stays
// a little below the time on one core of the machine of bench/README.md.
const stepsPerMillisecond = 200_000

// A budget is the steps for a sequence, on average. It is a flag.
type budget int64

func (b *budget) String() string { return strconv.FormatInt(int64(*b), 10) }
func (b *budget) Type() string   { return "10ms|STEPS" }

// Set takes a number of steps, or a time.
func (b *budget) Set(s string) error {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
		*b = budget(n)
		return nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return fmt.Errorf("%q is neither a number of steps nor a time like 10ms", s)
	}
	*b = budget(d.Microseconds() * stepsPerMillisecond / 1000)
	return nil
}

// share divides b among the sequences by the square of their length, since on longer
// ones there is more to try and each try takes longer; short ones get a little more
// than that. The mean is b.
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

func weight(n int) float64 { return float64(n)*float64(n) + 2000 }
