package text

import "slices"

// What most rows begin with, such as a time, is a template of its own: its columns go on from row
// to row, whatever follows.

const headPercent = 50 // of the rows must begin with a head. Arbitrary.

// takeHead takes what most of the rows begin with off their templates, and returns it; nil if there
// is none with a slot.
func takeHead(list []*template) *template {
	all := 0
	for _, t := range list {
		all += t.rows
	}
	var best []piece
	least := 0
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
		if head[n-1].column != nil {
			best, least = head, rows
		}
	}
	if best == nil || least == list[0].rows {
		return nil
	}
	head := &template{rows: least}
	for _, p := range best {
		if p.column != nil {
			p.column = &column{layout: p.column.layout}
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
		case (p.column == nil) != (q.column == nil):
			return false
		case p.column == nil && p.text != q.text:
			return false
		case p.column != nil && p.column.layout != q.column.layout:
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
