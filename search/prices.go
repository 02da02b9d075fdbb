package search

import "github.com/ktzip/ktzip/dsl"

// Sizes of the tables: MaxBlock is the longest block searched.
const (
	MaxBlock = 4096
	ops      = 32
)

// prices are tables of package dsl's prices. All costs are in 1/256 bit.
type prices struct {
	flag     int32
	sym      [ops][2][ops]int32 // [parent][argument][symbol]
	first    [ops]int32         // symbol of the first piece of a chain
	next     [ops]int32         // symbol of a later piece, with its concatenate
	distance [dsl.MaxNodes]int32

	length  [MaxBlock + 1]int32 // of literals
	element [256]int32

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
}

// price is fixed by the edition.
var price = newPrices()

func newPrices() *prices {
	t := new(prices)
	t.flag = int32(dsl.FlagCost())
	for parent := range t.sym[:dsl.RootBlock+1] {
		for arg := range 2 {
			for sym := range t.sym[parent][arg] {
				t.sym[parent][arg][sym] = int32(dsl.SymbolCost(dsl.Op(parent), arg, dsl.Op(sym)))
			}
		}
	}
	for sym := range ops {
		t.first[sym] = t.sym[dsl.Concatenate][0][sym]
		t.next[sym] = t.sym[dsl.Concatenate][1][sym] + t.sym[dsl.Concatenate][0][dsl.Concatenate]
	}
	for d := range t.distance {
		t.distance[d] = int32(dsl.DistanceCost(d))
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
