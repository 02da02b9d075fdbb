package plan

import (
	"bytes"
	"slices"
	"sort"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan/internal/text"
)

// Rows of text, printed by templates from columns of numbers and cells.

// checkLines is row.check of Lines.
func checkLines(n *dsl.Node) error {
	if n.Nums[0] < 0 || n.Nums[0] > 255 {
		return invalid("rows that end with byte %d", n.Nums[0])
	}
	return refusal(text.CheckSets(n.List))
}

// linesLengths is row.lengths of Lines: both arguments must have stated lengths.
func linesLengths(n *dsl.Node, size int, stated [2]int) (wanted [2]int, err error) {
	switch {
	case stated[0] < 0 || stated[1] < 0:
		return wanted, invalid("the plan does not state the lengths of both lists of a lines; use get_subsequence_between_indices(s, 0, n)")
	case n.Nums[1] < 1 || int(n.Nums[1]) > size+1:
		return wanted, invalid("%d rows of %d bytes together", n.Nums[1], size)
	}
	return stated, nil
}

// lines is row.run of Lines.
func lines(m *Machine, n *dsl.Node, l lists) error {
	if !m.direction.joins() {
		return splitLines(n, l)
	}
	return refusal(m.printer.Print(l.result, linesShape(n), text.Lists{Columns: l.args[0], Text: l.args[1]}))
}

// spreadLines prints the rows. It adds what a slot costs to what it prints, and what is in no column or cell to all
// bytes.
func spreadLines(m *Machine, n *dsl.Node, c *carried) error {
	clear(c.costs)
	carried := uint64(0)
	made := Made{ArgCosts: c.argCosts}
	add := func(from, end int, cost uint64) {
		if from == end { // nothing is printed: what is beside it costs that
			from, end = max(0, min(from, len(c.costs)-1)), min(from+1, len(c.costs))
		}
		if from < end {
			carried += cost
			addEvenly(c.costs[from:end], cost)
		}
	}
	list := text.Lists{Columns: c.args[0], Text: bytes.Clone(c.args[1])} // printing changes the templates
	err := m.printer.Trace(c.result, linesShape(n), list, func(x *text.Printed) {
		if x.Choice >= 0 {
			end := x.From
			if x.Literal == end {
				end = x.End
			}
			add(x.Literal, end, uint64(c.argCosts[0][x.Choice]))
		}
		if cost := slotCost(x, &made); cost > 0 {
			add(x.From, x.End, cost)
		}
	})
	addEvenly(c.costs, total(c.argCosts[0])+total(c.argCosts[1])-carried)
	return refusal(err)
}

// splitLines is lines if the Machine splits.
func splitLines(n *dsl.Node, l lists) error {
	if n.Text == "" {
		return invalid("a lines without its templates")
	}
	made, err := splitRows(l.result, n)
	if err != nil {
		return err
	}
	if len(made.Columns) != len(l.args[0]) || len(made.Text) != len(l.args[1]) {
		return invalid("columns of %d bytes and text of %d, the plan states %d and %d", len(made.Columns), len(made.Text), len(l.args[0]), len(l.args[1]))
	}
	copy(l.args[0], made.Columns)
	copy(l.args[1], made.Text)
	return nil
}

// splitRows takes src apart by n into the lists that n makes src of.
func splitRows(src []byte, n *dsl.Node) (made text.Lists, err error) {
	s, err := text.Split(src, n.Text, linesShape(n))
	if err != nil {
		return made, refusal(err)
	}
	made, err = s.Lists()
	return made, refusal(err)
}

// linesShape returns the shape of the rows of n.
func linesShape(n *dsl.Node) text.Shape {
	return text.Shape{Count: int(n.Nums[1]), End: byte(n.Nums[0]), Sets: n.List}
}

// refusal makes err, of the package text, an error of parameters or lengths; nil stays nil.
func refusal(err error) error {
	if err == nil {
		return nil
	}
	return invalid("%w", err)
}

// What a search for templates of Lines needs.

// LinesNode returns the Lines, without arguments, that prints src by templates, each followed by
// end, of which the first sets[0] are the first set, and so on; and its two arguments. The error
// is dsl.ErrExecution if the templates are invalid, or a row of src is an instance of none.
// Templates are those of container/FORMAT.md, section 9. The first one that a row is an instance
// of without exceptions wins, then the first with exceptions; one of a cell alone (%s) counts as
// an exception. internal/text/match.go says how a row is matched.
func LinesNode(src []byte, templates string, end byte, sets []int) (n dsl.Node, s, t []byte, err error) {
	n = linesNode(src, templates, end, sets)
	l, err := splitRows(src, &n)
	return n, l.Columns, l.Text, err
}

// LinesRuns returns where the bytes are that joined slots print, in the first argument of n, a Lines
// of LinesNode with the arguments s and t: each run of them from its first byte to its end.
func LinesRuns(n *dsl.Node, s, t []byte) ([][2]int, error) {
	list, err := text.Runs(linesShape(n), text.Lists{Columns: s, Text: t})
	return list, refusal(err)
}

// TrimLines returns those of the templates of LinesNode that rows of src are instances of, and how many
// each set then has.
func TrimLines(src []byte, templates string, end byte, sets []int) (kept string, keptSets []int, err error) {
	n := linesNode(src, templates, end, sets)
	kept, keptSets, err = text.Trim(src, templates, linesShape(&n))
	return kept, keptSets, refusal(err)
}

