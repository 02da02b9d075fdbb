package text

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// Templates print the rows of a text, each of which ends with a byte.
type Templates struct {
	Text string // each followed by End
	End  byte
	Sets []int // how many templates each set has
	Cost int   // of the sample, by the price given to Find
}

const (
	// minRows is how many rows a template of their own is made for: with two, many would be chance.
	// Arbitrary.
	minRows = 3

	// maxTemplates is how many templates rows have; one byte says which. Those of whole rows are
	// mostWhole of them at most: the rest is for beginnings. Arbitrary.
	maxTemplates, mostWhole = 250, 200
)

// A finder looks for templates of a sample.
type finder struct {
	sample
	estimate func(stream []byte) int
	price    func(stream []byte) int // of the sets of cells
	prices   prices
	brief    bool // slots are told, not compared
}

// newFinder returns a finder for rows of src that end with end, some of whose prices are known; sets of
// cells are priced by estimate, too. It may take steps for each byte to look for divisions.
func newFinder(src []byte, end byte, estimate func(stream []byte) int, known prices, steps int64) *finder {
	f := &finder{sample: rowsOf(src, end), estimate: estimate, price: estimate, prices: known}
	f.steps = steps * int64(len(src))
	return f
}

// A way is a way to divide rows into groups: by their shapes, by those of their cells, or by places.
type way struct {
	undivided bool // rows of a shape are a group
	delimiter byte // of cells; 0 if there are none
	blanks    bool // cells stand between runs of blanks, as far as most rows have them
	fixed     bool // cells begin at the same bytes of all rows
}

const (
	// triedBytes is how much of a sample ways are compared on, and keptWays how many of them are then
	// tried on all of it: up to mostWays, if they take but one part in closeShare more than the best.
	// Arbitrary.
	triedBytes, keptWays, mostWays, closeShare = 24 << 10, 2, 4, 8
)

// An attempt is what came of a way for parts of a text.
type attempt struct {
	way
	Templates
}

