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
		if len(row) == length || len(row) > length && len(rows) < minRows {
			rows = append(rows, r)
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
		if (t.kind == mark || t.kind == blank) && !bytes.Equal(row[t.start:t.end], first[t.start:t.end]) {
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
	class    byte // classes that all of them have
	constant bool
	bits     int64 // entropy of the byte, in 1/logUnit
}

// places returns the tokens of all rows, which have the same length.
func (s *sample) places(rows []int, length int) (list []token) {
	rows = rows[:min(len(rows), fixedRows)]
	first := s.rows[rows[0]]
	at := make([]place, length)
	for i := range at {
		at[i] = place{class: classes[first[i]], constant: true}
		counts := make([]int, 256)
		for _, r := range rows {
			counts[s.rows[r][i]]++
			at[i].class &= classes[s.rows[r][i]]
			at[i].constant = at[i].constant && s.rows[r][i] == first[i]
		}
		at[i].bits = (nlog(len(rows)) - nlogs(counts)) / int64(len(rows))
	}
	for i := 0; i < length; {
		t := token{start: int32(i), kind: mark}
		end := i + 1
		switch p := at[i]; {
		case s.stamped(rows, i, &t):
			end = int(t.end)
		case p.constant && p.class&isBlank != 0:
			t.kind = blank
			for end < length && at[end].constant && at[end].class&isBlank != 0 {
				end++
			}
		case p.constant && p.class&(isDigit|isLetter) == 0:
		default:
			t.kind = value
			for end < length && !borders(at[end-1], at[end]) {
				end++
			}
		}
		t.end = int32(end)
		list = append(list, t)
		i = end
	}
	return list
}

// borders reports whether a value ends between two places.
func borders(a, b place) bool {
	switch {
	case b.constant && b.class&(isDigit|isLetter) == 0:
		return true
	case a.constant && a.class&isLetter != 0 && !b.constant && b.class&isDigit != 0:
		return true
	case a.class&isHex != 0 && b.class&isHex != 0:
		return (a.class^b.class)&isDigit != 0 && !a.constant && !b.constant || a.bits > b.bits+bitsLess
	}
	return (a.class^b.class)&isDigit != 0 && (a.class|b.class)&isLetter != 0
}

// bitsLess is how much less the first digit of a number tells than the last one of another, in
// 1/logUnit of a bit. Arbitrary.
const bitsLess = logUnit * 3 / 4

// stamped reports whether all rows have a time of the same layout at byte i, which t becomes.
func (s *sample) stamped(rows []int, i int, t *token) bool {
	for k, text := range layouts {
		n, fraction := 0, 0
		for _, r := range rows {
			m, f := timeBytes(s.rows[r][i:], text)
			if m == 0 || n > 0 && m != n {
				n = 0
				break
			}
			n, fraction = m, f
		}
		if n >= minFixed {
			t.kind, t.end, t.layout = stamp, int32(i+n), layout{uint8(k + 1), uint8(fraction)}
			return true
		}
	}
	return false
}
