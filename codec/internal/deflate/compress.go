package deflate

import (
	"bytes"
	"context"
	"math"
	"slices"
)

// A Compressor makes deflate data, and holds what it needs for that between calls: 0.1 MiB for
// short data, 0.6 for lazy parses of longer data, up to 8 for optimal ones. The zero value is ready
// to use. It is not safe for concurrent use.
type Compressor struct {
	lazy   *lazyParser    // nil until needed
	best   *optimalParser // nil until needed
	brief  *shortParser   // nil until needed
	prices prices         // of the window or block before
	split  splitter
	counts []counts // of the blocks of a window
	out    blockWriter
	second bytes.Buffer // the data made by another Effort
}

// guessBytes is how many bytes the first prices are guessed from. Arbitrary.
const guessBytes = 64 << 10

// Compress appends the deflate data of src, made with the effort e, to dst. Once ctx is done
// it soon returns the cause, and what it appended is of no use; there is no other error.
func (c *Compressor) Compress(ctx context.Context, dst *bytes.Buffer, src []byte, e *Effort) error {
	if 0 < len(src) && len(src) <= e.short {
		c.short(dst, src)
		return context.Cause(ctx)
	}
	start := dst.Len()
	err := c.compress(ctx, dst, src, e)
	for err == nil && e.lower != nil && (dst.Len()-start)*e.repetitive < len(src) {
		e = e.lower
		c.second.Reset()
		err = c.compress(ctx, &c.second, src, e)
		if err == nil && c.second.Len() < dst.Len()-start {
			dst.Truncate(start)
			dst.Write(c.second.Bytes())
		}
	}
	return err
}

// compress is Compress by one effort.
func (c *Compressor) compress(ctx context.Context, dst *bytes.Buffer, src []byte, e *Effort) (err error) {
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
	effort := e.lazyEffort // of the window
	sparse := false        // matches hardly paid in the window before
	for from := 0; from < len(src); {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		w := window{src: src, start: from, from: from, to: min(from+e.window, len(src))}
		if sparse {
			if sparse, err = c.optimal(ctx, w, nil, e); err != nil {
				return err
			}
			from = w.to
			continue
		}
		p := c.parse(ctx, &w, &effort, e.grid)
		effort = e.lazyEffort
		switch n := w.to - w.from; {
		case n <= e.window+maxMatch && e.optimal(p.size, n):
			p.ends = slices.Clone(p.ends)
			if sparse, err = c.optimal(ctx, w, &p, e); err != nil {
				return err
			}
			effort = seedEffort // the next window is likely to be parsed again, too
		case from == 0 && !e.once && p.size>>logBits > 8*uint64(n)*retryPercent/100:
			c.write(w, c.retry(ctx, w, p, e))
		default:
			c.write(w, p)
		}
		from = w.to
	}
	c.out.flush()
	return nil
}

// A parsed is the tokens of a window.
type parsed struct {
	tokens []token
	ends   []blockEnd // of its blocks
	size   uint64     // their estimated size, in 2^-logBits bit
}

// parse parses w lazily, and moves its end to that of the last token. The result is valid until
// the next call.
func (c *Compressor) parse(ctx context.Context, w *window, e *lazyEffort, grid int) (p parsed) {
	p.tokens, w.to = c.lazy.parse(ctx, *w, &c.prices, e)
	p.ends, p.size = c.split.split(p.tokens, grid)
	return p
}

// retryPercent is what must be left of the first window to parse it again. Arbitrary.
const retryPercent = 50

// retry parses w, the first window, again with prices that favor matches, and returns what is
// shorter, that or p. If few matches pay, prices stay about as they were at first: of the
// codes of bv.eeg at level 1 this saves 0.6 %.
func (c *Compressor) retry(ctx context.Context, w window, p parsed, e *Effort) parsed {
	p.tokens, p.ends = slices.Clone(p.tokens), slices.Clone(p.ends)
	c.prices.favorMatches()
	c.lazy.chains.begin(len(w.src))
	w.src = w.src[:w.to] // so that it ends where p does
	if q := c.parse(ctx, &w, &e.lazyEffort, e.grid); q.size < p.size {
		return q
	}
	return p
}

// write writes the tokens of w.
func (c *Compressor) write(w window, p parsed) {
	all := counts{}
	pos, first := w.from, 0
	for _, b := range p.ends {
		tokens := p.tokens[first:b.tokens]
		n := blockCounts(tokens)
		all.join(&n)
		end := w.from + b.bytes
		c.out.block(w.src[pos:end], tokens, &n, end == len(w.src))
		pos, first = end, b.tokens
	}
	c.prices.set(&all)
}

// sparseShare is which part of what literals alone take matches must save at least: below, the
// next window looks for the nearest ones only. With 12 m13.fits at level 6 is 1.4 % larger, with 20
// like ECG segments take 5 % more time.
const sparseShare = 16

