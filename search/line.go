package search

import "github.com/ktzip/ktzip/dsl"

// maxChain is the longest part of a line for which chains that start within
// the line are searched: strands of an interleave, periods.
const maxChain = 64

// A line is a sequence in which pieces are looked for: the block or one of its
// strands.
type line struct {
	v      []int32 // the elements
	run    []int32 // run[i]: length of the arithmetic progression from i on
	lit    []int32 // lit[i]: price of elements 0..i-1 in a literal
	offers []piece // of the leaves but literals, the last start first
	lo, hi []int32 // offers[lo[i]:hi[i]] start at i
	busy   []int32 // busy[i]: offers that start in i..n-1

	cells []cell // chains from i on: (n, 2, maxChain+1); see chain
	known []bool // chains from i on were searched

	strands *[2]line // its elements of even and odd places; nil where not looked for
	parts   *[2]line // storage of strands
	values  []int32  // storage of v, of a strand
}

// A cell is the cheapest chain of one kind from a start to an end: the price of
// its pieces as in the chain of the block, and its last piece.
type cell struct {
	cost  int32
	from  int16 // where the last piece starts, relative to the chain's start
	offer int16 // the last piece, relative to the first that starts there; -1: a literal
	nodes int16 // completed by the chain, all its concatenates included
}

const unreachable = 1 << 29

// chains that are one piece, and chains of two or more.
const (
	one = iota
	many
)

