package text

import (
	"bytes"
	"slices"
	"strings"
)

// Rows of cells with keys, of which a row may lack some: the cells with a key stand in a column.

const (
	// keyedPercent of the cells must have keys, of which there are mostKeys at most. Arbitrary.
	keyedPercent, mostKeys = 70, 64
)

// keyOf returns how many bytes of a cell are its key: a name, perhaps quoted, with what stands before
// it, an equals sign or a colon, and blanks; 0 if there is none.
func keyOf(cell []byte) int {
	n := 0
	for n < len(cell) && strings.IndexByte(" {[(,;|\t", cell[n]) >= 0 {
		n++
	}
	quoted := n < len(cell) && cell[n] == '"'
	if quoted {
		n++
	}
	start := n
	for n < len(cell) && (classes[cell[n]]&(isLetter|isDigit) != 0 || n > start && bytes.IndexByte([]byte("-."), cell[n]) >= 0 || quoted && cell[n] == ' ') {
		n++
	}
	if n == start || !quoted && classes[cell[start]]&isDigit != 0 {
		return 0
	}
	if quoted {
		if n == len(cell) || cell[n] != '"' {
			return 0
		}
		n++
	}
	if n == len(cell) || cell[n] != '=' && cell[n] != ':' {
		return 0
	}
	n++
	for n < len(cell) && cell[n] == ' ' {
		n++
	}
	return n
}

// keyed groups rows, whose cells are those of cells, by the keys of their first cells; the rows of a
// group have as many tokens, one for each key. It returns nil if few cells have keys.
func (s *sample) keyed(cells [][]token) (groups []*group) {
	sequences, known := make([][]int, len(cells)), map[string]int{}
	all, with := 0, 0
	for r, list := range cells {
		seen := map[int]bool{}
		for k := 0; k < len(list); k += 2 {
			text := s.rows[r][list[k].start:list[k].end]
			n := keyOf(text)
			if all++; n > 0 {
				with++
			}
			text = text[:n]
			id := 0
			for try := byte(0); ; try++ { // of several cells with the same key, the second is another one
				name := string(text) + string(rune('0'+try))
				var ok bool
				if id, ok = known[name]; !ok {
					id = len(known)
					known[name] = id
				}
				if !seen[id] {
					break
				}
			}
			if len(known) > mostKeys {
				return nil
			}
			seen[id] = true
			sequences[r] = append(sequences[r], id)
		}
	}
	if with*100 < all*keyedPercent {
		return nil
	}
	byFirst := map[int][]int{}
	var order []int
	for r, ids := range sequences {
		if byFirst[ids[0]] == nil {
			order = append(order, ids[0])
		}
		byFirst[ids[0]] = append(byFirst[ids[0]], r)
	}
	for _, first := range order {
		groups = append(groups, s.inColumns(byFirst[first], sequences, cells)...)
	}
	return groups
}

// orderOf returns an order of keys in which most of the sequences of rows have them: the more frequent
// a sequence, the earlier it is respected.
func orderOf(rows []int, sequences [][]int) (order []int) {
	counts := map[string]int{}
	first := map[string]int{}
	var names []string
	for _, r := range rows {
		name := make([]byte, len(sequences[r]))
		for i, id := range sequences[r] {
			name[i] = byte(id)
		}
		if counts[string(name)]++; counts[string(name)] == 1 {
			names = append(names, string(name))
			first[string(name)] = r
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return counts[b] - counts[a] })
	for _, name := range names {
		at := 0
		for _, id := range sequences[first[name]] {
			if k := slices.Index(order, id); k >= 0 {
				at = k + 1
				continue
			}
			order = slices.Insert(order, at, id)
			at++
		}
	}
	return order
}

// inColumns returns the group of rows that have the keys of the sequences in one order, a token for
// each, and what all end with; and the groups of the others, by their numbers of cells.
//
// A token has the delimiter behind the cell or, if no cell that all rows have follows, before it: that
// of a missing cell is empty.
func (s *sample) inColumns(rows []int, sequences [][]int, cells [][]token) (groups []*group) {
	order := orderOf(rows, sequences)
	place := map[int]int{}
	for k, id := range order {
		place[id] = k
	}
	g, counts := &group{keyed: true}, make([]int, len(order))
	var others []int
	for _, r := range rows {
		if !slices.IsSortedFunc(sequences[r], func(a, b int) int { return place[a] - place[b] }) {
			others = append(others, r)
			continue
		}
		g.rows = append(g.rows, r)
		for _, id := range sequences[r] {
			counts[place[id]]++
		}
	}
	if g.size() > 0 {
		last := len(order) - 1 // that all rows have
		for counts[last] < g.size() {
			last--
		}
		tail := s.tailOf(g.rows)
		for _, r := range g.rows { // the last cell may be shorter: rows may end with the delimiter
			cell := cells[r][len(cells[r])-1]
			tail = min(tail, int(cell.end-cell.start))
		}
		for _, r := range g.rows {
			list := cells[r]
			list[len(list)-1].end -= int32(tail)
			row, end := make([]token, 0, len(order)+1), int32(0)
			c := 0 // cell
			for k, id := range order {
				t := token{kind: value, start: end, end: end}
				if c < len(sequences[r]) && sequences[r][c] == id {
					if t.end = list[2*c].end; k < last {
						t.end = list[2*c+1].end
					}
					c++
				}
				row, end = append(row, t), t.end
			}
			g.tokens = append(g.tokens, append(row, token{kind: mark, start: end, end: end + int32(tail)}))
		}
		g.joinAlike()
		groups = append(groups, g)
	}
	return append(groups, byCount(others, cells)...)
}

// tailOf returns how many bytes, that close what the rows are within, all rows end with.
func (s *sample) tailOf(rows []int) (n int) {
	first := s.rows[rows[0]]
	n = len(first) - len(bytes.TrimRight(first, "}])\r;"))
	for _, r := range rows {
		row := s.rows[r]
		for n = min(n, len(row)); !bytes.HasSuffix(row, first[len(first)-n:]); {
			n--
		}
	}
	return n
}

// joinAlike makes one token of those that are missing in the same rows.
func (g *group) joinAlike() {
	missing := func(i, k int) bool { return g.tokens[i][k].start == g.tokens[i][k].end }
	for k := len(g.tokens[0]) - 2; k > 0; k-- {
		alike, some := true, false
		for i := range g.tokens {
			alike = alike && missing(i, k) == missing(i, k-1)
			some = some || missing(i, k)
		}
		if !alike || !some {
			continue
		}
		for i := range g.tokens {
			g.tokens[i][k-1].end = g.tokens[i][k].end
			g.tokens[i] = slices.Delete(g.tokens[i], k, k+1)
		}
	}
}

// byCount groups rows, whose cells are those of cells, by how many these are.
func byCount(rows []int, cells [][]token) (groups []*group) {
	known := map[int]*group{}
	for _, r := range rows {
		g := known[len(cells[r])]
		if g == nil {
			g = &group{}
			known[len(cells[r])] = g
			groups = append(groups, g)
		}
		g.rows, g.tokens = append(g.rows, r), append(g.tokens, cells[r])
	}
	return groups
}
