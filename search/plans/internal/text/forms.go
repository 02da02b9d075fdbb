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

// formed returns g with the tokens of its cells; a cell that has several forms remains one token.
func (s *sample) formed(g *group) *group {
	n := &group{rows: g.rows, tokens: make([][]token, g.size()), loose: g.loose, divided: 1, forms: map[int][]*group{}}
	for k := range g.tokens[0] {
		var forms []*group
		if g.tokens[0][k].kind == value {
			forms = s.formsOf(g, k)
		}
		if len(forms) == 1 && forms[0].size() == g.size() {
			for i := range n.tokens {
				n.tokens[i] = append(n.tokens[i], forms[0].tokens[i]...)
			}
			continue
		}
		if forms != nil {
			n.forms[len(n.tokens[0])] = forms
		}
		for i := range n.tokens {
			n.tokens[i] = append(n.tokens[i], g.tokens[i][k])
		}
	}
	return n
}

// formsOf returns the forms of token k of g, a cell: the rows of each, with the tokens of the cell. The
// more frequent ones are first, and rare ones are left out.
func (s *sample) formsOf(g *group, k int) (forms []*group) {
	inner, shapes := make([][]token, g.size()), make([]uint64, g.size())
	for i, r := range g.rows {
		t := g.tokens[i][k]
		inner[i] = tokens(nil, s.rows[r][t.start:t.end])
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
		if text := s.text(g, i, k); literals[string(text)] {
			h = hashOf(h, text...)
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
	n := 0
	for n < min(len(forms), mostForms) && forms[n].size() >= minRows && forms[n].size()*leastForm >= g.size() {
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
	saved     int // bytes, about
}

// chooseForms sets the slot of p, a cell of several forms, and its set if this takes less.
func (f *finder) chooseForms(p *piece) {
	p.slot = f.slot(p.column)
	text, _ := p.column.some()
	whole, ok := f.priceWith(text, p.slot, '\n')
	if !ok {
		whole = len(text)
	}
	var list []*template
	for n, g := range p.forms {
		t := &template{pieces: f.pieces(g), rows: g.size(), numbers: g.rows, tokens: len(g.tokens[0])}
		f.choose(t)
		list = append(list, t)
		if n > 1 && n < len(p.forms)-1 {
			continue
		}
		set := &formSet{}
		order := slices.Clone(list)
		slices.SortStableFunc(order, byTexts)
		for _, t := range order {
			set.templates = append(set.templates, t.text())
		}
		set.templates = append(set.templates, "%s")
		m := Templates{Text: "%<2>\n" + strings.Join(set.templates, "\n") + "\n", End: '\n', Sets: []int{1, len(set.templates)}}
		price, ok := priceOf(text, m, f.estimate)
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
	for _, p := range pieces[:min(len(pieces), mostSets-first+1)] {
		p.slot = "%<" + strconv.Itoa(first+len(sets)) + ">"
		sets = append(sets, p.set)
	}
	return sets
}
