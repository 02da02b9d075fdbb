package programs

import (
	"github.com/ktzip/ktzip/dsl"
)

// ordered returns p with its lines in an order that costs less under the uniform
// prior, where a reference costs the more the later its line: lines with
// references move before lines with fewer as long as they don't need them.
func ordered(p *dsl.Program) *dsl.Program {
	n := len(p.Nodes)
	q := &dsl.Program{Nodes: append([]dsl.Node(nil), p.Nodes...), Out: p.Out}
	refs := func(i int) int { return q.Nodes[i].Op.Lists() }
	for moved := true; moved; {
		moved = false
		for i := 0; i+1 < n; i++ {
			a, b := i, i+1
			if refs(b) <= refs(a) || needs(&q.Nodes[b], refs(b), a) {
				continue
			}
			q.Nodes[a], q.Nodes[b] = q.Nodes[b], q.Nodes[a]
			for k := range q.Nodes {
				m := &q.Nodes[k]
				for r := range refs(k) {
					switch m.Refs[r] {
					case a:
						m.Refs[r] = b
					case b:
						m.Refs[r] = a
					}
				}
			}
			switch q.Out {
			case a:
				q.Out = b
			case b:
				q.Out = a
			}
			moved = true
		}
	}
	return q
}

func needs(n *dsl.Node, refs, i int) bool {
	for r := range refs {
		if n.Refs[r] == i {
			return true
		}
	}
	return false
}

// doubled replaces repetitions of a list by concatenations with itself where
// these are cheaper under the uniform prior.
func doubled(p *dsl.Program) {
	for i := range p.Nodes {
		if n := &p.Nodes[i]; n.Op == dsl.RepeatList && n.Nums[0] == 2 && dsl.Log2(float64(i+1)) < 3 {
			*n = dsl.Node{Op: dsl.Concatenate, Refs: [2]int{n.Refs[0], n.Refs[0]}}
		}
	}
}
