package deflate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// allMatches returns the distances at which src[i:] has a match, by length: the nearest of
// each, 0 if there is none. It is the slow oracle of trees.
func allMatches(src []byte, i int) (nearest [maxMatch + 1]int) {
	for d := min(i, windowSize-1); d > 0; d-- {
		for n := 0; n < min(maxMatch, len(src)-i) && src[i+n] == src[i-d+n]; n++ {
			nearest[n+1] = d
		}
	}
	return nearest
}

// TestTreesFindAll compares the matches of trees that look at everything with all there are.
func TestTreesFindAll(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	r := rand.New(rand.NewPCG(1, 2))
	for k := range 20 {
		src := random(r, 1000, 2+k, 20)
		var m trees
		m.begin(len(src))
		for i := range len(src) - hashBytes {
			nearest := allMatches(src, i)
			length := 4 // a table of hashes may forget a match of 3
			for _, f := range m.find(nil, src, i, bound{math.MaxInt, maxMatch}, true) {
				if f.length() < 4 {
					continue
				}
				for ; length <= f.length(); length++ {
					if f.distance() != nearest[length] {
						t.Fatalf("position %d, length %d: distance %d, want %d", i, length, f.distance(), nearest[length])
					}
				}
			}
			if length <= maxMatch && nearest[length] > 0 {
				t.Fatalf("position %d: no match of length %d, want distance %d", i, length, nearest[length])
			}
		}
	}
}

// cheapest is the slow oracle of parse: the least price of all sequences of tokens for what
// follows position i.
func cheapest(src []byte, matches [][]match, p *prices, i int, known map[int]uint32) uint32 {
	if i == len(src) {
		return 0
	}
	if price, ok := known[i]; ok {
		return price
	}
	least := p.literals[src[i]] + cheapest(src, matches, p, i+1, known)
	for _, m := range matches[i] {
		for n := minMatch; n <= min(m.length(), len(src)-i); n++ {
			price := p.lengths[n] + p.distances[m.distanceSymbol()]
			least = min(least, price+cheapest(src, matches, p, i+n, known))
		}
	}
	known[i] = least
	return least
}

// TestParseIsOptimal compares the price of the tokens of a parse with the least one there is,
// and restores them. Distances cost about the same, so that the nearest match is the best.
func TestParseIsOptimal(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for k := range 100 {
		src := random(r, 1+r.IntN(200), 2+k%8, 10)
		var p optimalParser
		p.begin(len(src))
		w := window{src: src, to: len(src)}
		if err := p.find(t.Context(), w, p.all(), bound{100, maxMatch}); err != nil {
			t.Fatal(err)
		}
		var matches [][]match
		for i := range src {
			matches = append(matches, p.matches.of(i))
		}
		var prices prices
		for s := range prices.literals {
			prices.literals[s] = priceUnit + r.Uint32N(8*priceUnit)
		}
		for n := range prices.lengths {
			prices.lengths[n] = priceUnit + r.Uint32N(9*priceUnit)
		}
		for s := range prices.distances {
			prices.distances[s] = uint32(s) * priceUnit / 2
		}
		got, pos := uint32(0), 0
		for _, tok := range p.parse(w, &prices) {
			if tok.isLiteral() {
				if tok.literal() != src[pos] {
					t.Fatalf("a literal %d at %d, want %d", tok.literal(), pos, src[pos])
				}
				got += prices.literals[tok.literal()]
			} else {
				got += prices.lengths[tok.length()] + prices.distances[distanceSymbol(tok.distance())]
				for n := range tok.length() {
					if src[pos+n] != src[pos+n-tok.distance()] {
						t.Fatalf("no match of %d bytes at %d, %d before", tok.length(), pos, tok.distance())
					}
				}
			}
			pos += tok.size()
		}
		if want := cheapest(src, matches, &prices, 0, map[int]uint32{}); pos != len(src) || got != want {
			t.Fatalf("%d bytes cost %d, want %d; the tokens stand for %d bytes", len(src), got, want, pos)
		}
	}
}

// TestSplitIsBest compares the blocks of a split with all ways to divide up to 8 units.
func TestSplitIsBest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const grid = 1 << 10
	for range 10 {
		var tokens []token
		for range 8 {
			kinds := 1 + r.IntN(200)
			for range grid {
				tokens = append(tokens, literalToken(byte(r.IntN(kinds))))
			}
		}
		var s splitter
		ends, got := s.split(tokens, grid)
		if ends[len(ends)-1] != (blockEnd{len(tokens), len(tokens)}) {
			t.Fatalf("the last block ends at %v", ends[len(ends)-1])
		}
		least := uint64(math.MaxUint64)
		for cuts := range 1 << 7 { // bit k: a block ends after unit k
			size, first := uint64(0), 0
			for k := 1; k <= 8; k++ {
				if k == 8 || cuts>>(k-1)&1 == 1 {
					c := counts{}
					c.add(tokens[first*grid : k*grid])
					size += c.estimate((k - first) * grid)
					first = k
				}
			}
			least = min(least, size)
		}
		if got != least {
			t.Fatalf("%d, want %d", got, least)
		}
	}
}
