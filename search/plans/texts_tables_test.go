package plans

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// fields returns between least and most fields of p.
func (p *page) fields(least, most int, kinds ...func(*rand.Rand) *cellColumn) (list []*cellColumn) {
	for range least + p.IntN(most-least+1) {
		f := p.field(kinds...)
		list = append(list, f)
		p.trait("%s", f.kind)
		if f.exceptions > 0 {
			p.trait("%d/1000 %q", f.exceptions, f.missing)
		}
	}
	return list
}

// delimitedTable is a table with a byte, or a few, between its cells.
func delimitedTable(r *rand.Rand) textPuzzle {
	p := newPage(r)
	delimiter := oneOf(r, ",", ",", ";", "\t", "|", ", ", ":", "  ")
	fields := p.fields(2, 12, allFields...)
	quoted, trailing := r.IntN(4), oneOf(r, "", "", "", delimiter)
	quote := func(f *cellColumn, s string) string {
		if quoted == 0 || quoted == 1 && f.isText {
			return `"` + s + `"`
		}
		return s
	}
	p.trait("quotes %d", quoted)
	for _, f := range fields { // cells without the delimiter
		if next := f.next; delimiter == ":" || delimiter == ", " {
			f.next = func() string { return strings.ReplaceAll(next(), ",", ".") }
			f.form = strings.ReplaceAll(f.form, "S,f", "S.f")
			if delimiter == ":" && strings.Contains(f.form, ":") {
				*f = *counters(r)
			}
		} else if delimiter == "," && strings.Contains(f.form, ",") {
			*f = *counters(r)
		}
	}
	hasHeader := r.IntN(2) == 0
	if hasHeader {
		p.add(strings.Join(names(r, len(fields)), delimiter))
		p.trait("header")
	}
	p.fill(fields, func(cells []string) string {
		for k, f := range fields {
			cells[k] = quote(f, cells[k])
		}
		return strings.Join(cells, delimiter) + trailing
	})
	var list []string
	for _, f := range fields {
		list = append(list, quote(f, f.slot(p)))
	}
	p.template(strings.Join(list, delimiter) + trailing)
	if hasHeader {
		p.anyRow()
	}
	return p.puzzle("table with %q", delimiter)
}

// fill adds rows of cells of fields until the page is full.
func (p *page) fill(fields []*cellColumn, row func(cells []string) string) {
	for !p.full() {
		cells := make([]string, len(fields))
		for k, f := range fields {
			cells[k] = f.cell(p.Rand)
		}
		p.add(row(cells))
	}
}

// alignedTable has columns of a fixed width, with blanks between them, or with none.
func alignedTable(r *rand.Rand) textPuzzle {
	p := newPage(r)
	gap := strings.Repeat(" ", 1+r.IntN(3))
	fields := p.fields(2, 10, walksOf, measures, noises, counters, trimmed, enumerations, states, padded, hexes, dates)
	for _, f := range fields {
		if strings.HasPrefix(f.form, "0") || strings.HasPrefix(f.form, "[") {
			f.exceptions = 0
			continue
		}
		f.width, f.behind = 6+r.IntN(8), f.isText
		if f.missing == "" {
			f.missing = "-"
		}
	}
	hasHeader := r.IntN(2) == 0
	if hasHeader {
		p.add("# " + strings.Join(names(r, len(fields)), gap))
		p.trait("header")
	}
	p.fill(fields, func(cells []string) string { return strings.Join(cells, gap) })
	var list []string
	for _, f := range fields {
		list = append(list, f.slot(p))
	}
	p.template(strings.Join(list, gap))
	if hasHeader {
		p.anyRow()
	}
	return p.puzzle("aligned table with %d blanks", len(gap))
}

// fixedWidths is cells of a fixed width, with nothing but their padding between them.
func fixedWidths(r *rand.Rand) textPuzzle {
	p := newPage(r)
	prefix := strings.ToUpper(name(r))
	fields := p.fields(2, 8, padded, padded, noises, walksOf, measures, counters, enumerations, states, dates, hexes)
	for _, f := range fields {
		f.exceptions = 0
		if !strings.HasPrefix(f.form, "0") && !strings.HasPrefix(f.form, "[") {
			f.width, f.behind = 10+r.IntN(3), f.isText
		}
	}
	p.fill(fields, func(cells []string) string { return prefix + strings.Join(cells, "") })
	text := prefix
	for _, f := range fields {
		text += f.slot(p)
	}
	p.template(text)
	return p.puzzle("fixed widths")
}

// keyValue is rows of key=value.
func keyValue(r *rand.Rand) textPuzzle {
	p := newPage(r)
	between, gap := oneOf(r, "=", "=", ": ", ":"), oneOf(r, " ", " ", ", ", "\t", ";")
	fields := p.fields(2, 8, counters, walksOf, measures, noises, trimmed, enumerations, states, hexes, ids, addresses, uuids)
	keys := names(r, len(fields))
	row := func(cells []string) string {
		var list []string
		for k, c := range cells {
			list = append(list, keys[k]+between+c)
		}
		return strings.Join(list, gap)
	}
	p.fill(fields, row)
	var slots []string
	for _, f := range fields {
		slots = append(slots, f.slot(p))
	}
	p.template(row(slots))
	return p.puzzle("%q between keys and values", between)
}

// An object is fields with keys, of which the last may be missing.
type object struct {
	keys     []string
	fields   []*cellColumn
	colon    string
	comma    string
	optional int // of 100, rows with the last field
}

