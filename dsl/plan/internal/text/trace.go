package text

// What slots print, and which bytes of the lists they print it from.

// A Printed is what a slot of an instance of a template printed. The last slot of a template is none: it
// stands for the text after the others.
type Printed struct {
	Template int // number among all templates
	Slot     int // number among those of the template
	Literal  int // where the text before the slot begins in the rows
	From     int // where the slot begins
	End      int // where it ends

	Choice int    // index in Lists.Columns of the number of the template, of the first slot of an instance; -1 if there is none
	Number int    // index of the least significant byte of the slot's number; -1 if it has none
	Plane  int    // from a byte of the number to the next one
	Size   int    // bytes of the number
	Cell   [2]int // first and end index in Lists.Text of the cell that it was the first to print
}

// A tracer shows what a Printer prints.
type tracer struct {
	p     *Printer
	visit func(*Printed)
	head  int     // bytes of Lists.Columns before the columns
	cells []int32 // of each slot, where its next cell is
	known []int32 // of each slot, the end of its words that were printed
	x     Printed
}

// Trace prints as Print does, and calls visit for each slot of each instance, in the order in which they
// end. What it shows is valid until visit returns.
func (p *Printer) Trace(dst []byte, r Shape, l Lists, visit func(*Printed)) error {
	p.trace = &tracer{p: p, visit: visit}
	defer func() { p.trace = nil }()
	return p.Print(dst, r, l)
}

// begin notes where the columns and cells begin.
func (t *tracer) begin(head int) {
	t.head = head
	for k := range t.p.cursors {
		c := &t.p.cursors[k]
		t.cells, t.known = append(t.cells, c.cells), append(t.known, c.known)
	}
}

// instance prints an instance of a template, and shows its slots.
func (t *tracer) instance(template int) error {
	p := t.p
	f := &p.templates[template]
	for i := f.first; i < f.end; i++ {
		start := p.pos
		if err := p.slotsFrom(i, i+1); err != nil {
			return err
		}
		t.slot(template, int(i-f.first), start)
	}
	return nil
}

// slot shows slot i of an instance of a template, whose text begins at start.
func (t *tracer) slot(template, i, start int) {
	p := t.p
	f := &p.templates[template]
	k := int(f.first) + i
	s, c := &p.slots[k], &p.cursors[k]
	t.x = Printed{
		Template: template, Slot: i, Literal: start, From: start + int(s.textEnd-s.text), End: p.pos,
		Choice: -1, Number: -1,
	}
	if set := int(f.set); i == 0 && p.count(set) > 1 {
		t.x.Choice = t.head + p.numbers[set] - 1
	}
	if s.hasNumber() {
		t.x.Number, t.x.Plane, t.x.Size = t.head+int(c.pos-c.step), int(c.plane), int(s.size)
	}
	switch {
	case s.conversion == slotWord:
		if c.known > t.known[k] {
			from, end := p.words[c.known-1], c.cellsEnd
			if c.known < c.wordsEnd {
				end = p.words[c.known]
			}
			t.x.Cell, t.known[k] = [2]int{int(from), int(end)}, c.known
		}
	case c.cells > t.cells[k]:
		t.x.Cell, t.cells[k] = [2]int{int(t.cells[k]), int(c.cells)}, c.cells
	}
	t.visit(&t.x)
}
