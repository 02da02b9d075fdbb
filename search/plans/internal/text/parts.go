package text

import "bytes"

// Cells that are letters between numbers.

// parts returns the slots for cells that consist of the same letters between numbers.
func (c *column) parts(l look) []string {
	if l.mostly(l.digits+l.decimals) || l.least == 0 {
		return nil
	}
	first := split(c.cells[0])
	if len(first) < 2 || len(first) > 12 {
		return nil
	}
	columns := make([]column, len(first))
	for i, cell := range c.cells {
		list := split(cell)
		if len(list) != len(first) {
			return nil
		}
		for k, p := range list {
			if isDigits(p) != isDigits(first[k]) || !isDigits(p) && !bytes.Equal(p, first[k]) {
				return nil
			}
			columns[k].cells = append(columns[k].cells, p)
		}
		if i > 1<<12 {
			break
		}
	}
	plain, delta := "", ""
	for k, p := range first {
		if !isDigits(p) || columns[k].isConstant() {
			plain, delta = plain+escape(p), delta+escape(p)
			continue
		}
		look := lookAt(columns[k].cells)
		n := look.numbers("")
		if n == nil {
			return nil
		}
		plain, delta = plain+"%"+n[0], delta+"%+"+n[0]
	}
	return []string{plain, delta}
}

func isDigits(b []byte) bool { return len(b) > 0 && classes[b[0]]&isDigit != 0 }

// split divides cell into digits and what is between them.
func split(cell []byte) (list [][]byte) {
	for len(cell) > 0 {
		n := run(cell, isDigit)
		if n == 0 {
			for n < len(cell) && classes[cell[n]]&isDigit == 0 {
				n++
			}
		}
		list = append(list, cell[:n])
		cell = cell[n:]
	}
	return list
}