// Find returns templates for text like src, the cheapest first; none if src has no rows. An estimate
// is of the price of a stream, both in bytes.
func Find(src []byte, estimate, price func(stream []byte) int) (list []Templates) {
	end, ok := endOf(src)
	if !ok {
		return nil
	}
	f := newFinder(src, end, estimate, prices{}, dividingSteps)
	f.price = price
	for _, a := range f.attempts(src) {
		t, ok := a.Templates, true
		if len(src) > triedBytes {
			t, ok = f.templates(f.groups(a.way))
		}
		if ok {
			if t.Cost, ok = priceOf(src, t, price); ok {
				list = append(list, t)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Templates) int { return cmp.Compare(a.Cost, b.Cost) })
	return list
}

// attempts returns the ways that take least for parts of src; the first one, which needs many
// rows to learn from, is always among them.
func (f *finder) attempts(src []byte) (list []attempt) {
	ways := []way{{}, {undivided: true}}
	for _, d := range f.delimiters() {
		ways = append(ways, way{delimiter: d})
	}
	if f.blankCells() > 0 {
		ways = append(ways, way{blanks: true})
	}
	if f.placedLength() > 0 {
		ways = append(ways, way{fixed: true})
	}
	b := Sample(src, triedBytes)
	part := newFinder(b, f.end, f.estimate, f.prices, dividingSteps)
	known := map[uint64]bool{}
	for _, w := range ways {
		groups := part.groups(w)
		h := signature(groups)
		if known[h] {
			continue
		}
		known[h] = true
		a := attempt{way: w}
		t, ok := part.templates(groups)
		if ok {
			a.Templates = t
			a.Cost, ok = priceOf(b, t, f.estimate)
		}
		if !ok {
			a.Cost = len(b)
		}
		list = append(list, a)
	}
	slices.SortStableFunc(list[1:], func(a, b attempt) int { return cmp.Compare(a.Cost, b.Cost) })
	best := list[0].Cost
	if len(list) > 1 {
		best = min(best, list[1].Cost)
	}
	kept := min(len(list), keptWays)
	for kept < min(len(list), mostWays) && list[kept].Cost*closeShare <= best*(closeShare+1) {
		kept++
	}
	return list[:kept]
}

// signature returns a number that says what the groups and their tokens are.
func signature(groups []*group) uint64 {
	h := uint64(hashStart)
	for _, g := range groups {
		for i, r := range g.rows {
			h = (h ^ uint64(r)) * hashPrime
			for _, t := range g.tokens[i] {
				h = (h ^ uint64(t.start)<<32 ^ uint64(t.end)<<8 ^ uint64(t.kind)) * hashPrime
			}
		}
		h += uint64(len(g.forms))
		h += uint64(len(g.forms))
	}
	return h
}

// groups returns the groups of the rows, which together have all of them.
func (f *finder) groups(w way) []*group {
	if w.delimiter != 0 {
		return f.withRest(f.cells(w.delimiter))
	}
	if w.blanks {
		return f.withRest(f.columns())
	}
	if w.fixed {
		return f.withRest(f.fixed())
	}
	all := f.all()
	var parts []*group
	for _, g := range f.shapes(all, f.tokens(all)) {
		if w.undivided {
			parts = append(parts, g)
			continue
		}
		parts = append(parts, f.split(g, 0)...)
	}
	return f.withRest(parts)
}

// endOf returns the byte that ends rows of src.
func endOf(src []byte) (end byte, ok bool) {
	var count [256]int
	for _, c := range src {
		count[c]++
	}
	for _, c := range []byte("\n\r}>;)") {
		if n := count[c]; n >= 8 && len(src)/n < maxRow {
			return c, true
		}
	}
	return 0, false
}

// Sample returns what templates for src are looked for in: rows of all parts of it, at most size
// bytes together.
func Sample(src []byte, size int) []byte {
	const parts = 4
	end, ok := endOf(src)
	if len(src) <= size || !ok {
		return src[:min(len(src), size)]
	}
	var list []byte
	for k := range parts {
		from := (len(src) - size/parts) * k / (parts - 1)
		b := src[from : from+size/parts]
		if k > 0 {
			b = b[bytes.IndexByte(b, end)+1:]
		}
		list = append(list, b[:bytes.LastIndexByte(b, end)+1]...)
	}
	return list
}

// maxRow is the mean length of rows above which there are none, in bytes. Arbitrary.
const maxRow = 2 << 10

// delimiters returns the bytes of which most rows have the same number, or that stand between cells
// with keys.
func (f *finder) delimiters() (list []byte) {
	for _, d := range []byte(",;\t|:\" ") {
		counts := map[int]int{}
		cells, keys := 0, 0
		for _, row := range f.rows {
			all := cut(row, d)
			counts[len(all)/2]++
			for k := 0; k < len(all) && len(all) > 1; k += 2 {
				if cells++; keyOf(row[all[k].start:all[k].end]) > 0 {
					keys++
				}
			}
		}
		most := 0
		for n, rows := range counts {
			if n >= 1 {
				most = max(most, rows)
			}
		}
		if most*2 >= len(f.rows) || counts[0]*2 < len(f.rows) && keys*100 >= cells*keyedPercent {
			list = append(list, d)
		}
	}
	return list
}

// withRest returns the groups of at least minRows, the larger ones first, and groups that all other
// rows are in.
func (f *finder) withRest(groups []*group) (list []*group) {
	slices.SortStableFunc(groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.loose, b.loose), cmp.Compare(b.size(), a.size()))
	})
	var rest []int
	for _, g := range groups {
		if g.size() < minRows || len(list) >= mostWhole {
			rest = append(rest, g.rows...)
			continue
		}
		list = append(list, g)
	}
	slices.Sort(rest)
	if len(rest) > 0 {
		more := f.beginnings(rest, f.tokens(rest))
		// The more a beginning says, the earlier it is tried.
		slices.SortStableFunc(more, func(a, b *group) int { return cmp.Compare(len(b.tokens[0]), len(a.tokens[0])) })
		if room := maxTemplates - len(list); len(more) > room {
			more = more[len(more)-room:]
		}
		for _, g := range more {
			g.loose = restIsLoose
		}
		list = append(list, more...)
	}
	return list
}

// templates returns the templates of groups.
func (f *finder) templates(groups []*group) (t Templates, ok bool) {
	if len(groups) == 0 {
		return t, false
	}
	var list []*template
	f.markHead(groups)
	for _, g := range groups {
		m := &template{pieces: f.pieces(g), rows: g.size(), numbers: g.rows, tokens: len(g.tokens[0]), loose: g.loose}
		list = append(list, m)
	}
	head := takeHead(list)
	for _, m := range list {
		f.choose(m)
	}
	var b strings.Builder
	seen := map[string]bool{}
	n := 0
	add := func(text string) {
		if !seen[text] {
			seen[text] = true
			b.WriteString(text)
			b.WriteByte(f.end)
			n++
		}
	}
	slices.SortStableFunc(list, byTexts)
	first := 2
	if head != nil {
		first = 3
	}
	sets := number(list, first)
	for _, m := range list {
		add(m.text())
	}
	add("%s")
	t = Templates{End: f.end, Sets: []int{n}}
	if head != nil {
		f.choose(head)
		b.WriteString(head.text())
		b.WriteByte(f.end)
		t.Sets = append(t.Sets, 1)
	}
	for _, set := range sets {
		for _, text := range set.templates {
			b.WriteString(text)
			b.WriteByte(f.end)
		}
		t.Sets = append(t.Sets, len(set.templates))
	}
	t.Text = b.String()
	return t, true
}
