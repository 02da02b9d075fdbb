package plans

import (
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/text"
)

const (
	// linesSteps is what looking for templates takes, a byte (0.3 to 1.5 us on a core of an AMD EPYC,
	// November 2026), and splitLinesSteps what parsing rows takes.
	linesSteps, splitLinesSteps = 900, 60

	// lettersSteps is what looking for letters and packing them takes, a byte.
	lettersSteps = 4

	// linesProposed is how many plans of templates are proposed. Arbitrary.
	linesProposed = 2
)

// textPlans returns plans for a text: that print its rows by templates, or pack its letters.
func (t *trial) textPlans() (plans []*dsl.Program) {
	if !isText(t.src) {
		return nil
	}
	if promisesRows(t.src, t.effort) {
		plans = t.linesPlans()
	}
	t.meter.steps += lettersSteps * int64(len(t.src))
	d := &draft{}
	if d.Out = d.letters(t.src); d.Nodes[d.Out].Op == dsl.Letters {
		plans = append(plans, &d.Program)
	}
	return plans
}

// linesPlans returns plans that print the rows of the segment by templates.
func (t *trial) linesPlans() (plans []*dsl.Program) {
	src := text.Sample(t.src, t.effort.textBytes)
	t.meter.steps += linesSteps * int64(len(src))
	plain := t.coder.bytes(src)
	for _, m := range text.Find(src, estimate, t.coder.bytes) {
		if t.stopped() || len(plans) >= linesProposed || !saves(int64(m.Cost), int64(plain), minSaving) {
			break
		}
		t.meter.steps += splitLinesSteps * int64(len(t.src))
		if p := linesPlan(t.src, m); p != nil {
			plans = append(plans, p)
		}
	}
	return plans
}

// letters adds the list src, with its letters packed if that takes less.
func (d *draft) letters(src []byte) int {
	if alphabet := text.Letters(src, estimate); alphabet != nil {
		if n, packed, runs, err := plan.LettersNode(src, alphabet); err == nil && len(packed) > 0 {
			return d.add(n, d.state(d.payload(), len(packed)), d.state(d.payload(), len(runs)))
		}
	}
	return d.payload()
}

// promisesRows reports whether src, a text, promises templates.
func promisesRows(src []byte, e *effort) bool {
	glimpse := e.glimpse
	if glimpse >= e.textBytes {
		glimpse = 0
	}
	return text.Promising(src, glimpse, estimate)
}

// linesPlan returns the plan that prints src by the templates m; nil if they are not its.
func linesPlan(src []byte, m text.Templates) *dsl.Program {
	n, a, b, err := plan.LinesNode(src, m.Text, m.End, m.Sets)
	if err != nil {
		return nil
	}
	d := &draft{}
	numbers := d.state(d.payload(), len(a))
	cells := d.state(d.letters(b), len(b))
	d.Out = d.add(n, numbers, cells)
	return &d.Program
}
