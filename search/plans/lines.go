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

	// toldSteps is what it takes, a byte, if slots are told.
	toldSteps = 100

	// lettersSteps is what looking for letters and packing them takes, a byte.
	lettersSteps = 4

	// dumpSteps is what looking for a dump takes, a byte that is looked at.
	dumpSteps = 200

	// ownShare: bytes that text stands for have a plan of their own if they are one part in so many of
	// all numbers of the text. Arbitrary.
	ownShare = 16

	// bytesPercent is what a plan of bytes that text stands for may take of the steps that are left.
	// Arbitrary.
	bytesPercent = 50

	// trimmedBytes is the length in bytes up to which a text's templates are only those that it has rows
	// of: they are a part of it. Longer ones have rows of nearly all. Arbitrary.
	trimmedBytes = 64 << 10

	// linesProposed is how many plans of templates are proposed. Arbitrary.
	linesProposed = 2
)

// textPlans returns plans for a text: that print its rows by templates, or pack its letters.
func (t *trial) textPlans() (plans []*dsl.Program) {
	if !isText(t.src) {
		return nil
	}
	dump, known := t.dumpPlan()
	if known {
		return []*dsl.Program{dump}
	}
	if promisesRows(t.src, t.effort) {
		plans = t.linesPlans()
	}
	if dump != nil {
		plans = append(plans, dump)
	}
	t.meter.steps += lettersSteps * int64(len(t.src))
	d := &draft{}
	if d.Out = t.letters(d, t.src); d.Nodes[d.Out].Op == dsl.Letters {
		plans = append(plans, &d.Program)
	}
	return plans
}

// dumpPlan returns the plan that prints the rows of a dump; nil if the segment is none. known reports
// whether the bytes that it shows have a plan of their own: other templates would only tell less.
func (t *trial) dumpPlan() (p *dsl.Program, known bool) {
	t.meter.steps += dumpSteps * int64(min(len(t.src), text.DumpGlimpse))
	m, ok := text.Dump(t.src)
	if !ok {
		return nil, false
	}
	t.meter.steps += splitLinesSteps * int64(len(t.src))
	p = linesPlan(t.src, m, func(d *draft, numbers []byte, runs [][2]int) int {
		i := t.numbers(d, numbers, runs)
		known = len(d.Nodes) > 1
		return i
	}, t.letters)
	return p, p != nil && known
}

// linesPlans returns plans that print the rows of the segment by templates.
func (t *trial) linesPlans() (plans []*dsl.Program) {
	src := text.Sample(t.src, t.effort.textBytes)
	if !t.effort.compared {
		return t.toldPlans(src)
	}
	t.meter.steps += linesSteps * int64(len(src))
	plain := t.coder.bytes(src)
	for _, m := range text.Find(src, estimate, t.coder.bytes) {
		if t.stopped() || len(plans) >= linesProposed || !saves(int64(m.Cost), int64(plain), minSaving) {
			break
		}
		t.meter.steps += splitLinesSteps * int64(len(t.src))
		if p := linesPlan(t.src, m, t.numbers, t.letters); p != nil {
			plans = append(plans, p)
		}
	}
	return plans
}

// toldPlans is linesPlans for an effort whose slots are told by the sample src.
func (t *trial) toldPlans(src []byte) []*dsl.Program {
	t.meter.steps += toldSteps*int64(len(src)) + splitLinesSteps*int64(len(t.src))
	if m, ok := text.Brief(src, estimate); ok {
		if p := linesPlan(t.src, m, t.numbers, t.letters); p != nil {
			return []*dsl.Program{p}
		}
	}
	return nil
}

// letters adds the list src to d, with its letters packed if that takes less: what repeats within
// seldom begins with a whole byte.
func (t *trial) letters(d *draft, src []byte) int {
	n, packed, runs, err := plan.LettersNode(src, text.Letters(src, estimate))
	if err != nil || len(packed) == 0 || t.stopped() {
		return d.payload()
	}
	own, size := t.ownPlan(packed, bytesPercent)
	if size+t.codedSize(runs, t.coder) >= t.codedSize(src, t.coder) {
		return d.payload()
	}
	return d.packed(n, packed, runs, func(d *draft, _ []byte) int { return d.embed(own) })
}

