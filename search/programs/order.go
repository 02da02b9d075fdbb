package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// ordered returns p with its lines in an order that costs less under the uniform
// prior, where a reference costs more if its line is later: lines with references
// move before lines with fewer as long as they do not need them.
func ordered(p *dsl.Program) *dsl.Program {
	q := &dsl.Program{Nodes: slices.Clone(p.Nodes), Out: p.Out}
	for moved := true; moved; {
		moved = false
		for a := 0; a+1 < len(q.Nodes); a++ {
			b := a + 1
			lists := q.Nodes[b].Op.Lists()
			if lists > q.Nodes[a].Op.Lists() && !slices.Contains(q.Nodes[b].Refs[:lists], a) {
				exchange(q, a, b)
				moved = true
			}
		}
	}
	return q
}

// exchange exchanges nodes a and b of p, of which neither needs the other.
func exchange(p *dsl.Program, a, b int) {
	p.Nodes[a], p.Nodes[b] = p.Nodes[b], p.Nodes[a]
	move := func(ref *int) {
		switch *ref {
		case a:
			*ref = b
		case b:
			*ref = a
		}
	}
	for k := range p.Nodes {
		for r := range p.Nodes[k].Op.Lists() {
			move(&p.Nodes[k].Refs[r])
		}
	}
	move(&p.Out)
}

// doubled replaces two repetitions of a list by its concatenation with itself where
// that is cheaper under the uniform prior: a reference to one of the first 8 lines
// costs less than the number of repetitions, 3 bits.
func doubled(p *dsl.Program) {
	for i := range p.Nodes {
		if n := &p.Nodes[i]; n.Op == dsl.RepeatList && n.Nums[0] == 2 && dsl.Log2(float64(i+1)) < smallBits {
			*n = dsl.Node{Op: dsl.Concatenate, Refs: [2]int{n.Refs[0], n.Refs[0]}}
		}
	}
}
