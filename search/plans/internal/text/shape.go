package text

import "bytes"

// A group is rows of one shape: as many tokens, alike but for what values and blanks hold.
type group struct {
	rows    []int              // numbers of the rows, ascending
	tokens  [][]token          // of each row
	loose   int                // how often it is what a division left: other templates are to be tried before
	divided int                // 1 + the first token by which rows were divided into groups, this among them; 0 if none
	hexes   []bool             // which of its tokens are hexadecimal digits; nil if it is not known
	head    int                // how many of its first tokens are of a head
	keyed   bool               // its tokens are cells with keys
	forms   map[int]*cellForms // of tokens that are cells of several forms
}

// size returns how many rows g has.
func (g *group) size() int { return len(g.rows) }

// text returns token k of the i-th row of g.
func (s *sample) text(g *group, i, k int) []byte {
	t := g.tokens[i][k]
	return s.rows[g.rows[i]][t.start:t.end]
}

// A sample is rows of a text.
type sample struct {
	rows   [][]byte
	end    byte
	varies []bool // of a head, which of its tokens are not the same in all rows
	steps  int64  // that looking for divisions may still take
}

// rowsOf cuts src after each end.
func rowsOf(src []byte, end byte) (s sample) {
	s.end = end
	for start, i := 0, 0; i <= len(src); i++ {
		if i == len(src) {
			if start < i {
				s.rows = append(s.rows, src[start:i])
			}
		} else if src[i] == end {
			s.rows = append(s.rows, src[start:i])
			start = i + 1
		}
	}
	return s
}

// all returns the numbers of the rows of s.
func (s *sample) all() []int {
	list := make([]int, len(s.rows))
	for r := range list {
		list[r] = r
	}
	return list
}

// FNV-1a, of 64 bits.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

func hashOf(h uint64, b ...byte) uint64 {
	for _, c := range b {
		h = (h ^ uint64(c)) * hashPrime
	}
	return h
}

// shapeOf returns what rows of one shape have in common.
func shapeOf(row []byte, list []token) uint64 {
	h := uint64(hashStart)
	for _, t := range list {
		h = hashOf(h, byte(t.kind))
		switch t.kind {
		case mark:
			h = hashOf(h, row[t.start])
		case stamp:
			h = hashOf(h, t.layout.line, t.layout.fraction)
		case value:
			switch n := int(t.end - t.start); {
			case n >= longHex && run(row[t.start:t.end], isHex) == n:
				h = hashOf(h, byte(n), byte(n>>8))
			case n >= longFraction && bytes.IndexByte(row[t.start:t.end], '.') >= 0:
				h = hashOf(h, byte(n))
			}
		}
	}
	return h
}

// longHex is how many hexadecimal digits are bytes: what has another number of them is of another
// shape. Arbitrary.
const longHex = 12

// longFraction is the length from which on a number with a fraction is no short decimal, in
// characters: those of each length are of a shape, so that none is in units that are too small.
// Arbitrary.
const longFraction = 12

// shapes groups rows, numbers of rows of s whose tokens are those of list, by their shapes, in the
// order in which these first occur.
func (s *sample) shapes(rows []int, list [][]token) (groups []*group) {
	known := map[uint64]*group{}
	for i, r := range rows {
		h := shapeOf(s.rows[r], list[i])
		g := known[h]
		if g == nil {
			g = &group{}
			known[h] = g
			groups = append(groups, g)
		}
		g.rows, g.tokens = append(g.rows, r), append(g.tokens, list[i])
	}
	return groups
}

// subset returns those rows of g whose numbers within g are in list.
func (g *group) subset(list []int) *group {
	n := &group{loose: g.loose, divided: g.divided, hexes: g.hexes, keyed: g.keyed}
	for _, i := range list {
		n.rows, n.tokens = append(n.rows, g.rows[i]), append(n.tokens, g.tokens[i])
	}
	return n
}
