package deflate

import "math/bits"

// A lazyParser takes matches as it meets them, the longest of each position, unless the next
// positions have better ones.
type lazyParser struct {
	chains chains
	tokens []token
}

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
	return p.lengths[m.length]+p.distances[distanceSymbol(m.distance)] <= literals
}

// parse parses w, and a match beyond it if there is one. It returns the tokens, valid until
// the next call, and where they end.
func (p *lazyParser) parse(w window, prices *prices, e *Effort) ([]token, int) {
	if e.lazy == 0 {
		return p.greedyTokens(w, prices, e)
	}
	return p.lazyTokens(w, prices, e)
}

// greedyTokens parses src from one position to another, and a match beyond that if there is one. It
// returns the tokens, valid until the next call, and where they end.
func (p *lazyParser) greedyTokens(w window, prices *prices, e *Effort) ([]token, int) {
	src, tokens := w.src, p.tokens[:0]
	i := w.from
	for i < w.to {
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
func (p *lazyParser) lazyTokens(w window, prices *prices, e *Effort) ([]token, int) {
	src, tokens := w.src, p.tokens[:0]
	i := w.from
	last := len(src) - hashBytes
	for i < w.to {
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
