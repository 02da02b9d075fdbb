package plan

import (
	"bytes"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// What a search for templates of Lines needs.

// SlotValues are what a slot of a template is in the rows that are instances of it. Those of the
// slots of one template belong together: they are of the same instances, in the order of the rows.
type SlotValues struct {
	Template   int      // from 0, of all sets
	Slot       int      // of the template, from 0
	Conversion byte     // u, d, x, X, s, w, or [ for a time
	Size       int      // bytes of a number; 0 for s
	Values     []uint64 // numbers modulo 2^(8 Size), 0 for an exception; of w the number of the word, in the order in which they first occur; nil for s
	Exceptions []bool   // which values are cells instead; nil for s, w and joined slots
	Cells      [][]byte // of s, of w (each word once), and of exceptions, in their order
}

// LinesNode returns the Lines, without arguments, that prints src by templates, each followed by
// end, of which the first sets[0] are the first set, and so on; and its two arguments. The error
// is dsl.ErrExecution if the templates are invalid, or a row of src is an instance of none.
// Templates are those of container/FORMAT.md, section 9. The first one that a row is an instance
// of without exceptions wins, then the first with exceptions; one of a cell alone (%s) counts as
// an exception. lines_match.go says how a row is matched.
func LinesNode(src []byte, templates string, end byte, sets []int) (n dsl.Node, s, t []byte, err error) {
	n = dsl.Node{Op: dsl.Lines, Nums: [3]int32{int32(end), int32(rowCount(src, end))}, Text: templates}
	for _, k := range sets {
		n.List = append(n.List, int32(k))
	}
	p, err := splitterOf(src, &n)
	if err != nil {
		return n, nil, nil, err
	}
	if p.unmatched > 0 {
		return n, nil, nil, invalid("%d rows that no template prints", p.unmatched)
	}
	s, t = p.encode()
	return n, s, t, nil
}

// LinesValues returns what the slots of templates are in the rows of src that are instances of
// some, and how many rows are not. Templates, end and sets are as in LinesNode.
func LinesValues(src []byte, templates string, end byte, sets []int) (values []SlotValues, unmatched int, err error) {
	n := dsl.Node{Op: dsl.Lines, Nums: [3]int32{int32(end), int32(rowCount(src, end))}, Text: templates}
	for _, k := range sets {
		n.List = append(n.List, int32(k))
	}
	p, err := splitterOf(src, &n)
	if err != nil {
		return nil, 0, err
	}
	return p.values(), p.unmatched, nil
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
			end += bytes.IndexByte(t[end:], byte(n.Nums[0])) + 1
		}
		if end <= maxTemplateText {
			n.Text = string(t[:end])
		}
	}
	return p, nil
}

// splitterOf returns a splitter that has taken src apart by n.
func splitterOf(src []byte, n *dsl.Node) (*splitter, error) {
	if err := checkLines(n); err != nil {
		return nil, err
	}
	p, err := newSplitter(src, n.Text, byte(n.Nums[0]), n.List)
	if err != nil {
		return nil, err
	}
	return p, p.run(int(n.Nums[1]))
}

// values returns what slots with numbers or cells are.
func (p *splitter) values() (values []SlotValues) {
	for k := range p.templates {
		t := &p.templates[k]
		number := 0
		for i := t.first; i < t.end; i++ {
			s, c := &p.slots[i], &p.columns[i]
			if s.hasNumber() || s.hasCells() {
				v := SlotValues{Template: k, Slot: number, Conversion: s.conversion, Size: int(s.size), Values: c.numbers, Exceptions: c.exceptions}
				for _, x := range c.cells {
					v.Cells = append(v.Cells, p.all[x.from:x.end])
				}
				values = append(values, v)
			}
			number++
		}
	}
	return values
}
