package text

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// From rows to their columns.

// A span is text of a row.
type span struct{ from, end int32 }

// A slotColumn is what a slot is in all instances of its template.
type slotColumn struct {
	numbers    []uint64
	exceptions []bool // which of the numbers have a cell instead; nil if none has
	cells      []span
}

// A wordState is the words of a slot so far.
type wordState struct {
	numbers map[string]uint64
	most    int
	all     *int // words of all slots
}

// takes reports whether the slot may print text, with so many words at most that are not noted yet.
func (w *wordState) takes(text []byte, pending int) bool {
	_, ok := w.numbers[string(text)]
	return ok || len(w.numbers)+pending <= w.most && *w.all+pending <= maxWords
}

// A Splitter holds rows that it took apart. Rows that are instances of no template are counted.
type Splitter struct {
	matcher
	source    string // the templates
	all       []byte // the rows
	columns   []slotColumn
	choices   [maxSets][]byte // the numbers of templates
	words     int
	unmatched int // rows
}

// Split takes the rows src of shape r apart by templates, each followed by r.End. It keeps src.
func Split(src []byte, templates string, r Shape) (*Splitter, error) {
	p, err := newSplitter(src, templates, r)
	if err != nil {
		return nil, err
	}
	return p, p.run(r.Count)
}

// newSplitter returns a splitter that has read the templates.
func newSplitter(src []byte, templates string, r Shape) (*Splitter, error) {
	if err := CheckSets(r.Sets); err != nil {
		return nil, err
	}
	p := &Splitter{source: templates, all: src}
	after, err := p.read([]byte(templates), r.End, r.Sets)
	if err != nil {
		return nil, err
	}
	if len(after) > 0 {
		return nil, fmt.Errorf("%d bytes after the templates", len(after))
	}
	p.columns, p.states = make([]slotColumn, len(p.slots)), make([]wordState, len(p.slots))
	for k := range p.slots {
		if s := &p.slots[k]; s.conversion == slotWord {
			p.states[k] = wordState{numbers: map[string]uint64{}, most: 1 << (8 * s.size), all: &p.words}
		}
	}
	for k := range r.Sets {
		p.closed[k] = true
		for _, t := range p.templates[p.sets[k]:p.sets[k+1]] {
			last := &p.slots[t.end-1]
			p.closed[k] = p.closed[k] && last.text < last.textEnd
		}
	}
	p.grams = newRowGrams(&p.templateSet)
	p.starts = make([]byteSet, len(p.slots))
	for k := len(p.slots) - 1; k >= 0; k-- { // instances are of later ones
		p.starts[k] = p.mayStart(&p.slots[k])
	}
	return p, nil
}

// A byteSet is a set of bytes: a bit for each.
type byteSet [4]uint64

// allBytes is the set of all bytes.
var allBytes = byteSet{math.MaxUint64, math.MaxUint64, math.MaxUint64, math.MaxUint64}

func (b *byteSet) has(c byte) bool { return b[c>>6]>>(c&63)&1 != 0 }

// add adds the bytes from first to last.
func (b *byteSet) add(first, last byte) {
	for c := int(first); c <= int(last); c++ {
		b[c>>6] |= 1 << (c & 63)
	}
}

// mayStart returns which bytes s may print first; all if it may print none.
func (p *Splitter) mayStart(s *slot) (b byteSet) {
	switch {
	case s.text < s.textEnd:
		b.add(p.text[s.text], p.text[s.text])
		return b
	case s.conversion == slotNone, s.conversion == slotCell, s.conversion == slotWord:
		return allBytes
	case s.conversion == slotShown:
		b.add(' ', '~')
		return b
	case s.conversion == slotInstance:
		for k := p.sets[s.set]; k < p.sets[s.set+1]; k++ {
			for i, x := range p.starts[p.templates[k].first] {
				b[i] |= x
			}
		}
		return b
	case s.conversion == slotTime:
		c := p.forms[s.form].parts[0]
		if c == 'a' || c == 'b' {
			b.add('A', 'Z')
			return b
		}
		if strings.IndexByte(partLetters, c) < 0 {
			b.add(c, c)
			return b
		}
		if c == 'e' {
			b.add(' ', ' ')
		}
	}
	b.add('0', '9')
	switch s.conversion {
	case slotSigned:
		b.add('-', '-')
	case slotHex:
		b.add('a', 'f')
	case slotUpperHex:
		b.add('A', 'F')
	case slotChecksum:
		for _, c := range []byte(checksums[s.checksum].digits) {
			b.add(c, c)
		}
	}
	if s.pad == ' ' {
		b.add(' ', ' ')
	}
	return b
}

// run takes all rows apart, of which there are so many. Rows without a template are counted.
func (p *Splitter) run(rows int) error {
	pos := 0
	for row := range rows {
		n := bytes.IndexByte(p.all[pos:], p.end)
		if n < 0 {
			if n = len(p.all) - pos; row < rows-1 {
				return fmt.Errorf("%d rows, the plan states %d", row+1, rows)
			}
		}
		if p.match(pos, pos+n, p.all) {
			p.note()
		} else {
			p.unmatched++
		}
		pos = min(pos+n+1, len(p.all))
	}
	if pos < len(p.all) {
		return fmt.Errorf("more rows than the plan states, %d", rows)
	}
	return nil
}

