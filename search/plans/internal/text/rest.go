package text

// Rows of rare shapes: what they begin with may be common.

// A node is of a tree of beginnings of rows.
type node struct {
	count int
	next  map[uint64]*node
	rows  []int // numbers, within the rest, of those whose common beginning this is
	depth int
}

// beginnings groups the rows of rest, whose tokens are those of list, by the longest beginnings
// that at least minRows of them share; what follows is one token.
func (s *sample) beginnings(rows []int, list [][]token) (groups []*group) {
	root := &node{}
	paths := make([][]*node, len(rows))
	for i, r := range rows {
		n := root
		for _, t := range list[i] {
			h := s.beginningOf(r, t)
			if n.next == nil {
				n.next = map[uint64]*node{}
			}
			m := n.next[h]
			if m == nil {
				m = &node{depth: n.depth + 1}
				n.next[h] = m
			}
			m.count++
			paths[i] = append(paths[i], m)
			n = m
		}
	}
	var order []*node
	for i := range rows {
		deepest := root
		for _, n := range paths[i] {
			if n.count < minRows {
				break
			}
			deepest = n
		}
		if deepest.rows == nil {
			order = append(order, deepest)
		}
		deepest.rows = append(deepest.rows, i)
	}
	for _, n := range order {
		g := &group{}
		for _, i := range n.rows {
			tokens := append([]token(nil), list[i][:n.depth]...)
			if n.depth < len(list[i]) || n.depth == 0 {
				tokens = append(tokens, token{kind: value, start: startOf(list[i], n.depth), end: int32(len(s.rows[rows[i]]))})
			} else {
				end := int32(len(s.rows[rows[i]]))
				tokens = append(tokens, token{kind: value, start: end, end: end})
			}
			g.rows, g.tokens = append(g.rows, rows[i]), append(g.tokens, tokens)
		}
		groups = append(groups, g)
	}
	return groups
}

// startOf returns where token k of list starts, 0 if there is none.
func startOf(list []token, k int) int32 {
	if k < len(list) {
		return list[k].start
	}
	return 0
}

// beginningOf returns what tokens have in common that may be at one place of a template: a word
// without digits is itself, others are of their kind.
func (s *sample) beginningOf(row int, t token) uint64 {
	h := hashOf(hashStart, byte(t.kind))
	text := s.rows[row][t.start:t.end]
	switch t.kind {
	case stamp:
		return hashOf(h, t.layout.line, t.layout.fraction)
	case value:
		for _, c := range text {
			if classes[c]&isDigit != 0 {
				return hashOf(h, '0')
			}
		}
		return hashOf(h, text...)
	case mark:
		return hashOf(h, text...)
	}
	return h
}
