package programs

import (
	"bytes"
	"encoding/binary"
	"os"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
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
	cuts, bits := f.Cuts(seq, [][]rank.Cut{hint}, 2_000_000)
	lessons := f.Lessons(seq, cuts)
	if len(cuts) < 2 || len(lessons) != len(cuts) || bits <= 0 || bits > 8*float64(len(seq)) {
		t.Fatalf("cuts %v, %.0f bits, %d lessons", cuts, bits, len(lessons))
	}
	for i, l := range lessons {
		if l.Depth != i || l.Right < 0 || l.Kids[l.Right].Cut != cuts[i] {
			t.Errorf("lesson %d: depth %d, kid %d of %d, want that with %v", i, l.Depth, l.Right, len(l.Kids), cuts[i])
		}
	}
}

// TestRankerOfATable: the built-in table, given explicitly, finds the same programs; one of
// zeros finds others, that are right; one of any weights within bounds, on a sequence with
// many cuts, leaves costs in order; and one of another size is refused.
func TestRankerOfATable(t *testing.T) {
	built, err := os.ReadFile("internal/rank/net.bin")
	if err != nil {
		t.Fatal(err)
	}
	finder := func(table []byte, prior Prior) *Finder {
		r, err := NewRanker(table)
		if err != nil {
			t.Fatal(err)
		}
		return New(&Config{Prior: prior, Ranker: r})
	}
	wild := bytes.Repeat([]byte{rank.MaxFirst}, RankerSize)
	for i := rank.Rows * rank.Hidden; i+1 < len(wild); i += 2 {
		binary.LittleEndian.PutUint16(wild[i:], rank.MaxOut)
		if (i/2)%3 == 0 {
			binary.LittleEndian.PutUint16(wild[i:], 0x10000-rank.MaxOut)
		}
	}
	differ := 0
	for _, prior := range []Prior{Uniform, Adaptive} {
		same, zeros, other := finder(built, prior), finder(make([]byte, RankerSize), prior), finder(wild, prior)
		g := kolmogorov.NewGenerator(605)
		for range sample(10, 60) {
			_, seq := g.Next()
			want, wantSteps := New(&Config{Prior: prior}).Best(seq, 200_000)
			if p, steps := same.Best(seq, 200_000); p.String() != want.String() || steps != wantSteps {
				t.Fatalf("%v: %s in %d steps, want %s in %d", seq, p, steps, want, wantSteps)
			}
			for _, f := range []*Finder{zeros, other} {
				p, _ := f.Best(seq, 200_000)
				out := make([]byte, len(seq))
				if _, err := new(dsl.Machine).Bytes(out, p, executable); err != nil || !bytes.Equal(out, seq) {
					t.Errorf("%s makes %v, %v, want %v", p, out, err, seq)
				}
				if p.String() != want.String() {
					differ++
				}
			}
		}
	}
	if differ == 0 {
		t.Error("other weights find the same programs")
	}
	if r, err := NewRanker(built[1:]); err == nil || r != nil {
		t.Error("a table that is too short is a ranker")
	}
}

// TestDoubtStaysInBounds: whatever the weights, the doubt of a kid is an int32 as deep as
// lines can be cut.
func TestDoubtStaysInBounds(t *testing.T) {
	if most := int64(mostDoubt) * bitsPerNat * (256 / rank.ScoreUnit) * MaxBlock / 2; most >= 1<<31 {
		t.Errorf("doubts up to %d", most)
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
