package programs

import (
	"context"
	"math"

	"github.com/ktzip/ktzip/dsl"
)

// MaxBlock is the length in elements of the longest sequence that can be searched.
const MaxBlock = 4096

// ops is the number of symbols: operations, dsl.Ref and dsl.RootBlock.
const ops = int(dsl.RootBlock) + 1

// unreachable is the price of what a prior cannot make, 2 million bits. Three of
// them can be added without overflow, and any sum is at least unreachable.
const unreachable = 1 << 29

// prices are tables of what the parts of a program cost under a prior, in 1/256
// bit. An array indexed by a number holds that number's price.
type prices struct {
	start     int32              // what every program costs
	sym       [ops][2][ops]int32 // sym[parent][argument][symbol]
	first     [ops]int32         // symbol of the first piece of a chain
	next      [ops]int32         // symbol of a later piece, with its concatenate
	reference int32              // which list a reference means, on average

	flat    bool                // the length of a literal costs nothing
	length  [MaxBlock + 1]int32 // of a literal
	element [256]int32          // of a literal

	upStart  [256]int32
	upEnd    [MaxBlock + 1]int32 // by the length of the range
	byStep   [256]int32
	byStart  [256]int32
	byEnd    [MaxBlock + 1]int32 // by the length of the range
	count    [MaxBlock + 1]int32 // of repeat_num
	constant [256]int32
	times    [MaxBlock + 1]int32 // of repeat_list
	index    [MaxBlock + 1]int32 // start of a slice
	slice    [MaxBlock + 1]int32 // by the length of the slice
	jump     [16]int32
	from, to [256]int32 // of substitute
	maxN     [256]int32
	minN     [256]int32
	add      [256]int32
	subtract [256]int32
	modulo   [512]int32
	distance [18]int32           // of copy, by the bits of the number
	bytes    [MaxBlock + 1]int32 // of copy
}

// chains derives the prices of the pieces of chains from those of symbols.
func (t *prices) chains() {
	for sym := range ops {
		t.first[sym] = t.sym[dsl.Concatenate][0][sym]
		t.next[sym] = t.sym[dsl.Concatenate][1][sym] + t.sym[dsl.Concatenate][0][dsl.Concatenate]
	}
}

// surcharge is by how many bits the symbol of an operation costs more under the prices
// that guide a search than under the prior. Otherwise short pieces that fit by chance
// hide a wrong cut. Two sets of 300 drawn sequences at 3 and 10 ms: 0.3571, 0.3565,
// 0.3184 and 0.3090 under the uniform prior without, 0.3551, 0.3536, 0.3160 and 0.3084
// with 5, 0.3582, 0.3552, 0.3171 and 0.3097 with 8; under the adaptive one, in sequence,
// 0.2955, 0.2899, 0.2595 and 0.2507 without, 0.2887, 0.2866, 0.2549 and 0.2472 with 5,
// 0.2882, 0.2874, 0.2594 and 0.2488 with 8 (November 2026).
const surcharge = 5

// steepSurcharge is the surcharge of the third attempt (arbitrary: of 346 bits that an
// attempt could save, it saves 54 with 16, 46 with 10).
const steepSurcharge = 16

// guide returns prices like t under which the symbols of operations cost surcharge bits
// more.
func (t *prices) guide(surcharge int32) *prices {
	g := *t
	for parent := range g.sym {
		for arg := range g.sym[parent] {
			for sym := range g.sym[parent][arg] {
				if dsl.Op(sym) != dsl.Ref {
					g.sym[parent][arg][sym] += surcharge << 8
				}
			}
		}
	}
	g.chains()
	return &g
}

// nearLists is the number of lists among which a reference is supposed to choose
// under the adaptive prior, each as often (arbitrary: a block's program has as many).
const nearLists = 12

