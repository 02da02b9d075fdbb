package encoding

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// drawn returns canonical programs of the generator.
func drawn(n int) (list []*dsl.Program) {
	g := kolmogorov.NewGenerator(11)
	for range n {
		p, _ := g.Next()
		list = append(list, p.Canonical())
	}
	return list
}

// published returns the published programs; none if they are not there.
func published(t *testing.T) (list []*dsl.Program) {
	f, err := os.Open("../../../../shared/kt/pairs.jsonl")
	if err != nil {
		t.Log("no published pairs:", err)
		return nil
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var pair struct{ Program string }
		if err := json.Unmarshal(s.Bytes(), &pair); err != nil {
			t.Fatal(err)
		}
		p, err := dsl.Parse(pair.Program, dsl.Block)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

// TestUniformPartsAddUp holds that the parts of the uniform prior are its price in package dsl.
func TestUniformPartsAddUp(t *testing.T) {
	l := NewLines(None)
	for _, p := range append(drawn(500), published(t)...) {
		if got, want := l.Price(p).Sum(), p.UniformBits(); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v bits, want %v:\n%s", got, want, p)
		}
	}
}

// TestTreeIsTheBitForm holds that a Tree takes, for programs one after the other, what package
// dsl says that a file takes. Its prices have 1/256 bit and a table of 4096 probabilities.
// They include a flag, which costs next to nothing after some programs.
func TestTreeIsTheBitForm(t *testing.T) {
	f, err := os.Open("../../../container/edition2.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tree := new(Tree)
	if err := tree.Read(f); err != nil {
		t.Fatal(err)
	}
	enc := dsl.NewEncoder(dsl.Edition2)
	enc.Plan(dsl.Identity())
	const warm = 100 // programs
	sum, want := 0.0, 0.0
	for i, p := range append(drawn(1000), published(t)...) {
		p = p.Canonical()
		got := tree.Price(p).Sum()
		if again := tree.Price(p).Sum(); again != got {
			t.Fatalf("%v bits, then %v: the price changed the prices", got, again)
		}
		tree.Learn(p)
		cost := enc.Price(p).Bits()
		if i < warm {
			continue
		}
		if math.Abs(got-cost) > 0.5+0.01*cost {
			t.Fatalf("program %d: %v bits, want %v:\n%s", i, got, cost, p)
		}
		sum, want = sum+got, want+cost
	}
	if math.Abs(sum-want) > 0.002*want {
		t.Errorf("%v bits, want %v", sum, want)
	}
}

// TestTreeRefusesDamagedTables holds that a line that is no model is an error.
func TestTreeRefusesDamagedTables(t *testing.T) {
	for text, good := range map[string]bool{"# text\n0\t32\t30\n": true, "": true, "51279\t1\t1\n": true, "x\n": false, "1\t2\n": false, "-1\t2\t3\n": false} {
		if err := new(Tree).Read(strings.NewReader(text)); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestProbabilitiesSumToOne holds that the codes of a symbol leave no room and need no more.
func TestProbabilitiesSumToOne(t *testing.T) {
	for _, order := range []Order{Alone, Previous} {
		l := NewLines(order)
		for _, p := range drawn(200) {
			l.Learn(p)
		}
		for before := dsl.SetList; before <= endOfProgram; before++ {
			sum := 0.0
			for s := dsl.SetList; s <= endOfProgram; s++ {
				sum += math.Exp2(-l.symbol(before, s))
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Errorf("order %d, after %v: %v", order, before, sum)
			}
		}
	}
	for name, fresh := range map[string]func() Literals{
		"frequency": func() Literals { return seen(new(Frequency)) },
		"delta":     func() Literals { return seen(new(Delta)) },
		"distinct":  func() Literals { return seen(new(Distinct)) },
		"fixed":     func() Literals { return Fixed(8) },
	} {
		sum := 0.0
		head := []int32{7, 9, 7}
		for v := range int32(256) {
			sum += math.Exp2(fresh().Price(head) - fresh().Price(append(head, v)))
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: %v", name, sum)
		}
	}
}

// seen returns l after some literals.
func seen(l Literals) Literals {
	l.Price([]int32{1, 2, 3, 3, 9, 200})
	l.Price([]int32{9, 9, 9, 10})
	return l
}

// TestFrozenLinesStay holds that a static code does not learn, and that one which does prices
// what it saw lower.
func TestFrozenLinesStay(t *testing.T) {
	p := dsl.Literal([]byte{1, 2, 3})
	l := NewLines(Previous)
	before := l.Price(p)
	l.Learn(p)
	learnt := l.Price(p)
	l.Freeze()
	l.Learn(p)
	if learnt.Sum() >= before.Sum() || l.Price(p) != learnt {
		t.Errorf("%v, then %v, then %v", before, learnt, l.Price(p))
	}
}
