package plans

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/ktzip/ktzip/dsl/plan"
)

// A cellColumn is a column of cells of one kind. Its slot is one of some that may be the best, or is
// several slots in a row.
type cellColumn struct {
	kind       string
	predictors []string // after the per cent sign; one of them is the best
	form       string   // what follows the predictor; or all of it if there are no predictors
	isText     bool     // stands in quotes in JSON
	next       func() string
	seen       []string
	exceptions int // of 1000 cells
	missing    string
	width      int // that cells are padded to; 0 if they are not
	behind     bool
}

// cell returns the next cell.
func (f *cellColumn) cell(r *rand.Rand) string {
	s := f.next()
	if f.exceptions > 0 && r.IntN(1000) < f.exceptions {
		s = f.missing
	}
	if n := f.width - len(s); n > 0 {
		if f.behind {
			s += strings.Repeat(" ", n)
		} else {
			s = strings.Repeat(" ", n) + s
		}
	}
	f.seen = append(f.seen, s)
	return s
}

// isOne reports whether the field is one slot, whose exceptions may be shorter than its numbers.
func (f *cellColumn) isOne() bool { return f.predictors != nil && !strings.HasPrefix(f.form, "0") }

// slots returns the slots that may be the best.
func (f *cellColumn) slots() (list []string) {
	if f.predictors == nil {
		return []string{f.form}
	}
	pad := ""
	if f.width > 0 {
		pad = fmt.Sprintf(" %d", f.width)
		if f.behind {
			pad = fmt.Sprintf("-%d", f.width)
		}
	}
	for _, p := range f.predictors {
		form, trim := strings.CutPrefix(f.form, "~")
		if trim {
			form = "~" + pad + form
		} else {
			form = pad + form
		}
		list = append(list, "%"+p+form)
	}
	if f.isText {
		list = append(list, "%"+pad+"s")
	}
	return list
}

// slot returns the slot that the cells of f so far take least with, as it stands on p.
func (f *cellColumn) slot(p *page) (best string) {
	list := f.slots()
	text := []byte(strings.Join(f.seen, "\n") + "\n")
	least := math.MaxInt
	for _, s := range list {
		if len(list) > 1 {
			_, a, b, err := plan.LinesNode(text, s+"\n", '\n', []int{1})
			if err != nil {
				continue
			}
			n := coded(a) + coded(b)
			if n >= least {
				continue
			}
			least = n
		}
		best = s
	}
	if f.exceptions > 0 && !f.isOne() {
		return p.set(best, "%s")
	}
	return best
}

// field returns a field, perhaps with exceptions.
func (p *page) field(kinds ...func(*rand.Rand) *cellColumn) *cellColumn {
	f := oneOf(p.Rand, kinds...)(p.Rand)
	if p.rare(shareOfExceptions) && (f.isOne() || len(p.sets) < mostTemplateSets) {
		f.exceptions = p.IntN(mostExceptions)
		f.missing = oneOf(p.Rand, "", "NA", "-", "nan", "?")
	}
	return f
}

// bytesFor returns how many bytes a slot has for numbers below n, of either sign.
func bytesFor(n float64) string {
	k := 1
	for n *= 2; n >= 256; n /= 256 {
		k++
	}
	return strconv.Itoa(min(k, 8))
}

// Fields of numbers, and of text.
var (
	numberFields = []func(*rand.Rand) *cellColumn{counters, walksOf, measures, noises, trimmed, padded, epochs}
	textFields   = []func(*rand.Rand) *cellColumn{enumerations, states, dates, instants, hexes, ids, addresses, phrases}
	allFields    = append(append([]func(*rand.Rand) *cellColumn{floats, uuids}, numberFields...), textFields...)
)

// counters count, by one or more.
func counters(r *rand.Rand) *cellColumn {
	x, step := int64(r.IntN(1_000_000)), int64(1+r.IntN(3)*r.IntN(50))
	jitter := oneOf(r, 1, 1, 3)
	return &cellColumn{kind: "counter", predictors: []string{"+"}, form: "u5", next: func() string {
		x += step + int64(r.IntN(jitter))
		return strconv.FormatInt(x, 10)
	}}
}

