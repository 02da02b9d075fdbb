package programs

import (
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestInterleavesInWindows: interleaves that start and end within a window are found if a
// strand goes on after the pairs, or derives from the other.
func TestInterleavesInWindows(t *testing.T) {
	before, after := noise(51, 60), up(10, 109, 1)
	lit, other := noise(52, 24), noise(53, 16)
	for _, c := range []struct {
		name string
		src  []byte
		bits float64 // besides what is before and after
	}{
		{"a literal goes on", append(weave(up(30, 41, 1), lit[:12]), lit[12:]...), 8*24 + 28},
		{"a literal goes on, which is there again", slices.Concat(weave(up(30, 41, 1), lit[:12]), lit[12:], lit), 8*24 + 45},
		{"a progression goes on", append(weave(lit, up(30, 53, 1)), up(54, 80, 1)...), 8*24 + 33},
		{"an interleave goes on", append(weave(weave(up(30, 37, 1), lit[:8]), up(100, 115, 1)), weave(up(38, 53, 1), lit[8:])...), 8*24 + 53},
		{"of a literal and itself", weave(lit, lit), 8*24 + 16},
		{"of a literal and its reverse", weave(lit, backwards(lit)), 8*24 + 16},
		{"of a progression and a literal, which is there again", slices.Concat(weave(up(30, 45, 1), other), other), 8*16 + 37},
	} {
		src := slices.Concat(before, c.src, after)
		n := len(src)
		if n <= maxCut {
			t.Fatalf("%s: the window has %d elements", c.name, n)
		}
		found, _ := New(nil).Find(t.Context(), src, 0, n, []dsl.Cost{1 << 40}, 1<<50)
		cost := play(t, src, 0, n, found)
		if most := c.bits + 8*float64(len(before)) + 60; cost.Bits() > most {
			t.Errorf("%s: %.1f bits, want at most %.1f\n%v", c.name, cost.Bits(), most, found[0])
		}
	}
}

// TestOverlapping: weavings that overlap stand in each other's place.
func TestOverlapping(t *testing.T) {
	at := func(spans ...[2]int) (all []weaving) {
		for _, s := range spans {
			all = append(all, weaving{i: s[0], j: s[1]})
		}
		return all
	}
	for _, c := range []struct {
		a, b []weaving
		m, n int
	}{
		{at(), at(), 0, 0},
		{at([2]int{3, 9}), at(), 1, 0},
		{at(), at([2]int{3, 9}), 0, 1},
		{at([2]int{3, 9}), at([2]int{9, 12}), 1, 0},
		{at([2]int{9, 12}), at([2]int{3, 9}), 0, 1},
		{at([2]int{3, 9}, [2]int{11, 14}), at([2]int{8, 12}, [2]int{14, 20}), 2, 1},
		{at([2]int{3, 5}), at([2]int{0, 4}, [2]int{4, 8}, [2]int{8, 9}), 1, 2},
	} {
		if m, n := overlapping(c.a, c.b); m != c.m || n != c.n {
			t.Errorf("overlapping(%v, %v) = %d, %d, want %d, %d", c.a, c.b, m, n, c.m, c.n)
		}
	}
}

// TestPartsPay: programs are cheaper if interleaves are searched by themselves.
func TestPartsPay(t *testing.T) {
	skipSlow(t)
	const n, size = 6 << 10, 128
	src := kolmogorov.NewGenerator(401).Append(nil, n)[:n]
	cost := func(e *Finder) float64 {
		found, _ := e.Find(t.Context(), src, 0, size, slices.Repeat([]dsl.Cost{1 << 40}, n/size), 1<<50)
		return play(t, src, 0, size, found).Bits()
	}
	with, without := New(nil), New(nil)
	without.level.effort = 0
	a, b := cost(with), cost(without)
	t.Logf("%.4f; without %.4f", a/n/8, b/n/8)
	if a > 0.995*b {
		t.Error("searching parts does not pay")
	}
}
