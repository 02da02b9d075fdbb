package text

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Cells of several forms: numbers or NA, a name in quotes or null. Each form becomes a template of a
// set that prints the cell.

const (
	// A form has one in leastForm of a column's cells, and mostForms of a cell are tried. Arbitrary.
	leastForm, mostForms = 200, 8

	// mostLiterals is how many texts without digits, among cells with digits, are forms. Arbitrary.
	mostLiterals = 4

	// A set for a cell must save one part in formsSaving of what the cell takes, and leastForms bytes.
	// Arbitrary.
	formsSaving, leastForms = 40, 6
)

// The forms of a cell, told from each other in several ways: the rows of each form, with the tokens
// of the cell.
type cellForms struct {
	ways     [2][]*group
	optional bool // some rows lack the cell, with its delimiter: only a set prints that
}

// formed returns g with the tokens of its cells; what several forms may stand for remains one token.
func (s *sample) formed(g *group) *group {
	n := &group{rows: g.rows, tokens: make([][]token, g.size()), loose: g.loose, divided: 1, forms: map[int]*cellForms{}}
	for k := range g.tokens[0] {
		if g.tokens[0][k].kind != value {
			n.append(g, k)
			continue
		}
		c := s.cell(g, k)
		n.append(c, 0)
		fine := s.formsOf(c, tokens)
		if len(fine) == 1 && fine[0].size() == g.size() {
			for i := range n.tokens {
				n.tokens[i] = append(n.tokens[i], fine[0].tokens[i]...)
			}
		} else {
			f := &cellForms{ways: [2][]*group{frequent(fine, g.size()), s.formsOf(c, values)}}
			for i := range c.tokens {
				f.optional = f.optional || g.keyed && c.tokens[i][0].start == c.tokens[i][2].end
			}
			if !f.optional {
				f.ways[1] = frequent(f.ways[1], g.size())
			}
			n.forms[len(n.tokens[0])] = f
			n.append(c, 1)
		}
		n.append(c, 2)
	}
	return n
}

// append appends token k of the rows of m to those of g, unless it is empty.
func (g *group) append(m *group, k int) {
	if t := m.tokens[0][k]; t.kind == mark && t.start == t.end {
		return
	}
	for i := range g.tokens {
		g.tokens[i] = append(g.tokens[i], m.tokens[i][k])
	}
}

// cell returns the rows of g with three tokens: what all begin token k with, up to a mark; a value;
// and what all end it with.
func (s *sample) cell(g *group, k int) *group {
	first := s.text(g, 0, k)
	before, after, least := len(first), len(first), len(first)
	for i := range g.rows {
		text := s.text(g, i, k)
		least = min(least, len(text))
		before, after = min(before, len(text)), min(after, len(text))
		for b := range before {
			if text[b] != first[b] {
				before = b
				break
			}
		}
		for b := range after {
			if text[len(text)-1-b] != first[len(first)-1-b] {
				after = b
				break
			}
		}
	}
	begin, end := 0, len(first)
	for _, t := range tokens(nil, first) {
		if t.kind == value || t.kind == stamp || strings.IndexByte(breaks+":", first[t.start]) < 0 {
			continue
		}
		if int(t.end) <= before {
			begin = int(t.end)
		}
		if end == len(first) && int(t.start) >= len(first)-after {
			end = int(t.start)
		}
	}
	if begin+len(first)-end > least {
		end = len(first)
	}
	c := &group{rows: g.rows}
	for i := range g.rows {
		t := g.tokens[i][k]
		a, b := t.start+int32(begin), t.end-int32(len(first)-end)
		c.tokens = append(c.tokens, []token{{kind: mark, start: t.start, end: a}, {kind: value, start: a, end: b}, {kind: mark, start: b, end: t.end}})
	}
	return c
}

// values appends the tokens of cell to dst: its key and quotes as marks, and a value.
func values(dst []token, cell []byte) []token {
	if len(cell) == 0 {
		return dst
	}
	begin, end := keyOf(cell), len(cell)
	for end > begin && strings.IndexByte(",;|\t ", cell[end-1]) >= 0 {
		end--
	}
	tail := token{kind: mark, start: int32(end), end: int32(len(cell))}
	if begin > 0 {
		dst = append(dst, token{kind: mark, end: int32(begin)})
	}
	quoted := begin+1 < end && cell[begin] == '"' && cell[end-1] == '"'
	if quoted {
		dst = append(dst, token{kind: mark, start: int32(begin), end: int32(begin + 1)})
		begin, end = begin+1, end-1
	}
	if begin < end {
		dst = append(dst, token{kind: value, start: int32(begin), end: int32(end)})
	}
	if quoted {
		dst = append(dst, token{kind: mark, start: int32(end), end: int32(end + 1)})
	}
	if tail.start < tail.end {
		dst = append(dst, tail)
	}
	return dst
}

