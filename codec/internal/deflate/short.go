package deflate

import "bytes"

// Short data has its own parser: for messages the tables of the others, which are made for windows
// of 32 KiB and more, cost more time than the parse. Those here have 8 KiB each.
const (
	// MaxShort is the length in bytes of the longest short data. A position fits 16 bits.
	MaxShort = 4 << 10

	// shortFast is that for the levels below 6: a message of 1 KiB takes 23 us by the lazy parse of
	// level 1, 80 by this one, one of 64 bytes 9 and 6 (busy core, 2026-11-27).
	shortFast = 128

	shortHashBits = 12 // 11 takes 3 % more time at 1 KiB
	shortDepth    = 32 // strings looked at per position; 16 makes CSV of 4 KiB 1.5 % longer

	// shortNice is the length in bytes of a match that is taken. By 130 runs are 5 % shorter, but
	// records of 4 KiB take 1.7 times as long.
	shortNice = 64
)

// A shortParser finds the cheapest tokens for short data.
type shortParser struct {
	cheapestParser
	head [1 << shortHashBits]uint16 // one more than the last position of each hash of 3 bytes; 0: none
	prev [MaxShort]uint16           // the same, of the last position before with the same hash
}

// find finds the matches of src: of each position the nearest of each length, by increasing length.
func (p *shortParser) find(src []byte) {
	if n := len(src); len(p.cost) <= n {
		p.cost, p.choice = make([]uint32, MaxShort+1), make([]token, MaxShort)
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

// fixedPrices are those of fixed codes.
var fixedPrices = func() (p prices) {
	p.setCode(&fixedCode)
	return p
}()

// literalPrice is what a literal is taken to cost at first: 3 bits and half of what it would cost if
// the bytes that src has were equally likely. By 8 bits a sequence of acgt is 7 % longer, since
// matches that do not pay are not given up again; by the other half, records are 0.2 %.
func literalPrice(src []byte) uint32 {
	var seen [256]bool
	distinct := uint32(0)
	for _, x := range src {
		if !seen[x] {
			seen[x] = true
			distinct++
		}
	}
	return 3*priceUnit + logTable().log(distinct)>>(logBits-priceBits)/2
}

// first finds the matches of src and counts the symbols of the tokens that are cheapest by first
// prices.
func (c *Compressor) first(src []byte) counts {
	if c.brief == nil {
		c.brief = new(shortParser)
	}
	c.brief.find(src)
	c.prices = fixedPrices
	price := literalPrice(src)
	for s := range c.prices.literals {
		c.prices.literals[s] = price
	}
	return blockCounts(c.brief.parse(window{src: src, to: len(src)}, &c.prices))
}

// Guess returns about how many bytes the deflate data of src takes, short data, by a level up to 6.
func (c *Compressor) Guess(src []byte) int {
	n := c.first(src)
	bits := min(int(n.estimate(len(src))>>logBits), 3+n.bits(&fixedCode.lengths))
	return (bits + 7) / 8
}

// short appends the deflate data of src, short data, to dst: one block.
func (c *Compressor) short(dst *bytes.Buffer, src []byte) {
	c.out.reset(dst)
	n := c.first(src)
	c.prices.set(&n)
	tokens := c.brief.parse(window{src: src, to: len(src)}, &c.prices)
	n = blockCounts(tokens)
	c.out.block(src, tokens, &n, true)
	c.out.flush()
}
