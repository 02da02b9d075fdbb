package programs

import "github.com/ktzip/ktzip/dsl"

// A leaf is a rule whose pieces depend on the elements of one line from their
// start on alone.
type leaf interface {
	// propose offers pieces that start at element i of l.
	propose(s *scratch, l *line, i int)
	// build makes the list of the piece p, proposed at element i of l, and
	// returns its node.
	build(b *builder, l *line, i int, p *piece) int
}

// A piece is a proposal: a list of some elements in a row, without the symbol
// op of its last operation, which depends on where the list is wanted.
type piece struct {
	op      dsl.Op
	rule    uint8     // that proposed it: a number of leaves
	end     int32     // after the last element
	body    int32     // cost, 1/256 bit, without op
	a, b, c int32     // what build needs
	rel     *relation // that proposed it, or nil
}

// leaves are all rules of one line. A rule's number is its place.
var leaves = []struct {
	name string
	leaf
}{
	{"literal", literal{}},
	{"progression", progression{}},
	{"sums", sums{}},
	{"sawtooth", sawtooth{}},
	{"patched", patched{}},
	{"woven", woven{}},
	{"period", period{}},
	{"copied", copied{}},
}

// Numbers of the leaves.
const (
	ruleLiteral = iota
	ruleProgression
	ruleSums
	ruleSawtooth
	rulePatched
	ruleWoven
	rulePeriod
	ruleCopied
)
