package deflate

import (
	"math"
	"slices"
)

const (
	// A block's header is estimated at headerBits, and symbolBits for each symbol that
	// occurs. 60 to 150, and 3 to 5, make a difference of 0.02 %.
	headerBits = 100
	symbolBits = 4

	// maxUnits bounds the time that split takes, in a long window. Half a window of 256 KiB
	// has as many.
	maxUnits = 128

	// storedBits is the most that a stored block of up to maxStored bytes takes beside
	// its bytes: its head, the bits that fill a byte, the length twice.
	storedBits = 3 + 7 + 2*16
)

// A splitter divides tokens into blocks. It holds storage between calls.
type splitter struct {
	units []unit
	least []uint64 // of the first k units: the size of their blocks, in 2^-logBits bit
	back  []int    // and where the last of these begins
	ends  []blockEnd
}

// A unit is a part of a window, which blocks do not divide.
type unit struct {
	counts
	end blockEnd
}

// A blockEnd is where a block ends: how many tokens and bytes of the window come before.
type blockEnd struct{ tokens, bytes int }

// split divides tokens into blocks that end on a grid of so many bytes, and returns their
// ends, valid until the next call, and their estimated size in 2^-logBits bit. By dynamic
// programming it finds the least sum of sizes.
func (s *splitter) split(tokens []token, grid int) (ends []blockEnd, size uint64) {
	s.fill(tokens, grid)
	n := len(s.units)
	s.least, s.back = slices.Grow(s.least[:0], n+1)[:n+1], slices.Grow(s.back[:0], n+1)[:n+1]
	for k := range s.least {
		s.least[k] = math.MaxUint64
	}
	s.least[0] = 0
	for i := range n {
		block, before := counts{}, 0
		if i > 0 {
			before = s.units[i-1].end.bytes
		}
		for k := i; k < n; k++ {
			block.join(&s.units[k].counts)
			size := s.least[i] + block.estimate(s.units[k].end.bytes-before)
			if size < s.least[k+1] {
				s.least[k+1], s.back[k+1] = size, i
			}
		}
	}
	s.ends = s.ends[:0]
	for k := n; k > 0; k = s.back[k] {
		s.ends = append(s.ends, s.units[k-1].end)
	}
	slices.Reverse(s.ends)
	return s.ends, s.least[n]
}

// fill counts the tokens of each unit.
func (s *splitter) fill(tokens []token, grid int) {
	s.units = s.units[:0]
	total := 0
	for _, t := range tokens {
		total += t.size()
	}
	grid = max(grid, total/maxUnits)
	pos, first := 0, 0
	for k, t := range tokens {
		pos += t.size()
		if pos >= grid*(len(s.units)+1) || k == len(tokens)-1 {
			s.units = append(s.units, unit{end: blockEnd{k + 1, pos}})
			s.units[len(s.units)-1].add(tokens[first : k+1])
			first = k + 1
		}
	}
}

// join adds the counts of d to c.
func (c *counts) join(d *counts) {
	for s, n := range d.literals {
		c.literals[s] += n
	}
	for s, n := range d.distances {
		c.distances[s] += n
	}
}

// estimate returns about how many bits a block with these symbols, which stand for n bytes,
// takes, in 2^-logBits.
func (c *counts) estimate(n int) uint64 {
	size := headerBits<<logBits + entropy(c.literals[:]) + entropy(c.distances[:]) + c.extra()<<logBits
	return min(size, uint64(8*n+(n/maxStored+1)*storedBits)<<logBits)
}

// extra returns how many extra bits the symbols have.
func (c *counts) extra() (bits uint64) {
	for s := firstLength; s < numLiterals; s++ {
		bits += uint64(c.literals[s]) * uint64(literalEntries[s].extra())
	}
	for s, n := range c.distances {
		bits += uint64(n) * uint64(distanceEntries[s].extra())
	}
	return bits
}

// entropy returns about how many bits symbols and the lengths of their codewords take, in
// 2^-logBits.
func entropy(list []uint32) (bits uint64) {
	total, weighted := uint32(0), uint64(0)
	logs := logTable()
	for _, n := range list {
		if n > 0 {
			total += n
			if n < tableLogs {
				weighted += logs.products[n]
			} else {
				weighted += uint64(n) * uint64(logs.log(n))
			}
			bits += symbolBits << logBits
		}
	}
	if total > 0 {
		bits += uint64(total)*uint64(logs.log(total)) - weighted
	}
	return bits
}
