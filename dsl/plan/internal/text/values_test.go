package text

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

// Values returns what slots with numbers or cells are in the rows that are instances of some
// template, and how many rows are not.
func (p *Splitter) Values() (values []SlotValues, unmatched int) {
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
	return values, p.unmatched
}