// formsOf returns the forms of the second token of g, by the tokens that cut finds within: the rows of
// each, with these tokens. The more frequent ones are first.
func (s *sample) formsOf(g *group, cut func(dst []token, cell []byte) []token) (forms []*group) {
	const k = 1
	inner, shapes := make([][]token, g.size()), make([]uint64, g.size())
	for i, r := range g.rows {
		t := g.tokens[i][k]
		inner[i] = cut(nil, s.rows[r][t.start:t.end])
		shapes[i] = shapeOf(s.rows[r][t.start:t.end], inner[i])
		for j := range inner[i] {
			inner[i][j].start += t.start
			inner[i][j].end += t.start
		}
	}
	literals := s.literals(g, k, shapes)
	known := map[uint64]*group{}
	for i, r := range g.rows {
		h := shapes[i]
		if text := s.text(g, i, k); literals != nil && !hasDigit(text) {
			h++ // not among numbers
			if literals[string(text)] {
				h = hashOf(h, text...)
			}
		}
		f := known[h]
		if f == nil {
			f = &group{}
			known[h] = f
			forms = append(forms, f)
		}
		f.rows, f.tokens = append(f.rows, r), append(f.tokens, inner[i])
	}
	slices.SortStableFunc(forms, func(a, b *group) int { return cmp.Compare(b.size(), a.size()) })
	return forms[:min(len(forms), mostForms)]
}

// frequent returns those of the forms of a cell that many of the rows have.
func frequent(forms []*group, rows int) []*group {
	n := 0
	for n < len(forms) && forms[n].size() >= minRows && forms[n].size()*leastForm >= rows {
		n++
	}
	return forms[:n]
}

// literals returns the texts without digits that are frequent among the cells of token k of g if these
// are few and others of the same shape have digits.
func (s *sample) literals(g *group, k int, shapes []uint64) map[string]bool {
	counts := map[string]int{}
	numbers := map[uint64]int{}
	of := map[string]uint64{}
	for i := range g.rows {
		text := s.text(g, i, k)
		if hasDigit(text) {
			numbers[shapes[i]]++
		} else {
			counts[string(text)]++
			of[string(text)] = shapes[i]
		}
	}
	list := map[string]bool{}
	for text, n := range counts {
		if n >= minRows && n*leastForm >= g.size() && numbers[of[text]] >= minRows {
			list[text] = true
		}
	}
	if len(list) > mostLiterals {
		return nil
	}
	return list
}

// hasDigit reports whether text has a digit.
func hasDigit(text []byte) bool {
	return slices.ContainsFunc(text, func(c byte) bool { return classes[c]&isDigit != 0 })
}

// A formSet is templates for the forms of a cell.
type formSet struct {
	templates []string
	saved     int    // bytes, about
	slot      string // that prints the cell without the set
}

// chooseForms sets the slot of p, a cell of several forms, and its set if this takes less.
func (f *finder) chooseForms(p *piece) {
	p.slot = f.slot(p.column)
	text, _ := p.column.some()
	whole, ok := priceOf(text, Templates{p.slot + "\n", '\n', []int{1}, 0}, f.price)
	if !ok {
		whole = len(text)
	}
	if p.forms.optional {
		whole = 2 * len(text)
	}
	for _, forms := range p.forms.ways {
		f.chooseSet(p, forms, text, whole)
	}
	if p.set != nil {
		p.set.slot, p.slot = p.slot, "%<0>" // until sets have numbers
	}
}

// chooseSet makes templates of forms the set of p, whose cells are text and take whole, if they take less.
func (f *finder) chooseSet(p *piece, forms []*group, text []byte, whole int) {
	var list []*template
	for n, g := range forms {
		t := &template{pieces: f.pieces(g), rows: g.size(), numbers: g.rows, tokens: len(g.tokens[0])}
		f.choose(t)
		list = append(list, t)
		if n > 1 && n < len(forms)-1 {
			continue
		}
		set := &formSet{}
		order := slices.Clone(list)
		slices.SortStableFunc(order, byTexts)
		for _, t := range order {
			set.templates = append(set.templates, t.text())
		}
		switch empty := slices.Index(set.templates, ""); {
		case !p.forms.optional:
			set.templates = append(set.templates, "%s")
		case empty >= 0:
			set.templates = append(slices.Delete(set.templates, empty, empty+1), "")
		default:
			set.templates = append(set.templates, "")
		}
		m := Templates{Text: "%<2>\n" + strings.Join(set.templates, "\n") + "\n", End: '\n', Sets: []int{1, len(set.templates)}}
		price, ok := priceOf(text, m, f.price)
		if set.saved = whole - price; ok && set.saved > max(leastForms, whole/formsSaving) && (p.set == nil || set.saved > p.set.saved) {
			p.set = set
		}
	}
}

// mostSets is how many sets of templates there may be: container/FORMAT.md, section 9.
const mostSets = 16

// number gives the sets of cells of list numbers, from first on; those that save least remain without.
func number(list []*template, first int) (sets []*formSet) {
	var pieces []*piece
	for _, t := range list {
		for k := range t.pieces {
			if t.pieces[k].set != nil {
				pieces = append(pieces, &t.pieces[k])
			}
		}
	}
	slices.SortStableFunc(pieces, func(a, b *piece) int { return cmp.Compare(b.set.saved, a.set.saved) })
	for _, p := range pieces {
		if len(sets) > mostSets-first {
			p.slot = p.set.slot
			continue
		}
		p.slot = "%<" + strconv.Itoa(first+len(sets)) + ">"
		sets = append(sets, p.set)
	}
	return sets
}
