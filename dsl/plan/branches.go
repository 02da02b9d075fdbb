package plan

import "github.com/ktzip/ktzip/dsl"

// Machine code, whose calls and jumps say how far their targets are. Splitting makes that the
// targets' addresses: all calls of a function become alike.

// An architecture says which instructions have targets. It changes them in b, whose first byte has
// the address base: to addresses if splitting, to distances if joining.
type architecture struct {
	name    string
	convert func(b []byte, base uint32, d direction)
}

// architectures are the values of the first number of Branches, from 1 on.
var architectures = [...]architecture{
	1: {"arm", func(b []byte, base uint32, d direction) {}},
}

func checkBranches(n *dsl.Node) error {
	if a := int(n.Nums[0]); a < 1 || a >= len(architectures) {
		return invalid("machine code of architecture %d, want 1 to %d", a, len(architectures)-1)
	}
	if o := n.Nums[1]; o < 0 {
		return invalid("an address of %d, want at least 0", o)
	}
	return nil
}

// branches is row.run of Branches.
func branches(m *Machine, n *dsl.Node, l lists) error {
	architectures[n.Nums[0]].convert(l.result, uint32(n.Nums[1]), m.direction)
	return nil
}
