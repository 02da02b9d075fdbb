package search

import "github.com/ktzip/ktzip/dsl"

// A list is one that the chain made before a position and that later pieces may
// refer to.
type list struct {
	v     []int32
	node  int32 // its number in the order of completion
	prev  int32 // index of the list known before, + 1
	plain bool  // a progression: what derives from it is cheap without it
	whole bool  // the chain before the position itself
}

// remember notes the lists that the last piece of the chain up to i added to
// those known before. Building goes through the same lists in the same order.
func (s *scratch) remember(i int) {
	at := &s.best[i]
	if i == 0 {
		at.lists, at.added = 0, 0
		return
	}
	from := &s.best[at.from]
	at.lists = from.lists
	before := from.nodes
	if l := &s.whole; !at.p.isUse {
		switch at.p.rule {
		case ruleInterleaved:
			node := before
			for k := range 2 {
				strand, start, n, kind, more := l.strand(int(at.from), k, &at.p)
				s.spans = strand.pieces(s.spans[:0], start, n, kind)
				node = s.rememberChain(at, strand, s.spans, node, more)
			}
		case rulePeriod:
			l.chain(s, int(at.from))
			s.spans = l.pieces(s.spans[:0], int(at.from), int(at.p.b), int(at.p.c))
			s.rememberChain(at, l, s.spans, before, 0)
		}
	}
	node := before + int32(at.p.nodes) - 1
	s.know(at, s.whole.v[at.from:i], node, s.whole.run[at.from] >= int32(i)-at.from)
	if at.from > 0 {
		s.know(at, s.whole.v[:i], node+1, false)
		s.lists[len(s.lists)-1].whole = true
	}
}

// rememberChain notes the pieces of a chain that starts with node number node
// and the chain itself, and returns the number of the node after it. Where the
// last piece is longer than its strand, what it makes is not known.
func (s *scratch) rememberChain(at *state, l *line, spans []span, node int32, more int) int32 {
	for k, p := range spans {
		node += int32(p.p.nodes)
		if more > 0 && k == len(spans)-1 {
			s.know(at, nil, node-1, true)
			break
		}
		s.know(at, l.v[p.start:p.p.end], node-1, l.run[p.start] >= p.p.end-int32(p.start))
		if k > 0 {
			node++
		}
	}
	switch {
	case len(spans) > 1 && more > 0:
		node++
		s.know(at, nil, node-1, false)
	case len(spans) > 1:
		s.know(at, l.v[spans[0].start:spans[len(spans)-1].p.end], node-1, false)
	}
	return node
}

func (s *scratch) know(at *state, v []int32, node int32, plain bool) {
	s.lists = append(s.lists, list{v: v, node: node, prev: at.lists, plain: plain})
	at.lists = int32(len(s.lists))
	at.added++
}

// reference is the price of a reference to node from a piece that starts at i, but
// for its symbol.
func (s *scratch) reference(i int, node int32) int32 {
	return price.distance[min(max(s.best[i].nodes-1-node, 0), dsl.MaxNodes-1)]
}
