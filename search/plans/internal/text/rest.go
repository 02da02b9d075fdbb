package text

import "slices"

// Rows of rare shapes: what they begin with may be common.

// beginnings groups the rows of rest, whose tokens are those of list, by the longest beginnings
// that at least minRows of them share; what follows is one token.
func (s *sample) beginnings(rows []int, list [][]token) (groups []*group) {
	all := make([]int, len(rows))
	for i := range all {
		all[i] = i
	}
	s.divide(rows, list, all, 0, &groups)
	slices.SortFunc(groups, func(a, b *group) int { return a.rows[0] - b.rows[0] })
	return groups
}

// divide appends the groups of the members of rows, which share a beginning of depth tokens.
func (s *sample) divide(rows []int, list [][]token, members []int, depth int, groups *[]*group) {
	next := map[uint64][]int{}
	var order []uint64
	var here []int // those that no longer beginning is common to
	for _, i := range members {
		if depth == len(list[i]) {
			here = append(here, i)
			continue
		}
		h := s.beginningOf(rows[i], list[i][depth])
		if next[h] == nil {
			order = append(order, h)
		}
		next[h] = append(next[h], i)
	}
	for _, h := range order {
		if len(next[h]) >= minRows {
			s.divide(rows, list, next[h], depth+1, groups)
		} else {
			here = append(here, next[h]...)
		}
	}
	if len(here) == 0 {
		return
	}
	slices.Sort(here)
	g := &group{}
	for _, i := range here {
		end := int32(len(s.rows[rows[i]]))
		after := token{kind: value, start: end, end: end}
		if depth < len(list[i]) || depth == 0 {
			after.start = startOf(list[i], depth)
		}
		g.rows, g.tokens = append(g.rows, rows[i]), append(g.tokens, append(slices.Clone(list[i][:depth]), after))
	}
	*groups = append(*groups, g)
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
