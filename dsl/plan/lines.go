package plan

import (
	"bytes"
	"encoding/binary"

	"github.com/ktzip/ktzip/dsl"
)

// Rows of text, printed by templates from columns of numbers and cells.

// A cursor is what remains of the column of a slot and of its cells, and what its predictor knows.
type cursor struct {
	pos   int32 // of the next residual's least significant byte
	step  int32 // from one residual to the next
	plane int32 // from a byte of a residual to the next more significant one

	cells, cellsEnd        int32 // of t; the next cell begins at cells
	words, known, wordsEnd int32 // of printer.words: those of the column; known is the end of those that there were

	last, before uint64 // numbers
	lastOther    uint64
}

// A printer makes the rows of a Lines. Its slices are kept for the next one.
type printer struct {
	templateSet
	s, t    []byte
	cursors []cursor      // of the slots
	numbers [maxSets]int  // where the next number of a template of each set is
	dates   []date        // the last one of each form
	words   []int32       // where they begin in t
	alike   [][256]uint64 // the last number of each slot with FieldAlike, by the low byte of the other

	dst     []byte // 0 <= pos <= len(dst)
	pos     int
	sums    checksums // of the row
	scratch [maxNumberText]byte
}

// checkLines is row.check of Lines.
func checkLines(n *dsl.Node) error {
	if n.Nums[0] < 0 || n.Nums[0] > 255 {
		return invalid("rows that end with byte %d", n.Nums[0])
	}
	if len(n.List) < 1 || len(n.List) > maxSets {
		return invalid("%d sets of templates, want 1 to %d", len(n.List), maxSets)
	}
	total := 0
	for _, count := range n.List {
		if count < 1 || count > maxSetTemplates {
			return invalid("a set of %d templates, want 1 to %d", count, maxSetTemplates)
		}
		total += int(count)
	}
	if total > maxTemplates {
		return invalid("%d templates, want at most %d", total, maxTemplates)
	}
	return nil
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
	if m.direction == splitting {
		return splitLines(n, l)
	}
	return m.printer.run(n, l)
}

// run prints the rows of n.
func (p *printer) run(n *dsl.Node, l lists) error {
	p.s, p.t, p.dst, p.pos = l.args[0], l.args[1], l.result, 0
	cells, err := p.read(p.t, byte(n.Nums[0]), n.List)
	if err != nil {
		return err
	}
	if err := p.layCells(len(p.t) - len(cells)); err != nil {
		return err
	}
	rows := int(n.Nums[1])
	if err := p.layColumns(rows, rows+len(l.args[0])+len(l.args[1])); err != nil {
		return err
	}
	for row := range rows {
		p.sums = checksums{xorEnd: p.pos + 1, sumEnd: p.pos + 1}
		if err := p.instance(0); err != nil {
			return err
		}
		if p.pos < len(p.dst) {
			p.dst[p.pos] = p.end
			p.pos++
		} else if row < rows-1 {
			return errLongRows(len(p.dst))
		}
	}
	return p.finish()
}

func errLongRows(size int) error { return invalid("rows of more than %d bytes together", size) }

// layCells sets where the cells of each slot are, from byte at of t on, and where its words are.
func (p *printer) layCells(at int) error {
	p.cursors, p.dates = zeros(p.cursors, len(p.slots)), zeros(p.dates, len(p.forms))
	p.alike, p.words = zeros(p.alike, p.templateSet.alike), p.words[:0]
	for k := range p.slots {
		s, c := &p.slots[k], &p.cursors[k]
		if !s.hasCells() {
			continue
		}
		n, size := binary.Uvarint(p.s)
		if size <= 0 || size > 1 && p.s[size-1] == 0 || n > uint64(len(p.t)-at) {
			return invalid("cells of %d bytes, of %d", n, len(p.t)-at)
		}
		p.s = p.s[size:]
		c.cells, c.cellsEnd = int32(at), int32(at+int(n))
		at += int(n)
		if n > 0 && p.t[at-1] != p.end {
			return invalid("cells without their end")
		}
		if s.conversion == slotWord {
			c.words, c.known = int32(len(p.words)), int32(len(p.words))
			for pos := at - int(n); pos < at; {
				if len(p.words) == maxWords {
					return invalid("more than %d words", maxWords)
				}
				p.words = append(p.words, int32(pos))
				pos += bytes.IndexByte(p.t[pos:], p.end) + 1
			}
			c.wordsEnd = int32(len(p.words))
		}
	}
	if at < len(p.t) {
		return invalid("%d bytes after the last cell", len(p.t)-at)
	}
	return nil
}

// layColumns sets where the columns of each slot are, of so many rows and at most most instances.
func (p *printer) layColumns(rows, most int) error {
	var instances [maxSets]int
	instances[0] = rows
	at, total := 0, 0
	for k := range len(p.sets) - 1 {
		count := instances[k]
		if total += count; total > most {
			return invalid("%d instances of templates, want at most %d", total, most)
		}
		var each [maxSetTemplates]int
		each[0] = count
		p.numbers[k] = at
		if n := p.count(k); n > 1 {
			if count > len(p.s)-at {
				return invalid("%d instances of set %d, of %d bytes", count, k+1, len(p.s)-at)
			}
			each[0] = 0
			for _, c := range p.s[at : at+count] {
				each[c]++
			}
			for _, x := range each[n:] {
				if x > 0 {
					return invalid("an instance of a template beyond the %d of set %d", n, k+1)
				}
			}
			at += count
		}
		for i := range p.count(k) {
			t := &p.templates[int(p.sets[k])+i]
			for j := t.first; j < t.end; j++ {
				s := &p.slots[j]
				if s.conversion == slotInstance {
					instances[s.set] = min(instances[s.set]+each[i], most+1)
				}
				if !s.hasNumber() {
					continue
				}
				c := &p.cursors[j]
				if s.joined > 1 {
					lead := &p.cursors[s.other]
					c.pos, c.step, c.plane = lead.pos+int32(s.joined)-1, lead.step, lead.plane
					continue
				}
				size := int(s.run) * int(s.size)
				if each[i] > (len(p.s)-at)/size {
					return invalid("a column of %d numbers of %d bytes, of %d", each[i], size, len(p.s)-at)
				}
				c.pos, c.step, c.plane = int32(at), int32(s.run), int32(each[i])
				at += size * each[i]
			}
		}
	}
	if at < len(p.s) {
		return invalid("%d bytes after the last column", len(p.s)-at)
	}
	return nil
}

// finish checks that the rows fill their list, and take all cells and words.
func (p *printer) finish() error {
	if p.pos < len(p.dst) {
		return invalid("rows of %d bytes together, want %d", p.pos, len(p.dst))
	}
	for k := range p.cursors {
		if c := &p.cursors[k]; c.cells < c.cellsEnd && p.slots[k].conversion != slotWord || c.known < c.wordsEnd {
			return invalid("cells that no row takes")
		}
	}
	return nil
}
