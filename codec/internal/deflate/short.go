package deflate

import "bytes"

// Short data has its own parser: for messages the tables of the others, which are made for windows
// of 32 KiB and more, cost more time than the parse. Those here fit a first cache of 32 KiB.
const (
	// shortBytes is the length of the longest short data. A position fits 16 bits.
	shortBytes = 4 << 10

	shortHashBits = 11
	shortDepth    = 32 // strings looked at per position
	shortNice     = 64 // bytes; a match so long is taken
	shortParses   = 2  // how often data is parsed at most, after the parse that gives prices
)

// A shortParser finds the cheapest tokens for short data.
type shortParser struct {
	cheapestParser
	head [1 << shortHashBits]uint16 // one more than the last position of each hash of 3 bytes; 0: none
	prev [shortBytes]uint16         // the same, of the last position before with the same hash
	seed []token
}

// find finds the matches of src: of each position the nearest of each length, by increasing length.
func (p *shortParser) find(src []byte) {
	if n := len(src); len(p.cost) <= n {
		p.cost, p.choice = make([]uint32, shortBytes+1), make([]token, shortBytes)
	}
	p.head = [1 << shortHashBits]uint16{}
	m := &p.matches
	m.list, m.ends = m.list[:0], m.ends[:0]
	skip := 0 // positions within a long match
	for i := range src {
		if len(src)-i >= hashBytes {
			h := &p.head[hash3(load32(src, i), shortHashBits)]
			last := *h
			p.prev[i], *h = last, uint16(i+1)
			if skip > 0 {
				skip--
			} else if last > 0 {
				m.list, skip = p.matchesAt(m.list, src, i, last)
			}
		}
		m.ends = append(m.ends, uint32(len(m.list)))
	}
}

// matchesAt appends the matches of position i to list; last is one more than the first position to
// look at. It returns how many of the next positions lie within a long match.
func (p *shortParser) matchesAt(list []match, src []byte, i int, last uint16) (_ []match, skip int) {
	rest := src[i:min(i+maxMatch, len(src))]
	longest := minMatch - 1
	for depth := shortDepth; last > 0 && depth > 0; depth-- {
		at := int(last - 1)
		last = p.prev[at]
		if src[at+longest] != rest[longest] {
			continue
		}
		if n := common(src[at:], rest); n > longest {
			list = append(list, matchOf(n, i-at))
			if longest = n; n >= shortNice || n == len(rest) {
				break
			}
		}
	}
	if longest >= shortNice {
		skip = longest - 1
	}
	return list, skip
}

// greedy returns the tokens of the longest matches, valid until the next call.
func (p *shortParser) greedy(src []byte) []token {
	p.seed = p.seed[:0]
	for i := 0; i < len(src); {
		t := literalToken(src[i])
		if list := p.matches.of(i); len(list) > 0 {
			m := list[len(list)-1]
			t = matchToken(m.length(), m.distance())
		}
		p.seed = append(p.seed, t)
		i += t.size()
	}
	return p.seed
}

// short appends the deflate data of src, short data, to dst: one block.
func (c *Compressor) short(dst *bytes.Buffer, src []byte) {
	if c.brief == nil {
		c.brief = new(shortParser)
	}
	c.out.reset(dst)
	c.brief.find(src)
	w := window{src: src, to: len(src)}
	n := blockCounts(c.brief.greedy(src))
	var tokens []token
	for range shortParses {
		c.prices.set(&n)
		tokens = c.brief.parse(w, &c.prices)
		before := n
		if n = blockCounts(tokens); n == before {
			break // the prices stay, too
		}
	}
	c.out.block(src, tokens, &n, true)
	c.out.flush()
}
