package text

import (
	"cmp"
	"slices"
	"strings"
)

// A piece is a part of a template: text, or a slot for a column.
type piece struct {
	text   string
	column *column
	slot   string     // as the template has it, once it is chosen
	forms  *cellForms // of a cell that may have several
	set    *formSet   // that may print the cell; nil if there is none
}

// A template prints the rows of a group.
type template struct {
	pieces  []piece
	rows    int
	numbers []int // of the rows
	tokens  int
	loose   int // as of the group
}

// restIsLoose is how loose groups of rows with rare shapes are.
const restIsLoose = splitDepth + 1

// byTexts compares templates by when they are to be tried: a word or a cell takes any text, which a
// template with more tokens says more about.
func byTexts(a, b *template) int {
	if a.loose == restIsLoose || b.loose == restIsLoose {
		return cmp.Compare(a.loose/restIsLoose, b.loose/restIsLoose)
	}
	if x, y := a.hasText(), b.hasText(); x != y {
		if y {
			return -1
		}
		return 1
	}
	if !a.hasText() {
		return cmp.Compare(a.loose, b.loose)
	}
	return cmp.Or(cmp.Compare(b.tokens, a.tokens), cmp.Compare(a.loose, b.loose))
}

// hasText reports whether t has a slot for any text.
func (t *template) hasText() bool {
	return slices.ContainsFunc(t.pieces, func(p piece) bool {
		return p.column != nil && (strings.HasSuffix(p.slot, "s") || strings.HasSuffix(p.slot, "w1") || strings.HasSuffix(p.slot, "w2"))
	})
}

// pieces returns what the rows of g consist of.
func (s *sample) pieces(g *group) (list []piece) {
	add := func(p piece) {
		if last := len(list) - 1; p.column == nil && last >= 0 && list[last].column == nil {
			list[last].text += p.text
			return
		}
		list = append(list, p)
	}
	first := g.tokens[0]
	for k := 0; k < len(first); k++ {
		t := first[k]
		c := s.columnOf(g, k, k)
		switch {
		case g.forms[k] != nil:
			list = append(list, piece{column: c, forms: g.forms[k]})
			continue
		case t.kind != stamp && c.isConstant() && !(k < g.head && s.varies[k]):
			add(piece{text: string(c.cells[0])})
			continue
		case t.kind == blank && k+1 < len(first) && first[k+1].kind == value && g.forms[k+1] == nil && !s.columnOf(g, k+1, k+1).isConstant():
			// Blanks before what they align, or of any number.
			c = s.columnOf(g, k, k+1)
			if !sameLength(c) {
				add(piece{text: " "})
				for i := range c.cells {
					c.cells[i] = c.cells[i][1:]
				}
			}
			k++
		case t.kind == value && k+1 < len(first) && first[k+1].kind == blank && !s.columnOf(g, k+1, k+1).isConstant():
			if behind := s.columnOf(g, k, k+1); sameLength(behind) {
				c = behind
				k++
			}
		}
		if special := s.special(g, k, c); special != nil {
			list = append(list, special...)
			continue
		}
		c.layout = t.layout
		c.isHex = k < len(g.hexes) && g.hexes[k]
		// A slot ends where the next text begins: two slots in a row are one.
		if last := len(list) - 1; last >= 0 && list[last].column != nil && list[last].slot == "" {
			before := list[last].column
			if (isCell(t) && isCell(first[k-1]) || t.kind == blank && sameLength(c)) && sameLength(before) && len(before.cells[0]) <= maxPad {
				before.tight = true
				add(piece{column: c})
				continue
			}
			for i := range c.cells {
				before.cells[i] = append(append([]byte(nil), before.cells[i]...), c.cells[i]...)
			}
			before.layout, before.isHex = layout{}, false
			continue
		}
		add(piece{column: c})
	}
	return list
}

// isCell reports whether t is a value or a time.
func isCell(t token) bool { return t.kind == value || t.kind == stamp }

// columnOf returns the column of tokens from to to of g.
func (s *sample) columnOf(g *group, from, to int) *column {
	c := &column{rows: g.rows}
	for i, r := range g.rows {
		c.cells = append(c.cells, s.rows[r][g.tokens[i][from].start:g.tokens[i][to].end])
	}
	return c
}

func sameLength(c *column) bool {
	for _, cell := range c.cells {
		if len(cell) != len(c.cells[0]) {
			return false
		}
	}
	return true
}

// text returns the template as the operation wants it.
func (t *template) text() string {
	var b strings.Builder
	for _, p := range t.pieces {
		if p.column == nil {
			b.WriteString(escape([]byte(p.text)))
		} else {
			b.WriteString(p.slot)
		}
	}
	return b.String()
}

// choose sets the slot of each column of t.
func (f *finder) choose(t *template) {
	for k := range t.pieces {
		switch p := &t.pieces[k]; {
		case p.column == nil || p.slot != "":
		case p.forms != nil:
			f.chooseForms(p)
		default:
			p.slot = f.slot(p.column)
		}
	}
	f.compound(t)
	f.join(t)
	f.relate(t)
}

// slot returns the slot that c takes least with.
func (f *finder) slot(c *column) string {
	if c.layout.line > 0 {
		n := timeSlot(c.layout.String())
		if f.brief {
			return "%+" + n
		}
		return f.cheapest(c, []string{"%+" + n, "%s", "%" + n})
	}
	if f.brief && !c.tight && !c.isHex {
		return f.briefSlot(c)
	}
	return f.cheapest(c, c.candidates(lookAt(c.cells)))
}

// cheapest returns the one of slots with which the cells of c take least.
func (f *finder) cheapest(c *column, slots []string) (best string) {
	text, _ := c.some()
	least := 0
	for _, slot := range slots {
		if price, ok := f.priceWith(text, slot, '\n'); ok && (best == "" || price < least) {
			best, least = slot, price
		}
	}
	if best == "" {
		return "%s"
	}
	return best
}
