package deflate

import (
	"bytes"
	"context"
	"math"
	"slices"
)

// Optimal is the Method that takes the cheapest sequence of literals and matches, under prices
// that the codes of each block give. Blocks end where other codes pay. It suits data with many
// short matches, few of which pay, and with changing statistics.
type Optimal struct {
	Depth  int // strings looked at per position
	Nice   int // bytes; a match so long is taken
	Passes int // how often each block is parsed again, with the prices of the parse before
}

const (
	// parseWindow is parsed at once. A block is within one, and no longer than maxStored.
	// Half of it is 0.3 % shorter and takes 7 % longer (doc.go says of what).
	parseWindow = 60 << 10 // bytes

	// If more than densePercent tokens stand for 100 bytes of a window, few matches pay,
	// and the next window is searched to sparseDepth at most. Without this the output is
	// 0.04 % shorter and takes 2 % longer; with 20 it is 0.3 % longer and takes 16 % less.
	densePercent = 40
	sparseDepth  = 8
)

// A parser parses data into tokens and writes them.
type parser struct {
	matches matchFinder
	cost    []uint32 // of the cheapest tokens up to each position, in 1/priceUnit bit
	last    []token  // the last one of them
	tokens  []token
	prices  prices
	units   []counts
	out     blockWriter
}

func (o Optimal) compress(ctx context.Context, c *Compressor, dst *bytes.Buffer, src []byte) error {
	return c.parser.compress(ctx, dst, src, o)
}

func (p *parser) compress(ctx context.Context, dst *bytes.Buffer, src []byte, o Optimal) error {
	p.matches.reset()
	p.matches.depth, p.matches.nice = o.Depth, o.Nice
	p.out.reset(dst)
	if len(src) == 0 {
		p.out.block(nil, nil, &counts{}, true)
	}
	for from := 0; from < len(src); {
		to := min(from+parseWindow, len(src))
		p.matches.find(ctx, src, from, to)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		w := window{src: src, start: from, from: from, to: to}
		p.prices.guess(src[from:to])
		tokens := p.parse(w)
		ends := p.split(tokens, from)
		p.matches.depth = o.Depth
		if len(tokens)*100 > (to-from)*densePercent {
			p.matches.depth = min(o.Depth, sparseDepth)
		}
		for _, w.to = range ends {
			if err := p.block(ctx, w, o.Passes); err != nil {
				return err
			}
			w.from = w.to
		}
		from = to
	}
	p.out.flush()
	return nil
}

// A window is the part from..to of src, of which matches are known from start on.
// 0 <= start <= from <= to <= len(src).
type window struct {
	src             []byte
	start, from, to int
}

// block writes w as a block.
func (p *parser) block(ctx context.Context, w window, passes int) error {
	for range passes {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c := blockCounts(p.parse(w))
		p.prices.set(&c)
	}
	tokens := p.parse(w)
	c := blockCounts(tokens)
	p.out.block(w.src[w.from:w.to], tokens, &c, w.to == len(w.src))
	return nil
}

// blockCounts counts the symbols of a block of tokens.
func blockCounts(tokens []token) (c counts) {
	c.add(tokens)
	c.literals[endOfBlock] = 1
	return c
}

// parse returns the cheapest tokens for w by dynamic programming; they are valid until the
// next call. cost[i] is the least price of the first i bytes.
func (p *parser) parse(w window) []token {
	n := w.to - w.from
	if p.cost == nil {
		p.cost, p.last = make([]uint32, parseWindow+1), make([]token, parseWindow+1)
	}
	cost, last := p.cost[:n+1], p.last[:n+1]
	for i := range cost {
		cost[i] = math.MaxUint32
	}
	cost[0] = 0
	first := int32(0)
	if w.from > w.start {
		first = p.matches.ends[w.from-w.start-1]
	}
	ends := p.matches.ends[w.from-w.start:]
	for i := range n {
		here, literal := cost[i], w.src[w.from+i]
		if c := here + p.prices.literals[literal]; c < cost[i+1] {
			cost[i+1], last[i+1] = c, literalToken(literal)
		}
		length := minMatch
		for _, m := range p.matches.list[first:ends[i]] {
			// Of the matches that are at least so long, the nearest.
			c := here + p.prices.distances[distanceSymbol(int(m.distance))]
			for most := min(int(m.length), n-i); length <= most; length++ {
				if c := c + p.prices.lengths[length]; c < cost[i+length] {
					cost[i+length], last[i+length] = c, matchToken(length, int(m.distance))
				}
			}
		}
		first = ends[i]
	}
	p.tokens = p.tokens[:0]
	for i := n; i > 0; i -= last[i].size() {
		p.tokens = append(p.tokens, last[i])
	}
	slices.Reverse(p.tokens)
	return p.tokens
}