// walksOf are decimals that walk.
func walksOf(r *rand.Rand) *cellColumn {
	precision := r.IntN(5)
	unit := math.Pow10(precision)
	x, step := int64((10+r.Float64()*200)*unit)*oneOf[int64](r, 1, 1, -1), 1+r.IntN(40)
	form := "d5"
	if precision > 0 {
		form = fmt.Sprintf(".%dd5", precision)
	}
	return &cellColumn{kind: "walk", predictors: []string{"+"}, form: form, next: func() string {
		x += int64(r.IntN(2*step+1) - step)
		return strconv.FormatFloat(float64(x)/unit, 'f', precision, 64)
	}}
}

// measures are decimals of one precision around a mean.
func measures(r *rand.Rand) *cellColumn {
	precision := 1 + r.IntN(5)
	unit := math.Pow10(precision)
	spread := 10 + r.Float64()*2000
	mean := spread * 6 * oneOf(r, 0, 1, 1.5)
	return &cellColumn{kind: "measure", predictors: []string{"", "+"}, form: fmt.Sprintf(".%dd%s", precision, bytesFor(mean+6*spread)), next: func() string {
		x := math.Round(mean + spread*r.NormFloat64())
		if x == 0 {
			x = 0 // not -0
		}
		return strconv.FormatFloat(x/unit, 'f', precision, 64)
	}}
}

// noises are integers in a range.
func noises(r *rand.Rand) *cellColumn {
	n := 2 + biased(r, 60_000)
	if r.IntN(3) == 0 {
		return &cellColumn{kind: "signed noise", predictors: []string{"", "+"}, form: "d" + bytesFor(float64(n)), next: func() string { return strconv.Itoa(r.IntN(2*n) - n) }}
	}
	return &cellColumn{kind: "noise", predictors: []string{"", "+"}, form: "u" + bytesFor(float64(n)/2), next: func() string { return strconv.Itoa(r.IntN(n)) }}
}

// trimmed are decimals without the zeros at their ends.
func trimmed(r *rand.Rand) *cellColumn {
	precision := 2 + r.IntN(4)
	unit := math.Pow10(precision)
	x, step := int64(r.IntN(100_000)), 1+r.IntN(300)
	return &cellColumn{kind: "trimmed decimal", predictors: []string{"+", ""}, form: fmt.Sprintf("~.%dd5", precision), next: func() string {
		x += int64(r.IntN(2*step+1) - step)
		return strconv.FormatFloat(float64(x)/unit, 'f', -1, 64)
	}}
}

// padded are numbers with zeros in front.
func padded(r *rand.Rand) *cellColumn {
	width := 3 + r.IntN(5)
	most := int(math.Pow10(width))
	x, step := r.IntN(most), 1+r.IntN(20)
	random := r.IntN(2) == 0
	return &cellColumn{kind: "number with zeros", predictors: []string{"+", ""}, form: fmt.Sprintf("0%du5", width), next: func() string {
		if x = (x + 1 + r.IntN(step)) % most; random {
			x = r.IntN(most)
		}
		return fmt.Sprintf("%0*d", width, x)
	}}
}

// epochs are seconds since 1970, or parts of them, with or without a point.
func epochs(r *rand.Rand) *cellColumn {
	fraction := oneOf(r, 0, 0, 3, 6, 9)
	unit := int64(math.Pow10(fraction))
	x := int64(1_200_000_000+r.IntN(500_000_000)) * unit
	step, jitter := (1+r.Int64N(100))*max(unit/10, 1), 1+r.Int64N(max(unit/20, 2))
	point := fraction > 0 && r.IntN(3) == 0
	f := &cellColumn{kind: fmt.Sprintf("epoch with %d digits, point %t", fraction, point), predictors: []string{"+", "/"}, form: "u8"}
	if point {
		f.form = fmt.Sprintf(".%du8", fraction)
	}
	f.next = func() string {
		x += step + r.Int64N(jitter)
		if point {
			return fmt.Sprintf("%d.%0*d", x/unit, fraction, x%unit)
		}
		return strconv.FormatInt(x, 10)
	}
	return f
}

