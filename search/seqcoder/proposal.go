package seqcoder

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A Proposal is what a beam found for a sequence.
type Proposal struct {
	Programs []*dsl.Program // programs that output the sequence, the likeliest first
	Partial  Partial        // the most valuable one found, if Programs is empty
	Others   []Partial      // less valuable ones, the most valuable first
	Flops    float64        // floating-point operations of the model

	sequence []byte
}

// maxOthers is the number of Partials that a Proposal keeps apart from the most valuable one.
const maxOthers = 3

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
	if n := len(out); p.worthwhile(n) && endsWith(p.sequence, out) {
		p.offer(Partial{Program: g.program(), Elements: n, Remainder: p.sequence[:len(p.sequence)-n], Merge: dsl.Concatenate, Second: true})
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

// worthwhile reports whether a Partial of n elements may be one of the most valuable so far.
func (p *Proposal) worthwhile(n int) bool {
	least := &p.Partial
	if k := len(p.Others); k > 0 {
		least = &p.Others[k-1]
	}
	return n > 0 && (len(p.Others) < maxOthers || elementValue*float64(n) > least.value)
}

// offer keeps a Partial if it is one of the most valuable so far: of those that leave the same
// remainder, the most valuable.
func (p *Proposal) offer(q Partial) {
	q.value = elementValue*float64(q.Elements) - q.Program.UniformBits()
	all := p.partials()
	same := slices.IndexFunc(all, func(o Partial) bool {
		return o.Elements == q.Elements && o.Merge == q.Merge && o.Second == q.Second
	})
	switch {
	case same < 0:
		all = append(all, q)
	case all[same].value < q.value:
		all[same] = q
	default:
		return
	}
	slices.SortStableFunc(all, func(a, b Partial) int { return cmp.Compare(b.value, a.value) })
	p.Partial, p.Others = all[0], all[1:min(len(all), 1+maxOthers)]
}

// partials returns the Partials, the most valuable first.
func (p *Proposal) partials() []Partial {
	if p.Partial.Program == nil {
		return nil
	}
	return append([]Partial{p.Partial}, p.Others...)
}

// extend turns p into a Proposal for its sequence followed by more: the programs for the
// sequence are partial now.
func (p *Proposal) extend(more []byte) {
	all := p.partials()
	all = slices.DeleteFunc(all, func(q Partial) bool { return q.Merge == dsl.Concatenate && q.Second })
	if len(p.Programs) > 0 {
		all = []Partial{{Program: p.Programs[0], Elements: len(p.sequence), Merge: dsl.Concatenate}}
		p.Programs = nil
	}
	p.Partial, p.Others = Partial{}, nil
	for i := range all {
		all[i].Remainder = slices.Concat(all[i].Remainder, more)
	}
	if len(all) > 0 {
		p.Partial, p.Others = all[0], all[1:]
	}
}

// complete returns the program for the whole sequence, given one for q.Remainder.
func (q *Partial) complete(remainder *dsl.Program) *dsl.Program {
	if q.Second {
		return join(q.Merge, remainder, q.Program)
	}
	return join(q.Merge, q.Program, remainder)
}
