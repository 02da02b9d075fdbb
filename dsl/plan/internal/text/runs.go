package text

import "slices"

// Runs returns where the columns of joined slots of rows of shape r are in l.Columns, each from its
// first byte to its end. It is the search's.
func Runs(r Shape, l Lists) (list [][2]int, err error) {
	if err := CheckSets(r.Sets); err != nil {
		return nil, err
	}
	p := &Printer{s: l.Columns, t: slices.Clone(l.Text)}
	cells, err := p.read(p.t, r.End, r.Sets)
	if err != nil {
		return nil, err
	}
	if err := p.layCells(len(p.t) - len(cells)); err != nil {
		return nil, err
	}
	if err := p.layColumns(r.Count, r.Count+len(l.Columns)+len(l.Text)); err != nil {
		return nil, err
	}
	head := len(l.Columns) - len(p.s) // where the columns begin
	for i := range p.slots {
		if s, c := &p.slots[i], &p.cursors[i]; s.joined == 1 {
			from := head + int(c.pos)
			list = append(list, [2]int{from, from + int(c.step)*int(c.plane)})
		}
	}
	return list, nil
}