// A timeForm is a layout of Go and the one of templates.
type timeForm struct{ layout, parts string }

var timeForms = []timeForm{
	{"2006-01-02 15:04:05", "[Y-m-d H:M:S]5"},
	{"2006-01-02T15:04:05Z", "[Y-m-dTH:M:S]5Z"},
	{"2006-01-02T15:04:05.000Z", "[Y-m-dTH:M:S.fff]6Z"},
	{"2006-01-02 15:04:05.000000", "[Y-m-d H:M:S.ffffff]7"},
	{"2006-01-02 15:04:05,000", "[Y-m-d H:M:S,fff]6"},
	{"2006/01/02 15:04:05", "[Y/m/d H:M:S]5"},
	{"02/Jan/2006:15:04:05 +0000", "[d/b/Y:H:M:S]5 +0000"},
	{"Jan _2 15:04:05", "[b e H:M:S]4"},
	{"Mon Jan _2 15:04:05 2006", "[a b e H:M:S Y]5"},
	{"02.01.2006 15:04:05", "[d.m.Y H:M:S]5"},
	{"01/02/2006 15:04", "[m/d/Y H:M]4"},
	{"20060102150405", "[YmdHMS]5"},
	{"15:04:05.000", "[H:M:S.fff]4"},
	{"15:04:05", "[H:M:S]3"},
}

// instants are times of a day of a year, every some seconds or so.
func instants(r *rand.Rand) *cellColumn {
	form := oneOf(r, timeForms...)
	step := time.Duration(1+r.IntN(300)) * time.Second
	jitter := int64(oneOf(r, time.Microsecond, time.Second, step))
	return timesOf(r, form, step, jitter)
}

// timesOf are times that are step and up to jitter apart.
func timesOf(r *rand.Rand, form timeForm, step time.Duration, jitter int64) *cellColumn {
	if !strings.Contains(form.parts, "S") {
		step *= 60
	}
	at := time.Unix(int64(1_000_000_000+r.IntN(700_000_000)), 0).UTC()
	f := &cellColumn{kind: "time " + form.layout, isText: true, next: func() string {
		at = at.Add(step + time.Duration(r.Int64N(jitter)))
		return at.Format(form.layout)
	}}
	parts := strings.SplitAfter(form.parts, "]")
	if f.form = form.parts; len(parts[1]) > 1 { // with text behind it
		f.form = "%+" + form.parts
		return f
	}
	f.predictors = []string{"+", "/"}
	return f
}

// dates are days.
func dates(r *rand.Rand) *cellColumn {
	form := oneOf(r, timeForm{"2006-01-02", "[Y-m-d]3"}, timeForm{"02.01.2006", "[d.m.Y]3"}, timeForm{"20060102", "[Ymd]3"}, timeForm{"02-Jan-2006", "[d-b-Y]3"})
	at := time.Unix(int64(1_000_000_000+r.IntN(700_000_000)), 0).UTC()
	perDay, random := 1+r.IntN(30), r.IntN(3) == 0
	return &cellColumn{kind: "date " + form.layout, predictors: []string{"+", ""}, form: form.parts, isText: true, next: func() string {
		if random {
			return at.AddDate(0, 0, r.IntN(4000)).Format(form.layout)
		}
		if r.IntN(perDay) == 0 {
			at = at.AddDate(0, 0, 1)
		}
		return at.Format(form.layout)
	}}
}

