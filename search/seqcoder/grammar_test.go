package seqcoder

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestGrammarAllowsDrawnPrograms follows drawn programs: every token is allowed, and at most a
// fifth of the programs are refused since a list of theirs is empty or does not occur in the
// sequence.
func TestGrammarAllowsDrawnPrograms(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	gen := kolmogorov.NewGenerator(2)
	var m dsl.Machine
	const drawn = 500
	refused := 0
	for range drawn {
		p, seq := gen.Next()
		text, err := Encode(nil, seq, p)
		if err != nil {
			t.Fatal(err)
		}
		g := &grammar{sequence: seq}
		for _, k := range text[len(seq)+1:] {
			if g.lines() == maxLines || g.last != nil && g.last.total > maxElements-1000 {
				break
			}
			if !g.allowed(k) {
				t.Fatalf("%s\ntoken %d is not allowed after %v", p, k, g.nodes(0))
			}
			if k == tokenEnd {
				if g.program().String() != p.Canonical().String() {
					t.Fatalf("got\n%s\nwant\n%s", g.program(), p)
				}
				break
			}
			if !g.push(k, &m) {
				refused++
				break
			}
		}
	}
	if refused*5 > drawn {
		t.Errorf("%d of %d programs are refused, want at most a fifth", refused, drawn)
	}
}

// TestGrammarEndsRightly follows random tokens that are allowed: every program that may end
// outputs the sequence, and the mask is the allowed tokens.
func TestGrammarEndsRightly(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	r := rand.New(rand.NewPCG(5, 6))
	var machine dsl.Machine
	ended := 0
	for range 300 {
		seq := []byte{7}
		g := &grammar{sequence: seq}
		for range 60 {
			var allowed []Token
			var m mask
			for k := range Token(Vocabulary) {
				if g.allowed(k) {
					allowed = append(allowed, k)
					m.set(k)
				}
			}
			if m != g.mask() {
				t.Fatalf("the mask differs from %d", allowed)
			}
			if len(allowed) == 0 {
				break
			}
			k := allowed[r.IntN(len(allowed))]
			if g.allowed(7) && r.IntN(2) == 0 {
				k = 7
			} else if g.allowed(tokenListEnd) {
				k = tokenListEnd
			}
			if g.complete() {
				k = tokenEnd
			}
			if k == tokenEnd {
				got := make([]byte, len(seq))
				if _, err := machine.Bytes(got, g.program(), dsl.Budget{Steps: 1 << 20, Elements: 1 << 20}); err != nil || !bytes.Equal(got, seq) {
					t.Fatalf("%v: got %d, %v, want %d", g.program(), got, err, seq)
				}
				ended++
				break
			}
			if next, ok := g.after(k, &machine); ok {
				g = next
			}
		}
	}
	if ended == 0 {
		t.Error("no program ended")
	}
}