// optimal writes w as blocks of the cheapest tokens, or as a lazy parse left it if that found better
// matches: it may look at more strings. There is none if matches hardly paid in the window before;
// optimal reports whether they hardly do in w.
func (c *Compressor) optimal(ctx context.Context, w window, lazy *parsed, e *Effort) (sparse bool, err error) {
	if c.best == nil {
		c.best = new(optimalParser)
		c.best.begin(len(w.src))
	}
	if lazy == nil {
		err = c.best.find(ctx, w, c.best.nearest(), bound{e.nearDepth, e.treeNice})
	} else {
		err = c.best.find(ctx, w, c.best.all(), bound{e.treeDepth, e.treeNice})
	}
	if err != nil {
		return false, err
	}
	tokens := c.firstParse(w, lazy, e)
	ends, size := c.split.split(tokens, e.grid)
	if lazy != nil && lazy.size < size {
		c.write(w, *lazy)
		return false, nil
	}
	c.counts = c.counts[:0]
	first := 0
	for _, b := range ends {
		c.counts = append(c.counts, blockCounts(tokens[first:b.tokens]))
		first = b.tokens
	}
	literals, coded := uint64(0), uint64(0)
	for k, b := range ends {
		w.to = w.start + b.bytes
		c.prices.set(&c.counts[k])
		size, err := c.block(ctx, w, e)
		if err != nil {
			return false, err
		}
		if e.nearDepth > 0 {
			literals, coded = literals+literalsSize(w), coded+size
		}
		w.from = w.to
	}
	return e.nearDepth > 0 && coded >= literals-literals/sparseShare, nil
}

// literalsSize returns about how many bits the literals of w take, in 2^-logBits.
func literalsSize(w window) uint64 {
	var c counts
	for _, b := range w.src[w.from:w.to] {
		c.literals[b]++
	}
	return entropy(c.literals[:])
}

// firstParse parses w from several prices, and returns the tokens that seem to be shortest. The
// prices are a guess, those of a lazy parse and of the block before, and a guess by which matches
// are cheap. What is too dear at first is not used and stays dear; what a lazy parse used by chance
// stays cheap: the guess comes first, and alone where there is no lazy parse.
func (c *Compressor) firstParse(w window, lazy *parsed, e *Effort) []token {
	var seeds [maxSeeds]prices
	seeds[0].guess(w.src[w.from:w.to])
	count := 1
	if lazy != nil {
		count = e.seeds
		n := blockCounts(lazy.tokens)
		seeds[1].set(&n)
		seeds[2] = c.prices
		seeds[3] = seeds[0]
		seeds[3].favorMatches()
	}
	least, best := uint64(math.MaxUint64), 0
	var tokens []token
	for k := range seeds[:count] {
		for range e.before {
			n := blockCounts(c.best.parse(w, &seeds[k]))
			seeds[k].set(&n)
		}
		tokens = c.best.parse(w, &seeds[k])
		if count == 1 {
			return tokens
		}
		if _, size := c.split.split(tokens, e.grid); size < least {
			least, best = size, k
		}
	}
	if best < count-1 {
		tokens = c.best.parse(w, &seeds[best])
	}
	return tokens
}

// maxSeeds is how many prices a window is parsed from at most.
const maxSeeds = 4

// Codes of few symbols are far from ideal ones: those of two letters and matches take 1.5 bits a letter, not
// 1. If a block takes one part in farShare more than its prices say, it is parsed farParses times with the
// prices of real codes. Random text of two letters takes a fifth more at level 6 otherwise.
const farShare, farParses = 16, 8

// block writes w as a block. It parses it until prices and tokens fit each other: first with
// the prices of ideal codes, which lead on, then with those of real ones, which count. It returns
// about how many bits the block takes, in 2^-logBits.
func (c *Compressor) block(ctx context.Context, w window, e *Effort) (size uint64, err error) {
	var best prices
	var tokens []token
	var n counts
	least, current := math.MaxInt, false // current: the last parse is the best
	ideal, real := e.ideal, e.real
	for k := 0; ; k++ {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		tokens = c.best.parse(w, &c.prices)
		n = blockCounts(tokens)
		size := c.out.dynamicCode(&n) + n.bits(&c.out.code.lengths)
		if k <= ideal && size > c.best.expected()*(farShare+1)/farShare {
			ideal, real = k, farParses
		}
		if current = size < least; current {
			least, best = size, c.prices
		} else if k > ideal+1 {
			break
		}
		if k == ideal+real {
			break
		}
		if k < ideal {
			c.prices.set(&n)
		} else {
			c.prices.setCode(&c.out.code)
		}
	}
	if !current {
		tokens = c.best.parse(w, &best)
		n = blockCounts(tokens)
	}
	c.out.block(w.src[w.from:w.to], tokens, &n, w.to == len(w.src))
	c.prices.set(&n)
	return n.estimate(w.to - w.from), nil
}

// blockCounts counts the symbols of a block of tokens.
func blockCounts(tokens []token) (c counts) {
	c.add(tokens)
	c.literals[endOfBlock] = 1
	return c
}
