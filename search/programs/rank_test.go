package programs

import (
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// TestRankerPays holds that generated sequences get at least 1 % cheaper by the ranker
// if steps are few.
func TestRankerPays(t *testing.T) {
	skipSlow(t)
	with, without := New(&Config{Prior: Uniform}), New(&Config{Prior: Uniform, Without: []string{"ranker"}})
	g := kolmogorov.NewGenerator(602)
	a, b := 0.0, 0.0
	for range sample(40, 150) {
		_, seq := g.Next()
		if len(seq) > 200 {
			continue
		}
		p, _ := with.Best(seq, 500_000)
		q, _ := without.Best(seq, 500_000)
		a += p.UniformBits()
		b += q.UniformBits()
	}
	t.Logf("%.0f bits, %.4f x those without", a, a/b)
	if a > 0.99*b {
		t.Errorf("%.0f bits with the ranker, %.0f without", a, b)
	}
}

// TestRankOrdersKids: the kids that the ranker orders are those estimated, each once,
// the cheapest first, and none is less doubtful than its parent.
func TestRankOrdersKids(t *testing.T) {
	f := New(&Config{Prior: Uniform})
	g := kolmogorov.NewGenerator(603)
	for range sample(10, 30) {
		_, seq := g.Next()
		s := new(scratch)
		s.begin(f, seq, 10_000_000, window{})
		st := s.roots[0]
		st.doubt = 1000
		sol := s.solve(st)
		s.expand(st, 0, sol, unreachable)
		cuts := map[cut]bool{}
		for _, kid := range st.kids {
			cuts[kid.cut] = true
		}
		n := len(st.kids)
		s.rank(st, 0)
		if len(cuts) != n || len(st.kids) != n {
			t.Fatalf("%d cuts of %d kids, then %d kids", len(cuts), n, len(st.kids))
		}
		if !slices.IsSortedFunc(st.kids, func(a, b kid) int { return int(a.cost - b.cost) }) {
			t.Fatal("kids are not in order")
		}
		for _, kid := range st.kids {
			if !cuts[kid.cut] || n > 1 && kid.doubt < st.doubt {
				t.Fatalf("cut %v, doubt %d", kid.cut, kid.doubt)
			}
			delete(cuts, kid.cut)
		}
	}
}

// TestLessonsShowTheWay takes lessons on a sequence of three strands and a list after
// them: the right kid of each state is the cut that makes the next one.
func TestLessonsShowTheWay(t *testing.T) {
	f := New(&Config{Prior: Uniform})
	seq := append(weave(weave(up(10, 40, 2), up(200, 215, 1)), up(250, 160, -3)), noise(3, 12)...)
	hint := []rank.Cut{{Pairs: 31}, {Pairs: 16, Second: true}}
	cuts := f.Cuts(seq, [][]rank.Cut{hint}, 2_000_000)
	lessons := f.Lessons(seq, cuts)
	if len(cuts) < 2 || len(lessons) != len(cuts) {
		t.Fatalf("cuts %v, %d lessons", cuts, len(lessons))
	}
	for i, l := range lessons {
		if l.Depth != i || l.Right < 0 || l.Kids[l.Right].Cut != cuts[i] {
			t.Errorf("lesson %d: depth %d, kid %d of %d, want that with %v", i, l.Depth, l.Right, len(l.Kids), cuts[i])
		}
	}
}

// TestBestStateHasItsCuts: the best state of a search is a root or has the parents that
// say how it was cut, though it is solved again under other prices.
func TestBestStateHasItsCuts(t *testing.T) {
	oneGoroutine(t)
	f := New(&Config{Prior: Uniform})
	g := kolmogorov.NewGenerator(84)
	for range 40 {
		_, seq := g.Next()
		s := new(scratch)
		s.begin(f, seq, 100_000, window{})
		s.run(&best{sequence: seq, uniform: true, budget: executable, builder: &s.builder})
		if s.best.parent == nil && !slices.Contains(s.roots, s.best) {
			t.Fatalf("the best state of %v is neither cut nor a root", seq)
		}
	}
}