// object returns an object of some fields.
func (p *page) object() *object {
	o := &object{fields: p.fields(2, 9, allFields...), colon: oneOf(p.Rand, ":", ": "), comma: oneOf(p.Rand, ",", ",", ", "), optional: 100}
	for _, f := range o.fields {
		f.missing = oneOf(p.Rand, "null", "-1")
		if f.isText {
			f.missing = ""
		}
	}
	o.keys = names(p.Rand, len(o.fields))
	if p.IntN(3) == 0 {
		o.optional = 5 + p.IntN(90)
		p.trait("last key in %d %%", o.optional)
	}
	return o
}

// json returns what is in the braces, if cells are the values of the first keys.
func (o *object) json(cells []string) string {
	var list []string
	for k, c := range cells {
		if o.fields[k].isText {
			c = `"` + c + `"`
		}
		list = append(list, `"`+o.keys[k]+`"`+o.colon+c)
	}
	return strings.Join(list, o.comma)
}

// draw returns the values of an object.
func (o *object) draw(r *rand.Rand) (cells []string) {
	n := len(o.fields)
	if r.IntN(100) >= o.optional {
		n--
	}
	for _, f := range o.fields[:n] {
		cells = append(cells, f.cell(r))
	}
	return cells
}

// slots returns the slots of all objects.
func (o *object) slots(p *page) (list []string) {
	for _, f := range o.fields {
		list = append(list, f.slot(p))
	}
	return list
}

// jsonLines is an object a row.
func jsonLines(r *rand.Rand) textPuzzle {
	p := newPage(r)
	o := p.object()
	for !p.full() {
		p.add("{" + o.json(o.draw(r)) + "}")
	}
	slots := o.slots(p)
	p.template("{" + o.json(slots) + "}")
	if o.optional < 100 {
		p.template("{" + o.json(slots[:len(slots)-1]) + "}")
	}
	return p.puzzle("JSON lines")
}

// jsonArray is an array of objects on one line: its rows end with braces.
func jsonArray(r *rand.Rand) textPuzzle {
	p := newPage(r)
	p.eol, p.noEnd = "", true
	p.traits = nil
	o := p.object()
	gap := oneOf(r, ",", ", ")
	var b strings.Builder
	n := 0
	for start := "[{"; n < p.most && b.Len() < mostText; n++ {
		b.WriteString(start + o.json(o.draw(r)) + "}")
		start = gap + "{"
	}
	b.WriteString("]\n")
	slots := o.slots(p)
	p.sets[0] = []string{gap + "{" + o.json(slots)}
	if o.optional < 100 {
		p.sets[0] = append(p.sets[0], gap+"{"+o.json(slots[:len(slots)-1]))
	}
	p.anyRow()
	name := fmt.Sprintf("JSON array, %d objects %v", n, p.traits)
	return textPuzzle{name, []byte(b.String()), []templateSets{{'}', p.sets}}}
}

// longTable has a row for each value of some sensors in turn, or at random: the values go on for
// each sensor.
func longTable(r *rand.Rand) textPuzzle {
	p := newPage(r)
	delimiter := oneOf(r, ",", ";", "\t", " ")
	sensors := names(r, 2+r.IntN(20))
	inTurn := r.IntN(2) == 0
	precision, value := 1+r.IntN(3), make([]int64, len(sensors))
	for k := range value {
		value[k] = int64(r.IntN(20_000))
	}
	at := timesOf(r, timeForms[r.IntN(6)], 1e9, 1e9)
	if delimiter == "," && strings.Contains(at.form, ",") {
		at = epochs(r)
	}
	step := 1 + r.IntN(30)
	for i := 0; !p.full(); i++ {
		k := i % len(sensors)
		if !inTurn {
			k = r.IntN(len(sensors))
		}
		value[k] += int64(r.IntN(2*step+1) - step)
		v := strconv.FormatFloat(float64(value[k])/[]float64{1, 10, 100, 1000}[precision], 'f', precision, 64)
		p.add(at.cell(r) + delimiter + sensors[k] + delimiter + v)
	}
	p.template(at.slot(p) + delimiter + "%w1" + delimiter + fmt.Sprintf("%%@1.%dd4", precision))
	return p.puzzle("values of %d sensors, in turn %t, with %q", len(sensors), inTurn, delimiter)
}

// pairs are starts and ends, or a start and a length, and names that go with numbers.
func pairs(r *rand.Rand) textPuzzle {
	p := newPage(r)
	delimiter := oneOf(r, ",", ";", "\t", " ")
	words := names(r, 3+r.IntN(40))
	codes := r.Perm(200)[:len(words)]
	x, step, length := int64(r.IntN(1_000_000)), 1+r.Int64N(5000), 1+r.Int64N(400)
	random, withCode := r.IntN(2) == 0, r.IntN(2) == 0
	for !p.full() {
		if x += r.Int64N(step); random {
			x = r.Int64N(20_000_000)
		}
		list := []string{strconv.FormatInt(x, 10), strconv.FormatInt(x+r.Int64N(length), 10)}
		k := biased(r, len(words))
		if withCode {
			list = append(list, strconv.Itoa(codes[k]))
		}
		p.add(strings.Join(append(list, words[k]), delimiter))
	}
	list := []string{"%+u4", "%=1u4"}
	if random {
		list[0] = "%u4"
	}
	if withCode {
		list = append(list, "%u1", "%@1w1")
	} else {
		list = append(list, "%w1")
	}
	p.template(strings.Join(list, delimiter))
	return p.puzzle("starts and ends, up to %d apart, random %t, with codes %t", length, random, withCode)
}
