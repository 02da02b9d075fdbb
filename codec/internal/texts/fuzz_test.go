package texts

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/ktzip/ktzip/codec/internal/arith"
	"github.com/ktzip/ktzip/internal/mutate"
)

// parameters returns parameters that b says, which need not be within their limits. Their tables
// are small.
func parameters(b []byte) *Params {
	next := func() (v int) {
		if len(b) > 0 {
			v, b = int(b[0]), b[1:]
		}
		return v
	}
	p := &Params{Log: leastLog + next()&3, Shaped: next()&1 != 0, Sets: uint(next())}
	for range next() & 31 {
		c := Context{Kind: Kind(next() & 15), A: next(), B: next()}
		if c.Kind == Masked {
			for c.A, c.B = 0, 0; len(c.Masks) < 3; {
				c.Masks = append(c.Masks, byte(next()))
			}
		}
		p.Contexts = append(p.Contexts, c)
	}
	for range next() & 3 {
		p.Matches = append(p.Matches, next())
	}
	return p
}

// FuzzRoundTrip codes bytes by any parameters, and decodes them as a member.
func FuzzRoundTrip(plain *testing.F) {
	f := mutate.Of(plain)
	r := newSampler(21)
	f.Add([]byte{0, 1, 7, 3, 0, 2, 0, 1, 255, 0, 255, 2, 1, 0, 1, 8}, r.prose(300))
	f.Add([]byte{1, 0, 63, 4, 8, 11, 0, 8, 16, 0, 0, 1, 0, 6, 2, 0, 2, 12, 20}, r.letters(600))
	f.Add([]byte{2, 0, 33, 4, 4, 12, 2, 5, 12, 127, 7, 4, 0, 3, 3, 0, 0}, r.records(400))
	f.Add([]byte{3, 1, 32, 3, 4, 0, 1, 5, 1, 133, 5, 0, 37, 3, 4, 4, 20}, r.table(400))
	var m Machine
	f.Fuzz(func(t *testing.T, head, b []byte) {
		p := parameters(head)
		if len(b) > 1<<13 {
			return
		}
		member, err := m.Encode(context.Background(), nil, b, p)
		if err != nil {
			if !errors.Is(err, arith.ErrParameters) {
				t.Fatalf("%+v: %v", p, err)
			}
			return
		}
		got := make([]byte, len(b))
		if err := m.Decode(got, member, p); err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%+v: %d bytes became others: %v", p, len(b), err)
		}
		if err := m.Decode(got, b, p); err != nil && !errors.Is(err, arith.ErrCorrupt) {
			t.Fatalf("%+v: %v", p, err)
		}
	})
}
