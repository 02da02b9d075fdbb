package mix

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/ktzip/ktzip/internal/mutate"
)

// bytesParameters returns parameters that b says, which need not be within their limits.
func bytesParameters(b []byte) *Bytes {
	next := func() (v int) {
		if len(b) > 0 {
			v, b = int(int8(b[0])), b[1:]
		}
		return v
	}
	p := &Bytes{Contexts: uint(next()&255 | next()&255<<8 | next()&255<<16), Experts: uint(next() & 255), Buckets: next() & 15, Match: next()}
	f := &p.Frame
	for _, v := range []*int{&f.First, &f.Length, &f.Head, &f.At, &f.Element, &f.Unit, &f.Plus, &f.Align} {
		*v = next()
	}
	for range next() & 7 {
		f.Keys = append(f.Keys, next())
	}
	for range next() & 7 {
		f.Types = append(f.Types, Type{next() & 255, next(), next()})
	}
	return p
}

// FuzzBytes codes bytes by any parameters, and decodes them as a member.
func FuzzBytes(plain *testing.F) {
	f := mutate.Of(plain)
	r := newSampler(81)
	f.Add([]byte{15, 68, 1, 31, 10, 4, 0, 0, 4, 0, 2, 1, 0, 1, 1, 2}, r.logged(700))
	f.Add([]byte{1, 0, 4, 1, 10, 4, 0, 9}, r.logged(300))
	f.Add([]byte{255, 255, 255, 63, 12, 2, 3, 0, 2, 1, 0, 0, 0, 0, 1, 0, 2, 1, 9, 0, 0, 3, 0}, r.random(100))
	f.Add([]byte{0, 0, 60, 0, 12, 5}, []byte("a text of words and words of a text"))
	var m Machine
	f.Fuzz(func(t *testing.T, parameters, b []byte) {
		p := bytesParameters(parameters)
		if len(b) > 1<<14 {
			return
		}
		member, err := m.EncodeBytes(context.Background(), nil, b, p)
		if err != nil {
			if !errors.Is(err, ErrParameters) {
				t.Fatalf("%+v: %v", p, err)
			}
			return
		}
		got := make([]byte, len(b))
		if err := m.DecodeBytes(got, member, p); err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%+v: %d bytes became others: %v", p, len(b), err)
		}
		if err := m.DecodeBytes(got, b, p); err != nil && !errors.Is(err, ErrCorrupt) {
			t.Fatalf("%+v: %v", p, err)
		}
	})
}
