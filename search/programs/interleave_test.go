package programs

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestCopiesStandInTheText: what the estimate takes for a copy of other elements is
// one. It stands in the line after the longest strands that it may be used in.
func TestCopiesStandInTheText(t *testing.T) {
	oneGoroutine(t)
	g, e, copies := kolmogorov.NewGenerator(34), New(&Config{Prior: Uniform}), 0
	for range 300 {
		_, v := g.Next()
		s, st, sol := state1(e, v[:min(len(v), 120)])
		s.expand(st, 0, sol, unreachable)
		for x := range s.cutter.strands {
			strand, whole := s.cutter.strands[x].v, st.slots[0].line.v
			for _, o := range s.cutter.offers[x] {
				want := strand[o.start:o.p.end]
				if from := 2 * int(o.most); from >= len(whole) || !standsIn(whole[from:], want) {
					t.Fatalf("%v: the tail after %d pairs does not hold elements %d..%d of strand %d", whole, o.most, o.start, o.p.end, x)
				}
				copies++
			}
		}
	}
	if copies < 100 {
		t.Errorf("%d copies", copies)
	}
}

// standsIn reports whether v holds want, in a row.
func standsIn(v, want []int32) bool {
	for a := 0; a+len(want) <= len(v); a++ {
		if slices.Equal(v[a:a+len(want)], want) {
			return true
		}
	}
	return false
}

// TestRightCutIsFirst: of all ways to cut a line, the one by which it was made has
// the lowest estimate.
func TestRightCutIsFirst(t *testing.T) {
	oneGoroutine(t)
	up := func(n int, from byte) (v []byte) {
		for i := range n {
			v = append(v, from+byte(i))
		}
		return v
	}
	r := rand.New(rand.NewPCG(7, 7))
	random := make([]byte, 12)
	for i := range random {
		random[i] = byte(r.IntN(256))
	}
	for _, c := range []struct {
		name                string
		first, second, tail []byte
		tailOfSecond        bool
	}{
		{"two progressions", up(12, 10), up(12, 100), nil, false},
		{"a progression among random elements", random, up(12, 100), nil, false},
		{"the first goes on", up(20, 10), random[:7], nil, false},
		{"the second goes on", random[:7], up(20, 10), nil, true},
		{"the tail holds the first again", random, up(12, 100), random, false},
	} {
		first, second := c.first, c.second
		if c.tailOfSecond {
			second = slices.Concat(second, c.tail)
		} else {
			first = slices.Concat(first, c.tail)
		}
		want := cut{pairs: int32(min(len(first), len(second))), second: c.tailOfSecond}
		var v []byte
		for i := range max(len(first), len(second)) {
			if i < len(first) {
				v = append(v, first[i])
			}
			if i < len(second) {
				v = append(v, second[i])
			}
		}
		s, st, sol := state1(New(&Config{Prior: Uniform}), v)
		s.expand(st, 0, sol, unreachable)
		if got := st.kids[0].cut; got != want {
			rank := slices.IndexFunc(st.kids, func(k kid) bool { return k.cut == want })
			t.Errorf("%s: first is %v, number %d is %v", c.name, got, rank, want)
		}
	}
}
