package programs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/dsl"
)

// A builder makes the nodes of a program. Equal nodes are one.
type builder struct {
	*meter
	nodes  []dsl.Node
	sol    *solution
	links  []link // of all lines, in positions of the text
	nodeOf []int  // nodeOf[k]: node that makes link k; -1 if none does yet
	rows   []row  // links in a row that are sources of relations, the shortest first

	// The link that is made for its own position, or -1. A copy that is made for
	// another could end up in the program of another block.
	inTurn int
}

// A row is links that make a span of the text and are concatenated before others.
type row struct {
	span
	node int // -1 if there is none yet
}

// node returns the node that is n, or makes it.
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

// program makes the program of the state that sol solves.
func (b *builder) program(sol *solution) *dsl.Program {
	b.nodes = b.nodes[:0]
	b.begin(sol)
	line := 0
	out := b.tree(sol.state.tree(), &line)
	return (&dsl.Program{Nodes: b.nodes, Out: out}).Canonical()
}

// begin prepares b for the state that sol solves. Nodes made before stay.
func (b *builder) begin(sol *solution) {
	b.meter, b.sol, b.inTurn = sol.meter, sol, -1
	b.links, b.nodeOf = b.links[:0], b.nodeOf[:0]
	for k := range sol.own() {
		first := len(b.links)
		b.links = sol.chains[k].links(b.links)
		for x := first; x < len(b.links); x++ {
			b.links[x].i += sol.text.base[k]
			b.links[x].j += sol.text.base[k]
			b.nodeOf = append(b.nodeOf, -1)
		}
	}
	if sol.known != nil {
		base := sol.text.base[sol.own()]
		for _, l := range sol.known.lists {
			sp := l.span.moved(base)
			b.links = append(b.links, link{i: sp.i, j: sp.j})
			b.nodeOf = append(b.nodeOf, l.node)
		}
	}
	b.findRows()
}

// findRows sets rows.
func (b *builder) findRows() {
	b.rows = b.rows[:0]
	for x := range b.links {
		p := &b.links[x]
		if p.p == nil || p.p.rel == nil {
			continue
		}
		for _, sp := range p.p.rel.src {
			known := func(g row) bool { return g.span == sp }
			if !sp.empty() && b.links[b.linkAt(sp.i)].span() != sp && !slices.ContainsFunc(b.rows, known) {
				b.rows = append(b.rows, row{sp, -1})
			}
		}
	}
	slices.SortStableFunc(b.rows, func(a, b row) int { return a.len() - b.len() })
}

// linkAt returns the number of the link that starts at position i, -1 if none does.
func (b *builder) linkAt(i int32) int {
	return slices.IndexFunc(b.links, func(p link) bool { return p.i == i })
}

// tree makes the list of t and returns its node. *line is the number of its first
// line, and then of the line after its last.
func (b *builder) tree(t *tree, line *int) int {
	if t.line == nil {
		x := b.tree(t.kids[0], line)
		y := b.tree(t.kids[1], line)
		return b.node(dsl.Node{Op: t.op, Refs: [2]int{x, y}})
	}
	list := b.span(b.lineSpan(*line))
	*line++
	return list
}

// lineSpan returns the positions of line k.
func (b *builder) lineSpan(k int) span {
	base := int(b.sol.text.base[k])
	return spanOf(base, len(b.sol.lines[k].v))
}

// span makes the elements of the span, links in a row, and returns their node.
func (b *builder) span(sp span) int {
	at := slices.IndexFunc(b.rows, func(g row) bool { return g.span == sp })
	if at >= 0 && b.rows[at].node >= 0 {
		return b.rows[at].node
	}
	list := -1
	for i := sp.i; i < sp.j; {
		if k := b.rowIn(sp, i); k >= 0 {
			list = b.join(list, b.span(b.rows[k].span))
			i = b.rows[k].j
			continue
		}
		x := b.linkAt(i)
		list = b.join(list, b.link(x))
		i = b.links[x].j
	}
	if at >= 0 {
		b.rows[at].node = list
	}
	return list
}

// rowIn returns the number of the longest row that starts at position i and is a
// part of the span, -1 if there is none.
func (b *builder) rowIn(sp span, i int32) int {
	for k := len(b.rows) - 1; k >= 0; k-- {
		if g := b.rows[k]; g.i == i && g.j <= sp.j && g.span != sp {
			return k
		}
	}
	return -1
}

// join concatenates list, which may be -1 for none, and node.
func (b *builder) join(list, node int) int {
	if list < 0 {
		return node
	}
	return b.concatenate(list, node)
}

