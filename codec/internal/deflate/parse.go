package deflate

import "context"

// A window is the part from..to of src, of which matches are known from start on.
// 0 <= start <= from <= to <= len(src).
type window struct {
	src             []byte
	start, from, to int
}

// An optimalParser finds the cheapest tokens for data of any length.
type optimalParser struct {
	cheapestParser
	size  int   // of the data, in bytes
	trees known // of trees
	near  known // of nearChains
}

// A finder makes position i of src known, after the one before, and appends its matches to list,
// if wanted: the nearest of each of some lengths, by increasing length.
type finder interface {
	begin(n int)
	find(list []match, src []byte, i int, b bound, wanted bool) []match
}

// A known is a finder that has been told of the positions before to; nil until needed.
type known struct {
	finder
	to int
}

// A cheapestParser finds the cheapest tokens for data of which all matches are known.
type cheapestParser struct {
	matches matchList
	cost    []uint32 // of the cheapest tokens from each position to the end, in 1/priceUnit bit
	choice  []token  // the first one of them
}

// maxMatches is how many matches of a window are kept; of positions beyond it only the longest.
// It bounds the memory, 4 bytes each: a position may have 256.
const maxMatches = 3 << 18

// begin begins data of n bytes.
func (p *optimalParser) begin(n int) {
	p.size = n
	for _, k := range []*known{&p.trees, &p.near} {
		if k.finder != nil {
			k.begin(n)
		}
		k.to = 0
	}
}

// all returns the finder of all matches, and nearest the one of the nearest.
func (p *optimalParser) all() *known {
	if p.trees.finder == nil {
		p.trees.finder = new(trees)
		p.trees.begin(p.size)
	}
	return &p.trees
}

func (p *optimalParser) nearest() *known {
	if p.near.finder == nil {
		p.near.finder = new(nearChains)
		p.near.begin(p.size)
	}
	return &p.near
}

// find finds the matches of w by f. The error is the cause why ctx is done.
func (p *optimalParser) find(ctx context.Context, w window, f *known, b bound) error {
	if n := w.to - w.from; len(p.cost) <= n {
		p.cost, p.choice = make([]uint32, n+maxMatch), make([]token, n+maxMatch)
	}
	m := &p.matches
	m.list, m.ends = m.list[:0], m.ends[:0]
	skip := 0 // positions within a long match
	for i := max(f.to, w.from-windowSize); i < w.to; i++ {
		if i%checkInterval == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if len(w.src)-i > hashBytes {
			n := len(m.list)
			m.list = f.find(m.list, w.src, i, b, i >= w.from && skip == 0)
			if k := len(m.list); skip > 0 {
				skip--
			} else if k > n {
				longest := m.list[k-1]
				if longest.length() >= b.nice {
					skip = longest.length() - 1
				}
				if k > maxMatches {
					m.list = append(m.list[:n], longest)
				}
			}
		}
		if i >= w.from {
			m.ends = append(m.ends, uint32(len(m.list)))
		}
	}
	f.to = w.to
	return nil
}

// parse returns the cheapest tokens for w at the prices by dynamic programming, from the end;
// they are valid until the next call. cost[i] is the least price of what follows the first i
// bytes.
func (p *cheapestParser) parse(w window, prices *prices) []token {
	n := w.to - w.from
	cost, choice := p.cost[:n+1], p.choice[:n]
	cost[n] = 0
	for i := n - 1; i >= 0; i-- {
		literal := w.src[w.from+i]
		best, first := cost[i+1]+prices.literals[literal], literalToken(literal)
		length := minMatch
		for _, m := range p.matches.of(w.from - w.start + i) {
			most := min(m.length(), n-i)
			if most < length {
				continue
			}
			// Of the matches that are at least so long, the nearest.
			distance := prices.distances[m.distanceSymbol()]
			after := cost[i+length : i+most+1]
			lengths := prices.lengths[length:][:len(after)]
			bestLength := 0
			for k, c := range after {
				if c += distance + lengths[k]; c < best {
					best, bestLength = c, length+k
				}
			}
			if bestLength > 0 {
				first = matchToken(bestLength, m.distance())
			}
			length = most + 1
		}
		cost[i], choice[i] = best, first
	}
	tokens := choice[:0] // no token comes before its position
	for i := 0; i < n; {
		t := choice[i]
		tokens = append(tokens, t)
		i += t.size()
	}
	return tokens
}

// expected returns how many bits the prices of the last parse said that it takes.
func (p *cheapestParser) expected() int { return int(p.cost[0] / priceUnit) }
