package texts

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// TestDamagedMembers decodes members with changed, missing or more bytes, and noise: that ends in
// other bytes or in ErrCorrupt, and soon.
func TestDamagedMembers(t *testing.T) {
	r := newSampler(11)
	var m Machine
	for range 40 {
		p, b := r.params(), r.bytes(500+r.IntN(2000))
		member := encoded(t, &m, b, p)
		damaged := [][]byte{member[:len(member)/2], append(bytes.Clone(member), 0), r.noise(r.IntN(300)), nil, make([]byte, 100), bytes.Repeat([]byte{255}, 100)}
		if len(member) > 0 {
			changed := bytes.Clone(member)
			changed[r.IntN(len(changed))] ^= 1 << r.IntN(8)
			damaged = append(damaged, changed)
		}
		for k, d := range damaged {
			got := make([]byte, len(b))
			switch err := m.Decode(got, d, p); {
			case err != nil && !errors.Is(err, arith.ErrCorrupt):
				t.Fatalf("%+v: %v", p, err)
			case err == nil && bytes.Equal(got, b) && !bytes.Equal(d, member):
				t.Fatalf("%+v: damage %d of a member of %d bytes is not seen", p, k, len(member))
			}
		}
	}
}

// TestShortMembersEndSoon decodes a few bytes to many: it stops within two chunks of where they
// end. Bytes beyond that stay 0.
func TestShortMembersEndSoon(t *testing.T) {
	p := &Params{Log: 16, Sets: 1, Contexts: []Context{{Kind: Order}}}
	got := bytes.Repeat([]byte{1}, 1<<22)
	if err := new(Machine).Decode(got, newSampler(12).noise(64), p); !errors.Is(err, arith.ErrCorrupt) {
		t.Fatal(err)
	}
	if i := bytes.Index(got, bytes.Repeat([]byte{1}, 100)); i < 0 || i > 1<<20 {
		t.Errorf("64 bytes were decoded to %d", i)
	}
}

// TestEncodeStops returns the error of its context.
func TestEncodeStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := &Params{Log: 16, Sets: 1, Contexts: []Context{{Kind: Order}}}
	if _, err := new(Machine).Encode(ctx, nil, make([]byte, 10), p); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestMemoryIsTold compares what a machine holds with Memory.
func TestMemoryIsTold(t *testing.T) {
	r := newSampler(13)
	for range 30 {
		p := r.params()
		var m Machine
		encoded(t, &m, r.bytes(100), p)
		q := &m.model
		held := int64(cap(q.slots.bytes) + 8*cap(q.maps) + 4*cap(q.mixer.weights) + 4*cap(q.mixer.last) + 2*cap(q.mixer.curves.points) + 3<<16)
		for k := range q.letters {
			held += int64(2*cap(q.letters[k].counts) + 4*cap(q.letters[k].many))
		}
		for k := range q.matchers {
			held += int64(4 * cap(q.matchers[k].places))
		}
		if told := p.Memory(); held > told || held < told/4 {
			t.Errorf("%+v: %d bytes are held, %d told", p, held, told)
		}
	}
}
