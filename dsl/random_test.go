package dsl

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl/internal/dsltest"
)

// A sampler draws programs of every operation; few make sense.
type sampler struct {
	*rand.Rand
	earlier int // earlier lists that a block program may refer to
}

func newSampler(seed uint64) sampler { return sampler{Rand: rand.New(rand.NewPCG(seed, 1))} }

func (r sampler) number() int32 { return dsltest.Number(r.Rand) }

// program draws a program of n nodes.
func (r sampler) program(n int, role Role) *Program {
	p := new(Program)
	first, end := 0, int(numOps)
	if role == Predictor {
		first, end = firstComponent, int(endOps)
	}
	if role != Block {
		r.earlier = 0
	}
	for i := range n {
		op := Op(first + r.IntN(end-first))
		for !op.in(role) || i+r.earlier == 0 && op.Lists() > 0 {
			op = Op(first + r.IntN(end-first))
		}
		node := Node{Op: op}
		for k := range op.Lists() {
			switch {
			case r.earlier > 0 && (i == 0 || r.IntN(4) == 0):
				node.Refs[k] = -1 - r.IntN(r.earlier)
			case r.IntN(2) == 0:
				node.Refs[k] = i - 1 // chains make most nodes needed
			default:
				node.Refs[k] = r.IntN(i)
			}
		}
		nums := 0
		for _, k := range table[op].params {
			switch k {
			case kindRef:
			case kindList:
				for range r.IntN(20) {
					node.List = append(node.List, r.number())
				}
			default:
				node.Nums[nums] = r.number()
				nums++
			}
		}
		p.Nodes = append(p.Nodes, node)
	}
	p.Out = n - 1
	if r.IntN(4) == 0 {
		p.Out = r.IntN(n + r.earlier)
		if p.Out >= n {
			p.Out = n - 1 - p.Out
		}
	}
	return p
}

// deepest returns the largest k such that p refers to earlier_k, or 0.
func deepest(p *Program) int {
	k := max(0, -p.Out)
	for _, n := range p.Nodes {
		for _, ref := range n.Refs[:n.Op.Lists()] {
			k = max(k, -ref)
		}
	}
	return k
}

func same(p, q *Program) bool {
	return p.Out == q.Out && slices.EqualFunc(p.Nodes, q.Nodes, func(a, b Node) bool {
		return a.Op == b.Op && a.Refs == b.Refs && a.Nums == b.Nums && slices.Equal(a.List, b.List)
	})
}

// TestPrintParse prints and parses random programs.
func TestPrintParse(t *testing.T) {
	r := newSampler(1)
	r.earlier = PastLists
	refused := 0
	for range 1000 {
		for _, role := range []Role{Plan, Block} {
			p := r.program(1+r.IntN(30), role)
			if q := mustParse(t, p.String(), role); !same(p, q) {
				t.Fatalf("\n%s\nparsed as\n%s", p, q)
			}
			if deepest(p) > 0 {
				refused++
				if _, err := Parse(p.String(), Plan); err == nil {
					t.Fatalf("a plan refers to the lists of blocks:\n%s", p)
				}
			}
		}
	}
	if refused < 500 {
		t.Errorf("%d programs refer to earlier lists", refused)
	}
}

// TestCanonical checks that only nodes that are not needed go, and that the output stays.
func TestCanonical(t *testing.T) {
	r := newSampler(2)
	m, k := midStream(), midStream()
	r.earlier = m.Earlier()
	ran := 0
	for range 5000 {
		p := r.program(1+r.IntN(12), Block)
		q := p.Canonical()
		needed := map[int]bool{p.Out: true}
		count := 0
		for i := p.Out; i >= 0; i-- {
			if needed[i] {
				count++
				for _, ref := range p.Nodes[i].Refs[:p.Nodes[i].Op.Lists()] {
					needed[ref] = true
				}
			}
		}
		if len(q.Nodes) != count || q.Out != min(p.Out, count-1) || !same(q, q.Canonical()) {
			t.Fatalf("%d needed nodes of\n%s\nbecame\n%s", count, p, q)
		}
		want, _, err := m.Run(p, roomy)
		got, _, errCanonical := k.Run(q, roomy)
		if err == nil && (errCanonical != nil || !slices.Equal(got, want)) {
			t.Fatalf("%v\n%s\nmakes %v, its canonical form\n%s\nmakes %v", errCanonical, p, want, q, got)
		}
		if err == nil {
			ran++
		}
	}
	if ran < 500 {
		t.Errorf("only %d programs ran", ran)
	}
}
