package text

import (
	"bytes"
	"slices"
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

	// Groups are split by a token of splitValues different values at most, splitDepth times one within
	// the other, and splitTokens tokens of a row are looked at. Arbitrary.
	splitValues, splitDepth, splitTokens = 200, 12, 64

	// Looking for a token that divides a group takes pairSteps for two columns of a row, in nanoseconds
	// on a core of an AMD EPYC (November 2026). For all ways to divide rows it may take dividingSteps a
	// byte: 30 columns of 20 values take 560 for one way, real tables 10 to 120.
	pairSteps, dividingSteps = 80, 600
)

// split divides g by a token that tells much about the others, again and again; g alone if there
// is none. Rows with a rare value of the token remain together.
func (s *sample) split(g *group, depth int) []*group {
	k := -1
	if depth < splitDepth && g.size() >= 2*minRows && s.steps > 0 {
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

// hexes returns which of the tokens of g are hexadecimal digits, with letters among them: as many in
// each row, or an even number. Two digits are such, too, where others are two with letters.
func (s *sample) hexes(g *group) []bool {
	list := make([]bool, len(g.tokens[0]))
	rows := judged(g.size())
	var digits []int // tokens of two digits
	pairs := false
	for k := range list {
		l := look{}
		for _, i := range rows {
			cell := s.text(g, i, k)
			l.cells++
			l.number(cell)
			if l.most = max(l.most, len(cell)); i == rows[0] {
				l.least = l.most
			}
			l.least = min(l.least, len(cell))
			if l.hex < l.cells || l.least < l.most && len(cell)%2+l.least%2 > 0 {
				break
			}
		}
		isHex := l.cells == len(rows) && l.hex == l.cells
		list[k] = isHex && l.upper != l.lower && l.digits < l.cells
		if isPair := l.least == 2 && l.most == 2; isPair && list[k] {
			pairs = true
		} else if isPair && isHex && l.digits == l.cells {
			digits = append(digits, k)
		}
	}
	for _, k := range digits {
		list[k] = pairs
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
	s.steps -= pairSteps * int64(len(rows)*len(columns)*len(columns))
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
