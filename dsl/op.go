package dsl

// An Op is an operation: a row of the table. The numbers are the symbols of the bit form
// (container/FORMAT.md, section 7), fixed by the edition.
type Op uint8

// The operations, of both editions. Those from Expand on came with version 3 of the format.
const (
	SetList Op = iota
	RangeUp
	RangeInterval
	RepeatNum
	RepeatList
	ReverseList
	Substitute
	Jumps
	Between
	MaxN
	MinN
	AddItem
	SubtractItem
	ModuloItem
	FilterEven
	FilterOdd
	FilterNotZero
	ScanAdd
	AddTwo
	SubtractTwo
	ModuloTwo
	Concatenate
	Interleave
	Payload
	Rest
	Copy
	Predict
	Paeth
	Median
	Zigzag
	ScanXor
	Floats
	Transpose
	Fields
	Records
	LMS
	Pack
	Expand
	Columns
	Kinds
	Mix
	Lines
	Branches
	Scaled
	Multiples
	Lookup
	Letters
	Converted
	Distinct
	Normals
	numOps
)

// Components of predictors. They have symbols of their own: that of a component is its number less
// firstComponent.
const (
	Signed Op = firstComponent + iota
	Unsigned
	Floating
	IBM
	Packed12
	Fixed
	OLS
	NLMS
	Code
	Framed
	Bytes
	Contexts
	Experts
	Match
	Order
	Masked
	Word
	Followed
	Column
	Above
	Nucleotide
	Opcode
	Mixed
	Foretold
	Repeated
	endOps

	firstComponent = 1 << opBits
)

// in reports whether op is an operation of programs of the role.
func (op Op) in(role Role) bool {
	switch role {
	case Plan:
		return table[op].plan
	case Predictor:
		return op >= firstComponent
	}
	return table[op].eval != nil
}

// users returns what programs the operation is for, one that is not for all.
func (op Op) users() string {
	switch {
	case op >= firstComponent:
		return "predictors"
	case table[op].plan:
		return "plans"
	}
	return "block programs"
}

// opOf returns the operation of the role with that symbol, which endOps may not exceed.
func opOf(sym uint32, role Role) Op {
	if role == Predictor {
		sym += firstComponent
	}
	return Op(sym)
}

// symbol returns the symbol of op.
func (op Op) symbol() uint32 { return uint32(op) % firstComponent }

// In reports whether op is an operation of programs of that role.
func (op Op) In(role Role) bool { return op < endOps && op.in(role) }

// String returns the published name; that of a filter includes its predicate.
func (op Op) String() string {
	if r := &table[op]; r.word != "" {
		return r.name + " " + r.word
	}
	return table[op].name
}

// Lists returns the number of list arguments of op.
func (op Op) Lists() int { return refCount[op] }

// Numbers returns how many numbers op takes (Node.Nums), and whether it takes a list of
// them (Node.List).
func (op Op) Numbers() (n int, list bool) {
	for _, k := range table[op].params {
		switch k {
		case kindRef:
		case kindList:
			list = true
		default:
			n++
		}
	}
	return n, list
}

var refCount = func() (c [endOps]int) {
	for op := range table {
		for _, k := range table[op].params {
			if k == kindRef {
				c[op]++
			}
		}
	}
	return c
}()
