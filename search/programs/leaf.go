package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A line is a sequence that one chain makes: the sequence searched for, or a
// strand of it after interleaves are undone.
type line struct {
	v      []int32 // elements
	run    []int32 // run[i]: length of the arithmetic progression that starts at i
	lit    []int32 // lit[i]: price of elements 0..i-1 in a literal
	offers []piece // pieces of leaves other than literals, the last start first
	busy   []int32 // busy[i]: number of offers that start at i or later

	source *source // stream that holds the elements from origin on; nil if none does
	origin int

	store  []int32 // storage of v
	nested *chain  // storage of inner; nil if not needed yet

	// If interleaves may start anywhere (leafInterleave):
	strands *[2]line // elements at even and at odd positions; nil if not split
	stop    []int32  // stop[i]: the first position from i on at which a piece of a leaf but an interleave starts
	extra   []offer  // of relations
	depth   int      // of the strands, theirs, and so on
	pair    *[2]line // storage of strands
	from    []chain  // of a strand: from[i] starts at i
}

// set makes v the line's elements and measures its progressions.
func (l *line) set(v []int32, t *prices) {
	n := len(v)
	l.v, l.strands, l.source, l.extra = v, nil, nil, l.extra[:0]
	l.run = grow(l.run, n)
	l.lit = grow(l.lit, n+1)
	l.offers = l.offers[:0]
	l.busy = grow(l.busy, n+1)
	l.busy[n] = 0
	l.lit[0] = 0
	for i, x := range v {
		l.lit[i+1] = l.lit[i] + t.element[x]
	}
	for i := n - 1; i >= 0; i-- {
		switch {
		case i >= n-2:
			l.run[i] = int32(n - i)
		case v[i+1]-v[i] == v[i+2]-v[i+1]:
			l.run[i] = l.run[i+1] + 1
		default:
			l.run[i] = 2
		}
	}
}

// grow returns s with length n. It keeps elements only if there is room.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// propose collects what the leaves offer, but for those without.
func (l *line) propose(m *meter, without ruleSet) {
	for i := len(l.v) - 1; i >= 0; i-- {
		first := l.busy[i+1]
		l.busy[i] = first
		if l.strands != nil {
			l.stop[i] = l.stop[i+1]
		}
		for r := leafLiteral + 1; r < len(leaves); r++ {
			if without.has(r) || m.steps <= 0 {
				continue
			}
			leaves[r].propose(m, l, i)
			for k := l.busy[i]; k < int32(len(l.offers)); k++ {
				l.offers[k].rule = uint8(r)
			}
			if l.strands != nil && r != leafInterleave && int(l.busy[i]) < len(l.offers) {
				l.stop[i] = int32(i)
			}
			l.busy[i] = int32(len(l.offers))
		}
		m.steps -= int64(len(leaves)) + int64(l.busy[i]-first)
	}
}

// offer adds a piece of a leaf.
func (l *line) offer(p piece) { l.offers = append(l.offers, p) }

// starting returns the leaves' pieces that start at i, literals excepted.
func (l *line) starting(i int) []piece { return l.offers[l.busy[i+1]:l.busy[i]] }

// A leafRule is a rule whose pieces depend on the elements of one line alone.
type leafRule interface {
	// propose offers pieces that start at element i of l.
	propose(m *meter, l *line, i int)
	// build makes the list of the piece p, proposed at element i of l, and
	// returns its node.
	build(b *builder, l *line, i int, p *piece) int
}

// A piece is a proposal: a list of some elements in a row, without the symbol
// op of its last operation, which depends on the list's role.
type piece struct {
	op      dsl.Op
	rule    uint8     // index into leaves of the rule that proposed it
	end     int32     // after the last element
	body    int32     // cost without op
	x, y, z int32     // what the rule's build needs
	rel     *relation // that proposed it; nil if a leaf did
}

// leaves are all rules of one line.
var leaves = [...]struct {
	name string
	leafRule
}{
	leafLiteral:    {"leaf-literal", literalLeaf{}},
	leafRange:      {"leaf-range", rangeLeaf{}},
	leafScan:       {"leaf-scan", scanLeaf{}},
	leafModulo:     {"leaf-modulo", moduloLeaf{}},
	leafSubstitute: {"leaf-substitute", substituteLeaf{}},
	leafInterleave: {"leaf-interleave", interleaveLeaf{}},
	leafRepeat:     {"leaf-repeat", repeatLeaf{}},
	leafCopy:       {"leaf-copy", copyLeaf{}},
}

// Indexes into leaves, in the order in which they propose.
const (
	leafLiteral = iota
	leafRange
	leafScan
	leafModulo
	leafSubstitute
	leafInterleave
	leafRepeat
	leafCopy
)

// literalLeaf is set_list of any elements. It proposes nothing: find tries
// literals from everywhere to everywhere.
type literalLeaf struct{}

func (literalLeaf) propose(*meter, *line, int) {}

func (literalLeaf) build(b *builder, l *line, i int, p *piece) int {
	return b.node(dsl.Node{Op: dsl.SetList, List: slices.Clone(l.v[i:p.end])})
}
