package answers

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// ends says which number of an operation may be all.
var ends = map[dsl.Op]int{dsl.Between: 1, dsl.MaxN: 0, dsl.MinN: 0}

// most is the largest number that the test's prior has, which ends all lists but very long ones.
const most = 255

// endsBudget bounds the executions that compare lists; arbitrary. A program of the test takes some
// thousands of steps.
var endsBudget = dsl.Budget{Steps: 1 << 20, Elements: 1 << 16}

// withEnds returns p with most in the place of all, since the prior has no price for that, if this
// changes nothing of what p makes.
func withEnds(p *dsl.Program) *dsl.Program {
	q := &dsl.Program{Nodes: slices.Clone(p.Nodes), Out: p.Out}
	changed := false
	for i := range q.Nodes {
		n := &q.Nodes[i]
		if k, ok := ends[n.Op]; ok && n.Nums[k] == all {
			n.Nums[k], changed = most, true
		}
	}
	if !changed {
		return p
	}
	var m dsl.Machine
	want, _, err := m.Run(p, endsBudget)
	if err != nil {
		return p
	}
	want = slices.Clone(want)
	if got, _, err := m.Run(q, endsBudget); err != nil || !slices.Equal(got, want) {
		return p
	}
	return q
}

// maxAsLong is how many pairs of lists are compared; arbitrary.
const maxAsLong = 16

// equallyLong reports whether the lists of each two lines of p have as many elements. It executes the
// lines up to each.
func equallyLong(p *dsl.Program, lines [][2]int) bool {
	var m dsl.Machine
	for i, two := range lines {
		var length [2]int
		for k, line := range two {
			out, _, err := m.Run(&dsl.Program{Nodes: p.Nodes[:line], Out: line - 1}, endsBudget)
			if err != nil || i == maxAsLong {
				return false
			}
			length[k] = len(out)
		}
		if length[0] != length[1] {
			return false
		}
	}
	return true
}
