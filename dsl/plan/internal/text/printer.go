package text

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// A Shape says how many rows there are, how they end, and in what sets their templates are.
type Shape struct {
	Count int     // of rows
	End   byte    // of a row, a template, or a cell; the last row may have none
	Sets  []int32 // how many templates each set has
}

// Lists are what rows are printed from.
type Lists struct {
	Columns []byte // how many bytes the cells of each slot have, and the columns of the slots
	Text    []byte // the templates, and the cells
}

// A cursor is what remains of the column of a slot and of its cells, and what its predictor knows.
type cursor struct {
	pos   int32 // of the next residual's least significant byte
	step  int32 // from one residual to the next
	plane int32 // from a byte of a residual to the next more significant one

	cells, cellsEnd        int32 // of t; the next cell begins at cells
	words, known, wordsEnd int32 // of Printer.words: those of the column; known is the end of those that there were

	last, before uint64 // numbers
	lastOther    uint64
}

// A Printer prints rows. It keeps its slices for the next ones. The zero value is ready to use.
type Printer struct {
	templateSet
	s, t    []byte
	cursors []cursor      // of the slots
	numbers [maxSets]int  // where the next number of a template of each set is
	dates   []date        // the last one of each form
	words   []int32       // where they begin in t
	alike   [][256]uint64 // the last number of each slot with predictAlike, by the low byte of the other

	dst     []byte // 0 <= pos <= len(dst)
	pos     int
	row     int                  // where the row begins
	sums    [sumCount]runningSum // of the row
	scratch [maxNumberText]byte
	trace   *tracer // sees what slots print; nil if nobody looks
}

// CheckSets checks how many templates each set has.
func CheckSets(sets []int32) error {
	if len(sets) < 1 || len(sets) > maxSets {
		return fmt.Errorf("%d sets of templates, want 1 to %d", len(sets), maxSets)
	}
	total := 0
	for _, count := range sets {
		if count < 1 || count > maxSetTemplates {
			return fmt.Errorf("a set of %d templates, want 1 to %d", count, maxSetTemplates)
		}
		total += int(count)
	}
	if total > maxTemplates {
		return fmt.Errorf("%d templates, want at most %d", total, maxTemplates)
	}
	return nil
}

// Print prints rows of shape r from l; they must fill dst. CheckSets must accept r.Sets, and
// 1 <= r.Count <= len(dst)+1. It changes the templates of l: %% to a per cent sign.
func (p *Printer) Print(dst []byte, r Shape, l Lists) error {
	p.s, p.t, p.dst, p.pos = l.Columns, l.Text, dst, 0
	cells, err := p.read(p.t, r.End, r.Sets)
	if err != nil {
		return err
	}
	if err := p.layCells(len(p.t) - len(cells)); err != nil {
		return err
	}
	if err := p.layColumns(r.Count, r.Count+len(l.Columns)+len(l.Text)); err != nil {
		return err
	}
	if p.trace != nil {
		p.trace.begin(len(l.Columns) - len(p.s))
	}
	for row := range r.Count {
		p.row, p.sums = p.pos, [sumCount]runningSum{}
		if err := p.instance(0); err != nil {
			return err
		}
		if p.pos < len(p.dst) {
			p.dst[p.pos] = p.end
			p.pos++
		} else if row < r.Count-1 {
			return errLongRows(len(p.dst))
		}
	}
	return p.finish()
}

func errLongRows(size int) error { return fmt.Errorf("rows of more than %d bytes together", size) }

// layCells sets where the cells of each slot are, from byte at of t on, and where its words are.
func (p *Printer) layCells(at int) error {
	p.cursors, p.dates = zeros(p.cursors, len(p.slots)), zeros(p.dates, len(p.forms))
	p.alike, p.words = zeros(p.alike, p.templateSet.alike), p.words[:0]
	for k := range p.slots {
		s, c := &p.slots[k], &p.cursors[k]
		if !s.hasCells() {
			continue
		}
		n, size := binary.Uvarint(p.s)
		if size <= 0 || size > 1 && p.s[size-1] == 0 || n > uint64(len(p.t)-at) {
			return fmt.Errorf("cells of %d bytes, of %d", n, len(p.t)-at)
		}
		p.s = p.s[size:]
		c.cells, c.cellsEnd = int32(at), int32(at+int(n))
		at += int(n)
		if n > 0 && p.t[at-1] != p.end {
			return fmt.Errorf("cells without their end")
		}
		if s.conversion == slotWord {
			c.words, c.known = int32(len(p.words)), int32(len(p.words))
			for pos := at - int(n); pos < at; {
				if len(p.words) == maxWords {
					return fmt.Errorf("more than %d words", maxWords)
				}
				p.words = append(p.words, int32(pos))
				pos += bytes.IndexByte(p.t[pos:], p.end) + 1
			}
			c.wordsEnd = int32(len(p.words))
		}
	}
	if at < len(p.t) {
		return fmt.Errorf("%d bytes after the last cell", len(p.t)-at)
	}
	return nil
}

// layColumns sets where the columns of each slot are, of so many rows and at most most instances.
func (p *Printer) layColumns(rows, most int) error {
	var instances [maxSets]int
	instances[0] = rows
	at, total := 0, 0
	for k := range len(p.sets) - 1 {
		count := instances[k]
		if total += count; total > most {
			return fmt.Errorf("%d instances of templates, want at most %d", total, most)
		}
		var each [maxSetTemplates]int
		each[0] = count
		p.numbers[k] = at
		if n := p.count(k); n > 1 {
			if count > len(p.s)-at {
				return fmt.Errorf("%d instances of set %d, of %d bytes", count, k+1, len(p.s)-at)
			}
			each[0] = 0
			for _, c := range p.s[at : at+count] {
				each[c]++
			}
			for _, x := range each[n:] {
				if x > 0 {
					return fmt.Errorf("an instance of a template beyond the %d of set %d", n, k+1)
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
					return fmt.Errorf("a column of %d numbers of %d bytes, of %d", each[i], size, len(p.s)-at)
				}
				c.pos, c.step, c.plane = int32(at), int32(s.run), int32(each[i])
				at += size * each[i]
			}
		}
	}
	if at < len(p.s) {
		return fmt.Errorf("%d bytes after the last column", len(p.s)-at)
	}
	return nil
}

// finish checks that the rows fill their list, and take all cells and words.
func (p *Printer) finish() error {
	if p.pos < len(p.dst) {
		return fmt.Errorf("rows of %d bytes together, want %d", p.pos, len(p.dst))
	}
	for k := range p.cursors {
		if c := &p.cursors[k]; c.cells < c.cellsEnd && p.slots[k].conversion != slotWord || c.known < c.wordsEnd {
			return fmt.Errorf("cells that no row takes")
		}
	}
	return nil
}

// zeros returns n zeros, in the array of list if that has room.
func zeros[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	list = list[:n]
	clear(list)
	return list
}
