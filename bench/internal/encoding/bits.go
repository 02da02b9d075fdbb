package encoding

import (
	"math"

	"github.com/ktzip/ktzip/dsl"
)

// A Part is a part of a program.
type Part int

// The parts. Every bit of a program belongs to one.
const (
	Operations Part = iota // which operation a line is, and the end of the program
	References             // to lists
	Numbers                // counts, steps, indices, ends of ranges and slices
	Values                 // numbers that are elements: starts of ranges, what is added, …
	Lengths                // of literals
	Elements               // of literals
	NumParts
)

// Bits are what the parts of programs take.
type Bits [NumParts]float64

// Sum returns the sum of the parts.
func (b Bits) Sum() (sum float64) {
	for _, v := range b {
		sum += v
	}
	return sum
}

// Plus returns the sums of b and c by part.
func (b Bits) Plus(c Bits) Bits {
	for i, v := range c {
		b[i] += v
	}
	return b
}

// A Coder prices programs. An adaptive one learns from those that it is shown: with a Learn
// after each Price, the sum of the prices is what a file of these programs takes.
type Coder interface {
	// Price returns what the canonical program p takes by now. It changes nothing.
	Price(p *dsl.Program) Bits
	// Learn shows the Coder the canonical program p.
	Learn(p *dsl.Program)
}

// Canonical bits of parameters under the uniform prior.
const (
	valueBits = 8
	smallBits = 3
)

// countBits is what the repeat count of repeat_num takes under the uniform prior.
var countBits = math.Log2(20)

// A number is a kind of number: how the uniform prior prices it, and what it counts as.
type number struct {
	bits float64
	part Part
}

var (
	value = number{valueBits, Values}
	index = number{valueBits, Numbers}
	end   = number{valueBits, Numbers} // of a range or slice
	small = number{smallBits, Numbers}
	count = number{countBits, Numbers}
)

// numbers are the numbers of each operation of the test, in the order of the text.
var numbers = [...][]*number{
	dsl.SetList:       nil,
	dsl.RangeUp:       {&value, &end},
	dsl.RangeInterval: {&value, &end, &small},
	dsl.RepeatNum:     {&count, &value},
	dsl.RepeatList:    {&small},
	dsl.ReverseList:   nil,
	dsl.Substitute:    {&value, &value},
	dsl.Jumps:         {&small},
	dsl.Between:       {&index, &end},
	dsl.MaxN:          {&value},
	dsl.MinN:          {&value},
	dsl.AddItem:       {&value},
	dsl.SubtractItem:  {&value},
	dsl.ModuloItem:    {&value},
	dsl.Interleave:    nil, // the last operation of the test
}
