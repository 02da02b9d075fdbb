package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A builder makes the nodes of a program. Equal nodes are one.
type builder struct {
	s     *scratch
	nodes []dsl.Node
	sol   *solution
	parts []part // of all lines, places in the text
	made  []int  // the node of each part, + 1

	// The part that is made for its own place. Copies made for another would be
	// in the program of another block.
	inTurn int
}

// node returns the node that is n, or makes the same.
func (b *builder) node(n dsl.Node) int {
	if n.Op == dsl.ReverseList && n.Refs[0] >= 0 && b.nodes[n.Refs[0]].Op == dsl.ReverseList {
		return b.nodes[n.Refs[0]].Refs[0]
	}
	for i := range b.nodes {
		if m := &b.nodes[i]; m.Op == n.Op && m.Refs == n.Refs && m.Nums == n.Nums && slices.Equal(m.List, n.List) {
			return i
		}
	}
	b.nodes = append(b.nodes, n)
	return len(b.nodes) - 1
}

func (b *builder) concatenate(s, t int) int {
	return b.node(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{s, t}})
}

// program makes the program of the state st as it was solved.
func (s *scratch) program(st *state, sol *solution) *dsl.Program {
	b := &s.builder
	b.nodes = b.nodes[:0]
	b.start(s, st, sol)
	next := 0
	out := b.tree(st.tree, &next)
	return (&dsl.Program{Nodes: b.nodes, Out: out}).Canonical()
}

// start makes b ready for the state st as it was solved; nodes made before stay.
func (b *builder) start(s *scratch, st *state, sol *solution) {
	b.s, b.sol, b.parts = s, sol, b.parts[:0]
	for k := range st.lines {
		at := len(b.parts)
		b.parts = sol.chains[k].parts(b.parts)
		for x := at; x < len(b.parts); x++ {
			b.parts[x].i += sol.text.base[k]
			b.parts[x].j += sol.text.base[k]
		}
	}
	b.inTurn = -1
	b.made = append(b.made[:0], make([]int, len(b.parts))...)
	if sol.known != nil {
		base := sol.text.base[sol.lines]
		for _, l := range sol.known.lists {
			b.parts = append(b.parts, part{i: l.at.i + base, j: l.at.j + base})
			b.made = append(b.made, l.node+1)
		}
	}
}

// tree makes the list of t; *next is the number of its first line.
func (b *builder) tree(t *tree, next *int) int {
	if t.line == nil {
		x := b.tree(t.kids[0], next)
		y := b.tree(t.kids[1], next)
		return b.node(dsl.Node{Op: t.op, Refs: [2]int{x, y}})
	}
	k, list := *next, -1
	*next++
	for x := range b.parts {
		if int(b.sol.text.line[b.parts[x].i]) != k {
			continue
		}
		if node := b.part(x); list < 0 {
			list = node
		} else {
			list = b.concatenate(list, node)
		}
	}
	return list
}

// part makes part x of the text.
func (b *builder) part(x int) int {
	if b.made[x] > 0 {
		return b.made[x] - 1
	}
	p := &b.parts[x]
	k := b.sol.text.line[p.i]
	base := b.sol.text.base[k]
	node := 0
	if p.p != nil && p.p.rel != nil {
		node = b.relation(p.p.rel)
	} else {
		q := part{i: p.i - base, j: p.j - base, p: p.p}
		if q.p != nil && q.p.rule == ruleCopied && x != b.inTurn {
			q.p = nil
		}
		node = b.leaf(b.s.stateLines[k], q)
	}
	b.made[x] = node + 1
	return node
}

// leaf makes the part p of l, a piece of a rule of one line.
func (b *builder) leaf(l *line, p part) int {
	q := piece{op: dsl.SetList, rule: ruleLiteral}
	if p.p != nil {
		q = *p.p
	}
	q.end = p.j
	return leaves[q.rule].build(b, l, int(p.i), &q)
}

func (b *builder) relation(r *relation) int {
	n := dsl.Node{Op: r.op, Nums: [3]int32{r.x, r.y}}
	for k, sp := range r.src {
		if sp.j > sp.i {
			x := slices.IndexFunc(b.parts, func(p part) bool { return p.i == sp.i })
			n.Refs[k] = b.part(x)
		}
	}
	if r.op == dsl.Ref {
		return n.Refs[0]
	}
	return b.node(n)
}

// inner makes the chain of elements i..j-1 of l that is the argument of parent.
func (b *builder) inner(l *line, i, j int, parent dsl.Op) int {
	c := chain{plain: true}
	c.find(b.s, l, i, j, parent, 0, nil, nil)
	list := -1
	for _, p := range c.parts(nil) {
		if node := b.leaf(l, p); list < 0 {
			list = node
		} else {
			list = b.concatenate(list, node)
		}
	}
	return list
}
