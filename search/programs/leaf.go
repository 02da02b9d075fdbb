package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

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
