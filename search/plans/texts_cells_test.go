package plans

import (
	"math"
	"math/rand/v2"
	"strings"

	"github.com/ktzip/ktzip/dsl/plan"
)

// Tables with cells of two forms: a number or nothing, a name in quotes or null.

// A twofold column has cells of another form, such as NA.
type twofold struct {
	*cellColumn
	other  string // the other form; its cells are the same
	often  int    // of 1000 cells
	quoted bool   // the usual ones stand in quotes
	cells  []string
}

// twofold returns a column of which up to three tenths of the cells have another form.
func (p *page) twofold(isJSON bool) *twofold {
	f := &twofold{cellColumn: oneOf(p.Rand, allFields...)(p.Rand)}
	f.quoted = isJSON && f.isText
	if p.rare(2) {
		f.often = int(2 * math.Pow(150, p.Float64()))
	}
	f.other = oneOf(p.Rand, "", "NA", "-", "null", "nan", "N/A", "?", "none")
	if isJSON {
		f.other = oneOf(p.Rand, "null", "null", "-1", `""`)
	}
	if f.often > 0 {
		p.trait("%s, %d/1000 %q", f.kind, f.often, f.other)
	}
	return f
}

// nextCell returns the next cell.
func (f *twofold) nextCell(r *rand.Rand) (s string) {
	s = f.next()
	if f.quoted {
		s = `"` + s + `"`
	}
	if r.IntN(1000) < f.often {
		s = f.other
	}
	f.cells = append(f.cells, s)
	return s
}

// slotOf returns the slot that the cells of f take least with; one for a set of two forms if p may have it.
func (f *twofold) slotOf(p *page) (best string) {
	cells := []byte(strings.Join(f.cells, "\n") + "\n")
	least := math.MaxInt
	var forms []string
	for _, s := range f.slots() {
		if f.quoted {
			s = `"` + s + `"`
		}
		for _, set := range [][]string{nil, {s, literal(f.other), "%s"}} {
			text, counts := s+"\n", []int{1}
			if set != nil {
				text, counts = "%<2>\n"+strings.Join(set, "\n")+"\n", []int{1, len(set)}
			}
			if _, a, b, err := plan.LinesNode(cells, text, '\n', counts); err == nil && (set == nil || p != nil && len(p.sets) < mostTemplateSets) {
				if n := coded(a) + coded(b); n < least {
					best, least, forms = s, n, set
				}
			}
		}
	}
	if forms != nil {
		return p.set(forms...)
	}
	if least == math.MaxInt {
		return "%s"
	}
	return best
}

// twoForms is a table, a row of key=value or an object, with cells of two forms in several columns.
func twoForms(r *rand.Rand) textPuzzle {
	p := newPage(r)
	p.most = max(p.most, 150)
	layout := r.IntN(3)
	delimiter := oneOf(r, ",", ";", "\t", "|")
	start, end, colon := "", "", oneOf(r, "=", "=", ":")
	switch layout {
	case 1:
		delimiter = oneOf(r, " ", ", ", "\t")
	case 2:
		start, end, delimiter, colon = "{", "}", oneOf(r, ",", ", "), oneOf(r, ":", ": ")
	}
	var fields []*twofold
	for range 2 + r.IntN(10) {
		fields = append(fields, p.twofold(layout == 2))
	}
	for _, f := range fields { // cells without the delimiter
		next := f.next
		if layout != 2 && delimiter != "\t" {
			blank := strings.TrimSpace(delimiter)
			if strings.Contains(f.form, ",") || blank == "" && strings.Contains(f.form, " ") {
				*f.cellColumn = *counters(r)
				next = f.next
			}
			if blank == "" {
				f.next = func() string { return strings.ReplaceAll(next(), " ", "_") }
			} else {
				f.next = func() string { return strings.ReplaceAll(next(), blank, ".") }
			}
		}
	}
	keys := names(r, len(fields))
	row := func(cells []string) string {
		list := append([]string(nil), cells...)
		for k := range list {
			switch layout {
			case 1:
				list[k] = keys[k] + colon + list[k]
			case 2:
				list[k] = `"` + keys[k] + `"` + colon + list[k]
			}
		}
		return start + strings.Join(list, delimiter) + end
	}
	if layout == 0 && r.IntN(2) == 0 {
		p.add(strings.Join(keys, delimiter))
		p.trait("header")
	}
	for !p.full() {
		cells := make([]string, len(fields))
		for k, f := range fields {
			cells[k] = f.nextCell(r)
		}
		p.add(row(cells))
	}
	slots := make([]string, len(fields))
	for k, f := range fields {
		slots[k] = f.slotOf(p)
	}
	p.template(row(slots))
	p.anyRow()
	return p.puzzle("cells of two forms, layout %d with %q", layout, delimiter)
}

// optionalKeys is objects or rows of key=value, some of whose keys are missing in some rows.
func optionalKeys(r *rand.Rand) textPuzzle {
	p := newPage(r)
	p.most = max(p.most, 150)
	isJSON := r.IntN(3) > 0
	delimiter, colon := oneOf(r, " ", "\t", ", "), "="
	if isJSON {
		delimiter, colon = oneOf(r, ",", ", "), oneOf(r, ":", ": ")
	}
	var fields []*twofold
	var often []int // of 1000 rows
	for k := range 3 + r.IntN(9) {
		f := &twofold{cellColumn: oneOf(r, allFields...)(r)}
		if f.quoted = isJSON && f.isText; !isJSON {
			next := f.next
			if strings.ContainsAny(f.form, " ,") {
				*f.cellColumn = *counters(r)
				next = f.next
			}
			f.next = func() string { return strings.NewReplacer(" ", "_", ",", ".").Replace(next()) }
		}
		fields, often = append(fields, f), append(often, 1000)
		if k > 0 && r.IntN(3) == 0 && len(p.sets)+k < mostTemplateSets {
			often[k] = oneOf(r, 3, 20, 100, 500, 900, 990)
			p.trait("%d/1000 %s", often[k], f.kind)
		}
	}
	keys := names(r, len(fields))
	for k := range keys {
		if isJSON {
			keys[k] = `"` + keys[k] + `"`
		}
		keys[k] += colon
		if k > 0 {
			keys[k] = delimiter + keys[k]
		}
	}
	start, end := "", ""
	if isJSON {
		start, end = "{", "}"
	}
	for !p.full() {
		row := start
		for k, f := range fields {
			if r.IntN(1000) < often[k] {
				row += keys[k] + f.nextCell(r)
			}
		}
		p.add(row + end)
	}
	text := start
	for k, f := range fields {
		if often[k] < 1000 {
			text += p.set(keys[k]+f.slotOf(nil), "")
		} else {
			text += keys[k] + f.slotOf(p)
		}
	}
	p.template(text + end)
	p.anyRow()
	return p.puzzle("objects with optional keys, JSON %t", isJSON)
}
