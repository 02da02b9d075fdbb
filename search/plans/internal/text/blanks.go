package text

import "slices"

// Rows of cells with blanks between them, as many as align the columns; text may follow.

const (
	// Rows have leastBlank to mostBlank cells, blankPercent of them all of these. The last one may have
	// blanks. Such are blankRows percent of the rows at least. Arbitrary.
	leastBlank, mostBlank, blankPercent, blankRows = 4, 40, 80, 40
)

// blankCells returns how many cells most rows have; 0 if these are too few.
func (s *sample) blankCells() int {
	var counts []int
	for _, row := range s.rows {
		if n := (len(cutAtBlanks(row, mostBlank)) + 1) / 2; n >= leastBlank {
			counts = append(counts, n)
		}
	}
	if len(counts) < 2*minRows || len(counts)*100 < len(s.rows)*blankRows {
		return 0
	}
	slices.Sort(counts)
	return counts[len(counts)*(100-blankPercent)/100]
}

// columns groups rows by their cells between blanks: those of most rows, the last of which has what
// follows, too. Other rows are grouped by their shapes.
func (s *sample) columns() []*group {
	n := s.blankCells()
	g, others := &group{}, []int{}
	for r, row := range s.rows {
		if list := cutAtBlanks(row, n); len(list) == 2*n-1 {
			g.rows, g.tokens = append(g.rows, r), append(g.tokens, list)
		} else {
			others = append(others, r)
		}
	}
	groups := s.shapes(others, s.tokens(others))
	if g.size() == 0 { // cells at blanks are those of other parts of the text
		return groups
	}
	for _, part := range s.split(g, 0) {
		groups = append(groups, s.formed(part))
	}
	return groups
}

// cutAtBlanks returns up to n cells of row, with the blanks between them, as tokens: the last cell has
// what is left.
func cutAtBlanks(row []byte, n int) (list []token) {
	for start := 0; ; {
		end := start
		if _, past := layoutOf(row, start); past > start {
			end = past
		}
		for end < len(row) && row[end] != ' ' {
			end++
		}
		if len(list) == 2*n-2 || end == len(row) {
			return append(list, token{kind: value, start: int32(start), end: int32(len(row))})
		}
		next := end + run(row[end:], isBlank)
		list = append(list, token{kind: value, start: int32(start), end: int32(end)}, token{kind: blank, start: int32(end), end: int32(next)})
		start = next
	}
}
