package seqcoder

import "github.com/ktzip/ktzip/dsl"

// A mask has bit t%32 of word t/32 set if token t may come next.
type mask [(Vocabulary + 31) / 32]uint32

func (m *mask) set(t Token) { m[t/32] |= 1 << (t % 32) }

// masks are the building blocks of grammar.mask.
var masks = func() (all struct {
	firstLine  mask                  // operations without references
	line       mask                  // all operations
	low        mask                  // low bytes
	unsigned   mask                  // low bytes, high bytes
	number     mask                  // low bytes, high bytes, the sign
	references [maxDistance + 1]mask // [n]: references after n lines
}) {
	for t := range Token(256) {
		all.low.set(tokenByte + t)
	}
	all.unsigned = all.low
	for t := tokenHigh + 1; t < tokenHigh+endHigh; t++ {
		all.unsigned.set(t)
	}
	all.number = all.unsigned
	all.number.set(tokenNegative)
	for t := tokenOp; t < tokenRef; t++ {
		all.line.set(t)
		if dsl.Op(t-tokenOp).Lists() == 0 {
			all.firstLine.set(t)
		}
	}
	for n := range maxDistance {
		all.references[n+1] = all.references[n]
		all.references[n+1].set(tokenRef + Token(n))
	}
	return all
}()

// mask returns the tokens that allowed accepts.
func (g *grammar) mask() (m mask) {
	if !g.open {
		switch n := g.lines(); {
		case n == 0:
			m = masks.firstLine
		case n < maxLines:
			m = masks.line
		}
		if g.complete() {
			m.set(tokenEnd)
		}
		return m
	}
	if g.refs < g.node.Op.Lists() {
		return masks.references[min(g.lines(), maxDistance)]
	}
	if g.allowed(tokenByte) {
		switch {
		case g.hasHigh:
			m = masks.low
		case g.negative:
			m = masks.unsigned
		default:
			m = masks.number
		}
	}
	if g.allowed(tokenListEnd) {
		m.set(tokenListEnd)
	}
	return m
}
