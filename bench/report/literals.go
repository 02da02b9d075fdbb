package main

import (
	"fmt"

	"github.com/ktzip/ktzip/bench/internal/encoding"
	"github.com/ktzip/ktzip/dsl"
)

// A literalCode is a code of the elements of literals, as a table calls it.
type literalCode struct {
	name  string
	fresh func() encoding.Literals // nil for that of the bit form of files
}

func fixed(bits float64) func() encoding.Literals {
	return func() encoding.Literals { return encoding.Fixed(bits) }
}

var literalCodes = []literalCode{
	{"8 bits", fixed(8)},
	{"by frequency", func() encoding.Literals { return new(encoding.Frequency) }},
	{"difference to the element before, by frequency", func() encoding.Literals { return new(encoding.Delta) }},
	{"whether it is in the literal before it, then which of those that are or are not", func() encoding.Literals { return new(encoding.Distinct) }},
	{"bit form of files", nil},
	{"if 7 bits sufficed", fixed(7)},
	{"if 6 bits sufficed", fixed(6)},
	{"if 4 bits sufficed", fixed(4)},
	{"if they were free", fixed(0)},
}

// A costed file is one of programs whose literals have a code of their own.
type costed struct {
	elements    float64 // number
	elementBits float64
	bits        float64 // of the programs, without flags
	keptBits    float64 // with flags; raw where that is less
}

// priceWith prices programs, one of each sequence, under prior, but their literals by code or,
// if it has none, by tree.
func priceWith(all []solved, program func(*solved) *dsl.Program, prior, tree encoding.Coder, code literalCode) (sum costed) {
	var literals encoding.Literals
	if code.fresh != nil {
		literals = code.fresh()
	}
	for i := range all {
		p := program(&all[i])
		bits := prior.Price(p)
		prior.Learn(p)
		if literals == nil {
			bits[encoding.Elements] = tree.Price(p)[encoding.Elements]
			tree.Learn(p)
		} else {
			bits[encoding.Elements] = 0
		}
		for _, n := range p.Nodes {
			sum.elements += float64(len(n.List))
			if literals != nil {
				bits[encoding.Elements] += literals.Price(n.List)
			}
		}
		sum.elementBits += bits[encoding.Elements]
		sum.bits += bits.Sum()
		sum.keptBits += min(bits.Sum(), 8*float64(all[i].size)) + 1
	}
	return sum
}

// literalsTable compares codes of literals, under the uniform prior and in files.
func literalsTable(all []solved, coders []coder) *table {
	t := newTable("code of an element", "bits of one, given programs", "found ones", "uniform: given", "share of literals", "found", "bit form of files: given", "share of literals", "found", "another is cheapest")
	size := 0.0
	for _, s := range all {
		size += 8 * float64(s.size)
	}
	given := func(s *solved) *dsl.Program { return s.given }
	found := func(s *solved) *dsl.Program { return s.found }
	files := coders[len(coders)-1]
	priors := []coder{coders[0], files}
	for _, code := range literalCodes {
		row := []any{code.name}
		for k, prior := range priors {
			a, b := priceWith(all, given, prior.fresh(), files.fresh(), code), priceWith(all, found, prior.fresh(), files.fresh(), code)
			if k == 0 {
				row = append(row, fmt.Sprintf("%.3f", a.elementBits/a.elements), fmt.Sprintf("%.3f", b.elementBits/b.elements))
			}
			row = append(row, fmt.Sprintf("%.4f", a.bits/size), fmt.Sprintf("%.0f %%", 100*a.elementBits/a.bits), fmt.Sprintf("%.4f", b.keptBits/size))
		}
		row = append(row, others(all, code))
		t.add(row...)
	}
	return t
}

// others returns the share of sequences whose cheapest program under the uniform prior is not
// the cheapest if an element takes what code says; "" unless that is the same for all.
func others(all []solved, code literalCode) string {
	if code.fresh == nil {
		return ""
	}
	bits, ok := code.fresh().(encoding.Fixed)
	if !ok {
		return ""
	}
	sum := choosePrograms(all, coder{fresh: func() encoding.Coder { return cheaper{encoding.NewLines(encoding.None), float64(bits)} }})
	return percent(sum.others, sum.count)
}

// A cheaper is the uniform prior with elements at so many bits.
type cheaper struct {
	*encoding.Lines
	bits float64
}

// Price implements encoding.Coder.
func (c cheaper) Price(p *dsl.Program) encoding.Bits {
	b := c.Lines.Price(p)
	b[encoding.Elements] *= c.bits / 8
	return b
}
