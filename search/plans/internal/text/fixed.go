package text

import (
	"bytes"
	"slices"
)

// Rows of one length, such as those of an aligned table: what they have at a place tells where the
// cells are.

const (
	// usualPercent is how many of the rows must be as long as those whose places are looked at, or
	// fixedPercent at least as long; fixedRows of them are looked at. Arbitrary.
	usualPercent, fixedPercent, fixedRows = 60, 85, 4 << 10

	// minFixed and maxFixed bound the length of these rows, in bytes.
	minFixed, maxFixed = 8, 1 << 10

	// fixedCells is how many cells and what is between them there must be.
	fixedCells = 3
)

// placedLength returns how many bytes of rows are looked at: the length that most of them have or, if
// there is none, the one that nearly all of them have at least; 0 if that is too short.
func (s *sample) placedLength() int {
	counts := map[int]int{}
	var lengths []int
	for _, row := range s.rows {
		counts[len(row)]++
		lengths = append(lengths, len(row))
	}
	if len(lengths) < 2*minRows {
		return 0
	}
	slices.Sort(lengths)
	n := lengths[len(lengths)*(100-fixedPercent)/100]
	usual := 0
	for _, m := range slices.Compact(lengths) {
		if counts[m] > counts[usual] {
			usual = m
		}
	}
	if counts[usual]*100 >= len(s.rows)*usualPercent {
		n = usual
	}
	if n < minFixed || n > maxFixed {
		return 0
	}
	return n
}

// fixed groups the rows by what they have at each place; rows that do not have it by their shapes.
// The last cell may be of any length. There are no groups if there are too few cells.
func (s *sample) fixed() []*group {
	length := s.placedLength()
	var rows []int
	for r, row := range s.rows {
		if len(row) == length {
			rows = append(rows, r)
		}
	}
	if len(rows) < minRows {
		for r, row := range s.rows {
			if len(row) > length {
				rows = append(rows, r)
			}
		}
	}
	if length == 0 || len(rows) == 0 {
		return nil
	}
	list := s.places(rows, length)
	if len(list) < fixedCells {
		return nil
	}
	alike, other := &group{}, []int{}
	for r, row := range s.rows {
		if tokens := placed(list, s.rows[rows[0]], row); tokens != nil {
			alike.rows, alike.tokens = append(alike.rows, r), append(alike.tokens, tokens)
		} else {
			other = append(other, r)
		}
	}
	return append(s.split(alike, 0), s.shapes(other, s.tokens(other))...)
}

// placed returns the tokens of row, which are those of list, of the row first, but for the end of
// the last one; nil if row has something else between its cells.
func placed(list []token, first, row []byte) []token {
	last := list[len(list)-1]
	if len(row) <= int(last.start) || last.kind != value && len(row) != int(last.end) {
		return nil
	}
	for _, t := range list[:len(list)-1] {
		if t.kind == mark && !bytes.Equal(row[t.start:t.end], first[t.start:t.end]) {
			return nil
		}
	}
	if len(row) == int(last.end) {
		return list
	}
	last.end = int32(len(row))
	return append(slices.Clone(list[:len(list)-1]), last)
}

// A place is what rows have at a byte.
type place struct {
	usual    byte  // the most frequent byte
	kind     byte  // of what is no blank: placeDigit, placeLetter, placeMixed; placeBlank if there is nothing else
	filled   int   // rows with no blank, in percent
	constant bool  // in all rows
	bits     int64 // entropy of the byte, in 1/logUnit
	stamp    token // a time that begins here; none if it has no layout and no end
}

const (
	placeBlank = iota
	placeDigit
	placeLetter
	placeMixed
)

const (
	// oddPercent is how many of the rows may have something else at a place: exceptions. Arbitrary.
	oddPercent = 7

	// stampedRows is how many rows are looked at for times. Arbitrary.
	stampedRows = 1 << 9

	// bitsLess is how much less the first digit of a number tells than the last one of another, in
	// 1/logUnit of a bit. Arbitrary.
	bitsLess = logUnit * 3 / 2
)

