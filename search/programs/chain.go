package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A cell is the cheapest chain that makes the elements before a position.
type cell struct {
	cost int32
	from int32  // where its last piece starts
	p    *piece // nil: a literal
}

// A chain is the cheapest way to make a part lo..hi-1 of a line: one piece, or
// several, concatenated.
type chain struct {
	line   *line
	lo, hi int
	cells  []cell  // by position - lo; those that follow the first piece
	single cell    // one piece, from lo to hi
	cost   int32   // of the better, as argument arg of parent
	one    bool    // the better is the single piece
	plain  bool    // without interleaves that start anywhere
	own    []piece // storage of pieces of relations
}

// longestLiteral is the most elements of a literal that is one piece of several.
const longestLiteral = 64

// A span is the places i..j-1 of a line or of a text.
type span struct{ i, j int32 }

// A fence keeps the pieces of a line apart from the spans that are wanted.
// Spans do not overlap.
type fence struct {
	limit  []int32 // limit[i]: where a piece from i on must end at the latest
	within []bool  // no piece starts or ends here
}

// find makes c the cheapest chain of elements lo..hi-1 of l as argument arg of
// parent. Beside the leaves' pieces, those of extra (ordered by
// start) may be used; f may be nil.
func (c *chain) find(s *scratch, l *line, lo, hi int, parent dsl.Op, arg int, extra []offer, f *fence) {
	n := hi - lo
	c.line, c.lo, c.hi = l, lo, hi
	c.cells = grow(c.cells, n+1)
	cells := c.cells
	for k := range cells {
		cells[k].cost = unreachable
	}
	cells[0] = cell{}
	c.single.cost = unreachable
	pr := s.price
	sym := &pr.sym[parent][arg]
	best, bestFrom := int32(unreachable), int32(0) // the cheapest literal under way: with its cost up to lit[0]
	steps := int64(n)
	limit, next := int32(hi), 0
	for i := lo; i < hi; i++ {
		at := &cells[i-lo]
		fenced := false // a wanted span starts or ends here
		if f != nil {
			if fenced = i > lo && f.limit[i] != limit; fenced {
				best = unreachable
			}
			limit = min(int32(hi), f.limit[i])
		}
		symbols := &pr.next
		if i == lo {
			symbols = &pr.first
		}
		open := at.cost < unreachable && (f == nil || !f.within[i])
		if open {
			offers := l.starting(i)
			steps += int64(len(offers))
			for k := range offers {
				if c.plain && offers[k].rule == ruleWoven {
					continue
				}
				c.offer(at.cost, i, &offers[k], symbols, sym, limit, f)
			}
			for ; next < len(extra) && int(extra[next].at) <= i; next++ {
				x := &extra[next]
				if int(x.at) < i {
					continue
				}
				steps += int64(x.p.end - x.from + 1)
				for end := x.from; end < x.p.end && end < limit; end++ { // only without a fence
					if cost := at.cost + symbols[x.p.op] + x.p.body; cost < cells[int(end)-lo].cost {
						cells[int(end)-lo] = cell{cost: cost, from: int32(i), p: &x.p}
					}
				}
				if x.p.end > limit && x.from <= limit && f == nil {
					if cost := at.cost + symbols[x.p.op] + x.p.body; cost < cells[int(limit)-lo].cost {
						cells[int(limit)-lo] = cell{cost: cost, from: int32(i), p: &x.p}
					}
				}
				c.offer(at.cost, i, &x.p, symbols, sym, limit, f)
			}
			if f != nil && f.limit[i] < int32(c.hi) && int(f.limit[i]) > i+1 && f.within[i+1] && int32(i)+l.run[i] >= f.limit[i] && l.within(i) {
				// A wanted span that is a part of a progression.
				if op, body := pr.progression(l.v[i], l.v[i+1]-l.v[i], int(limit)-i); body < unreachable {
					c.offer(at.cost, i, &piece{op: op, rule: ruleProgression, end: limit, body: body}, symbols, sym, limit, f)
				}
			}
			if i == lo && limit == int32(hi) {
				c.alone(sym[dsl.SetList]+pr.length[n]+l.lit[hi]-l.lit[lo], nil)
			}
			switch start := at.cost + symbols[dsl.SetList] - l.lit[i]; {
			case pr.flat:
				if start < best {
					best, bestFrom = start, int32(i)
				}
			case i == lo || at.p != nil || fenced || int(at.from) == i-longestLiteral: // a longer literal is no dearer than two
				end := min(int(limit), i+longestLiteral)
				steps += int64(end-i) / 4
				for j := i + 1; j <= end; j++ {
					if f != nil && j < hi && f.within[j] {
						continue
					}
					if cost := start + pr.length[j-i] + l.lit[j]; cost < cells[j-lo].cost {
						cells[j-lo] = cell{cost: cost, from: int32(i)}
					}
				}
			}
		}
		if best < unreachable && int32(i) < limit {
			if cost := best + l.lit[i+1]; cost < cells[i+1-lo].cost {
				cells[i+1-lo] = cell{cost: cost, from: bestFrom}
			}
		}
	}
	s.spend(steps)
	c.cost, c.one = c.single.cost, true
	if end := &cells[n]; end.from > int32(lo) && end.cost < unreachable {
		if many := end.cost - pr.sym[dsl.Concatenate][0][dsl.Concatenate] + sym[dsl.Concatenate]; many < c.cost {
			c.cost, c.one = many, false
		}
	}
}

func (c *chain) offer(cost int32, i int, p *piece, symbols, sym *[ops]int32, limit int32, f *fence) {
	if p.end > limit || f != nil && int(p.end) < c.hi && f.within[p.end] {
		return
	}
	if i == c.lo && int(p.end) == c.hi {
		c.alone(sym[p.op]+p.body, p)
		return
	}
	if at := &c.cells[int(p.end)-c.lo]; cost+symbols[p.op]+p.body < at.cost {
		*at = cell{cost: cost + symbols[p.op] + p.body, from: int32(i), p: p}
	}
}

// alone notes a single piece.
func (c *chain) alone(cost int32, p *piece) {
	if cost < c.single.cost {
		c.single = cell{cost: cost, from: int32(c.lo), p: p}
	}
}

// A part is a piece of a chain found: nil is a literal.
type part struct {
	i, j int32
	p    *piece
}

// parts appends the pieces of the chain, first to last.
func (c *chain) parts(dst []part) []part { return c.partsOf(dst, c.hi-c.lo) }

// partsOf appends the pieces of the first n elements of the chain.
func (c *chain) partsOf(dst []part, n int) []part {
	if n == c.hi-c.lo && c.one {
		return append(dst, part{int32(c.lo), int32(c.hi), c.single.p})
	}
	at := len(dst)
	for j := int32(c.lo + n); j > int32(c.lo); {
		x := &c.cells[int(j)-c.lo]
		dst = append(dst, part{x.from, j, x.p})
		j = x.from
	}
	slices.Reverse(dst[at:])
	return dst
}

// inner is the price of the cheapest chain of elements i..j-1 of l as the
// argument of parent.
func (s *scratch) inner(l *line, i, j int, parent dsl.Op) int32 {
	c := &s.nested
	c.plain = true
	c.find(s, l, i, j, parent, 0, nil, nil)
	return c.cost
}
