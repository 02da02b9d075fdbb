package evaluate

import (
	"slices"

	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/dsl"
)

// Score returns the program of p as the one found. A wrong one counts as none.
func Score(p pairs.Pair) *metrics.Outcome {
	o := &metrics.Outcome{Sequence: p.Sequence} // with nothing to compare with
	if p.Program != nil && produces(p.Program, p.Sequence) {
		o.Found, o.Text = p.Program, p.Text
	}
	return o
}

// scoreBudget bounds the execution of a program that anyone may have written. The values are
// arbitrary: a program of the test takes some thousands of steps.
var scoreBudget = dsl.Budget{Steps: 1 << 28, Elements: 1 << 22}

// produces executes p and reports whether its output is values.
func produces(p *dsl.Program, values []byte) bool {
	var m dsl.Machine
	out := make([]byte, len(values))
	_, err := m.Bytes(out, p, scoreBudget)
	return err == nil && slices.Equal(out, values)
}
