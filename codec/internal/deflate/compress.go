package deflate

import (
	"bytes"
	"context"
	"math"
)

// A Compressor makes deflate data, and holds what it needs for that between calls: 0.6 MiB for
// lazy parses, up to 6 MiB for optimal ones. The zero value is ready to use. It is not safe for
// concurrent use.
type Compressor struct {
	lazy   *lazyParser    // nil until needed
	best   *optimalParser // nil until needed
	prices prices         // of the window or block before
	split  splitter
	out    blockWriter
}

// guessBytes is how many bytes the first prices are guessed from. Arbitrary.
const guessBytes = 64 << 10

// Compress appends the deflate data of src, made with the effort e, to dst. Once ctx is done
// it soon returns the cause, and what it appended is of no use; there is no other error.
func (c *Compressor) Compress(ctx context.Context, dst *bytes.Buffer, src []byte, e *Effort) error {
	c.out.reset(dst)
	if len(src) == 0 {
		c.out.block(nil, nil, &counts{}, true)
	}
	if c.lazy == nil {
		c.lazy = new(lazyParser)
	}
	c.lazy.chains.begin(len(src))
	if c.best != nil {
		c.best.begin(len(src))
	}
	c.prices.guess(src[:min(len(src), guessBytes)])
	for from := 0; from < len(src); {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		w := window{src: src, start: from, from: from, to: min(from+e.window, len(src))}
		tokens, end := c.lazy.parse(w, &c.prices, e)
		w.to = end
		ends, size := c.split.split(tokens, e.grid)
		if e.optimal(size, w.to-w.from) {
			if err := c.optimal(ctx, w, tokens, e); err != nil {
				return err
			}
		} else {
			c.write(w, tokens, ends)
		}
		from = end
	}
	c.out.flush()
	return nil
}

// write writes the tokens of w as blocks that end at ends.
func (c *Compressor) write(w window, tokens []token, ends []blockEnd) {
	all := counts{}
	pos, first := w.from, 0
	for _, b := range ends {
		n := blockCounts(tokens[first:b.tokens])
		all.join(&n)
		end := w.from + b.bytes
		c.out.block(w.src[pos:end], tokens[first:b.tokens], &n, end == len(w.src))
		pos, first = end, b.tokens
	}
	c.prices.set(&all)
}

// optimal writes w as blocks of the cheapest tokens; lazy are its tokens by a lazy parse.
func (c *Compressor) optimal(ctx context.Context, w window, lazy []token, e *Effort) error {
	if c.best == nil {
		c.best = new(optimalParser)
		c.best.begin(len(w.src))
	}
	if err := c.best.find(ctx, w, e); err != nil {
		return err
	}
	tokens := c.firstParse(w, lazy, e)
	ends, _ := c.split.split(tokens, e.grid)
	for _, b := range ends {
		w.to = w.start + b.bytes
		if err := c.block(ctx, w, e); err != nil {
			return err
		}
		w.from = w.to
	}
	return nil
}

// firstParse parses w from several prices, and returns the tokens that seem to be shortest:
// the prices of a lazy parse, those of the block before, and a guess by which matches are
// cheap. What is too dear at first is not used and stays dear.
func (c *Compressor) firstParse(w window, lazy []token, e *Effort) []token {
	seeds := [maxSeeds]prices{1: c.prices}
	n := blockCounts(lazy)
	seeds[0].set(&n)
	seeds[2].guess(w.src[w.from:w.to])
	least, best := uint64(math.MaxUint64), 0
	for k := range seeds[:e.seeds] {
		for range e.before {
			n := blockCounts(c.best.parse(w, &seeds[k]))
			seeds[k].set(&n)
		}
		tokens := c.best.parse(w, &seeds[k])
		if e.seeds == 1 {
			return tokens
		}
		if _, size := c.split.split(tokens, e.grid); size < least {
			least, best = size, k
		}
	}
	c.prices = seeds[best]
	return c.best.parse(w, &c.prices)
}

// maxSeeds is how many prices a window is parsed from at most.
const maxSeeds = 3

// block writes w as a block. It parses it until prices and tokens fit each other: first with
// the prices of ideal codes, which lead on, then with those of real ones, which count.
func (c *Compressor) block(ctx context.Context, w window, e *Effort) error {
	var best prices
	least := math.MaxInt
	for k := range e.ideal + e.real + 1 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n := blockCounts(c.best.parse(w, &c.prices))
		size := c.out.dynamicCode(&n) + n.bits(&c.out.code.lengths)
		if size < least {
			least, best = size, c.prices
		} else if k > e.ideal+1 {
			break
		}
		if k < e.ideal {
			c.prices.set(&n)
		} else {
			c.prices.setCode(&c.out.code)
		}
	}
	tokens := c.best.parse(w, &best)
	n := blockCounts(tokens)
	c.out.block(w.src[w.from:w.to], tokens, &n, w.to == len(w.src))
	c.prices.set(&n)
	return nil
}

// blockCounts counts the symbols of a block of tokens.
func blockCounts(tokens []token) (c counts) {
	c.add(tokens)
	c.literals[endOfBlock] = 1
	return c
}