// places returns the tokens of all rows, which have the same length: cells with the blanks that they
// are padded with, and what stands between them.
func (s *sample) places(rows []int, length int) (list []token) {
	rows = rows[:min(len(rows), fixedRows)]
	at := make([]place, length)
	for i := range at {
		at[i] = s.placeAt(rows, i)
	}
	first := s.rows[rows[0]]
	for i := 0; i < length; {
		t := token{start: int32(i), kind: value}
		end := i + 1
		switch p := at[i]; {
		case p.stamp.end > 0:
			t = p.stamp
			end = int(t.end)
		case isMark(at, i, first[i]):
			t.kind = mark
		default:
			for end < length && at[end].stamp.end == 0 && !isMark(at, end, first[end]) && !borders(at[i:end], at[end]) {
				end++
			}
		}
		t.end = int32(end)
		list = append(list, t)
		i = end
	}
	return list
}

// placeAt returns what rows have at byte i.
func (s *sample) placeAt(rows []int, i int) (p place) {
	counts := make([]int, 256)
	for _, r := range rows {
		counts[s.rows[r][i]]++
	}
	digits, most := 0, 0
	for c, n := range counts {
		if n > most {
			most, p.usual = n, byte(c)
		}
		if classes[c]&isDigit != 0 || c == '.' || c == '-' || c == '+' {
			digits += n
		}
	}
	filled := len(rows) - counts[' ']
	p.filled = filled * 100 / len(rows)
	p.constant = most == len(rows)
	p.bits = (nlog(len(rows)) - nlogs(counts)) / int64(len(rows))
	switch {
	case p.filled*2 < oddPercent:
	case digits*100 >= filled*(100-oddPercent):
		p.kind = placeDigit
	case digits*100 <= filled*oddPercent:
		p.kind = placeLetter
	default:
		p.kind = placeMixed
	}
	p.stamp = s.stamped(rows[:min(len(rows), stampedRows)], i, p.usual)
	return p
}

// isMark reports whether c, at place i, stands between cells: in all rows, and as no part of a number.
func isMark(at []place, i int, c byte) bool {
	if !at[i].constant || classes[c]&(isDigit|isLetter|isBlank) != 0 {
		return false
	}
	if c == '-' || c == '+' {
		return i > 0 && at[i-1].kind == placeDigit && at[i-1].filled == 100
	}
	return c != '.'
}

// borders reports whether the cell with the places so far ends before place b.
func borders(cell []place, b place) bool {
	a := cell[len(cell)-1]
	switch {
	case a.kind == placeBlank && b.kind == placeBlank:
		return false
	case b.kind == placeBlank: // a word goes on with what it is padded with
		return a.kind != placeLetter && cell[0].filled <= a.filled && !cell[0].isWord()
	case a.kind == placeBlank:
		return cell[0].isWord() || b.filled > 100-oddPercent
	case a.kind != b.kind:
		return true
	case a.kind == placeDigit && a.filled > 100-oddPercent && b.filled <= a.filled-oddPercent:
		return true
	case cell[0].isWord() && b.filled > a.filled+oddPercent/2:
		return true
	}
	if b.usual == '.' {
		return false
	}
	return a.kind != placeLetter && a.filled > 100-oddPercent && a.bits > b.bits+bitsLess
}

// isWord reports whether a cell that begins with p is one of letters, padded behind.
func (p place) isWord() bool { return p.kind == placeLetter && p.filled > 100-oddPercent }

// stamped returns the time of a layout that all but few rows have at byte i; or, with no layout, a
// date of digits alone.
func (s *sample) stamped(rows []int, i int, usual byte) (t token) {
	if classes[usual]&(isDigit|isLetter) == 0 {
		return t
	}
	for k := -1; k < len(layouts); k++ {
		text := "Ymd"
		if k >= 0 {
			text = layouts[k]
		}
		n, fraction, odd := 0, 0, 0
		for _, r := range rows {
			m, f := timeBytes(s.rows[r][i:], text)
			if m == 0 || n > 0 && m != n {
				if odd++; odd*100 > len(rows)*oddPercent {
					break
				}
				continue
			}
			n, fraction = m, f
		}
		if n < minFixed || odd*100 > len(rows)*oddPercent {
			continue
		}
		if k < 0 {
			return token{kind: value, start: int32(i), end: int32(i + n)}
		}
		return token{kind: stamp, start: int32(i), end: int32(i + n), layout: layout{uint8(k + 1), uint8(fraction)}}
	}
	return t
}
