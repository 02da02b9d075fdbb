package dsl

import "math/bits"

// A Cost is a code length in units of 1/256 bit.
type Cost int64

const costOne Cost = 256 // one bit

// Bits returns c in bits.
func (c Cost) Bits() float64 { return float64(c) / float64(costOne) }

// A model is an adaptive estimate of one bit (container/FORMAT.md, section 6).
type model struct {
	p uint16 // probability that the bit is 1, 16-bit fixed point, pMin <= p <= 65536-pMin
	n uint8  // bits seen, at most nMax
}

// Both values are arbitrary and fixed by the edition. The larger nMax, the slower a model
// follows a change: at nMax it moves by 1/128 of its error.
const (
	pMin = 32  // 1/2048: the cheapest bit costs 1/1400 bit
	nMax = 127 // bits seen
)

// rate[n] is the share, 15-bit fixed point, by which a model that has seen n bits moves
// towards the next: 1 / (n + 1.5).
var rate = func() (r [nMax + 1]int32) {
	for n := range r {
		r[n] = int32(65536 / (2*n + 3))
	}
	return r
}()

func (m *model) update(b uint32) {
	p := int32(m.p)
	p += (int32(b)<<16 - p) * rate[m.n] >> 15
	m.p = uint16(min(max(p, pMin), 65536-pMin))
	if m.n < nMax {
		m.n++
	}
}

func (m *model) cost(b uint32) Cost {
	p := uint32(m.p)
	if b == 0 {
		p = 65536 - p
	}
	return bitCost[p>>4]
}

// bitCost[i] is -log2((i + 1/2) / 4096), computed by repeated squaring in integers so that
// it is the same on every machine.
var bitCost = func() (c [4096]Cost) {
	for i := range c {
		x := uint64(2*i + 1) // over 8192
		whole := bits.Len64(x) - 1
		frac := Cost(0)
		x <<= 31 - whole // 1 <= x / 2^31 < 2
		for range 9 {
			x = x * x >> 31
			frac <<= 1
			if x >= 1<<32 {
				x >>= 1
				frac |= 1
			}
		}
		c[i] = Cost(13-whole)*costOne - (frac+1)/2
	}
	return c
}()

// A prior is the state of all models. Offsets (atFlags, atOps, …) say which are whose.
type prior [priorSize]model

// If a list is wanted, a symbol says which operation makes it, or symRef: that it is a
// list made before. What wants the list is the symbol's parent: an operation, or the root
// of a program. The numbers between the operations and these are free for operations to
// come.
const (
	opBits    = 6
	parents   = 1 << opBits
	symRef    = 1<<opBits - 1
	rootPlan  = parents - 2 // parent of a plan's output
	rootBlock = parents - 1 // parent of a block program's output
)

// Models of one number. The sizes are fixed by the edition.
const (
	lenBits   = 6             // bits of the bit length of a number
	headBits  = 3             // bits below the leading one that have models; the others are flat
	lenModels = 1 << lenBits  // a binary tree
	headTree  = 1 << headBits // a binary tree for each bit length
	maxLength = 33            // bit length of a difference of numbers of 32 bits
	sizeModel = lenModels + (maxLength+1)*headTree + 1
	byteModel = 1 + 256 + sizeModel // of a number that is most likely a byte
)

// Offsets of models in a prior.
const (
	atFlags     = 0                                                    // 4: a block's flag, by the two flags before
	atOps       = atFlags + 4                                          // parents × 2 arguments × 2^opBits
	atDistance  = atOps + parents*2*(1<<opBits)                        // a number
	atRemainder = atDistance + sizeModel                               // a number
	atNums      = atRemainder + sizeModel                              // the numbers of each operation
	atMember    = atNums + byteModels*byteModel + sizeModels*sizeModel // a number
	atLater     = atMember + sizeModel                                 // the numbers of operations from Expand on
	atNear      = atLater + 6*byteModel + 26*sizeModel                 // operations × nearLists
	atAfter     = atNear + (1<<opBits)*nearLists                       // joined operations × operations × 2^opBits
	atCoder     = atAfter + joins*(1<<opBits)*(1<<opBits)              // 1: whether a group has a predictor
	atComponent = atCoder + 1                                          // parents × 2^opBits: the symbols of predictors
	atPredictor = atComponent + parents*(1<<opBits)                    // the numbers of components
	priorSize   = atPredictor + 4*byteModel + 45*sizeModel

	byteModels, sizeModels = 15, 36 // as numModels counts them, of the operations before Expand

	// nearLists is how many lists a reference may name by a bit each. Of drawn programs, 4 take
	// 0.3 % more bits than 8, 16 take 0.1 % less, in more time.
	nearLists = 8
	joins     = 2 // operations whose second list is coded after the first one's last operation
)

// An Edition of the language fixes what the bits of a program mean.
type Edition uint8

// The editions. Versions 1 and 2 of the format have Edition1, version 3 has Edition2.
const (
	Edition1 Edition = 1 + iota
	Edition2
)

// joinOf returns the number of the operation among those whose second list is coded after the
// last operation of the first; -1 if it is not one of them.
func joinOf(op int) int {
	switch Op(op) {
	case Concatenate:
		return 0
	case Interleave:
		return 1
	}
	return -1
}

// numModels[op][k] is the offset of the models of parameter k of op. For a list it is that
// of the length; the elements' models follow.
var numModels = func() (at [endOps][5]int) {
	next := atNums
	take := func(size int) int {
		next += size
		return next - size
	}
	for op := range table {
		if Op(op) == Expand {
			if next != atMember {
				panic("dsl: byteModels and sizeModels do not match the operations")
			}
			next = atLater
		}
		if Op(op) == firstComponent {
			if next != atNear {
				panic("dsl: atNear does not match the operations from Expand on")
			}
			next = atPredictor
		}
		for k, kind := range table[op].params {
			switch {
			case kind == kindRef:
			case kind == kindList:
				at[op][k] = take(sizeModel)
				take(byteModel)
			case kind == kindValue:
				at[op][k] = take(byteModel)
			default:
				at[op][k] = take(sizeModel)
			}
		}
	}
	if next != priorSize {
		panic("dsl: priorSize does not match the components of predictors")
	}
	return at
}()

// A page is 1<<pageBits models of a prior, 1 KiB: a short section touches few of the 158.
const pageBits = 8

// A touched says which pages of a prior may differ from its initial state.
type touched [(priorSize-1)>>pageBits + 1]bool

// reset takes to p, of which t says what may differ from the initial state, that state.
func (p *prior) reset(t *touched, initial *prior) {
	for k, changed := range t {
		if changed {
			first := k << pageBits
			end := min(first+1<<pageBits, priorSize)
			copy(p[first:end], initial[first:end])
			t[k] = false
		}
	}
}

// initialPriors[e] is the state in which every segment of edition e starts.
var initialPriors = [...]*prior{Edition1: initialPrior(edition1), Edition2: initialPrior(edition2)}

func initialPrior(table []entry) *prior {
	s := new(prior)
	for i := range s {
		s[i] = model{p: evenOdds}
	}
	for _, e := range table {
		s[e.i] = model{p: e.p, n: e.n}
	}
	return s
}

// An entry is the initial state of model i if it is not {evenOdds, 0}. It has 8 bytes, and the tables thousands.
type entry struct {
	i uint32
	p uint16
	n uint8
}
