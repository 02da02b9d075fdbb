package code

import "encoding/binary"

// Architectures. Minus one of those that have bigEndian is of big-endian instructions.
const (
	X86         = 1 + iota // calls, jumps and conditional jumps of 32 bits
	X86Wide                // of 64 bits: what is addressed relative to the instruction, too
	ARM                    // calls
	Thumb                  // calls and jumps of Thumb-2
	ARM64                  // calls and pages
	RISCV                  // calls, and addresses made by two instructions
	Xtensa                 // calls
	XtensaLoads            // calls and loads of literals
	PowerPC                // calls
)

// An architecture says which instructions have targets.
type architecture struct {
	name string
	// align is what instructions start at, or addresses count in, multiples of: in bytes from the
	// start of the list.
	align int
	// bigEndian says that there are instructions of that order, too.
	bigEndian bool
	// overlap says that what seem to be instructions may overlap: the next one is looked for at the
	// next byte. Their conversion to targets starts at the last byte.
	overlap bool
	// convert changes the instruction at byte i if it has a target, and returns the bytes from
	// there to the next one. It is the same function for both directions.
	convert func(t *text, i int) int
}

// architectures is the table of container/FORMAT.md.
var architectures = [...]architecture{
	X86:         {name: "x86", align: 1, overlap: true, convert: convertX86},
	X86Wide:     {name: "x86-64", align: 1, overlap: true, convert: convertX86Wide},
	ARM:         {name: "ARM", align: 4, bigEndian: true, convert: convertARM},
	Thumb:       {name: "Thumb", align: 2, bigEndian: true, convert: convertThumb},
	ARM64:       {name: "ARM64", align: 4, convert: convertARM64},
	RISCV:       {name: "RISC-V", align: 2, convert: convertRISCV},
	Xtensa:      {name: "Xtensa", align: 4, bigEndian: true, convert: convertXtensa},
	XtensaLoads: {name: "Xtensa with literals", align: 4, bigEndian: true, convert: convertXtensaLoads},
	PowerPC:     {name: "PowerPC", align: 4, bigEndian: true, convert: convertPowerPC},
}

// Last is the last architecture.
const Last = len(architectures) - 1

// Known reports whether there is an architecture a.
func Known(a int) bool {
	return a > 0 && a <= Last || a < 0 && a >= -Last && architectures[-a].bigEndian
}

// Architectures returns all architectures.
func Architectures() (list []int) {
	for a := 1; a <= Last; a++ {
		if list = append(list, a); Known(-a) {
			list = append(list, -a)
		}
	}
	return list
}

// Name returns the name of architecture a.
func Name(a int) string {
	if a < 0 {
		return architectures[-a].name + ", big-endian"
	}
	return architectures[a].name
}

// Align returns what instructions of architecture a start at, or addresses count in, multiples of.
func Align(a int) int { return architectures[max(a, -a)].align }

// Simpler returns the architecture of which code of a is, too, with fewer targets; 0 if there is none.
func Simpler(a int) int {
	switch a {
	case X86Wide, XtensaLoads:
		return a - 1
	case -XtensaLoads:
		return a + 1
	}
	return 0
}

// A text is machine code that is converted.
type text struct {
	b     []byte
	base  uint32 // address of b[0]
	back  bool   // to distances
	order binary.ByteOrder
	big   bool // order is big-endian
	visit Visit
}

// A Visit is told at which byte an instruction with a target is, how far away that is, and its
// address: in what unit, and from where, depends on the instruction. nil if nobody asks.
type Visit func(i int, distance, target uint32)

// target returns for v, of an instruction at byte i, a target or a distance. address is that of the
// instruction, in the unit of v.
func (t *text) target(i int, v, address uint32) uint32 {
	if t.back {
		return v - address
	}
	if t.visit != nil {
		t.visit(i, v, v+address)
	}
	return v + address
}

// address returns the address of byte i.
func (t *text) address(i int) uint32 { return t.base + uint32(i) }

// textOf returns b, code of architecture a that starts at the address base, and that architecture.
func textOf(b []byte, a, base int) (*text, *architecture) {
	t := &text{b: b, base: uint32(base), order: binary.LittleEndian}
	if a < 0 {
		a, t.order, t.big = -a, binary.BigEndian, true
	}
	return t, &architectures[a]
}

// ToDistances converts targets in b, code of architecture a whose first byte has the address base.
func ToDistances(b []byte, a, base int) {
	t, r := textOf(b, a, base)
	t.back = true
	for i := 0; i < len(b); {
		i += r.convert(t, i)
	}
}

// ToTargets is the inverse of ToDistances. It tells visit of each instruction, in no particular order.
func ToTargets(b []byte, a, base int, visit Visit) {
	t, r := textOf(b, a, base)
	t.visit = visit
	if r.overlap {
		for i := len(b) - 1; i >= 0; i-- {
			r.convert(t, i)
		}
		return
	}
	for i := 0; i < len(b); {
		i += r.convert(t, i)
	}
}
