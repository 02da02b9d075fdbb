package search

import (
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// chains is the slow oracle of the dynamic programming: the cheapest chain of
// leaf pieces of elements i..j-1 of l, each chain tried, the literals of all
// lengths. The first piece is priced as such where first is set.
func chains(l *line, i, j int, first bool) int32 {
	if i == j {
		return 0
	}
	symbols := &price.next
	if first {
		symbols = &price.first
	}
	best := int32(unreachable)
	for k := i + 1; k <= j; k++ {
		best = min(best, symbols[dsl.SetList]+l.literal(i, k)+chains(l, k, j, false))
	}
	for _, p := range l.starting(i) {
		if int(p.end) <= j {
			best = min(best, symbols[p.op]+p.body+chains(l, int(p.end), j, false))
		}
	}
	return best
}

// TestChains compares the chains of lines of 1 to 10 elements with the oracle's.
func TestChains(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		block := make([]byte, 1+r.IntN(10))
		for i := range block {
			block[i] = byte(r.IntN(256))
			if i > 1 && r.IntN(4) > 0 {
				block[i] = block[i-1] + (block[i-1] - block[i-2])
			} else if i > 0 && r.IntN(3) > 0 {
				block[i] = block[i-1] + byte(r.IntN(3))
			}
		}
		s := &scratch{level: 6, leaves: len(leaves), steps: 1 << 40}
		s.load(block)
		s.whole.proposeStrands(s)
		s.whole.propose(s)
		s.search(unreachable) // no uses
		n := len(block)
		want := chains(&s.whole, 0, n, true)
		if got := s.best[n].cost; got != want {
			t.Fatalf("%v: the block's chain costs %d, want %d", block, got, want)
		}
		for i := range n {
			cells := s.whole.chain(s, i)
			for j := i + 1; j <= n; j++ {
				got := min(cells[j-i].cost, cells[maxChain+1+j-i].cost)
				if want := chains(&s.whole, i, j, true); got != want {
					t.Fatalf("%v: the chain of %d..%d costs %d, want %d", block, i, j, got, want)
				}
			}
		}
	}
}

// TestLiteralsJoin checks what the search relies on: that one literal is no
// dearer than two in a row.
func TestLiteralsJoin(t *testing.T) {
	for a := 1; a < 200; a++ {
		for b := 1; b < 200; b++ {
			if one, two := price.length[a+b], price.length[a]+price.length[b]+price.next[dsl.SetList]; one > two {
				t.Errorf("a literal of %d costs %d, of %d and %d %d", a+b, one, a, b, two)
			}
		}
	}
}
