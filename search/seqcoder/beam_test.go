package seqcoder

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestGrammar follows drawn programs, and wants every token allowed.
func TestGrammar(t *testing.T) {
	gen := kolmogorov.NewGenerator(2)
	var m dsl.Machine
	for range 500 {
		p, seq := gen.Next()
		text, err := Encode(nil, seq, p)
		if err != nil {
			t.Fatal(err)
		}
		g := &grammar{}
		for _, k := range text[len(seq)+1:] {
			if g.total > maxElements-1000 || len(g.nodes) == maxLines {
				break
			}
			if !g.allowed(k, seq) {
				t.Fatalf("%s\ntoken %d is not allowed after %v", p, k, g.nodes)
			}
			if k == tokenEnd {
				if g.program().String() != p.Canonical().String() {
					t.Fatalf("%s\nbecomes\n%s", p, g.program())
				}
				break
			}
			if !g.push(k, &m) {
				break // an empty list, which drawn programs may have
			}
		}
	}
}

// TestGrammarRandom follows random tokens that are allowed: what ends makes the sequence.
func TestGrammarRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var m dsl.Machine
	ended := 0
	for range 300 {
		g, seq := &grammar{}, []byte{byte(r.IntN(4)), 1}
		for range 60 {
			var may []Token
			for k := range Token(Vocabulary) {
				if g.allowed(k, seq) {
					may = append(may, k)
				}
			}
			if len(may) == 0 {
				break
			}
			k := may[r.IntN(len(may))]
			if g.made(seq) {
				k = tokenEnd
			}
			if k == tokenEnd {
				got := make([]byte, len(seq))
				if _, err := m.Bytes(got, g.program(), dsl.Budget{Steps: 1 << 20, Elements: 1 << 20}); err != nil || !bytes.Equal(got, seq) {
					t.Fatalf("%v: %v, %d", g.program(), err, got)
				}
				ended++
				break
			}
			if before := g.clone(); !g.push(k, &m) {
				g = before
			}
		}
	}
	t.Logf("%d ended", ended)
}

// TestPropose wants programs that make the sequence, of a model that knows nothing, and
// the same ones each time.
func TestPropose(t *testing.T) {
	w, _ := tinyVector(t)
	m := NewModel(w, nil)
	var machine dsl.Machine
	for _, seq := range [][]byte{{5}, {1, 2}, {7, 7, 7}} {
		first, err := m.Propose(seq, 64, 20)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := m.Propose(seq, 64, 20)
		if len(first) != len(again) {
			t.Fatalf("%d programs, then %d", len(first), len(again))
		}
		for i, p := range first {
			got := make([]byte, len(seq))
			if _, err := machine.Bytes(got, p, dsl.Budget{Steps: 1 << 20, Elements: 1 << 20}); err != nil || !bytes.Equal(got, seq) {
				t.Errorf("%s\nmakes %d, not %d", p, got, seq)
			}
			if p.String() != again[i].String() {
				t.Errorf("%s\nthen\n%s", p, again[i])
			}
		}
		t.Logf("%d: %d programs", seq, len(first))
	}
	if p, err := m.Propose(make([]byte, 1000), 4, 20); err != nil || p != nil {
		t.Error("a sequence that is too long:", p, err)
	}
}