// enumerations are some words, some of them more often.
func enumerations(r *rand.Rand) *cellColumn {
	words := names(r, 2+biased(r, 200))
	if r.IntN(2) == 0 {
		for i := range words {
			words[i] = strings.ToUpper(words[i])
		}
	}
	size := "w1"
	return &cellColumn{kind: fmt.Sprintf("one of %d words", len(words)), predictors: []string{""}, form: size, isText: true, next: func() string {
		return words[biased(r, len(words))]
	}}
}

// states are words that last.
func states(r *rand.Rand) *cellColumn {
	words := names(r, 2+r.IntN(8))
	x, stay := 0, 2+r.IntN(60)
	return &cellColumn{kind: "state", predictors: []string{"", "+"}, form: "w1", isText: true, next: func() string {
		if r.IntN(stay) == 0 {
			x = r.IntN(len(words))
		}
		return words[x]
	}}
}

// hexes are hexadecimal numbers of a fixed width.
func hexes(r *rand.Rand) *cellColumn {
	n := 2 * (1 + r.IntN(8))
	alphabet, conversion := "0123456789abcdef", "x"
	if r.IntN(2) == 0 {
		alphabet, conversion = strings.ToUpper(alphabet), "X"
	}
	return &cellColumn{kind: fmt.Sprintf("%d hexadecimal digits", n), predictors: []string{""}, form: fmt.Sprintf("0%d%s%d", n, conversion, n/2), isText: true, next: func() string {
		return randomDigits(r, n, alphabet)
	}}
}

// ids are numbers after some letters.
func ids(r *rand.Rand) *cellColumn {
	prefix, x, random := strings.ToUpper(name(r))+oneOf(r, "", "-", "_"), r.IntN(10_000), r.IntN(2) == 0
	form := "%+u3"
	if random {
		form = "%u2"
	}
	return &cellColumn{kind: "id", form: prefix + form, isText: true, next: func() string {
		if x++; random {
			x = r.IntN(60_000)
		}
		return prefix + strconv.Itoa(x)
	}}
}

// addresses are those of the hosts of a network.
func addresses(r *rand.Rand) *cellColumn {
	if n := 2 + r.IntN(40); r.IntN(2) == 0 { // few, which come again
		var hosts []string
		for range n {
			hosts = append(hosts, fmt.Sprintf("10.%d.%d.%d", r.IntN(256), r.IntN(256), r.IntN(256)))
		}
		return &cellColumn{kind: "one of some addresses", predictors: []string{""}, form: "w1", isText: true, next: func() string { return hosts[r.IntN(n)] }}
	}
	net := fmt.Sprintf("10.%d.", r.IntN(256))
	return &cellColumn{kind: "address", form: net + "%u1.%u1", isText: true, next: func() string { return fmt.Sprintf("%s%d.%d", net, r.IntN(256), r.IntN(256)) }}
}

// uuids are random ones, of version 4.
func uuids(r *rand.Rand) *cellColumn {
	const hex = "0123456789abcdef"
	return &cellColumn{kind: "UUID", form: "%08x4-%04x2-4%03x2-%04x2-%012x6", isText: true, next: func() string {
		return fmt.Sprintf("%s-%s-4%s-%s%s-%s", randomDigits(r, 8, hex), randomDigits(r, 4, hex), randomDigits(r, 3, hex), randomDigits(r, 1, "89ab"), randomDigits(r, 3, hex), randomDigits(r, 12, hex))
	}}
}

// floats are numbers of full precision.
func floats(r *rand.Rand) *cellColumn {
	scale := math.Pow10(r.IntN(6) - 2)
	return &cellColumn{kind: "float64", predictors: []string{""}, form: "s", next: func() string {
		return strconv.FormatFloat(scale*r.NormFloat64(), 'g', -1, 64)
	}}
}

// phrases are some words in a row.
func phrases(r *rand.Rand) *cellColumn {
	words := names(r, 300)
	return &cellColumn{kind: "phrase", predictors: []string{""}, form: "s", isText: true, next: func() string {
		var list []string
		for range 1 + r.IntN(4) {
			list = append(list, words[biased(r, len(words))])
		}
		return strings.Join(list, " ")
	}}
}
