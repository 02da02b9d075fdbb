package seqcoder

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestTokens says drawn programs in tokens, and back.
func TestTokens(t *testing.T) {
	g := kolmogorov.NewGenerator(1)
	total, tokens := 0, 0
	for range 3000 {
		p, seq := g.Next()
		p = p.Canonical()
		text, err := Encode(nil, seq, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range text {
			if int(k) >= Vocabulary || k == tokenPad {
				t.Fatalf("token %d", k)
			}
		}
		gotSeq, got, err := Decode(text)
		if err != nil || !bytes.Equal(gotSeq, seq) || got.String() != p.String() {
			t.Fatalf("%v\n%v\n%v", err, p, got)
		}
		total, tokens = total+len(seq), tokens+len(text)-len(seq)
	}
	t.Logf("%.1f bytes and %.1f tokens of program", float64(total)/3000, float64(tokens)/3000)
}

// TestTokensBad decodes texts that are none.
func TestTokensBad(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		text := make([]Token, r.IntN(12))
		for i := range text {
			text[i] = Token(r.IntN(Vocabulary + 9))
		}
		if r.IntN(2) == 0 {
			text = append([]Token{7, tokenProgram}, text...)
		}
		if _, p, err := Decode(text); err == nil {
			if again, err := Encode(nil, nil, p); err != nil || len(again) == 0 {
				t.Fatalf("%d: decoded to %v, %v", text, p, err)
			}
		} else if !errors.Is(err, ErrTokens) {
			t.Fatal(err)
		}
	}
	for _, p := range []*dsl.Program{
		dsl.Identity(),
		{Nodes: []dsl.Node{{Op: dsl.SetList, List: []int32{1 << 16}}}},
		{Nodes: []dsl.Node{{Op: dsl.ReverseList, Refs: [2]int{-1}}}},
		{Out: -1},
	} {
		if _, err := Encode(nil, nil, p); !errors.Is(err, ErrTokens) {
			t.Errorf("%v: %v", p, err)
		}
	}
}
