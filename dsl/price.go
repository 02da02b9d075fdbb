package dsl

import "slices"

// The prices in this file are those of the parts of a block program under the initial
// prior of edition 1, without the updates that coding makes: a search adds them up. Edition 2
// codes references and the second symbols of joins otherwise, by what comes before them, which
// a search does not know yet. They are slow to compute; tabulate them.

// Ref is the symbol of a list made before. It stands among the operations in SymbolCost.
const Ref = Op(symRef)

// A Parent is what a list is for: the operation of which it is an argument, or RootBlock.
type Parent uint8

// RootBlock is the parent of a block program's output.
const RootBlock = Parent(rootBlock)

// A pricer is a coder that adds up prices and leaves the prior as it is.
type pricer struct {
	prior *prior
	sum   Cost
}

func (c *pricer) bit(i int, b uint32) uint32 {
	c.sum += c.prior[i].cost(b)
	return b
}

func (c *pricer) flat(b uint32) uint32 {
	c.sum += costOne
	return b
}

// price returns the price of what code codes.
func price(code func(w *walk)) Cost {
	c := pricer{prior: initialPriors[Edition1]}
	code(&walk{c: &c, edition: Edition1})
	return c.sum
}

// FlagCost returns the price of the flag of a block that has a program, after two that
// have one.
func FlagCost() Cost { return initialPriors[Edition1][atFlags+3].cost(1) }

// SymbolCost returns the price of saying that sym, an operation or Ref, makes argument arg
// (0 or 1) of parent.
func SymbolCost(parent Parent, arg int, sym Op) Cost {
	return price(func(w *walk) { w.tree(atOps+(int(parent)*2+arg)<<opBits, opBits, uint32(sym)) })
}

// DistanceCost returns the price of a reference to the list that is d lists before the
// last one completed.
func DistanceCost(d int) Cost {
	return price(func(w *walk) { w.integer(atDistance, int64(d)) })
}

// NumberCost returns the price of v as parameter k of op, counted as in the text form,
// references included. The parameter must not be the end of a range or slice (EndCost).
func NumberCost(op Op, k int, v int32) Cost {
	return price(func(w *walk) {
		if at := numModels[op][k]; table[op].params[k] == kindValue {
			w.value(at, &v)
		} else {
			w.number(at, &v)
		}
	})
}

// EndCost returns the price of the end of a range or slice. The step of an operation that
// has none is 1.
func EndCost(op Op, start, end, step int32) Cost {
	k := slices.Index(table[op].params, kindEnd)
	return price(func(w *walk) {
		n := Node{Op: op, Nums: [3]int32{start, end, step}}
		w.end(numModels[op][k], &n, 1)
	})
}

// LengthCost returns the price of the length of a literal of n elements.
func LengthCost(n int) Cost {
	return price(func(w *walk) { w.integer(numModels[SetList][0], int64(n)) })
}

// ElementCost returns the price of an element of a literal.
func ElementCost(v int32) Cost {
	return price(func(w *walk) { w.value(numModels[SetList][0]+sizeModel, &v) })
}

// InitialCost returns the price of a canonical block program with its flag.
func (p *Program) InitialCost() Cost {
	c := pricer{prior: initialPriors[Edition1]}
	w := walk{c: &c, edition: Edition1, p: p}
	w.program()
	return c.sum + FlagCost()
}
