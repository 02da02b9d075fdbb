package codec

import (
	"bytes"
	"context"
	"math"

	"github.com/ktzip/ktzip/dsl"
)

// A squeezer writes deflate data (RFC 1951) as short as it can: of all ways to put
// together data from literals and matches it takes the one of least bits by dynamic
// programming, under the prices that the codes of a block have, which ends where others
// pay. What plans leave has short matches by chance, which only prices tell from those
// that pay, and statistics that change.
type squeezer struct {
	matches matches
	passes  int // how often each block is put together

	cost   []uint32 // least, of what comes before each place; in 1/priceUnit bits
	last   []match  // the match that ends there; length 0: a literal
	tokens []match  // length 0: the literal distance
	prices prices
	counts counts
	units  []counts
	out    deflater
}

const (
	squeezeWindow = 60 << 10 // is put together at once
	squeezeUnit   = 4 << 10  // blocks are whole ones of

	priceUnit = 64
)

// Symbols of deflate.
const (
	endOfBlock    = 256
	lengthSymbols = 257 // the first
	numLiterals   = 286
	numDistances  = 30
)

// counts are how often symbols occur.
type counts struct {
	literals  [numLiterals]uint32
	distances [numDistances]uint32
}

func (c *counts) add(tokens []match) {
	for _, t := range tokens {
		if t.length == 0 {
			c.literals[t.distance]++
		} else {
			c.literals[lengthSymbol[t.length]]++
			c.distances[distanceSymbol(t.distance)]++
		}
	}
}

// prices are what symbols cost, with the bits that follow them.
type prices struct {
	literals  [256]uint32
	lengths   [maxMatch + 1]uint32
	distances [numDistances]uint32
}

// set makes the prices those of an ideal code for c; symbols that do not occur have some.
func (p *prices) set(c *counts) {
	all, copies := float64(0), float64(0)
	for _, n := range c.literals {
		all += float64(n)
	}
	for _, n := range c.distances {
		copies += float64(n)
	}
	price := func(n uint32, of float64) uint32 {
		return uint32(priceUnit * max(0.5, dsl.Log2((of+1)/max(float64(n), 0.4))))
	}
	for s := range p.literals {
		p.literals[s] = price(c.literals[s], all)
	}
	var symbols [numLiterals]uint32
	for s := lengthSymbols; s < numLiterals; s++ {
		symbols[s] = price(c.literals[s], all)
	}
	for n := minMatch; n <= maxMatch; n++ {
		s := lengthSymbol[n]
		p.lengths[n] = symbols[s] + priceUnit*uint32(literalEntries[s].extra())
	}
	for s := range p.distances {
		p.distances[s] = price(c.distances[s], copies) + priceUnit*uint32(distanceEntries[s].extra())
	}
}

// guess makes c what is likely for b before it was put together.
func (c *counts) guess(b []byte) {
	*c = counts{}
	for _, x := range b {
		c.literals[x] += 4
	}
	for s := lengthSymbols; s < numLiterals; s++ {
		c.literals[s] = uint32(len(b)/16)>>min((s-lengthSymbols)/2, 6) + 1
	}
	for s := range c.distances {
		c.distances[s] = 1
	}
}

// squeeze appends the deflate data of b to buf. The error is the cause why ctx is done.
func (q *squeezer) squeeze(ctx context.Context, buf *bytes.Buffer, b []byte) error {
	q.matches.reset()
	q.out.reset(buf)
	if len(b) == 0 {
		q.out.block(b, nil, &counts{}, true)
	}
	full := q.matches.depth
	defer func() { q.matches.depth = full }()
	for from := 0; from < len(b); {
		to := min(from+squeezeWindow, len(b))
		q.matches.find(ctx, b, from, to)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		q.counts.guess(b[from:to])
		q.prices.set(&q.counts)
		ends := q.blocks(b, from, to)
		// Where few strings pay, the next window is not looked through for many.
		if q.matches.depth = full; len(q.tokens)*5 > (to-from)*2 && full > 8 {
			q.matches.depth = 8
		}
		for _, end := range ends {
			if !q.block(ctx, b, from, end, to-len(q.matches.ends)) {
				return context.Cause(ctx)
			}
			from = end
		}
	}
	q.out.flush()
	return nil
}

