package text

import (
	"bytes"
	"slices"
)

// Rows of cells: a delimiter stands between them, and each cell may have a shape of its own.

const (
	// A shape that usualCell percent of a column's cells have is that of the column, and other cells
	// are whole. If there may be variants, commonCell percent are enough. Arbitrary.
	usualCell, commonCell = 85, 4
)

// cells groups rows by how many cells a delimiter makes of them, then by the shapes of these: the
// usual one of each column or, if variants are wanted, each common one.
func (s *sample) cells(w way) (groups []*group) {
	percent := usualCell
	if w.variants {
		percent = commonCell
	}
	var cells [][]token
	for _, row := range s.rows {
		cells = append(cells, cut(row, w.delimiter))
	}
	var parts []*group
	if w.forms {
		parts = s.keyed(cells)
	}
	if parts == nil {
		parts = byCount(s.all(), cells)
	}
	for _, g := range parts {
		if len(g.tokens[0]) < 3 && !g.keyed { // one cell: no table
			groups = append(groups, s.shapes(g.rows, s.tokens(g.rows))...)
			continue
		}
		for _, part := range s.split(g, 0) {
			if w.forms {
				groups = append(groups, s.formed(part))
				continue
			}
			groups = append(groups, s.variants(part, percent)...)
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

// variants groups the rows of g by the shapes that their cells have. A rare shape is as good as
// none: the cell remains whole.
func (s *sample) variants(g *group, percent int) []*group {
	inner := make([][][]token, g.size()) // of each row and cell
	shapes := make([][]uint64, g.size())
	for i, r := range g.rows {
		for k := 0; k < len(g.tokens[i]); k += 2 {
			t := g.tokens[i][k]
			list := tokens(nil, s.rows[r][t.start:t.end])
			inner[i] = append(inner[i], list)
			shapes[i] = append(shapes[i], shapeOf(s.rows[r][t.start:t.end], list))
		}
	}
	common := commonShapes(shapes, percent)
	s.single(g, inner, shapes, common)
	known := map[uint64]*group{}
	var groups []*group
	for i, r := range g.rows {
		h := uint64(hashStart)
		for k, x := range shapes[i] {
			if !common[k][x] {
				x, inner[i][k] = 0, nil
			}
			h = (h ^ x) * hashPrime
		}
		v := known[h]
		if v == nil {
			v = &group{loose: g.loose, divided: 1}
			known[h] = v
			groups = append(groups, v)
		}
		v.rows, v.tokens = append(v.rows, r), append(v.tokens, joined(g.tokens[i], inner[i]))
	}
	return groups
}

// single makes cells of any shape that of their column's only common shape if this is of a single
// token: they are exceptions of its slot.
func (s *sample) single(g *group, inner [][][]token, shapes [][]uint64, common []map[uint64]bool) {
	for k, set := range common {
		if len(set) != 1 {
			continue
		}
		first := slices.IndexFunc(shapes, func(row []uint64) bool { return set[row[k]] })
		if len(inner[first][k]) != 1 {
			continue
		}
		usual, shape := inner[first][k][0], shapes[first][k]
		for i := range g.rows {
			t := usual
			t.start, t.end = 0, g.tokens[i][2*k].end-g.tokens[i][2*k].start
			inner[i][k], shapes[i][k] = []token{t}, shape
		}
	}
}

// commonShapes returns for each cell the shapes that percent of the rows have.
func commonShapes(shapes [][]uint64, percent int) (common []map[uint64]bool) {
	for k := range shapes[0] {
		count := map[uint64]int{}
		for _, row := range shapes {
			count[row[k]]++
		}
		set := map[uint64]bool{}
		for x, n := range count {
			if n >= minRows && n*100 >= percent*len(shapes) {
				set[x] = true
			}
		}
		common = append(common, set)
	}
	return common
}

// joined returns the tokens of a row in whose cells the tokens of inner are, unless there are none.
func joined(cells []token, inner [][]token) (list []token) {
	for k, t := range cells {
		if k%2 == 1 || inner[k/2] == nil {
			list = append(list, t)
			continue
		}
		for _, in := range inner[k/2] {
			in.start, in.end = in.start+t.start, in.end+t.start
			list = append(list, in)
		}
	}
	return list
}
