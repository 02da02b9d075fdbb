package text

import "bytes"

// Rows of cells: a delimiter stands between them.

// cells groups rows by the keys of their cells or, if these have none, by how many cells a delimiter
// makes of them; then by a cell that tells much about the others.
func (s *sample) cells(delimiter byte) (groups []*group) {
	var cells [][]token
	for _, row := range s.rows {
		cells = append(cells, cut(row, delimiter))
	}
	parts := s.keyed(cells)
	if parts == nil {
		parts = byCount(s.all(), cells)
	}
	for _, g := range parts {
		if len(g.tokens[0]) < 3 && !g.keyed { // one cell: no table
			groups = append(groups, s.shapes(g.rows, s.tokens(g.rows))...)
			continue
		}
		for _, part := range s.split(g, 0) {
			groups = append(groups, s.formed(part))
		}
	}
	return groups
}

// cut returns the cells of row and the delimiters between them, as tokens. A delimiter in quotes is part
// of a cell.
func cut(row []byte, delimiter byte) (list []token) {
	inTimes := bytes.IndexByte([]byte(" :,"), delimiter) >= 0
	quotes := delimiter != '"' && isQuoted(row)
	for start := 0; ; {
		past := start // a time that has the delimiter
		if inTimes {
			_, past = layoutOf(row, start)
		}
		n := past
		for inside := false; n < len(row) && (inside || row[n] != delimiter); n++ {
			switch {
			case !quotes:
			case row[n] == '\\' && inside && n+1 < len(row):
				n++
			case row[n] == '"':
				inside = !inside
			}
		}
		if n >= len(row) {
			return append(list, token{kind: value, start: int32(start), end: int32(len(row))})
		}
		list = append(list, token{kind: value, start: int32(start), end: int32(n)},
			token{kind: mark, start: int32(n), end: int32(n + 1)})
		start = n + 1
	}
}

// isQuoted reports whether row has quotes in pairs.
func isQuoted(row []byte) bool {
	n := bytes.Count(row, []byte{'"'}) - bytes.Count(row, []byte(`\"`))
	return n > 0 && n%2 == 0
}

// tokens returns the tokens of rows, as if they had no cells.
func (s *sample) tokens(rows []int) (list [][]token) {
	var all []token
	for _, r := range rows {
		n := len(all)
		all = tokens(all, s.rows[r])
		list = append(list, all[n:len(all):len(all)])
	}
	return list
}
