package plan

import (
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan/internal/code"
)

// Machine code whose calls and jumps name addresses.

// Architectures returns the values that the first number of Branches may have.
func Architectures() []int { return code.Architectures() }

// Align returns what instructions of architecture a start at, or addresses count in, multiples of, in
// bytes from the first.
func Align(a int) int { return code.Align(a) }

// Simpler returns the architecture that has fewer of the instructions with targets that a has; 0 if
// there is none.
func Simpler(a int) int { return code.Simpler(a) }

// Targets splits b in place by Branches, code of architecture a whose first byte has the address
// base. It tells visit, in no particular order, at which byte an instruction with a target is, how
// far away that is, and its address: in what unit, and from where, depends on the instruction.
func Targets(b []byte, a, base int, visit func(i int, distance, target uint32)) {
	code.ToTargets(b, a, base, visit)
}

func checkBranches(n *dsl.Node) error {
	if a := int(n.Nums[0]); !code.Known(a) {
		return invalid("machine code of architecture %d, want 1 to %d, or a negative one that has big-endian instructions", a, code.Last)
	}
	if o := n.Nums[1]; o < 0 {
		return invalid("an address of %d, want at least 0", o)
	}
	return nil
}

// branches is row.run of Branches.
func branches(m *Machine, n *dsl.Node, l lists) error {
	if a, o := int(n.Nums[0]), int(n.Nums[1]); m.direction.joins() {
		code.ToDistances(l.result, a, o)
	} else {
		code.ToTargets(l.result, a, o, nil)
	}
	return nil
}
