package text

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// A column is what one slot of the rows of a template holds.
type column struct {
	rows   []int // numbers of the rows
	cells  [][]byte
	layout layout // of times
	isHex  bool   // the cells are hexadecimal digits, though they may look like decimal ones
	tight  bool   // another slot follows at once: the slot must have a fixed width
}

// Sizes in bytes of the cells that a slot is chosen by; those at the start of a column. Arbitrary.
const columnBytes = 24 << 10

// some returns the first cells of c, as lines.
func (c *column) some() (text []byte, count int) {
	for _, cell := range c.cells {
		if len(text) >= columnBytes {
			break
		}
		text = append(append(text, cell...), '\n')
		count++
	}
	return text, count
}

// isConstant reports whether all cells are the same.
func (c *column) isConstant() bool {
	for _, cell := range c.cells[1:] {
		if !bytes.Equal(cell, c.cells[0]) {
			return false
		}
	}
	return true
}

// mostException is how many of a column's cells may be exceptions: one in so many.
const mostException = 8

// A look is what the cells of a column have in common.
type look struct {
	cells     int
	least     int // characters
	most      int
	digits    int // cells of digits, perhaps after a minus sign
	decimals  int // cells with a fraction
	negative  bool
	zeros     bool // a number starts with zeros that could be left out
	padded    int  // cells that start with a blank
	behind    int  // cells that end with one
	fraction  int  // most digits of a fraction
	fractions bool // of different lengths
	longest   int  // cells with a fraction of the most digits
	whole     int  // most digits before the point
	largest   int  // of the numbers of up to three digits
	hex       int  // cells of hexadecimal digits
	upper     bool
	lower     bool
	different int
}

// lookAt looks at cells.
func lookAt(cells [][]byte) (l look) {
	l.least = 1 << 30
	known := map[string]bool{}
	for _, cell := range cells {
		l.cells++
		l.least, l.most = min(l.least, len(cell)), max(l.most, len(cell))
		if len(known) <= maxWords {
			known[string(cell)] = true
		}
		if len(cell) > 0 && cell[0] == ' ' {
			l.padded++
		}
		if len(cell) > 0 && cell[len(cell)-1] == ' ' {
			l.behind++
		}
		l.number(bytes.Trim(cell, " "))
	}
	l.different = len(known)
	return l
}

const maxWords = 1 << 16

// number looks at a cell as a number.
func (l *look) number(cell []byte) {
	if n := run(cell, isHex); n == len(cell) && n > 0 {
		l.hex++
		l.upper = l.upper || bytes.ContainsAny(cell, "ABCDEF")
		l.lower = l.lower || bytes.ContainsAny(cell, "abcdef")
	}
	body, minus := bytes.CutPrefix(cell, []byte("-"))
	whole, fraction, point := bytes.Cut(body, []byte("."))
	if len(whole) == 0 || run(whole, isDigit) != len(whole) || point && (len(fraction) == 0 || run(fraction, isDigit) != len(fraction)) {
		return
	}
	l.negative = l.negative || minus
	l.zeros = l.zeros || len(whole) > 1 && whole[0] == '0'
	l.whole = max(l.whole, len(whole))
	if !point {
		l.digits++
		if len(whole) <= 3 {
			v, _ := strconv.Atoi(string(whole))
			l.largest = max(l.largest, v)
		}
		return
	}
	if l.decimals++; l.decimals > 1 && len(fraction) != l.fraction {
		l.fractions = true
	}
	if len(fraction) > l.fraction {
		l.fraction, l.longest = len(fraction), 0
	}
	if len(fraction) == l.fraction {
		l.longest++
	}
}

// mostly reports whether n of the cells are all but the exceptions.
func (l *look) mostly(n int) bool { return n > 0 && n*mostException >= l.cells*(mostException-1) }

// candidates returns slots for c that may take less than its cells as text.
func (c *column) candidates(l look) (list []string) {
	pad := ""
	if c.tight {
		return c.tightCandidates(l)
	}
	if l.least == l.most {
		pad = l.pad()
	}
	list = append(list, "%"+pad+"s")
	for _, w := range words(l) {
		list = append(list, "%"+w[1:len(w)-2]+pad+w[len(w)-2:])
	}
	if c.isHex && l.least == l.most && l.most <= 16 {
		conversion := "X"
		if l.lower {
			conversion = "x"
		}
		conversion = "0" + strconv.Itoa(l.most) + conversion + strconv.Itoa((l.most+1)/2)
		return append(append(list, "%"+conversion, "%+"+conversion), c.hexBytes(l)...)
	}
	if l.cells < 3 {
		return list
	}
	for _, n := range append(l.numbers(pad), l.times()...) {
		list = append(list, "%"+n, "%+"+n, "%/"+n)
	}
	list = append(list, l.hexadecimals()...)
	list = append(list, c.hexBytes(l)...)
	list = append(list, l.halves()...)
	list = append(list, c.prefixed(l)...)
	return append(list, c.parts(l)...)
}

// maxPad is the largest width that a slot may have.
const maxPad = 64

// pad returns how cells of one length are padded.
func (l *look) pad() string {
	switch {
	case l.padded+l.behind == 0 || l.most > maxPad:
		return ""
	case l.padded >= l.behind:
		return " " + strconv.Itoa(l.most)
	}
	return "-" + strconv.Itoa(l.most)
}

