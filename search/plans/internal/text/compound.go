package text

import "strings"

// Values with marks between them may be one thing: an address, a name, a version. Few different ones
// are words.

// breaks are the bytes that end what may be one thing.
const breaks = " \t,;|\"'()[]{}=<>#"

// compound makes one slot of slots with marks between them where that takes less.
func (f *finder) compound(t *template) {
	for a := 0; a < len(t.pieces); a++ {
		if !isSimple(t.pieces[a]) {
			continue
		}
		b := a
		for b+2 < len(t.pieces) && t.pieces[b+1].column == nil && !strings.ContainsAny(t.pieces[b+1].text, breaks) && isSimple(t.pieces[b+2]) {
			b += 2
		}
		if b > a {
			a = f.asOne(t, a, b)
		}
	}
}

// isSimple reports whether p is a slot that may be a part of a compound.
func isSimple(p piece) bool {
	return p.column != nil && p.slot != "%*" && p.slot != "%:" && !strings.HasPrefix(p.slot, "%<") && !strings.Contains(p.slot, ",")
}

// asOne makes one slot of the pieces a to b of t if that takes less, and returns where they then end.
func (f *finder) asOne(t *template, a, b int) int {
	before, after := "", ""
	if a > 0 {
		text := t.pieces[a-1].text
		before = text[strings.LastIndexAny(text, breaks)+1:]
	}
	if b+1 < len(t.pieces) {
		if after = t.pieces[b+1].text; strings.ContainsAny(after, breaks) {
			after = after[:strings.IndexAny(after, breaks)]
		}
	}
	parts := template{pieces: append([]piece{{text: before}}, t.pieces[a:b+1]...)}
	parts.pieces = append(parts.pieces, piece{text: after})
	one := &column{rows: t.pieces[a].column.rows}
	for i := range one.rows {
		cell := []byte(before)
		for _, p := range t.pieces[a : b+1] {
			if p.column == nil {
				cell = append(cell, p.text...)
			} else {
				cell = append(cell, p.column.cells[i]...)
			}
		}
		one.cells = append(one.cells, append(cell, after...))
	}
	l := lookAt(one.cells)
	if l.different*2 > l.cells {
		return b
	}
	slot := f.cheapest(one, append(words(l), parts.text()))
	if slot == parts.text() {
		return b
	}
	pieces := append([]piece(nil), t.pieces[:a]...)
	if a > 0 {
		pieces[a-1].text = strings.TrimSuffix(pieces[a-1].text, before)
	}
	pieces = append(pieces, piece{column: one, slot: slot})
	if b+1 < len(t.pieces) {
		rest := t.pieces[b+1]
		rest.text = strings.TrimPrefix(rest.text, after)
		pieces = append(append(pieces, rest), t.pieces[b+2:]...)
	}
	t.pieces = pieces
	return a
}
