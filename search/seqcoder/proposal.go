package seqcoder

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A Proposal is what a beam found for a sequence.
type Proposal struct {
	Programs []*dsl.Program // programs that output the sequence, the likeliest first
	Partial  Partial        // the most valuable one found, if Programs is empty
	Flops    float64        // floating-point operations of the model

	sequence []byte
}

// A Partial is a program that outputs some of a sequence. The zero value has no program.
type Partial struct {
	Program   *dsl.Program
	Elements  int    // of the sequence that Program outputs
	Remainder []byte // the other elements, in order
	Merge     dsl.Op // Concatenate or Interleave: outputs the sequence given Program's output and Remainder
	Second    bool   // whether Merge takes Program's output second, after Remainder

	value float64 // bits
}

// note records what the last line of g is worth: a program, if a correction makes its output
// the sequence, or a Partial, if the output is the start of the sequence, once corrected, or a
// strand of it.
func (p *Proposal) note(g *grammar) {
	out := g.last.output
	c := correct(out, p.sequence)
	if c.prefix == len(p.sequence) {
		if lines := c.lines(); lines != nil { // else the beam will end the program
			p.Programs = append(p.Programs, g.programWith(lines))
		}
		return
	}
	if p.worthwhile(c.prefix) {
		p.offer(Partial{Program: g.programWith(c.lines()), Elements: c.prefix, Remainder: p.sequence[c.prefix:], Merge: dsl.Concatenate})
	}
	for first := range 2 {
		if !p.worthwhile(len(out)) {
			break
		}
		if remainder := withoutStrand(out, p.sequence, first); remainder != nil {
			p.offer(Partial{Program: g.program(), Elements: len(out), Remainder: remainder, Merge: dsl.Interleave, Second: first == 1})
		}
	}
}

// elementValue is the value in bits of an element that a Partial outputs: 8 for the literal that
// it saves, and 4 because a shorter remainder is easier. The 4 are arbitrary: with 0 the rate is
// 0.1 % worse (120 pairs, 300 ms, 2026-11-27).
const elementValue = 12

// worthwhile reports whether a Partial of n elements may be more valuable than
// the best one so far.
func (p *Proposal) worthwhile(n int) bool {
	return n > 0 && (p.Partial.Program == nil || elementValue*float64(n) > p.Partial.value)
}

// offer keeps a Partial if it is more valuable than the best one so far.
func (p *Proposal) offer(q Partial) {
	q.value = elementValue*float64(q.Elements) - q.Program.UniformBits()
	if p.Partial.Program == nil || q.value > p.Partial.value {
		p.Partial = q
	}
}

// extend turns p into a Proposal for its sequence followed by more: the programs for the
// sequence are partial now.
func (p *Proposal) extend(more []byte) {
	if len(p.Programs) > 0 {
		p.Partial = Partial{Program: p.Programs[0], Elements: len(p.sequence), Merge: dsl.Concatenate}
		p.Programs = nil
	}
	p.Partial.Remainder = slices.Concat(p.Partial.Remainder, more)
}

// complete returns the program for the whole sequence, given one for q.Remainder.
func (q *Partial) complete(remainder *dsl.Program) *dsl.Program {
	if q.Second {
		return join(q.Merge, remainder, q.Program)
	}
	return join(q.Merge, q.Program, remainder)
}
