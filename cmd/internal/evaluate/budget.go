package evaluate

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

// A Budget is the mean number of steps per sequence. It is the value of a flag.
type Budget int64

func (b *Budget) String() string { return strconv.FormatInt(int64(*b), 10) }

// Type implements pflag.Value.
func (b *Budget) Type() string { return "STEPS|TIME" }

// Set takes a number of steps or a time.
func (b *Budget) Set(s string) error {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
		*b = Budget(n)
		return nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return fmt.Errorf("%q is neither a number of steps nor a time such as 10ms", s)
	}
	*b = Budget(d.Microseconds() * stepsPerMillisecond / 1000)
	return nil
}

// Worth is what the searches of some sequences are worth. Sequences share a budget by what
// theirs is worth, of all that are evaluated. That of several shards is the sum of theirs, in
// any order. It is plain data.
type Worth struct {
	Sequences int64 `json:"sequences"`
	Sum       int64 `json:"sum"` // in the unit of programs.Worth
}

// WorthOf returns the Worth of a sequence.
func WorthOf(sequence []byte) Worth { return Worth{1, programs.Worth(sequence)} }

// Plus returns the sum of w and v.
func (w Worth) Plus(v Worth) Worth { return Worth{w.Sequences + v.Sequences, w.Sum + v.Sum} }

// Steps returns the steps of b for a sequence, one of those of all. The mean is b, rounded
// down.
func (b Budget) Steps(sequence []byte, all Worth) int64 {
	return int64(float64(b) * float64(programs.Worth(sequence)) * float64(all.Sequences) / float64(all.Sum))
}