// link makes link x and returns its node.
func (b *builder) link(x int) int {
	if b.nodeOf[x] >= 0 {
		return b.nodeOf[x]
	}
	p := b.links[x]
	if p.p != nil && p.p.rel != nil {
		b.nodeOf[x] = b.relation(p.p.rel)
		return b.nodeOf[x]
	}
	k := b.sol.text.line[p.i]
	if p.p != nil && p.p.rule == leafCopy && x != b.inTurn {
		p.p = nil
	}
	base := b.sol.text.base[k]
	b.nodeOf[x] = b.leaf(b.sol.lines[k], link{i: p.i - base, j: p.j - base, p: p.p})
	return b.nodeOf[x]
}

// leaf makes the link p of l, which a leaf proposed or which is a literal.
func (b *builder) leaf(l *line, p link) int {
	q := piece{op: dsl.SetList, rule: leafLiteral}
	if p.p != nil {
		q = *p.p
	}
	q.end = p.j
	return leaves[q.rule].build(b, l, int(p.i), &q)
}

// relation makes what r says from its sources, which are links in a row.
func (b *builder) relation(r *relation) int {
	n := dsl.Node{Op: r.op, Nums: [3]int32{r.x, r.y}}
	for k, sp := range r.src {
		if !sp.empty() {
			n.Refs[k] = b.span(sp)
		}
	}
	if r.op == dsl.Ref {
		return n.Refs[0]
	}
	return b.node(n)
}

// inner makes the chain of elements i..j-1 of l that is the argument of parent.
func (b *builder) inner(l *line, i, j int, parent dsl.Op) int {
	var c chain
	c.find(b.meter, task{line: l, lo: i, hi: j, role: argument(parent, 0), plain: true})
	list := -1
	for _, p := range c.links(nil) {
		list = b.join(list, b.leaf(l, p))
	}
	return list
}

// reorder returns p with its lines in an order that costs less under the uniform
// prior, where a reference costs more if its line is later: lines with references
// move before lines with fewer as long as they do not need them.
func reorder(p *dsl.Program) *dsl.Program {
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

// replaceDoubles replaces two repetitions of a list by its concatenation with itself if
// that is cheaper under the uniform prior: a reference to one of the first 8 lines
// costs less than the number of repetitions, 3 bits.
func replaceDoubles(p *dsl.Program) {
	for i := range p.Nodes {
		if n := &p.Nodes[i]; n.Op == dsl.RepeatList && n.Nums[0] == 2 && dsl.Log2(float64(i+1)) < smallBits {
			*n = dsl.Node{Op: dsl.Concatenate, Refs: [2]int{n.Refs[0], n.Refs[0]}}
		}
	}
}

// Cheapest returns at most so many different programs whose output is sequence, the
// cheapest first, that one search finds; the first is that of Best. What a program takes in
// a file depends on those written before: the cheapest of 4 programs when it is written
// saves 0.13 and 0.19 % of two sets of drawn sequences at 30 ms (November 2026).
func (f *Finder) Cheapest(sequence []byte, steps int64, most int) (list []*dsl.Program, used int64) {
	found, used := f.search(sequence, steps, most)
	if found.program == nil {
		return nil, used
	}
	list = append(list, found.program)
	var m dsl.Machine
	out := make([]byte, len(sequence))
	for _, c := range found.kept.list {
		if len(list) == most || c.text == found.program.String() {
			continue
		}
		if _, err := m.Bytes(out, c.program, executable); err == nil && slices.Equal(out, sequence) {
			list = append(list, c.program)
		}
	}
	return list, used
}

// candidates are different programs, the cheapest first. They were not executed.
type candidates struct {
	most int // that are kept
	list []candidate
}

// A candidate is a program, what it costs in bits, and its text.
type candidate struct {
	program *dsl.Program
	cost    float64
	text    string
}

func (c candidate) compare(d candidate) int {
	return cmp.Or(cmp.Compare(c.cost, d.cost), strings.Compare(c.text, d.text))
}

// add adds p, which costs so many bits, unless as many cost less as are kept.
func (c *candidates) add(p *dsl.Program, cost float64) {
	if full := len(c.list) >= c.most; full && (c.most == 0 || cost > c.list[c.most-1].cost) {
		return
	}
	n := candidate{p, cost, p.String()}
	at, known := slices.BinarySearchFunc(c.list, n, candidate.compare)
	if known {
		return
	}
	c.list = slices.Insert(c.list, at, n)
	c.list = c.list[:min(len(c.list), c.most)]
}
