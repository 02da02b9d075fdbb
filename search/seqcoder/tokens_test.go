package seqcoder

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestTokensRoundTrip encodes and decodes drawn programs.
func TestTokensRoundTrip(t *testing.T) {
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
				t.Fatalf("token %d, want one below %d and no padding", k, Vocabulary)
			}
		}
		gotSeq, got, err := Decode(text)
		if err != nil || !bytes.Equal(gotSeq, seq) || got.String() != p.String() {
			t.Fatalf("%v\ngot\n%v\nwant\n%v", err, got, p)
		}
		total, tokens = total+len(seq), tokens+len(text)-len(seq)
	}
	t.Logf("%.1f bytes and %.1f tokens of program", float64(total)/3000, float64(tokens)/3000)
}

// TestTokensRejected expects ErrTokens, and no panic, for random tokens and for programs that
// have no form in tokens; what can be decoded can be encoded.
func TestTokensRejected(t *testing.T) {
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
				t.Fatalf("%d: got %v, which can't be encoded: %v", text, p, err)
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
			t.Errorf("%v: got %v, want ErrTokens", p, err)
		}
	}
}
