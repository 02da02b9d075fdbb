package programs

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// state1 begins a search of v and solves its first state.
func state1(e *Finder, v []byte) (*scratch, *state, *solution) {
	s := new(scratch)
	s.begin(e, v, 1<<40, window{})
	return s, s.roots[0], s.solve(s.roots[0])
}

// forward executes op on the lists.
func forward(t *testing.T, op dsl.Op, x, y int32, lists ...[]int32) []int32 {
	t.Helper()
	p := &dsl.Program{}
	n := dsl.Node{Op: op, Nums: [3]int32{x, y}}
	for k, l := range lists {
		p.Nodes = append(p.Nodes, dsl.Node{Op: dsl.SetList, List: l})
		n.Refs[k] = k
	}
	if op == dsl.Ref {
		return lists[0]
	}
	p.Nodes = append(p.Nodes, n)
	p.Out = len(p.Nodes) - 1
	var m dsl.Machine
	out, _, err := m.Run(p, executable)
	if err != nil {
		t.Fatalf("%v: %v", op, err)
	}
	return slices.Clone(out)
}

// TestRelationsHold executes every relation that a rule finds in generated sequences
// and in noise of few values: the operation makes the target of the source. Each rule
// finds some.
func TestRelationsHold(t *testing.T) {
	oneGoroutine(t)
	g := kolmogorov.NewGenerator(31)
	r := rand.New(rand.NewPCG(3, 4))
	var sequences [][]byte
	count := sample(100, 400)
	if testing.Short() {
		count = 30
	}
	for range count {
		_, v := g.Next()
		sequences = append(sequences, v[:min(len(v), 200)])
		w := make([]byte, 5+r.IntN(60))
		few := 2 + r.IntN(20)
		for i := range w {
			w[i] = byte(r.IntN(few))
		}
		sequences = append(sequences, w)
	}
	for _, prior := range []Prior{Uniform, Adaptive} {
		e := New(&Config{Prior: prior})
		found := map[string]int{}
		for _, v := range sequences {
			s, st, sol := state1(e, v)
			tx := &sol.text
			tx.effort = thorough
			tx.set(&s.meter, []*line{st.slots[0].line}, sol.chains[:1], 1)
			for _, rule := range relations {
				tx.found = tx.found[:0]
				rule.propose(tx)
				found[rule.name] += len(tx.found)
				for _, rel := range tx.found {
					lists := [][]int32{tx.v[rel.src[0].i:rel.src[0].j]}
					if !rel.src[1].empty() {
						lists = append(lists, tx.v[rel.src[1].i:rel.src[1].j])
					}
					if got := forward(t, rel.op, rel.x, rel.y, lists...); !slices.Equal(got, tx.v[rel.at.i:rel.at.j]) {
						t.Fatalf("%s: %v(%d, %d) of %v is %v, not %v", rule.name, uint8(rel.op), rel.x, rel.y, lists, got, tx.v[rel.at.i:rel.at.j])
					}
				}
			}
		}
		for _, rule := range relations {
			if found[rule.name] == 0 && !testing.Short() {
				t.Errorf("prior %d: %s finds none", prior, rule.name)
			}
		}
	}
}

// TestPiecesHold executes every piece that a leaf proposes: it makes the elements
// that it stands for.
func TestPiecesHold(t *testing.T) {
	oneGoroutine(t)
	g := kolmogorov.NewGenerator(32)
	counts := map[string]int{}
	for _, prior := range []Prior{Uniform, Adaptive} {
		e := New(&Config{Prior: prior})
		for range 150 {
			_, v := g.Next()
			s, st, _ := state1(e, v[:min(len(v), 150)])
			l := st.slots[0].line
			for i := range l.v {
				for _, p := range l.starting(i) {
					counts[leaves[p.rule].name]++
					b := &builder{meter: &s.meter}
					out := b.leaf(l, link{i: int32(i), j: p.end, p: &p})
					var m dsl.Machine
					got, _, err := m.Run(&dsl.Program{Nodes: b.nodes, Out: out}, executable)
					if err != nil || !slices.Equal(got, l.v[i:p.end]) {
						t.Fatalf("%s makes %v of %v (%v)", leaves[p.rule].name, got, l.v[i:p.end], err)
					}
				}
			}
		}
	}
	for r := leafLiteral + 1; r < len(leaves); r++ {
		if counts[leaves[r].name] == 0 && r != leafInterleave && r != leafCopy { // TestRules and TestAcrossBlocks cover those
			t.Errorf("%s proposed nothing", leaves[r].name)
		}
	}
}

// TestCutsHold interleaves the strands that lines are cut into: they make the line.
func TestCutsHold(t *testing.T) {
	oneGoroutine(t)
	g, e, cuts := kolmogorov.NewGenerator(33), New(&Config{Prior: Uniform}), 0
	for range 200 {
		_, v := g.Next()
		s, st, sol := state1(e, v[:min(len(v), 120)])
		s.expand(st, 0, sol, unreachable)
		for _, k := range st.kids {
			kid := s.make(st, k)
			cuts++
			got := forward(t, dsl.Interleave, 0, 0, kid.slots[0].line.v, kid.slots[1].line.v)
			if !slices.Equal(got, st.slots[0].line.v) {
				t.Fatalf("after %d pairs: %v and %v make %v", kid.cut.pairs, kid.slots[0].line.v, kid.slots[1].line.v, got)
			}
		}
	}
	if cuts < 1000 {
		t.Errorf("%d states", cuts)
	}
}

// TestWithout turns off each rule: programs stay right, and all together get at most
// 5 % cheaper (a rule uses steps that others could have used).
func TestWithout(t *testing.T) {
	oneGoroutine(t)
	g := kolmogorov.NewGenerator(34)
	var sequences [][]byte
	for range sample(10, 40) {
		_, v := g.Next()
		sequences = append(sequences, v)
	}
	if testing.Short() {
		sequences = sequences[:5]
	}
	total := func(without ...string) (bits float64) {
		e := New(&Config{Prior: Uniform, Without: without})
		for _, v := range sequences {
			p, _ := e.Best(v, 400_000)
			if !bytes.Equal(run(t, p, len(v)), v) {
				t.Fatalf("without %v: wrong program for %v", without, v)
			}
			bits += p.UniformBits()
		}
		return bits
	}
	all := total()
	for _, name := range Rules() {
		if bits := total(name); bits < all*0.95 && !testing.Short() {
			t.Errorf("%.0f bits without %s, %.0f with all rules", bits, name, all)
		}
	}
}