// tightCandidates returns slots for c, all of whose cells have the same length, which other slots
// follow at once: their widths must be known.
func (c *column) tightCandidates(l look) (list []string) {
	width, pad := strconv.Itoa(l.most), l.pad()
	if pad == "" {
		pad = "-" + width
	}
	list = append(list, "%"+pad+"s")
	for _, w := range words(l) {
		list = append(list, w[:len(w)-2]+pad+w[len(w)-2:])
	}
	numbers := l.times()
	switch {
	case l.padded > 0 && l.padded >= l.behind:
		numbers = append(numbers, l.numbers(pad)...)
	case l.behind == 0 && l.mostly(l.digits) && l.most <= maxDecimal && !l.negative:
		numbers = append(numbers, "0"+width+"u"+strconv.Itoa(decimalBytes(l.most)))
	case l.behind == 0:
		numbers = append(numbers, l.numbers(" "+width)...)
	}
	for _, n := range numbers {
		list = append(list, "%"+n, "%+"+n, "%/"+n)
	}
	return append(list, l.hexadecimals()...)
}

// words returns the slots for words that fit, without padding.
func words(l look) (list []string) {
	if l.different > maxWords || l.different*4 > l.cells*3 {
		return nil
	}
	size := "1"
	if l.different > 240 {
		size = "2"
	}
	list = append(list, "%w"+size)
	if l.different > 1 && l.different <= 1<<10 {
		list = append(list, "%+w"+size)
	}
	return list
}

// numbers returns the conversions to decimal numbers that fit.
func (l *look) numbers(pad string) (list []string) {
	width := pad
	conversion := "u"
	if l.negative {
		conversion = "d"
	}
	switch {
	case !l.mostly(l.digits + l.decimals):
		return nil
	case l.zeros && l.least != l.most || l.zeros && pad != "":
		return nil
	case l.zeros:
		pad = "0" + strconv.Itoa(l.most)
	}
	fraction := 0
	if l.decimals > 0 {
		fraction = l.fraction
		if l.fractions || !l.mostly(l.decimals) {
			pad = "~" + pad
		}
		pad += "." + strconv.Itoa(fraction)
	}
	if l.whole+fraction > maxDecimal {
		return nil
	}
	size := decimalBytes(l.whole + fraction)
	if l.whole == 3 && fraction == 0 && !l.negative && l.largest <= math.MaxUint8 {
		size = 1
	}
	list = []string{pad + conversion + strconv.Itoa(size)}
	if l.fractions && l.longest*rareFraction < l.cells && fraction > 1 { // its cells may be exceptions
		shorter := *l
		shorter.fraction, shorter.longest = fraction-1, l.cells
		list = append(list, shorter.numbers(width)...)
	}
	return list
}

// rareFraction says how rare the longest fractions are, one in so many cells, for numbers to be tried
// with a digit less. Arbitrary.
const rareFraction = 64

// maxDecimal is how many decimal digits a number of 8 bytes may have, most of them.
const maxDecimal = 19

// halves returns the slots for decimals whose fractions are long and tell nothing: what is before the
// point may be predicted all the same.
func (l *look) halves() (list []string) {
	if l.negative || l.zeros || l.fraction < longHalf || !l.mostly(l.decimals) {
		return nil
	}
	whole := "%+u" + strconv.Itoa(decimalBytes(l.whole)) + "."
	list = append(list, whole+"%s")
	if !l.fractions {
		list = append(list, whole+"%0"+strconv.Itoa(l.fraction)+"x"+strconv.Itoa((l.fraction+1)/2))
	}
	return list
}

// longHalf is how many digits a fraction has that may tell nothing. Arbitrary.
const longHalf = 5

// decimalBytes returns how many bytes a signed number of so many decimal digits takes.
func decimalBytes(digits int) (n int) {
	if digits > 18 {
		return 8
	}
	for most := pow10(digits) * 2; most > 0; most >>= 8 {
		n++
	}
	return n
}

func pow10(n int) (p uint64) {
	for p = 1; n > 0; n-- {
		p *= 10
	}
	return p
}

// times returns the conversions to times that fit digits without anything between.
func (l *look) times() (list []string) {
	if !l.mostly(l.digits+l.decimals) || l.least != l.most || l.negative || l.fractions {
		return nil
	}
	switch {
	case l.whole == 6:
		list = []string{"HMS", "dmy", "ymd"}
	case l.whole == 8 && l.decimals == 0:
		list = []string{"Ymd"}
	case l.whole == 14:
		list = []string{"YmdHMS"}
	case l.whole == 12 && l.decimals == 0:
		list = []string{"ymdHMS", "YmdHM"}
	}
	for k, layout := range list {
		if l.decimals > 0 {
			if !l.mostly(l.decimals) || layout[len(layout)-1] != 'S' {
				return nil
			}
			layout += "." + strings.Repeat("f", l.fraction)
		}
		list[k] = timeSlot(layout)
	}
	return list
}

// timeSlot returns the conversion, with its size, for times of a layout.
func timeSlot(layout string) string {
	units := uint64(1) // of the longest time, about
	has := func(part string) bool { return strings.Contains(layout, part) }
	switch {
	case has("Y"), has("y"):
		units = 60 * 366 // days: to 2030 without the sign
	case has("d"), has("e"):
		units = 366
	}
	for part, n := range map[string]uint64{"H": 24, "M": 60, "S": 60} {
		if has(part) {
			units *= n
		}
	}
	units *= pow10(strings.Count(layout, "f"))
	size := 0
	for units *= 2; units > 0; units >>= 8 {
		size++
	}
	return "[" + layout + "]" + strconv.Itoa(min(size, 8))
}

// escape returns text as a template has it.
func escape(text []byte) string { return strings.ReplaceAll(string(text), "%", "%%") }
