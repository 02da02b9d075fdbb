package search

import "github.com/ktzip/ktzip/dsl"

// A leaf is a rule whose pieces depend on the elements from their start on alone.
type leaf interface {
	// propose offers pieces that start at element i of l.
	propose(s *scratch, l *line, i int)
	// build makes the list of the piece p, proposed at element i of l, and
	// returns its node.
	build(b *builder, l *line, i int, p *piece) int
}

// A use is a rule whose pieces depend on the chain before them.
type use interface {
	// propose offers pieces that start at element i of the block.
	propose(s *scratch, i int)
	// build is that of leaf, on the block.
	build(b *builder, i int, p *piece) int
}

// A piece is a proposal: a list of some elements in a row, without the symbol
// op of its last operation, which depends on where the list is wanted.
type piece struct {
	op      dsl.Op
	rule    uint8 // that proposed it: of leaves, or of uses
	isUse   bool
	nodes   int16 // completed by it
	end     int32 // after the last element
	body    int32 // cost, 1/256 bit, without op
	a, b, c int32 // what build needs
}

// leaves and uses are all rules. A rule's number is its place.
var (
	leaves = []leaf{literal{}, progression{}, sums{}, sawtooth{}, patched{}, interleaved{}, period{}}
	uses   = []use{again{}, derived{}, moved{}}
)

// Numbers of the leaves.
const (
	ruleLiteral = iota
	ruleProgression
	ruleSums
	ruleSawtooth
	rulePatched
	ruleInterleaved
	rulePeriod
)

// Numbers of the uses.
const (
	ruleAgain = iota
	ruleDerived
	ruleMoved
)
