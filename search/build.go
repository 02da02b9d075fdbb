package search

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A builder makes the nodes of a program. Equal nodes are one.
type builder struct {
	s      *scratch
	nodes  []dsl.Node
	lists  map[int32]int // nodes of scratch.lists
	next   int32         // index of the next of scratch.lists
	prefix int           // node of the chain so far
}

// node returns the node that is n.
func (b *builder) node(n dsl.Node) int {
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

// chain makes the chain of kind and length n of l from i on, of which the last
// piece, a progression, is longer by more. Where its lists are known ones, they
// are noted.
func (b *builder) chain(l *line, i, n, kind, more int, known bool) int {
	l.chain(b.s, i)
	spans := l.pieces(nil, i, n, kind)
	list := 0
	for k := range spans {
		sp := &spans[k]
		var node int
		if v := l.v[sp.start:sp.p.end]; more > 0 && k == len(spans)-1 {
			node = b.progression(v[0], v[1]-v[0], len(v)+more)
		} else {
			node = leaves[sp.p.rule].build(b, l, sp.start, &sp.p)
		}
		if known {
			b.know(node)
		}
		if k == 0 {
			list = node
		} else {
			list = b.concatenate(list, node)
		}
	}
	if known && len(spans) > 1 {
		b.know(list)
	}
	return list
}

// know notes the node of the next known list.
func (b *builder) know(node int) {
	b.lists[b.next] = node
	b.next++
}

// program makes the program of the cheapest chain found, or of the single piece
// that is the block.
func (s *scratch) program(single bool) *dsl.Program {
	b := &s.builder
	if b.lists == nil {
		b.lists = make(map[int32]int)
	}
	clear(b.lists)
	b.s, b.nodes, b.next = s, b.nodes[:0], 0
	if single {
		return b.finish(b.piece(0, &s.single))
	}
	s.remember(len(s.whole.v))
	var path []*state
	for i := int32(len(s.whole.v)); i > 0; i = s.best[i].from {
		path = append(path, &s.best[i])
	}
	slices.Reverse(path)
	for k, at := range path {
		b.next = at.lists - at.added
		node := b.piece(int(at.from), &at.p)
		b.know(node)
		if k == 0 {
			b.prefix = node
		} else {
			b.prefix = b.concatenate(b.prefix, node)
			b.know(b.prefix)
		}
	}
	return b.finish(b.prefix)
}

// piece makes the piece p of the block, which starts at i.
func (b *builder) piece(i int, p *piece) int {
	if p.isUse {
		return uses[p.rule].build(b, i, p)
	}
	switch l := &b.s.whole; p.rule {
	case ruleInterleaved:
		return b.interleave(l, i, p, true)
	case rulePeriod:
		list := b.chain(l, i, int(p.b), int(p.c), 0, true)
		return b.node(dsl.Node{Op: dsl.RepeatList, Refs: [2]int{list}, Nums: [3]int32{p.a}})
	}
	return leaves[p.rule].build(b, &b.s.whole, i, p)
}

func (b *builder) finish(out int) *dsl.Program {
	p := &dsl.Program{Nodes: b.nodes, Out: out}
	return p.Canonical()
}
