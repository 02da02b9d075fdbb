package deflate

import (
	"context"
	"math/bits"
)

const (
	// A window goes on beyond its end while its tokens stand for more than longToken bytes
	// each, up to maxTokens: such data is hardly longer than the heads of its blocks. GNU
	// gzip has as many tokens in a block.
	longToken = 200
	maxTokens = 32 << 10
)

// more reports whether a parse of w that is at position i, after some tokens, goes on.
func (w window) more(ctx context.Context, i, tokens int) bool {
	return i < w.to || i < len(w.src) && i-w.from > longToken*tokens && tokens < maxTokens && ctx.Err() == nil
}

// A lazyParser takes matches as it meets them, the longest of each position, unless the next
// positions have better ones.
type lazyParser struct {
	chains chains
	tokens []token
}

// shortBonus is what a short match may cost more than its literals: what is never used has a
// high price. Without it the codes of audio_mfcc.bin and bv.eeg at level 1 grow by 0.2 and 0.7 %.
const shortBonus = priceUnit

// worth reports whether m is cheaper than its literals.
func (p *prices) worth(src []byte, i int, m found) bool {
	if m.length > 5 {
		return true
	}
	if m.length < minMatch {
		return false
	}
	literals := uint32(0)
	for _, b := range src[i : i+m.length] {
		literals += p.literals[b]
	}
	return p.lengths[m.length]+p.distances[distanceSymbol(m.distance)] <= literals+shortBonus
}

// parse parses w, and a match beyond it if there is one. It returns the tokens, valid until
// the next call, and where they end.
func (p *lazyParser) parse(ctx context.Context, w window, prices *prices, e *lazyEffort) ([]token, int) {
	if e.lazy == 0 {
		return p.greedyTokens(ctx, w, prices, e)
	}
	return p.lazyTokens(ctx, w, prices, e)
}

// greedyTokens parses src from one position to another, and a match beyond that if there is one. It
// returns the tokens, valid until the next call, and where they end.
func (p *lazyParser) greedyTokens(ctx context.Context, w window, prices *prices, e *lazyEffort) ([]token, int) {
	src, tokens := w.src, p.tokens[:0]
	i := w.from
	for w.more(ctx, i, len(tokens)) {
		if len(src)-i < hashBytes {
			tokens = append(tokens, literalToken(src[i]))
			i++
			continue
		}
		m := p.chains.find(src, i, 0, e.depth, e.nice)
		if !prices.worth(src, i, m) {
			tokens = append(tokens, literalToken(src[i]))
			i++
			continue
		}
		tokens = append(tokens, matchToken(m.length, m.distance))
		p.chains.insertAll(src, i+1, i+m.length)
		i += m.length
	}
	p.tokens = tokens
	return tokens, i
}

// better reports whether n, so many literals later, is better than m.
func better(m, n found, threshold int) bool {
	return n.length >= m.length && 4*(n.length-m.length)+bits.Len(uint(m.distance))-bits.Len(uint(n.distance)) > threshold
}

// lazyTokens is greedyTokens, but looks at the next positions before it takes a match.
func (p *lazyParser) lazyTokens(ctx context.Context, w window, prices *prices, e *lazyEffort) ([]token, int) {
	src, tokens := w.src, p.tokens[:0]
	i := w.from
	last := len(src) - hashBytes
	for w.more(ctx, i, len(tokens)) {
		if i > last {
			tokens = append(tokens, literalToken(src[i]))
			i++
			continue
		}
		m := p.chains.find(src, i, 0, e.depth, e.nice)
		if !prices.worth(src, i, m) {
			tokens = append(tokens, literalToken(src[i]))
			i++
			continue
		}
		next := i + 1 // not known yet
		for m.length < e.nice && next <= last {
			n := p.chains.find(src, next, m.length-1, e.depth/2, e.nice)
			next++
			if better(m, n, 2) {
				tokens = append(tokens, literalToken(src[i]))
				i++
				m = n
				continue
			}
			if e.lazy < 2 || next > last {
				break
			}
			n = p.chains.find(src, next, m.length-1, e.depth/4, e.nice)
			next++
			if better(m, n, 6) {
				tokens = append(tokens, literalToken(src[i]), literalToken(src[i+1]))
				i += 2
				m = n
				continue
			}
			break
		}
		tokens = append(tokens, matchToken(m.length, m.distance))
		p.chains.insertAll(src, next, i+m.length)
		i += m.length
	}
	p.tokens = tokens
	return tokens, i
}