// adaptivePrices returns the prices of the initial state of the edition's prior.
func adaptivePrices() *prices {
	t := &prices{start: int32(dsl.FlagCost())}
	for parent := range t.sym {
		for arg := range 2 {
			for sym := range t.sym[parent][arg] {
				t.sym[parent][arg][sym] = int32(dsl.SymbolCost(dsl.Parent(parent), arg, dsl.Op(sym)))
			}
		}
	}
	t.chains()
	for d := range nearLists {
		t.reference += int32(dsl.DistanceCost(d)) / nearLists
	}
	number := func(table []int32, op dsl.Op, k int) {
		for v := range table {
			table[v] = int32(dsl.NumberCost(op, k, int32(v)))
		}
	}
	number(t.upStart[:], dsl.RangeUp, 0)
	number(t.byStep[:], dsl.RangeInterval, 2)
	number(t.byStart[:], dsl.RangeInterval, 0)
	number(t.count[:], dsl.RepeatNum, 0)
	number(t.constant[:], dsl.RepeatNum, 1)
	number(t.times[:], dsl.RepeatList, 0)
	number(t.index[:], dsl.Between, 1)
	number(t.jump[:], dsl.Jumps, 1)
	number(t.from[:], dsl.Substitute, 1)
	number(t.to[:], dsl.Substitute, 2)
	number(t.maxN[:], dsl.MaxN, 1)
	number(t.minN[:], dsl.MinN, 1)
	number(t.add[:], dsl.AddItem, 1)
	number(t.subtract[:], dsl.SubtractItem, 1)
	number(t.modulo[:], dsl.ModuloItem, 1)
	number(t.bytes[:], dsl.Copy, 1)
	for n := range t.distance {
		t.distance[n] = int32(dsl.NumberCost(dsl.Copy, 0, int32(1)<<n>>1))
	}
	for n := range t.length {
		t.length[n] = int32(dsl.LengthCost(n))
		if n == 0 {
			continue
		}
		t.upEnd[n] = int32(dsl.EndCost(dsl.RangeUp, 0, int32(n)-1, 1))
		t.byEnd[n] = int32(dsl.EndCost(dsl.RangeInterval, 0, 2*int32(n)-1, 2))
		t.slice[n] = int32(dsl.EndCost(dsl.Between, 0, int32(n), 1))
	}
	for v := range t.element {
		t.element[v] = int32(dsl.ElementCost(int32(v)))
	}
	return t
}

// The uniform prior, as published: arXiv 2503.13992, Appendix A.2.
const (
	valueBits    = 8  // of an element: one of 256
	smallBits    = 3  // of a step, a jump or a number of repetitions: minSmall to maxSmall
	uniformOps   = 25 // operations that a line may have
	uniformTimes = 20 // counts of repeat_num that it prices
	maxTimes     = 25 // the largest count that it can make

	minSmall, maxSmall = 2, 9
)

// uniformPrices returns the prices of the benchmark's prior for programs of so many
// lines. A reference costs the logarithm of its line's number, of which the mean is
// taken. Numbers that the prior cannot make are unreachable.
func uniformPrices(lines int) *prices {
	bits := func(x float64) int32 { return int32(math.Round(x * 256)) }
	op, ref := bits(dsl.Log2(uniformOps)), int32(0)
	for i := range lines {
		ref += bits(dsl.Log2(float64(i+1))) / int32(lines)
	}
	t := &prices{start: op + 256, flat: true}
	for parent := range t.sym {
		for arg := range 2 {
			for sym := range t.sym[parent][arg] {
				t.sym[parent][arg][sym] = op + ref // ref: the list of this argument
				switch {
				case dsl.Op(sym) == dsl.Ref:
					t.sym[parent][arg][sym] = ref
				case dsl.Parent(parent) == dsl.RootBlock:
					t.sym[parent][arg][sym] = op
				}
			}
		}
	}
	t.chains()
	const value, small = valueBits << 8, smallBits << 8
	fill := func(table []int32, price int32, from, to int) {
		for v := range table {
			if table[v] = price; v < from || v > to {
				table[v] = unreachable
			}
		}
	}
	fill(t.element[:], value, 0, 255)
	fill(t.upStart[:], value, 0, 255)
	fill(t.upEnd[:], value, 0, MaxBlock)
	fill(t.byStep[:], small, minSmall, maxSmall)
	fill(t.byStart[:], value, 0, 255)
	fill(t.byEnd[:], value, 0, MaxBlock)
	fill(t.count[:], bits(dsl.Log2(uniformTimes)), 1, maxTimes)
	fill(t.constant[:], value, 0, 255)
	fill(t.times[:], small, minSmall, maxSmall)
	fill(t.index[:], value, 0, 255)
	fill(t.slice[:], value, 0, 255)
	fill(t.jump[:], small, minSmall, maxSmall)
	fill(t.from[:], value, 0, 255)
	fill(t.to[:], value, 0, 255)
	fill(t.maxN[:], value, 0, 255)
	fill(t.minN[:], value, 0, 255)
	fill(t.add[:], value, 0, 255)
	fill(t.subtract[:], value, 0, 255)
	fill(t.modulo[:], value, 0, 255)
	return t
}

// A meter holds what a rule needs besides elements: prices, and the steps that are
// left. A step is a unit of work, about 5 ns: kteval counts 200,000 a millisecond.
type meter struct {
	price *prices
	steps int64           // left; below 0 if the last spending went over
	ctx   context.Context // ends the search early
}

// spend takes steps: all that are left if the context is done.
func (m *meter) spend(steps int64) {
	if m.steps -= steps; m.ctx.Err() != nil {
		m.steps = min(m.steps, 0)
	}
}
