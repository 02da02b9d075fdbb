package plan

import (
	"encoding/binary"

	"github.com/ktzip/ktzip/dsl"
)

// Machine code. Its calls and jumps say how far away their targets are. Splitting makes that the
// addresses of the targets, so that all calls of a function are alike.

// Architectures, the values of the first number of Branches. A negative one is of big-endian
// instructions.
const (
	CodeX86         = 1 + iota // calls, jumps and conditional jumps of 32 bits
	CodeX86Wide                // of 64 bits: what is addressed relative to the instruction, too
	CodeARM                    // calls
	CodeThumb                  // calls and jumps of Thumb-2
	CodeARM64                  // calls and pages
	CodeRISCV                  // calls, and addresses made by two instructions
	CodeXtensa                 // calls
	CodeXtensaLoads            // calls and loads of literals
	CodePowerPC                // calls
)

// An architecture says which instructions have targets.
type architecture struct {
	name string
	// align is what instructions are multiples of, in bytes from the start of the list.
	align int
	// bigEndian says that there are instructions of that order, too.
	bigEndian bool
	// backward says that splitting starts at the last instruction: they may overlap.
	backward bool
	// convert changes the instruction at byte i if it has a target, and returns the bytes from
	// there to the next one. What it looks at is the same after as before.
	convert func(c *code, i int) int
}

// architectures is the table of container/FORMAT.md.
var architectures = [...]architecture{
	CodeX86:         {name: "x86", align: 1, backward: true, convert: convertX86},
	CodeX86Wide:     {name: "x86-64", align: 1, backward: true, convert: convertX86Wide},
	CodeARM:         {name: "ARM", align: 4, bigEndian: true, convert: convertARM},
	CodeThumb:       {name: "Thumb", align: 2, bigEndian: true, convert: convertThumb},
	CodeARM64:       {name: "ARM64", align: 4, convert: convertARM64},
	CodeRISCV:       {name: "RISC-V", align: 2, convert: convertRISCV},
	CodeXtensa:      {name: "Xtensa", align: 1, bigEndian: true, convert: convertXtensa},
	CodeXtensaLoads: {name: "Xtensa, literals", align: 1, bigEndian: true, convert: convertXtensaLoads},
	CodePowerPC:     {name: "PowerPC", align: 4, bigEndian: true, convert: convertPowerPC},
}

// A code is machine code that is converted.
type code struct {
	b         []byte
	base      uint32 // address of b[0]
	direction direction
	order     binary.ByteOrder
	big       bool                                 // that order is big-endian
	visit     func(i int, distance, target uint32) // of the instruction at byte i; nil if nobody asks
}

// target returns for v, of an instruction at byte i, a target if splitting and a distance if
// joining. at is the address of the instruction, in the unit of v.
func (c *code) target(i int, v, at uint32) uint32 {
	if c.direction == joining {
		return v - at
	}
	if c.visit != nil {
		c.visit(i, v, v+at)
	}
	return v + at
}

// address returns the address of byte i.
func (c *code) address(i int) uint32 { return c.base + uint32(i) }

// run converts all of c, of architecture a.
func (c *code) run(a *architecture) {
	if a.backward && c.direction == splitting {
		for i := len(c.b) - 1; i >= 0; i-- {
			a.convert(c, i)
		}
		return
	}
	for i := 0; i < len(c.b); {
		i += a.convert(c, i)
	}
}

// codeOf returns b, which starts at the address base, as code of architecture a, and that.
func codeOf(b []byte, a, base int, d direction) (*code, *architecture) {
	c := &code{b: b, base: uint32(base), direction: d, order: binary.LittleEndian}
	if a < 0 {
		a, c.order, c.big = -a, binary.BigEndian, true
	}
	return c, &architectures[a]
}

func checkBranches(n *dsl.Node) error {
	a := int(n.Nums[0])
	if a == 0 || max(a, -a) >= len(architectures) || a < 0 && !architectures[-a].bigEndian {
		return invalid("machine code of architecture %d, want 1 to %d, or a negative one that has big-endian instructions", a, len(architectures)-1)
	}
	if o := n.Nums[1]; o < 0 {
		return invalid("an address of %d, want at least 0", o)
	}
	return nil
}

// branches is row.run of Branches.
func branches(m *Machine, n *dsl.Node, l lists) error {
	c, a := codeOf(l.result, int(n.Nums[0]), int(n.Nums[1]), m.direction)
	c.run(a)
	return nil
}

// Architectures returns the values that the first number of a Branches may have.
func Architectures() (list []int) {
	for a := 1; a < len(architectures); a++ {
		list = append(list, a)
		if architectures[a].bigEndian {
			list = append(list, -a)
		}
	}
	return list
}

// ArchitectureName returns the name of an architecture, and of what its instructions start at a
// multiple.
func ArchitectureName(a int) (name string, align int) {
	r := &architectures[max(a, -a)]
	return r.name, r.align
}

// Targets splits b in place, code of architecture a whose first byte has the address base. It
// tells visit, in no particular order, the byte at which each instruction with a target is, how far
// away that is, and its address; of what unit, and from where, depends on the instruction.
func Targets(b []byte, a, base int, visit func(i int, distance, target uint32)) {
	c, r := codeOf(b, a, base, splitting)
	c.visit = visit
	c.run(r)
}
