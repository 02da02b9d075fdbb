package text

import (
	"bytes"
	"math"
	"os"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Rows of one shape may be of several kinds: a token, such as the name of a message, tells which.

const (
	// templateBits is what a template of its own takes, in bits, but for words that no other has, and
	// slotBits what each of its slots takes: some matches in the text, and the lengths and the ends
	// of its columns. Arbitrary.
	templateBits, slotBits = 20, 16

	// wordBits is what a word takes, in bits, that is known, but not in the column, and letterBits
	// what each character of a new one takes. Arbitrary.
	wordBits, letterBits = 14, 4

	// A split is judged by splitRows rows from each of splitWindows parts of a group. Arbitrary.
	splitWindows, splitRows = 4, 1 << 9

	// A split must save one part in splitShare of what other tokens take. Arbitrary.
	splitShare = 40

	splitValues = 200 // most different values of a token that groups are split by
	splitDepth  = 12  // splits of a group, one within the other
	splitTokens = 64  // tokens of a row that are looked at
)

// split divides g by a token that tells much about the others, again and again; g alone if there
// is none. Rows with a rare value of the token remain together.
func (s *sample) split(g *group, depth int) []*group {
	k := -1
	if depth < splitDepth && g.size() >= 2*minRows {
		k = s.divider(g)
	}
	if k < 0 {
		return []*group{g}
	}
	var groups []*group
	var rest []int
	if g.hexes == nil {
		g.hexes = s.hexes(g)
	}
	divided := k + 1
	if g.divided > 0 {
		divided = min(divided, g.divided)
	}
	for _, list := range s.byText(g, k) {
		if len(list) < minRows {
			rest = append(rest, list...)
			continue
		}
		part := g.subset(list)
		part.divided = divided
		groups = append(groups, s.split(part, depth+1)...)
	}
	if len(rest) > 0 {
		slices.Sort(rest)
		other := g.subset(rest)
		other.loose++
		other.divided = divided
		groups = append(groups, other)
	}
	return groups
}

// hexes returns which of the tokens of g are hexadecimal digits, as many in each row, with letters
// among them.
func (s *sample) hexes(g *group) []bool {
	list := make([]bool, len(g.tokens[0]))
	rows := judged(g.size())
	for k := range list {
		l := look{}
		for _, i := range rows {
			cell := s.text(g, i, k)
			l.cells++
			l.number(cell)
			l.most = max(l.most, len(cell))
			if l.hex < l.cells || len(cell) != l.most {
				break
			}
		}
		list[k] = l.cells == len(rows) && l.hex == l.cells && l.upper != l.lower && l.digits < l.cells
	}
	return list
}

// byText returns the numbers of the rows of g with each text of token k.
func (s *sample) byText(g *group, k int) (lists [][]int) {
	known := map[string]int{}
	for i := range g.rows {
		text := s.text(g, i, k)
		n, ok := known[string(text)]
		if !ok {
			n = len(lists)
			known[string(text)] = n
			lists = append(lists, nil)
		}
		lists[n] = append(lists[n], i)
	}
	return lists
}

// A tokenColumn is token k of some rows of a group, as words and as numbers.
type tokenColumn struct {
	k         int
	words     []uint16 // the numbers of the texts, in the order in which they first occur
	compound  int      // which of the row's
	different int
	letters   int          // of different words
	values    []int64      // nil if these are no numbers
	fractions []uint8      // how many digits of fractions they have; nil if none has any
	prefixes  []uint16     // what the numbers stand behind; nil if nothing
	before    *tokenColumn // the one before; nil if there is none
	whole     int64        // what it takes, in 1/logUnit of a bit
}

// divider returns the token of g by whose text a division saves most; -1 if none saves anything.
func (s *sample) divider(g *group) int {
	rows := judged(g.size())
	var columns []*tokenColumn
	all := &division{order: make([]int32, len(rows)), starts: []int32{0, int32(len(rows))}}
	for i := range all.order {
		all.order[i] = int32(i)
	}
	compound := 0
	for k := range min(len(g.tokens[0]), splitTokens) {
		if bytes.ContainsAny(s.text(g, 0, k), breaks) {
			compound++
		}
		if g.tokens[0][k].kind != value && g.tokens[0][k].kind != stamp {
			continue
		}
		if c := s.tokenColumn(g, k, rows); c.different > 1 {
			if n := len(columns); n > 0 {
				c.before = columns[n-1]
			}
			c.compound = compound
			c.whole = all.bits(c, c.before)
			columns = append(columns, c)
		}
	}
	total := int64(0)
	for _, c := range columns {
		total += c.whole
	}
	best, most := -1, int64(0)
	for _, c := range columns {
		d := divisionBy(c)
		if d == nil {
			continue
		}
		gain := int64(0)
		for _, other := range columns {
			if other == c || other.compound == c.compound {
				continue
			}
			saved := other.whole - d.bits(other, other.before)
			if other.k < c.k { // it may be of a head
				saved = max(saved, 0)
			}
			gain += saved
		}
		if debug {
			println("k", c.k, c.different, len(rows), len(d.starts)-1, gain/logUnit)
			for _, o := range columns {
				println("   j", o.k, o.different, o.whole/logUnit, d.bits(o, o.before)/logUnit, o.values != nil)
			}
		}
		gain = gain*int64(g.size())/int64(len(rows)) - int64(len(d.starts)-2)*templateBits*logUnit
		if gain > most && gain > (total-c.whole)/splitShare*int64(g.size())/int64(len(rows)) {
			best, most = c.k, gain
		}
	}
	return best
}

// judged returns the rows, of size ones, that a split is judged by.
func judged(size int) (rows []int) {
	if size <= splitWindows*splitRows {
		for i := range size {
			rows = append(rows, i)
		}
		return rows
	}
	for w := range splitWindows {
		from := (size - splitRows) * w / (splitWindows - 1)
		for i := range splitRows {
			rows = append(rows, from+i)
		}
	}
	return rows
}

// tokenColumn returns token k of rows of g.
func (s *sample) tokenColumn(g *group, k int, rows []int) *tokenColumn {
	known := map[string]uint16{}
	c := &tokenColumn{k: k, words: make([]uint16, len(rows))}
	var texts [][]byte
	for n, i := range rows {
		text := s.text(g, i, k)
		x, ok := known[string(text)]
		if !ok {
			x = uint16(len(known))
			known[string(text)] = x
			texts = append(texts, text)
			c.letters += len(text)
		}
		c.words[n] = x
	}
	if c.different = len(known); c.different < 2 {
		return c
	}
	numbers, fractions, prefixes := numbersOf(texts)
	if numbers == nil {
		return c
	}
	c.values = make([]int64, len(rows))
	for n, x := range c.words {
		c.values[n] = numbers[x]
	}
	if fractions != nil {
		c.fractions = make([]uint8, len(rows))
		for n, x := range c.words {
			c.fractions[n] = fractions[x]
		}
	}
	if prefixes != nil {
		c.prefixes = make([]uint16, len(rows))
		for n, x := range c.words {
			c.prefixes[n] = prefixes[x]
		}
	}
	return c
}

// numbersOf returns the numbers that texts are, decimal or hexadecimal; or, if they end with digits,
// these and the numbers of what is before them. Decimals are in units of the longest fraction; with
// them are the lengths of their fractions.
func numbersOf(texts [][]byte) (list []int64, fractions []uint8, prefixes []uint16) {
	l := look{}
	for _, t := range texts {
		l.cells++
		l.number(t)
	}
	list = make([]int64, len(texts))
	switch {
	case l.mostly(l.digits+l.decimals) && l.whole+l.fraction < maxDecimal:
		for i, t := range texts {
			list[i] = decimalOf(t, l.fraction)
		}
		if l.fraction == 0 {
			return list, nil, nil
		}
		fractions = make([]uint8, len(texts))
		for i, t := range texts {
			if n := bytes.IndexByte(t, '.'); n >= 0 {
				fractions[i] = uint8(len(t) - n - 1)
			}
		}
		return list, fractions, nil
	case l.mostly(l.hex):
		for i, t := range texts {
			for _, c := range t {
				list[i] = list[i]<<4 | int64(c&15) + int64(c>>6)*9
			}
		}
		return list, nil, nil
	}
	known := map[string]uint16{}
	prefixes = make([]uint16, len(texts))
	for i, t := range texts {
		n := len(t)
		for n > 0 && classes[t[n-1]]&isDigit != 0 {
			n--
		}
		if n == len(t) || len(t)-n >= maxDecimal {
			return nil, nil, nil
		}
		x, ok := known[string(t[:n])]
		if !ok {
			x = uint16(len(known))
			known[string(t[:n])] = x
		}
		list[i], prefixes[i] = decimalOf(t[n:], 0), x
	}
	return list, nil, prefixes
}

// decimalOf returns text as a number in units of so many digits of a fraction; anything if it is none.
func decimalOf(text []byte, fraction int) (v int64) {
	done := -1 // digits of the fraction
	for _, c := range text {
		switch {
		case c == '.':
			done = 0
		case classes[c]&isDigit != 0:
			v = v*10 + int64(c-'0')
			if done >= 0 {
				done++
			}
		}
	}
	v *= int64(pow10(fraction - max(done, 0)))
	if len(text) > 0 && text[0] == '-' {
		return -v
	}
	return v
}

// A division says in which order rows stand, and where the parts of them begin and end.
type division struct{ order, starts []int32 }

// divisionBy divides rows by the words of c; the last part has the rare ones. It is nil if there
// are too many.
func divisionBy(c *tokenColumn) *division {
	counts := make([]int32, c.different)
	for _, w := range c.words {
		counts[w]++
	}
	d := &division{order: make([]int32, len(c.words)), starts: []int32{0}}
	at := make([]int32, c.different)
	sum := int32(0)
	for w, n := range counts {
		if n >= minRows {
			at[w] = sum
			sum += n
			d.starts = append(d.starts, sum)
		}
	}
	if len(d.starts) < 2 || len(d.starts) > splitValues+1 || int(sum)*2 < len(c.words) {
		return nil
	}
	rare := sum
	if int(sum) < len(c.words) {
		d.starts = append(d.starts, int32(len(c.words)))
	}
	if len(d.starts) < 3 {
		return nil
	}
	for i, w := range c.words {
		if counts[w] >= minRows {
			d.order[at[w]] = int32(i)
			at[w]++
		} else {
			d.order[rare] = int32(i)
			rare++
		}
	}
	return d
}

// bits returns about what c takes if each part is a column of its own, in 1/logUnit of a bit.
//
// Large parts have codes of their own if that takes less, and slots of their own.
func (d *division) bits(c, before *tokenColumn) int64 {
	common := d.wordBits(c)
	if c.values == nil || !d.samePrefixes(c) {
		return common
	}
	other := c
	if before != nil && before.values != nil {
		other = before
	}
	var all, few [predictors]tally
	constants, own := 0, int64(0)
	for p := range len(d.starts) - 1 {
		rows := d.part(p)
		if c.isConstant(rows) {
			constants++
			continue
		}
		least := int64(math.MaxInt64)
		for o := range all {
			t := tally{}
			t.count(c, other, rows, o)
			all[o].add(&t)
			if len(rows) < ownCode {
				few[o].add(&t)
			} else {
				least = min(least, t.bits()+t.tableBits())
			}
		}
		if len(rows) >= ownCode {
			own += least
		}
	}
	shared, rest := int64(math.MaxInt64), int64(math.MaxInt64)
	for o := range all {
		shared, rest = min(shared, all[o].bits()), min(rest, few[o].bits())
	}
	return min(common, min(shared, own+rest)+int64(constants*wordBits)*logUnit)
}

// samePrefixes reports whether the numbers of each part stand behind the same.
func (d *division) samePrefixes(c *tokenColumn) bool {
	if c.prefixes == nil {
		return true
	}
	for p := range len(d.starts) - 1 {
		rows := d.part(p)
		for _, i := range rows {
			if c.prefixes[i] != c.prefixes[rows[0]] {
				return false
			}
		}
	}
	return true
}

// part returns the rows of part p.
func (d *division) part(p int) []int32 { return d.order[d.starts[p]:d.starts[p+1]] }

// wordBits returns what c takes as words.
func (d *division) wordBits(c *tokenColumn) int64 {
	counts := make([]int, c.different+1) // the last one is of new words
	local, seen := make([]int32, c.different), make([]int32, c.different)
	total, words, slots := 0, 0, 0
	for p := range len(d.starts) - 1 {
		rows := d.part(p)
		if c.isConstant(rows) {
			words++
			continue
		}
		total += len(rows)
		slots++
		n := int32(0)
		for _, i := range rows {
			w := c.words[i]
			if seen[w] == int32(p+1) {
				counts[local[w]]++
				continue
			}
			seen[w], local[w] = int32(p+1), n
			n++
			counts[c.different]++
		}
		words += int(n)
	}
	return nlog(total) - nlogs(counts) + int64((words-c.different)*wordBits+c.letters*letterBits+slots*slotBits)*logUnit
}

// isConstant reports whether all rows have the same word.
func (c *tokenColumn) isConstant(rows []int32) bool {
	for _, i := range rows {
		if c.words[i] != c.words[rows[0]] {
			return false
		}
	}
	return true
}

// predictors of numbers: none, the number before, another one of the row.
const predictors = 3

// ownCode is how many rows a part with a code of its own has, and symbolBits what a symbol takes in
// the table of the code, in bits. Arbitrary.
const ownCode, symbolBits = 64, 5

// A tally counts the bytes of numbers, those of each place.
type tally struct {
	bytes             [8][256]int32
	rows, slots, size int
}

// count counts c in rows by a predictor.
func (t *tally) count(c, other *tokenColumn, rows []int32, predictor int) {
	t.rows, t.slots = len(rows), 1
	last := int64(0)
	unit, otherUnit := c.unit(rows), other.unit(rows)
	for _, i := range rows {
		x := c.values[i] / unit
		switch predictor {
		case 1:
			x, last = x-last, x
		case 2:
			if other != c {
				x -= other.values[i] / otherUnit
			}
		}
		z := uint64(x<<1 ^ x>>63)
		for b := 0; z > 0; b++ {
			t.bytes[b][byte(z)]++
			t.size = max(t.size, b+1)
			z >>= 8
		}
	}
}

// unit returns what the numbers of rows are multiples of: a power of ten, by their fractions.
func (c *tokenColumn) unit(rows []int32) int64 {
	if c.fractions == nil {
		return 1
	}
	most, all := uint8(0), uint8(0)
	for _, i := range rows {
		most = max(most, c.fractions[i])
	}
	all = slices.Max(c.fractions)
	return int64(pow10(int(all - most)))
}

// add adds what u has counted.
func (t *tally) add(u *tally) {
	for b := range u.size {
		for c, n := range u.bytes[b] {
			t.bytes[b][c] += n
		}
	}
	t.rows, t.slots, t.size = t.rows+u.rows, t.slots+u.slots, max(t.size, u.size)
}

// bits returns what the numbers take, in 1/logUnit of a bit.
func (t *tally) bits() (sum int64) {
	for b := range t.size {
		zeros := t.rows
		for _, n := range t.bytes[b] {
			zeros -= int(n)
			sum -= nlog(int(n))
		}
		zeros += int(t.bytes[b][0])
		sum += nlog(t.rows) - nlog(zeros) + nlog(int(t.bytes[b][0]))
	}
	return sum + int64(t.slots)*slotBits*logUnit
}

// tableBits returns what the tables of codes for the numbers take.
func (t *tally) tableBits() int64 {
	n := 0
	for b := range t.size {
		for _, c := range t.bytes[b] {
			if c > 0 {
				n += symbolBits
			}
		}
	}
	return int64(n) * logUnit
}

// logUnit is the unit of nlog in parts of a bit.
const logUnit = 1 << 10

func nlog(n int) int64 {
	if n < len(fewLogs) {
		return fewLogs[n]
	}
	return logOf(n)
}

// fewLogs are those of small numbers.
var fewLogs = func() *[1 << 11]int64 {
	list := new([1 << 11]int64)
	for n := 2; n < len(list); n++ {
		list[n] = logOf(n)
	}
	return list
}()

func logOf(n int) int64 {
	return int64(float64(n) * dsl.Log2(float64(n)) * logUnit)
}

func nlogs(counts []int) (sum int64) {
	for _, n := range counts {
		sum += nlog(n)
	}
	return sum
}

var debug = os.Getenv("DBG") != ""
