package evaluate

import (
	"slices"

	"github.com/ktzip/ktzip/cmd/internal/answers"
	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/dsl"
)

// Score returns the program of p as the one found: in the language's own text, or in any form that
// package answers reads. A wrong one counts as none.
func Score(p pairs.Pair) *metrics.Outcome {
	switch {
	case p.Program != nil:
		c := newContest(p.Sequence, 1, 1)
		c.enter(p.Program, p.Text)
		return c.end()
	case p.Text != "":
		return ScoreTexts(p.Sequence, answers.Candidates(p.Text), 1)
	}
	return newContest(p.Sequence, 0, 0).end()
}

// ScoreTexts returns the shortest right one of some programs, the candidates of so many answers, as
// the one found.
func ScoreTexts(sequence []byte, programs []string, texts int) *metrics.Outcome {
	c := newContest(sequence, texts, len(programs))
	for _, text := range programs {
		if p, err := answers.Parse(text); err == nil {
			c.enter(p, text)
		}
	}
	return c.end()
}

// A contest finds the cheapest right program of those that somebody else wrote for a sequence:
// whoever compresses can verify. The verdict is the best that a program has if none is right.
type contest struct {
	outcome *metrics.Outcome
	verdict metrics.Verdict
	budget  dsl.Budget // of each program
	bits    float64    // of the one found
	machine dsl.Machine
}

// newContest returns a contest for a sequence, of at most so many programs from so many texts, which
// share scoreBudget.
func newContest(sequence []byte, texts, programs int) *contest {
	c := &contest{outcome: &metrics.Outcome{Sequence: sequence}, budget: scoreBudget}
	c.verdict = metrics.Verdict{Kind: metrics.NoAnswer, Texts: texts}
	if texts > 0 {
		c.verdict.Kind = metrics.NotParsed
	}
	c.budget.Steps /= int64(max(1, programs))
	return c
}

// enter executes a program, which was written as text.
func (c *contest) enter(p *dsl.Program, text string) {
	v := metrics.Verdict{Kind: metrics.NotRun}
	if out, _, err := c.machine.Run(p, c.budget); err == nil {
		v = metrics.Judge(p, out, c.outcome.Sequence)
	}
	v.Texts = c.verdict.Texts
	o := c.outcome
	if v.Kind < metrics.HardCoded {
		if o.Found == nil && c.verdict.Less(v) {
			c.verdict = v
		}
		return
	}
	if bits := metrics.Bits(p); o.Found == nil || bits < c.bits {
		o.Found, o.Text, c.verdict, c.bits = p, text, v, bits
	}
}

// end returns the outcome.
func (c *contest) end() *metrics.Outcome {
	o := c.outcome
	if o.Found != nil && o.Text == o.Found.String() {
		o.Text = ""
	}
	o.Verdict = &c.verdict
	return o
}

// scoreBudget bounds the execution of the programs that anyone may have written for a sequence: a
// third of a second at most. The values are arbitrary: a program of the test takes some thousands of
// steps.
var scoreBudget = dsl.Budget{Steps: 1 << 28, Elements: 1 << 22}

// produces executes p and reports whether its output is values.
func produces(p *dsl.Program, values []byte) bool {
	var m dsl.Machine
	out := make([]byte, len(values))
	_, err := m.Bytes(out, p, scoreBudget)
	return err == nil && slices.Equal(out, values)
}
