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
		return choose(p.Sequence, []candidate{{p.Program, p.Text}}, 1)
	case p.Text != "":
		return ScoreTexts(p.Sequence, answers.Candidates(p.Text), 1)
	}
	return choose(p.Sequence, nil, 0)
}

// ScoreTexts returns the shortest right one of some programs, the candidates of so many answers, as
// the one found.
func ScoreTexts(sequence []byte, programs []string, texts int) *metrics.Outcome {
	var list []candidate
	for _, text := range programs {
		if p, err := answers.Parse(text); err == nil {
			list = append(list, candidate{p, text})
		}
	}
	return choose(sequence, list, texts)
}

// A candidate is a program that somebody else wrote.
type candidate struct {
	program *dsl.Program
	text    string // as it was written
}

// choose executes the candidates for a sequence, which were read from so many texts, and
// returns the cheapest right one as the program found: whoever compresses can verify. The
// verdict is the best that a candidate has if none is right. The candidates share scoreBudget.
func choose(sequence []byte, list []candidate, texts int) *metrics.Outcome {
	o := &metrics.Outcome{Sequence: sequence} // with nothing to compare with
	verdict := metrics.Verdict{Kind: metrics.NoAnswer}
	if texts > 0 {
		verdict.Kind = metrics.NotParsed
	}
	budget := scoreBudget
	budget.Steps /= int64(max(1, len(list)))
	var m dsl.Machine
	for _, c := range list {
		v := metrics.Verdict{Kind: metrics.NotRun}
		if out, _, err := m.Run(c.program, budget); err == nil {
			v = metrics.Judge(c.program, out, sequence)
		}
		if v.Kind < metrics.HardCoded {
			if verdict.Less(v) && o.Found == nil {
				verdict = v
			}
			continue
		}
		if o.Found == nil || metrics.Bits(c.program) < metrics.Bits(o.Found) {
			o.Found, o.Text, verdict = c.program, c.text, v
		}
	}
	if o.Found != nil && o.Text == o.Found.String() {
		o.Text = ""
	}
	verdict.Texts = texts
	o.Verdict = &verdict
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
