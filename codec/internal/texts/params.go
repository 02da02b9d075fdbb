package texts

import (
	"fmt"
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// A Kind says of what a context is made.
type Kind int

// The kinds of contexts, each with what its A and B mean.
const (
	Order      Kind = iota // the last A bytes, 0 to 8
	Masked                 // bits of the last bytes
	Word                   // letters of words, see words
	Followed               // what followed the last bytes lately, see followed
	Column                 // the place in rows of width A, and the last B bytes, 0 to 3
	Above                  // neighbors, a sum in B, in rows of width A
	Foretold               // the byte that the longest match foretells: A 0 with its length, 1 with the last byte, 2 both
	Repeated               // the last byte, how often it came in a row, and if A is 2 the byte before these
	Opcode                 // the place in instructions of A bytes
	Nucleotide             // the last A letters of ACGT, 1 to 24, on both strands
	kinds
)

// Widths of rows that have no fixed one.
const (
	Lines  = 0 // rows are lines of text
	Fields = 1 // rows are lines, places are those in a field
)

// Neighbors of a byte: a sum of these is B of a context of kind Above.
const (
	West      = 1 << iota // the byte before
	WestWest              // the one before that
	North                 // the byte above
	NorthWest             // the one before that
	NorthEast             // the one after that
	North2                // the byte two rows above
	North3                // the byte three rows above
	InRow                 // the place in the row
	neighbors = 1<<iota - 1
)

// A Context is what a prediction knows of the bytes before.
type Context struct {
	Kind  Kind
	A, B  int
	Masks []byte // of Masked: of the last byte, the one before, and so on
}

// Params says how bytes are predicted.
type Params struct {
	Log      int       // log2 of the bytes of the table of histories
	Shaped   bool      // whether decisions follow a Huffman code
	Sets     uint      // the sets of weights in use, a bit for each
	Contexts []Context // what histories are kept of
	Matches  []int     // least lengths of matches
}

// Limits of parameters. They bound memory and the time per byte.
const (
	leastLog    = 16
	mostLog     = 26
	mostOrder   = 8
	mostBytes   = 3 // beside a column
	mostWidth   = 1 << 16
	mostOpcode  = 8
	mostLetters = 24

	mostContexts = 24
	mostMatches  = 3
	mostMatch    = 32
	mostMemory   = 1 << 27 // bytes
)

// Check returns an error that wraps arith.ErrParameters if a parameter is beyond its limits.
func (p *Params) Check() error {
	switch {
	case p.Log < leastLog || p.Log > mostLog:
		return fmt.Errorf("%w: a table of 2^%d bytes, want 2^%d to 2^%d", arith.ErrParameters, p.Log, leastLog, mostLog)
	case p.Sets == 0 || p.Sets >= 1<<weightSets:
		return fmt.Errorf("%w: sets %#x, want 1 to %#x", arith.ErrParameters, p.Sets, 1<<weightSets-1)
	case len(p.Contexts) == 0 || len(p.Contexts) > mostContexts:
		return fmt.Errorf("%w: %d contexts, want 1 to %d", arith.ErrParameters, len(p.Contexts), mostContexts)
	case len(p.Matches) > mostMatches:
		return fmt.Errorf("%w: %d matches, want at most %d", arith.ErrParameters, len(p.Matches), mostMatches)
	}
	for _, c := range p.Contexts {
		if !c.valid() {
			return fmt.Errorf("%w: context %+v", arith.ErrParameters, c)
		}
	}
	for _, n := range p.Matches {
		if n < 1 || n > mostMatch {
			return fmt.Errorf("%w: matches of %d bytes, want 1 to %d", arith.ErrParameters, n, mostMatch)
		}
	}
	if n := p.Memory(); n > mostMemory {
		return fmt.Errorf("%w: %d bytes of memory, want at most %d", arith.ErrParameters, n, mostMemory)
	}
	return nil
}

// valid reports whether a context is within its limits.
func (c *Context) valid() bool {
	in := func(x, from, to int) bool { return x >= from && x <= to }
	if c.Kind < 0 || c.Kind >= kinds || c.Kind != Masked && c.Masks != nil {
		return false
	}
	limits := [kinds][2][2]int{
		Order:      {{0, mostOrder}, {}},
		Word:       {{0, wordKinds - 1}, {}},
		Followed:   {{1, followedKinds}, {}},
		Column:     {{0, mostWidth}, {0, mostBytes}},
		Above:      {{0, mostWidth}, {1, neighbors}},
		Foretold:   {{0, 2}, {}},
		Repeated:   {{1, 2}, {}},
		Opcode:     {{1, mostOpcode}, {}},
		Nucleotide: {{1, mostLetters}, {}},
	}
	l := limits[c.Kind]
	return in(c.A, l[0][0], l[0][1]) && in(c.B, l[1][0], l[1][1]) &&
		(c.Kind != Masked || in(len(c.Masks), 1, mostOrder))
}

// slots returns how many contexts have histories.
func (p *Params) slots() (n int) {
	for _, c := range p.Contexts {
		if c.Kind != Nucleotide {
			n++
		}
	}
	return n
}

// inputs returns how many inputs the mixers have, a multiple of vectorInts.
func (p *Params) inputs() int {
	n := contextInputs*len(p.Contexts) + matchInputs*len(p.Matches) + 1
	return (n + vectorInts - 1) &^ (vectorInts - 1)
}

// matchLog returns log2 of the places that a matcher knows: one for each 64 bytes of the table.
func (p *Params) matchLog() int { return min(max(p.Log-6, 12), 20) }

// curveLog returns log2 of the contexts of a curve.
func (p *Params) curveLog() int { return min(max(p.Log-10, 8), 13) }

// Memory returns how many bytes a Machine takes for the parameters. What data there is, is not
// counted.
func (p *Params) Memory() int64 {
	n := int64(1)<<p.Log + fixedMemory + 2*2*curvePoints<<p.curveLog()
	for _, c := range p.Contexts {
		n += histories * 8
		if c.Kind == Nucleotide {
			n += int64(letterBytes(c.A)) << letterLog(c.A, p.Log)
		}
	}
	n += int64(len(p.Matches)) << (p.matchLog() + 2)
	return n + int64(bits.OnesCount(p.Sets)*setRows*p.inputs()*4)
}
