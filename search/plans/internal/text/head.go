package text

import (
	"bytes"
	"slices"
)

// What most rows begin with, such as a time, is a template of its own: its columns go on from row
// to row, whatever follows.

// headPercent of the rows must begin with a head, and one in headOthers of these be of other templates
// than the first. Arbitrary.
const headPercent, headOthers = 50, 25

// markHead notes how many of the first tokens of most rows are of one shape, and that no group is
// divided by: they are slots even where they happen to be the same in all rows of a group.
func (s *sample) markHead(groups []*group) {
	all := 0
	for _, g := range groups {
		g.head = 0
		all += g.size()
	}
	first := groups[0]
	s.varies = nil
	best, most, slots := 0, 0, 0
	for n := 1; n <= len(first.tokens[0]) && (first.divided == 0 || n < first.divided); n++ {
		rows, varying, varies := 0, 0, false
		for _, g := range groups {
			if g.head < n-1 || len(g.tokens[0]) < n || g.divided > 0 && g.divided <= n || !s.sameKind(first, g, n-1) {
				continue
			}
			g.head = n
			rows += g.size()
			if !s.columnOf(g, n-1, n-1).isConstant() {
				varying += g.size()
			}
			varies = varies || !bytes.Equal(s.text(g, 0, n-1), s.text(first, 0, n-1))
		}
		varies = varies || varying > 0
		if (rows-first.size())*headOthers < rows || rows*100 < all*headPercent || varies && varying*100 < rows*headPercent {
			break
		}
		s.varies = append(s.varies, varies)
		if varies {
			slots++
		}
		if rows*slots > most {
			best, most = n, rows*slots
		}
	}
	for _, g := range groups {
		if g.head < best {
			g.head = 0
		}
		g.head = min(g.head, best)
	}
}

// sameKind reports whether token k of two groups is of the same shape.
func (s *sample) sameKind(a, b *group, k int) bool {
	return a.forms[k] == nil && b.forms[k] == nil && shapeOf(s.rows[a.rows[0]], a.tokens[0][k:k+1]) == shapeOf(s.rows[b.rows[0]], b.tokens[0][k:k+1])
}

// takeHead takes what most of the rows begin with off their templates, and returns it; nil if there
// is none with a slot.
func takeHead(list []*template) *template {
	all := 0
	for _, t := range list {
		all += t.rows
	}
	var best []piece
	least, most, slots := 0, 0, 0
	for n := 1; n <= len(list[0].pieces); n++ {
		head := list[0].pieces[:n]
		rows := 0
		for _, t := range list {
			if startsWith(t, head) {
				rows += t.rows
			}
		}
		if rows*100 < all*headPercent {
			break
		}
		if (rows-list[0].rows)*headOthers < rows {
			break
		}
		if head[n-1].column == nil {
			continue
		}
		if slots++; rows*slots > most {
			best, least, most = head, rows, rows*slots
		}
	}
	if best == nil {
		return nil
	}
	head := &template{rows: least}
	for _, p := range best {
		if p.column != nil {
			p.column = &column{layout: p.column.layout, isHex: p.column.isHex, tight: p.column.tight}
		}
		head.pieces = append(head.pieces, p)
	}
	for _, t := range list {
		if !startsWith(t, best) {
			continue
		}
		for k := range best {
			if c := t.pieces[k].column; c != nil {
				h := head.pieces[k].column
				h.rows, h.cells = append(h.rows, c.rows...), append(h.cells, c.cells...)
			}
		}
		t.pieces = append([]piece{{slot: "%<2>", column: &column{}}}, t.pieces[len(best):]...)
	}
	for k := range head.pieces {
		if c := head.pieces[k].column; c != nil {
			c.sort()
		}
	}
	return head
}

// startsWith reports whether the rows of t begin as head says.
func startsWith(t *template, head []piece) bool {
	if len(t.pieces) < len(head) {
		return false
	}
	for k, p := range head {
		q := t.pieces[k]
		switch {
		case (p.column == nil) != (q.column == nil) || p.forms != nil || q.forms != nil:
			return false
		case p.column == nil && p.text != q.text:
			return false
		case p.column != nil && (p.column.layout != q.column.layout || p.column.tight != q.column.tight):
			return false
		}
	}
	return true
}

// sort puts the cells of c in the order of their rows.
func (c *column) sort() {
	order := make([]int, len(c.rows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return c.rows[a] - c.rows[b] })
	cells, rows := make([][]byte, len(order)), make([]int, len(order))
	for i, k := range order {
		cells[i], rows[i] = c.cells[k], c.rows[k]
	}
	c.cells, c.rows = cells, rows
}
