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
		g, seq := &grammar{}, []byte{7}
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
			if g.allowed(7, seq) && r.IntN(2) == 0 {
				k = 7
			} else if g.allowed(tokenListEnd, seq) {
				k = tokenListEnd
			}
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
	if ended == 0 {
		t.Error("no program ended")
	}
}

// TestPropose wants the same programs each time, and one that is about to end to end.
func TestPropose(t *testing.T) {
	w, _ := tinyVector(t)
	m := NewModel(w, nil)
	var machine dsl.Machine
	first, err := m.Propose([]byte{5}, 30, 9)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := m.Propose([]byte{5}, 30, 9)
	if len(first) != len(again) {
		t.Fatalf("%d programs, then %d", len(first), len(again))
	}
	if p, err := m.Propose(make([]byte, 1000), 4, 20); err != nil || p != nil {
		t.Error("a sequence that is too long:", p, err)
	}

	// set_list([5]) but for its end.
	h := &hypothesis{grammar: &grammar{}, cache: new(Cache)}
	line := []Token{tokenOp + Token(dsl.SetList), 5, tokenListEnd}
	for _, k := range line {
		if !h.grammar.allowed(k, []byte{5}) || !h.grammar.push(k, &machine) {
			t.Fatalf("token %d is refused", k)
		}
	}
	logits, err := m.Extend([]*Cache{h.cache}, [][]Token{append([]Token{5, tokenProgram}, line...)})
	if err != nil {
		t.Fatal(err)
	}
	h.next = logits[0]
	var found []*dsl.Program
	beam := m.step([]*hypothesis{h}, []byte{5}, Vocabulary, &machine, &found)
	if len(found) != 1 || found[0].String() != "sequence_1 = set_list([5])\noutput = sequence_1" {
		t.Errorf("found %v", found)
	}
	if len(beam) == 0 || beam[0].cache.Len() != 6 || beam[0].grammar == h.grammar {
		t.Errorf("%d hypotheses go on", len(beam))
	}
}