// note adds what was found in a row to the columns.
func (p *Splitter) note() {
	for i := range p.found {
		f := &p.found[i]
		if f.slot < 0 {
			t := int(-1 - f.slot)
			set := p.templates[t].set
			p.choices[set] = append(p.choices[set], byte(t-int(p.sets[set])))
			continue
		}
		s, c := &p.slots[f.slot], &p.columns[f.slot]
		isCell := f.isCell
		if s.conversion == slotWord {
			f.number, isCell = p.word(int(f.slot), p.all[f.from:f.end])
		}
		if isCell {
			c.cells = append(c.cells, span{f.from, f.end})
		}
		if s.hasNumber() {
			c.numbers = append(c.numbers, f.number)
		}
		if s.hasExceptions() && s.hasNumber() {
			c.exceptions = append(c.exceptions, f.isCell)
		}
	}
}

// word returns the number of the word text of slot i, and whether it is new.
func (p *Splitter) word(i int, text []byte) (v uint64, isNew bool) {
	w := &p.states[i]
	v, ok := w.numbers[string(text)]
	if !ok {
		v = uint64(len(w.numbers))
		w.numbers[string(text)] = v
		p.words++
	}
	return v, !ok
}

// Lists returns the lists of which Print makes the rows.
func (p *Splitter) Lists() (Lists, error) {
	if p.unmatched > 0 {
		return Lists{}, fmt.Errorf("%d rows that no template prints", p.unmatched)
	}
	var columns, s []byte
	cells := make([][]byte, len(p.slots))
	k := &Printer{templateSet: p.templateSet, cursors: make([]cursor, len(p.slots)), alike: make([][256]uint64, p.alike)}
	for set := range len(p.sets) - 1 {
		if p.count(set) > 1 {
			columns = append(columns, p.choices[set]...)
		}
		first, end := p.templates[p.sets[set]].first, p.templates[p.sets[set+1]-1].end
		for i := int(first); i < int(end); i++ {
			switch s := &p.slots[i]; {
			case s.joined > 1:
			case s.run > 1:
				columns = p.appendJoined(columns, i)
			case s.hasNumber():
				columns, cells[i] = p.appendColumn(columns, k, i)
			case s.conversion == slotCell:
				for _, c := range p.columns[i].cells {
					cells[i] = append(append(cells[i], p.all[c.from:c.end]...), p.end)
				}
			}
		}
	}
	t := []byte(p.source)
	for i := range p.slots {
		if p.slots[i].hasCells() {
			s = binary.AppendUvarint(s, uint64(len(cells[i])))
			t = append(t, cells[i]...)
		}
	}
	return Lists{append(s, columns...), t}, nil
}

// appendJoined appends the column of the run of slots that begins with slot i to columns.
func (p *Splitter) appendJoined(columns []byte, i int) []byte {
	run := [][]uint64{p.columns[i].numbers}
	for k := i + 1; len(run) < int(p.slots[i].run); k++ {
		if p.slots[k].joined > 1 {
			run = append(run, p.columns[k].numbers)
		}
	}
	for row := range run[0] {
		for _, numbers := range run {
			columns = append(columns, byte(numbers[row]))
		}
	}
	return columns
}

// appendColumn appends the column of slot i, for which it predicts as k would, to columns, and
// returns its cells, too. It changes the numbers of exceptions to what printing takes them for.
func (p *Splitter) appendColumn(columns []byte, k *Printer, i int) (_, cells []byte) {
	s, c := &p.slots[i], &p.columns[i]
	at, count, next := len(columns), len(c.numbers), 0
	columns = append(columns, make([]byte, count*int(s.size))...)
	var text [maxNumberText]byte
	own := &k.cursors[i]
	for row, v := range c.numbers {
		if s.other >= 0 {
			k.cursors[s.other].last = p.columns[s.other].numbers[row]
		}
		isCell := s.hasExceptions() && c.exceptions[row]
		r := s.mask()
		if isCell || s.conversion == slotWord && next < len(c.cells) && v == uint64(next) {
			cells = append(append(cells, p.all[c.cells[next].from:c.cells[next].end]...), p.end)
			next++
		}
		if !isCell {
			if r = k.residualOf(s, own, v); r == s.mask() && s.hasExceptions() {
				isCell = true
				cells = append(append(cells, text[:p.printNumber(text[:], s, v)]...), p.end)
			}
		}
		if isCell {
			v = own.last
			c.numbers[row] = v
		}
		k.note(s, own, v)
		for b := range int(s.size) {
			columns[at+b*count+row] = byte(r >> (8 * b))
		}
	}
	return columns, cells
}

// printNumber writes the number v of s to b and returns how many characters it writes.
func (p *Splitter) printNumber(b []byte, s *slot, v uint64) int {
	if s.conversion == slotTime {
		var d date
		p.forms[s.form].print(b, s.sign(v), &d) // it was parsed
		return p.forms[s.form].size
	}
	return s.print(b, v)
}

// residualOf returns the residual of which Printer.number makes v.
func (p *Printer) residualOf(s *slot, c *cursor, v uint64) uint64 {
	switch s.predictor {
	case noPredictor:
		if s.conversion != slotSigned {
			return v
		}
	case predictXor:
		return v ^ c.last
	default:
		v -= p.expected(s, c)
	}
	x := s.sign(v)
	return uint64(x<<1^x>>63) & s.mask()
}

// Count returns how many rows src has, the last of which may have no end.
func Count(src []byte, end byte) int {
	n := bytes.Count(src, []byte{end})
	if len(src) == 0 || src[len(src)-1] != end {
		n++
	}
	return n
}
