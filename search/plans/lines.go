package plans

import (
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/text"
)

const (
	// linesBytes is how many bytes templates are looked for in, linesSteps what that takes, a byte
	// (0.3 to 1.5 us on a core of an AMD EPYC, November 2026), and splitLinesSteps what printing and
	// parsing rows takes.
	linesBytes, linesSteps, splitLinesSteps = 256 << 10, 900, 60

	// linesPlans is how many plans of templates are proposed. Arbitrary.
	linesProposed = 2
)

// linesPlans returns plans that print the rows of the segment, a text, by templates.
func (t *trial) linesPlans() (plans []*dsl.Program) {
	if !isText(t.src) || !text.Promising(t.src, estimate) {
		return nil
	}
	src := text.Sample(t.src, linesBytes)
	t.meter.steps += linesSteps * int64(len(src))
	plain := t.coder.bytes(src)
	for _, m := range text.Find(src, estimate, t.coder.bytes) {
		if t.stopped() || len(plans) >= linesProposed || !saves(int64(m.Cost), int64(plain), minSaving) {
			break
		}
		t.meter.steps += splitLinesSteps * int64(len(t.src))
		if p := linesPlan(t.src, m.Text, m.End, m.Sets); p != nil {
			plans = append(plans, p)
		}
	}
	return plans
}

// linesPlan returns the plan that prints src by templates; nil if they are not its.
func linesPlan(src []byte, templates string, end byte, sets []int) *dsl.Program {
	n, a, b, err := plan.LinesNode(src, templates, end, sets)
	if err != nil {
		return nil
	}
	d := &draft{}
	numbers, cells := d.state(d.payload(), len(a)), d.state(d.payload(), len(b))
	d.Out = d.add(n, numbers, cells)
	return &d.Program
}
