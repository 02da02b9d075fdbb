package mix

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/ktzip/ktzip/internal/mutate"
)

// parameters makes parameters of bytes, which Check need not accept.
func parameters(b []byte) *Samples {
	var list [20]int
	for i := range list {
		if i < len(b) {
			list[i] = int(b[i])
		}
	}
	p := &Samples{
		Width: list[0] % 9, Kind: Kind(list[1] % 5), Packing: Packing(list[2] % 4), BigEndian: list[3]%2 == 1,
		Channels: list[4], Row: list[5] * list[4], Contexts: uint(list[6] % 128), Values: uint(list[7]),
		OLS:       OLS{Own: list[8] % 34, Other: list[9] % 10, Rings: list[10] % 6, Fade: list[11] % 14, Every: list[12] + list[13]%2},
		Decisions: list[14] % (MaxDecisions + 2),
	}
	if p.isFloat() {
		p.Precision = 24 - list[19]%20
	}
	for i := 15; i+1 < len(b) && i+1 < len(list); i += 2 {
		p.NLMS = append(p.NLMS, NLMS{list[i] * 8, list[i+1] % 17})
	}
	return p
}

// seeds adds inputs to a fuzz target.
func seeds(f *mutate.F) {
	r := newSampler(41)
	for _, s := range signals {
		for _, head := range []string{"\x02\x00\x00\x00\x01\x00\x07\x03\x08\x00\x00\x04\x08\x00\x50\x04\x08", "\x01\x01\x00\x00\x03\x0a\x00\x00\x02\x04\x02\x07\x08\x00\x50", "\x04\x02\x00\x01\x02\x00\x00\x00\x08\x01\x00\x07\x10\x00\x50"} {
			p := parameters([]byte(head))
			if p.Check() != nil {
				f.Fatalf("%+v: %v", p, p.Check())
			}
			src := s.bytes(r, p, 300)
			f.Add([]byte(head), src)
			member, err := new(Machine).Encode(context.Background(), nil, src, p)
			if err == nil {
				f.Add([]byte(head), member)
			}
		}
	}
}

// FuzzMember decodes members: each becomes something or ends in an error of the package, and
// what it becomes has that member.
func FuzzMember(plain *testing.F) {
	f := mutate.Of(plain)
	seeds(f)
	var m Machine
	f.Fuzz(func(t *testing.T, head, member []byte) {
		p := parameters(head)
		size := 0
		for i, b := range head {
			size = (size + int(b)*(i+1)) % 3000
		}
		dst := make([]byte, size)
		err := m.Decode(dst, member, p)
		if checked := p.Check(); checked != nil {
			if !errors.Is(err, ErrParameters) {
				t.Fatalf("%+v: %v, Check says %v", p, err, checked)
			}
			return
		}
		if err != nil {
			if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrLimit) {
				t.Fatalf("%+v: %v", p, err)
			}
			return
		}
		// The lanes may be others than Encode's, so that the member may.
		again, err := m.Encode(context.Background(), nil, dst, p)
		if errors.Is(err, ErrLimit) {
			return
		}
		got := make([]byte, size)
		if err != nil || m.Decode(got, again, p) != nil || !bytes.Equal(got, dst) {
			t.Fatalf("%+v: %v", p, err)
		}
	})
}

// FuzzRoundTrip decodes what was encoded.
func FuzzRoundTrip(plain *testing.F) {
	f := mutate.Of(plain)
	seeds(f)
	var m Machine
	f.Fuzz(func(t *testing.T, head, src []byte) {
		p := parameters(head)
		member, err := m.Encode(context.Background(), nil, src, p)
		if err != nil {
			if !errors.Is(err, ErrParameters) && !errors.Is(err, ErrLimit) {
				t.Fatalf("%+v: %v", p, err)
			}
			return
		}
		got := make([]byte, len(src))
		if err := m.Decode(got, member, p); err != nil || !bytes.Equal(got, src) {
			t.Fatalf("%+v: %v", p, err)
		}
	})
}
