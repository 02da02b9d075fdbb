package text

import "bytes"

// Rows of cells: a delimiter stands between them, and each cell may have a shape of its own.

const (
	commonCell = 4  // percent of a column's cells that a shape must have to count
	maxVariant = 48 // templates for rows of as many cells
)

// cells groups rows by how many cells a delimiter makes of them, then by the shapes of these. Rows
// whose cells have rare shapes are a group whose columns are whole cells.
func (s *sample) cells(delimiter byte) (groups []*group) {
	byCount := map[int]*group{}
	var order []*group
	for r, row := range s.rows {
		list := cut(row, delimiter)
		g := byCount[len(list)]
		if g == nil {
			g = &group{}
			byCount[len(list)] = g
			order = append(order, g)
		}
		g.rows, g.tokens = append(g.rows, r), append(g.tokens, list)
	}
	for _, g := range order {
		if len(g.tokens[0]) < 3 { // one cell: no table
			groups = append(groups, s.shapes(g.rows, s.tokens(g.rows))...)
			continue
		}
		for _, part := range s.split(g, 0) {
			groups = append(groups, s.variants(part)...)
		}
	}
	return groups
}

// cut returns the cells of row and the delimiters between them, as tokens.
func cut(row []byte, delimiter byte) (list []token) {
	for start := 0; ; {
		n := bytes.IndexByte(row[start:], delimiter)
		if n < 0 {
			return append(list, token{kind: value, start: int32(start), end: int32(len(row))})
		}
		list = append(list, token{kind: value, start: int32(start), end: int32(start + n)},
			token{kind: mark, start: int32(start + n), end: int32(start + n + 1)})
		start += n + 1
	}
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
func (s *sample) variants(g *group) []*group {
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
	common := commonShapes(shapes)
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
			v = &group{}
			known[h] = v
			groups = append(groups, v)
		}
		v.rows, v.tokens = append(v.rows, r), append(v.tokens, joined(g.tokens[i], inner[i]))
	}
	return groups
}

// commonShapes returns for each cell the shapes that are common.
func commonShapes(shapes [][]uint64) (common []map[uint64]bool) {
	for k := range shapes[0] {
		count := map[uint64]int{}
		for _, row := range shapes {
			count[row[k]]++
		}
		set := map[uint64]bool{}
		for x, n := range count {
			if n >= minRows && n*100 >= commonCell*len(shapes) {
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