// block writes the block from..end of b, whose matches are known from start on, and
// reports whether it did: not if ctx is done.
func (q *squeezer) block(ctx context.Context, b []byte, from, end, start int) bool {
	for range q.passes {
		if ctx.Err() != nil {
			return false
		}
		q.counts = counts{}
		q.counts.add(q.parse(b, from, end, start))
		q.counts.literals[endOfBlock] = 1
		q.prices.set(&q.counts)
	}
	tokens := q.parse(b, from, end, start)
	q.counts = counts{}
	q.counts.add(tokens)
	q.counts.literals[endOfBlock] = 1
	q.out.block(b[from:end], tokens, &q.counts, end == len(b))
	return true
}

// parse returns the tokens of least price for from..end of b.
func (q *squeezer) parse(b []byte, from, end, start int) []match {
	n := end - from
	if len(q.cost) <= n {
		q.cost, q.last = make([]uint32, squeezeWindow+1), make([]match, squeezeWindow+1)
	}
	cost, last := q.cost[:n+1], q.last[:n+1]
	for i := range cost {
		cost[i] = math.MaxUint32
	}
	cost[0] = 0
	first := int32(0)
	if from > start {
		first = q.matches.ends[from-start-1]
	}
	for i := range n {
		here := cost[i]
		if c := here + q.prices.literals[b[from+i]]; c < cost[i+1] {
			cost[i+1], last[i+1] = c, match{}
		}
		to := q.matches.ends[from-start+i]
		length := minMatch
		for _, m := range q.matches.list[first:to] {
			c := here + q.prices.distances[distanceSymbol(m.distance)]
			most := min(int(m.length), n-i)
			for ; length <= most; length++ {
				if c := c + q.prices.lengths[length]; c < cost[i+length] {
					cost[i+length], last[i+length] = c, match{uint16(length), m.distance}
				}
			}
		}
		first = to
	}
	q.tokens = q.tokens[:0]
	for i := n; i > 0; {
		t := last[i]
		if t.length == 0 {
			i--
			t.distance = uint16(b[from+i])
		} else {
			i -= int(t.length)
		}
		q.tokens = append(q.tokens, t)
	}
	for i, j := 0, len(q.tokens)-1; i < j; i, j = i+1, j-1 {
		q.tokens[i], q.tokens[j] = q.tokens[j], q.tokens[i]
	}
	return q.tokens
}

// blocks returns where blocks of from..to of b end: of least bits, by dynamic programming.
func (q *squeezer) blocks(b []byte, from, to int) (ends []int) {
	start := to - len(q.matches.ends)
	tokens := q.parse(b, from, to, start)
	// Tokens that begin in a unit are the unit's.
	places, at := []int{from}, from
	q.units = append(q.units[:0], counts{})
	first := 0
	for k, t := range tokens {
		if at-from >= len(places)*squeezeUnit {
			q.units[len(q.units)-1].add(tokens[first:k])
			q.units = append(q.units, counts{})
			places, first = append(places, at), k
		}
		at += max(int(t.length), 1)
	}
	q.units[len(q.units)-1].add(tokens[first:])
	places = append(places, to)

	n := len(q.units)
	least, back := make([]float64, n+1), make([]int, n+1)
	for k := 1; k <= n; k++ {
		least[k] = math.Inf(1)
	}
	for i := range n {
		sum := counts{}
		for k := i; k < n; k++ {
			for s, c := range q.units[k].literals {
				sum.literals[s] += c
			}
			for s, c := range q.units[k].distances {
				sum.distances[s] += c
			}
			if bits := least[i] + sum.bits(); bits < least[k+1] {
				least[k+1], back[k+1] = bits, i
			}
		}
	}
	for k := n; k > 0; k = back[k] {
		ends = append(ends, places[k])
	}
	for i, j := 0, len(ends)-1; i < j; i, j = i+1, j-1 {
		ends[i], ends[j] = ends[j], ends[i]
	}
	return ends
}

// bits is about how many a block with these symbols takes, but for the bits that follow
// them.
func (c *counts) bits() float64 {
	const header, symbol = 100, 4 // a symbol's code length
	bits := float64(header)
	part := func(list []uint32) {
		all, used := uint32(0), 0
		for _, n := range list {
			if n > 0 {
				all += n
				used++
				bits -= float64(float64(n) * dsl.Log2(float64(n))) // not fused: the same on every machine
			}
		}
		if all > 0 {
			bits += float64(float64(all)*dsl.Log2(float64(all))) + float64(symbol*used)
		}
	}
	part(c.literals[:])
	part(c.distances[:])
	return bits
}