// set makes v the line's elements and measures its runs.
func (l *line) set(v []int32) {
	n := len(v)
	l.v = v
	l.run = grow(l.run, n)
	l.lit = grow(l.lit, n+1)
	l.lo, l.hi = grow(l.lo, n), grow(l.hi, n)
	l.busy = grow(l.busy, n+1)
	l.busy[n] = 0
	l.known = grow(l.known, n)
	clear(l.known)
	l.cells = grow(l.cells, n*2*(maxChain+1))
	l.offers = l.offers[:0]
	l.lit[0] = 0
	for i, x := range v {
		l.lit[i+1] = l.lit[i] + price.element[x]
	}
	for i := n - 1; i >= 0; i-- {
		switch {
		case i >= n-2:
			l.run[i] = int32(n - i)
		case v[i+1]-v[i] == v[i+2]-v[i+1]:
			l.run[i] = l.run[i+1] + 1
		default:
			l.run[i] = 2
		}
	}
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// part makes the strands of l, of these theirs, and so on depth times.
func (l *line) part(depth int) {
	if depth == 0 || len(l.v) < 6 {
		l.strands = nil
		return
	}
	if l.parts == nil {
		l.parts = new([2]line)
	}
	l.strands = l.parts
	for k := range l.strands {
		s := &l.strands[k]
		s.values = s.values[:0]
		for i := k; i < len(l.v); i += 2 {
			s.values = append(s.values, l.v[i])
		}
		s.set(s.values)
		s.part(depth - 1)
	}
}

// proposeStrands collects what the leaves offer on the strands of l.
func (l *line) proposeStrands(s *scratch) {
	if l.strands != nil {
		for k := range l.strands {
			l.strands[k].proposeStrands(s)
			l.strands[k].propose(s)
		}
	}
}

// propose collects what the leaves offer.
func (l *line) propose(s *scratch) {
	for i := len(l.v) - 1; i >= 0; i-- {
		at := int32(len(l.offers))
		l.lo[i], l.hi[i] = at, at
		if s.steps > 0 {
			for r := ruleLiteral + 1; r < s.leaves; r++ {
				leaves[r].propose(s, l, i)
				for k := l.hi[i]; k < int32(len(l.offers)); k++ {
					l.offers[k].rule = uint8(r)
				}
				l.hi[i] = int32(len(l.offers))
			}
			s.steps -= int64(s.leaves) + int64(l.hi[i]-at)
			l.known[i] = false // a rule may have asked for chains before
		}
		l.busy[i] = l.busy[i+1] + l.hi[i] - at
	}
}

// offer notes a piece of a leaf.
func (l *line) offer(p piece) { l.offers = append(l.offers, p) }

// starting returns the pieces of leaves but literals that start at i.
func (l *line) starting(i int) []piece { return l.offers[l.lo[i]:l.hi[i]] }

// literal is the price of a literal of elements i..j-1 without its symbol.
func (l *line) literal(i, j int) int32 { return price.length[j-i] + l.lit[j] - l.lit[i] }

// chain returns the cells of the chains that start at i: that of kind k and
// length n at k*(maxChain+1)+n.
func (l *line) chain(s *scratch, i int) []cell {
	const width = maxChain + 1
	cells := l.chainCells(i)
	if l.known[i] {
		return cells
	}
	l.known[i] = true
	size := min(maxChain, len(l.v)-i)
	for k := range cells {
		cells[k].cost = unreachable
	}
	cells[one*width].cost = 0
	cells[one*width].offer = 0
	steps := int64(size)
	for x := range size {
		c := &cells[x]
		if m := &cells[width+x]; m.cost < c.cost {
			c = m
		}
		if c.cost >= unreachable {
			continue
		}
		base, nodes := c.cost, c.nodes
		symbols, to := &price.next, cells[many*width:]
		if x == 0 {
			symbols, to = &price.first, cells[one*width:]
			nodes = 0
		} else {
			nodes++
		}
		offers := l.starting(i + x)
		steps += int64(len(offers))
		for k := range offers {
			p := &offers[k]
			end := int(p.end) - i
			if end > size {
				continue
			}
			if cost := base + symbols[p.op] + p.body; cost < to[end].cost {
				to[end] = cell{cost: cost, from: int16(x), offer: int16(k), nodes: nodes + p.nodes}
			}
		}
		if x > 0 && c.offer < 0 {
			continue // a longer literal is no dearer
		}
		base += symbols[dsl.SetList] - l.lit[i+x]
		steps += int64(size - x)
		lit := l.lit[i+x+1 : i+size+1]
		length := price.length[1 : 1+len(lit)]
		to = to[x+1 : x+1+len(lit)]
		for k, v := range lit {
			if cost := base + length[k] + v; cost < to[k].cost {
				to[k] = cell{cost: cost, from: int16(x), offer: -1, nodes: nodes + 1}
			}
		}
	}
	s.steps -= steps
	return cells
}

// chainCells is where chain keeps its results.
func (l *line) chainCells(i int) []cell {
	const size = 2 * (maxChain + 1)
	return l.cells[i*size : (i+1)*size]
}

// under is the price of the cheapest chain of length n in cells, that of l from
// i on, as argument arg of parent; and its kind and nodes.
func (l *line) under(cells []cell, i, n int, parent dsl.Op, arg int) (cost int32, kind int, nodes int16) {
	const width = maxChain + 1
	sym := &price.sym[parent][arg]
	a, b := &cells[n], &cells[width+n]
	cost, nodes = unreachable, a.nodes
	if a.cost < unreachable {
		op := dsl.SetList
		if a.offer >= 0 {
			op = l.offers[l.lo[i]+int32(a.offer)].op
		}
		cost = a.cost - price.first[op] + sym[op]
	}
	if b.cost < unreachable {
		if c := b.cost - price.sym[dsl.Concatenate][0][dsl.Concatenate] + sym[dsl.Concatenate]; c < cost {
			return c, many, b.nodes
		}
	}
	return cost, one, nodes
}

// A span is a piece of a chain within a line.
type span struct {
	start int
	p     piece
}

// pieces appends the pieces of the chain of kind and length n from i on.
func (l *line) pieces(dst []span, i, n, kind int) []span {
	const width = maxChain + 1
	cells := l.chainCells(i)
	at := len(dst)
	for n > 0 {
		c := cells[kind*width+n]
		start := i + int(c.from)
		p := piece{op: dsl.SetList, rule: ruleLiteral, nodes: 1, end: int32(i + n)}
		if c.offer >= 0 {
			p = l.offers[l.lo[start]+int32(c.offer)]
		}
		dst = append(dst, span{start, p})
		n = int(c.from)
		kind = one
		if n > 0 && cells[width+n].cost < cells[n].cost {
			kind = many
		}
	}
	for a, b := at, len(dst)-1; a < b; a, b = a+1, b-1 {
		dst[a], dst[b] = dst[b], dst[a]
	}
	return dst
}
