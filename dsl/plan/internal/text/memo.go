package text

import "bytes"

// A memo is what an instance of a set at a place was found to be.
type memo struct {
	row, pos int
	context
	exceptions bool
	end        int // negative if there is none
	found      []found
}

// instance returns where an instance of set k at pos ends; -1 if there is none.
//
// What the instance at pos was found to be is noted for the templates of the row that are tried
// next. If all templates of the set end with text, it is the first that is there, whatever follows.
func (m *matcher) instance(k, pos int, exceptions bool, next context) int {
	if m.closed[k] {
		next = context{}
	}
	c := &m.memos[k]
	if c.row != m.rows || c.pos != pos || c.exceptions != exceptions || !m.same(c.context, next) {
		mark := len(m.found)
		c.row, c.pos, c.exceptions, c.context = m.rows, pos, exceptions, next
		c.end = m.choose(k, pos, exceptions, next)
		c.found = append(c.found[:0], m.found[mark:]...)
		m.found = m.found[:mark]
	}
	m.found = append(m.found, c.found...) // none if there is no instance
	return c.end
}

// same reports whether the same text follows by both contexts.
func (m *matcher) same(a, b context) bool {
	return a == b || a.atEnd == b.atEnd && a.text < a.textEnd && bytes.Equal(m.text[a.text:a.textEnd], m.text[b.text:b.textEnd])
}
