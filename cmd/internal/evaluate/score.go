package evaluate

import (
	"slices"

	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/dsl"
)

// A Candidate is a program that somebody else wrote.
type Candidate struct {
	Program *dsl.Program
	Text    string // as it was written
}

// Score returns the program of p, in the language's own text, as the one found. A wrong one
// counts as none.
func Score(p pairs.Pair) *metrics.Outcome {
	var list []Candidate
	if p.Program != nil {
		list = append(list, Candidate{p.Program, p.Text})
	}
	texts := 0
	if p.Text != "" {
		texts = 1
	}
	return Choose(p.Sequence, list, texts)
}

// Choose executes the candidates for a sequence, which were read from so many texts, and
// returns the cheapest right one as the program found: whoever compresses can verify. The
// verdict is the best that a candidate has if none is right.
func Choose(sequence []byte, list []Candidate, texts int) *metrics.Outcome {
	o := &metrics.Outcome{Sequence: sequence} // with nothing to compare with
	verdict := metrics.Verdict{Kind: metrics.NoAnswer}
	if texts > 0 {
		verdict.Kind = metrics.NotParsed
	}
	var m dsl.Machine
	for _, c := range list {
		v := metrics.Verdict{Kind: metrics.NotRun}
		if out, _, err := m.Run(c.Program, scoreBudget); err == nil {
			v = metrics.Judge(c.Program, out, sequence)
		}
		if v.Kind < metrics.HardCoded {
			if verdict.Less(v) && o.Found == nil {
				verdict = v
			}
			continue
		}
		if o.Found == nil || c.Program.UniformBits() < o.Found.UniformBits() {
			o.Found, o.Text, verdict = c.Program, c.Text, v
		}
	}
	if o.Found != nil && o.Text == o.Found.String() {
		o.Text = ""
	}
	verdict.Texts = texts
	o.Verdict = &verdict
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
