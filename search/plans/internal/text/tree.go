package text

import "github.com/ktzip/ktzip/dsl"

// What a template of its own takes, in bits: some bytes of text after deflate, and a symbol more in
// the column of the templates' numbers. Arbitrary.
const templateBits = 8 * 24

const (
	splitRows   = 1 << 11 // rows of a group that a split is judged by
	splitValues = 48      // most different values of a token that groups are split by
	splitDepth  = 4       // splits of a group, one within the other
	splitTokens = 64      // tokens of a row that are looked at
)

// split divides g by a token that tells much about the others, such as the name of a message,
// again and again; g alone if there is none.
func (s *sample) split(g *group, depth int) []*group {
	k := -1
	if depth < splitDepth && g.size() >= 2*minRows {
		k = s.divider(g)
	}
	if k < 0 {
		return []*group{g}
	}
	var groups []*group
	for _, list := range s.byText(g, k) {
		groups = append(groups, s.split(g.subset(list), depth+1)...)
	}
	return groups
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

// divider returns the token of g by whose text a division saves most bits, as if each other value
// were coded by how often it occurs; -1 if none saves anything.
func (s *sample) divider(g *group) int {
	n := min(g.size(), splitRows)
	var columns [][]uint16 // of tokens, the number of each row's text
	var counts []int       // of different texts
	var places []int       // of the tokens
	for k := range min(len(g.tokens[0]), splitTokens) {
		if t := g.tokens[0][k].kind; t != value {
			continue
		}
		column, different := s.number(g, k, n)
		if different > 1 {
			columns, counts, places = append(columns, column), append(counts, different), append(places, k)
		}
	}
	best, most := -1, 0.0
	for p, column := range columns {
		if counts[p] > splitValues || counts[p]*minRows > n {
			continue
		}
		gain := -float64(counts[p]-1) * templateBits
		for q, other := range columns {
			if p != q && counts[q] < n/2 {
				gain += shared(column, other, counts[p], counts[q])
			}
		}
		if gain > most {
			best, most = places[p], gain
		}
	}
	return best
}

// number numbers the texts of token k of the first n rows of g in the order in which they first
// occur.
func (s *sample) number(g *group, k, n int) (column []uint16, different int) {
	known := map[string]uint16{}
	column = make([]uint16, n)
	for i := range n {
		text := s.text(g, i, k)
		x, ok := known[string(text)]
		if !ok {
			x = uint16(len(known))
			known[string(text)] = x
		}
		column[i] = x
	}
	return column, len(known)
}

// shared returns how many bits a, of x different numbers, tells about b, of y, less what it takes
// to learn that.
func shared(a, b []uint16, x, y int) float64 {
	joint := make(map[uint32]int, x*4)
	left, right := make([]int, x), make([]int, y)
	for i := range a {
		left[a[i]]++
		right[b[i]]++
		joint[uint32(a[i])<<16|uint32(b[i])]++
	}
	// Sums of counts times their logarithms, of integers: the same in any order.
	bits := nlogs(left) + nlogs(right) - nlog(len(a))
	for _, c := range joint {
		bits -= nlog(c)
	}
	return max(0, float64(-bits)/logUnit-wordBits*float64(len(joint)-y))
}

// wordBits is what a word takes in a column that has none so, in bits. Arbitrary.
const wordBits = 12

// logUnit is the unit of nlog in parts of a bit.
const logUnit = 1 << 10

func nlog(n int) int64 {
	if n < 2 {
		return 0
	}
	return int64(float64(n) * dsl.Log2(float64(n)) * logUnit)
}

func nlogs(counts []int) (sum int64) {
	for _, n := range counts {
		sum += nlog(n)
	}
	return sum
}