// packed adds n, a Letters, of what bytes adds of packed and of the stream runs.
func (d *draft) packed(n dsl.Node, packed, runs []byte, bytes adder) int {
	if len(packed) == 0 {
		return d.payload()
	}
	a := d.state(bytes(d, packed), len(packed))
	return d.add(n, a, d.state(d.payload(), len(runs)))
}

// An adder adds a list to a draft, by a plan or as a stream, and returns its line.
type adder func(d *draft, list []byte) int

// A numbersAdder is an adder of the columns of rows of text; runs are those of joined slots.
type numbersAdder func(d *draft, numbers []byte, runs [][2]int) int

// asStream is the adder of a stream.
func asStream(d *draft, _ []byte) int { return d.payload() }

// numbersAsStream is the numbersAdder of a stream.
func numbersAsStream(d *draft, _ []byte, _ [][2]int) int { return d.payload() }

// ownPlan returns the plan by which src, bytes that text or packets stood for, takes least, and how many
// bytes: the identity if none saves anything. The search may take up to percent of the steps that are left.
func (t *trial) ownPlan(src []byte, percent int) (p *dsl.Program, size int64) {
	p = dsl.Identity()
	in := t.inner(t.effort, src, t.coder, percent)
	if len(src) >= minPlanned && (t.isHidden(src) || in.promising()) {
		p = in.least(in.joinedPlans())
	}
	return p, in.wholeSize(p)
}

// numbers adds numbers, the columns of rows of text, of which these runs are bytes that the text stood
// for: the longest have plans of their own.
func (t *trial) numbers(d *draft, numbers []byte, runs [][2]int) int {
	var lists []int
	from := 0
	for _, r := range runs {
		if (r[1]-r[0])*ownShare < len(numbers) {
			continue
		}
		if p, _ := t.ownPlan(numbers[r[0]:r[1]], bytesPercent); len(p.Nodes) > 1 {
			lists = append(lists, d.stream(r[0]-from), d.state(d.embed(p), r[1]-r[0]))
			from = r[1]
		}
	}
	if from == 0 {
		return d.payload()
	}
	return d.join(append(lists, d.stream(len(numbers)-from))...)
}

// promisesRows reports whether src, a text, promises templates.
func promisesRows(src []byte, e *effort) bool {
	if !e.compared {
		return text.PromisingBrief(src, e.glimpse, estimate)
	}
	glimpse := e.glimpse
	if glimpse >= e.textBytes {
		glimpse = 0
	}
	return text.Promising(src, glimpse, estimate)
}

// linesPlan returns the plan that prints src by the templates m, whose numbers and cells these adders
// add to it; nil if they are not its.
func linesPlan(src []byte, m text.Templates, addNumbers numbersAdder, addCells adder) *dsl.Program {
	if len(src) <= trimmedBytes {
		m = ofRows(src, m)
	}
	n, numbers, cells, err := plan.LinesNode(src, m.Text, m.End, m.Sets)
	if err != nil {
		return nil
	}
	runs, err := plan.LinesRuns(&n, numbers, cells)
	if err != nil {
		return nil
	}
	return printed(n, func(d *draft, list []byte) int { return addNumbers(d, list, runs) }, addCells, numbers, cells)
}

// ofRows returns those of the templates m that src has rows of; all if it has others, too.
func ofRows(src []byte, m text.Templates) text.Templates {
	if kept, sets, err := plan.TrimLines(src, m.Text, m.End, m.Sets); err == nil {
		m.Text, m.Sets = kept, sets
	}
	return m
}

// printed returns the plan of n, a Lines, whose numbers and cells these adders add to it.
func printed(n dsl.Node, addNumbers, addCells adder, numbers, cells []byte) *dsl.Program {
	d := &draft{}
	a := d.state(addNumbers(d, numbers), len(numbers))
	d.Out = d.add(n, a, d.state(addCells(d, cells), len(cells)))
	return &d.Program
}

// isDump reports whether src, a text, shows bytes.
func isDump(src []byte) bool {
	_, ok := text.Dump(src)
	return ok
}