// linesNode returns the Lines that prints src, without arguments.
func linesNode(src []byte, templates string, end byte, sets []int) dsl.Node {
	n := dsl.Node{Op: dsl.Lines, Nums: [3]int32{int32(end), int32(text.Count(src, end))}, Text: templates}
	for _, k := range sets {
		n.List = append(n.List, int32(k))
	}
	return n
}

// maxTemplateText is how many bytes of templates WithTemplates takes from streams at most. Arbitrary.
const maxTemplateText = 1 << 16

// WithTemplates returns p, which makes size bytes of streams, with the templates of its Lines.
// The error is dsl.ErrExecution or dsl.ErrLimit.
func (m *Machine) WithTemplates(p *dsl.Program, size int, streams [][]byte) (*dsl.Program, error) {
	if !slices.ContainsFunc(p.Nodes, func(n dsl.Node) bool { return n.Op == dsl.Lines }) {
		return p, nil
	}
	l, err := NewLayout(p, size)
	if err != nil {
		return nil, err
	}
	p = p.Clone()
	for i := range p.Nodes {
		n := &p.Nodes[i]
		if n.Op != dsl.Lines || l.lengths[i] < 0 {
			continue
		}
		m.begin(l, 0)
		m.streams, m.direction = streams, joining
		t := m.take(l.lengths[n.Refs[1]])
		if err := m.run(n.Refs[1], t); err != nil {
			return nil, err
		}
		end, templates := 0, sum(n.List)
		for k := 0; k < templates && end < min(len(t), maxTemplateText); k++ {
			next := bytes.IndexByte(t[end:], byte(n.Nums[0]))
			if next < 0 {
				break
			}
			end += next + 1
		}
		if end <= maxTemplateText {
			n.Text = string(t[:end])
		}
	}
	return p, nil
}

// A TemplateOf is a template of a Lines, and what it prints.
type TemplateOf struct {
	Set       int // from 1; those of set 1 print rows
	Text      string
	Instances int    // of it: rows, if it is of set 1
	Cost      uint64 // that the choice of this template costs, in the unit of the costs of bytes
	Slots     []SlotOf
}

// A SlotOf is a slot of a template.
type SlotOf struct {
	text.Slot
	Cost    uint64   // that its numbers and cells cost, or the instances of another set
	Samples []string // what it printed in the first instances, at most shownRecords, of at most maxSample bytes each
}

// maxSample is the length of a sample in bytes. Arbitrary.
const maxSample = 64

// TemplatesOf returns the templates of n, a Lines that makes the list of x, that print anything, the most
// frequent ones first. Costs are 0 if x has none.
func TemplatesOf(n *dsl.Node, x *Made) ([]TemplateOf, error) {
	shape := linesShape(n)
	templates, err := text.Templates(x.Args[1], shape)
	if err != nil {
		return nil, refusal(err)
	}
	list := make([]TemplateOf, len(templates))
	for k, t := range templates {
		list[k] = TemplateOf{Set: t.Set + 1, Text: t.Text}
		for _, s := range t.Slots {
			list[k].Slots = append(list[k].Slots, SlotOf{Slot: s})
		}
	}
	var p text.Printer
	var nested []printedCost // of slots that no instance has yet
	rows := make([]byte, len(x.List))
	lists := text.Lists{Columns: x.Args[0], Text: bytes.Clone(x.Args[1])}
	err = p.Trace(rows, shape, lists, func(y *text.Printed) {
		t := &list[y.Template]
		if y.Slot == 0 {
			t.Instances++
		}
		own := printedCost{set: t.Set, start: y.Literal}
		if y.Choice >= 0 && x.Costs != nil {
			own.cost = uint64(x.ArgCosts[0][y.Choice])
			t.Cost += own.cost
		}
		if y.Slot == len(t.Slots) { // the text after the last one
			if nested = append(nested, own); t.Set == 1 {
				nested = nested[:0]
			}
			return
		}
		s, cost := &t.Slots[y.Slot], uint64(0)
		if x.Costs != nil {
			cost = slotCost(y, x)
		}
		for k := len(nested) - 1; k >= 0 && nested[k].set > t.Set && nested[k].start >= y.From; k-- {
			cost += nested[k].cost
			nested = nested[:k]
		}
		s.Cost += cost
		own.cost += cost
		nested = append(nested, own)
		if len(s.Samples) < shownRecords {
			s.Samples = append(s.Samples, string(rows[y.From:min(y.End, y.From+maxSample)]))
		}
	})
	if err != nil {
		return nil, refusal(err)
	}
	list = slices.DeleteFunc(list, func(t TemplateOf) bool { return t.Instances == 0 })
	sort.SliceStable(list, func(i, j int) bool { return list[i].Instances > list[j].Instances })
	return list, nil
}

// A printedCost is what a slot printed from start on cost, with its instances.
type printedCost struct {
	set, start int
	cost       uint64
}

// slotCost returns what the number and the cell of y cost.
func slotCost(y *text.Printed, x *Made) uint64 {
	cost := total(x.ArgCosts[1][y.Cell[0]:y.Cell[1]])
	for k := range y.Size {
		cost += uint64(x.ArgCosts[0][y.Number+k*y.Plane])
	}
	return cost
}
