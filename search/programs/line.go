package programs

// A line is a sequence that is made by a chain of pieces, concatenated: the
// sequence searched for, or what is left of it when interleaves are undone.
type line struct {
	v      []int32 // the elements
	run    []int32 // run[i]: length of the arithmetic progression from i on
	lit    []int32 // lit[i]: price of elements 0..i-1 in a literal
	offers []piece // of the leaves but literals, the last start first
	lo, hi []int32 // offers[lo[i]:hi[i]] start at i
	store  []int32 // storage of v
	busy   []int32 // busy[i]: offers that start from i on
	origin int     // where the elements stand in the stream of blocks; -1: nowhere

	// Of lines in which interleaves may start anywhere (rule woven).
	strands *[2]line // the elements at even and odd places; nil: none
	parts   *[2]line // storage of strands
	from    []chain  // of a strand: the chains from each place on
}

// set makes v the line's elements and measures its runs.
func (l *line) set(v []int32, p *prices) {
	n := len(v)
	l.v, l.strands, l.origin = v, nil, -1
	l.run = grow(l.run, n)
	l.lit = grow(l.lit, n+1)
	l.lo, l.hi = grow(l.lo, n), grow(l.hi, n)
	l.offers = l.offers[:0]
	l.busy = grow(l.busy, n+1)
	l.busy[n] = 0
	l.lit[0] = 0
	for i, x := range v {
		l.lit[i+1] = l.lit[i] + p.element[x]
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

// propose collects what the leaves offer.
func (l *line) propose(s *scratch) {
	for i := len(l.v) - 1; i >= 0; i-- {
		at := int32(len(l.offers))
		l.lo[i], l.hi[i] = at, at
		for r := ruleLiteral + 1; r < len(leaves); r++ {
			if s.without>>r&1 != 0 || s.steps <= 0 {
				continue
			}
			leaves[r].propose(s, l, i)
			for k := l.hi[i]; k < int32(len(l.offers)); k++ {
				l.offers[k].rule = uint8(r)
			}
			l.hi[i] = int32(len(l.offers))
		}
		l.busy[i] = l.busy[i+1] + l.hi[i] - at
		s.steps -= int64(len(leaves)) + int64(l.hi[i]-at)
	}
}

// offer notes a piece of a leaf.
func (l *line) offer(p piece) { l.offers = append(l.offers, p) }

// starting returns the pieces of leaves but literals that start at i.
func (l *line) starting(i int) []piece { return l.offers[l.lo[i]:l.hi[i]] }
