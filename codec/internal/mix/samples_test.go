package mix

import (
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"testing"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// encode returns the member of src, nil if it takes too many decisions.
func encode(t *testing.T, m *Machine, src []byte, p *Samples) []byte {
	t.Helper()
	member, err := m.Encode(context.Background(), []byte{}, src, p)
	if errors.Is(err, arith.ErrLimit) {
		return nil
	}
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	return member
}

// wantInverse encodes src and decodes that.
func wantInverse(t *testing.T, m *Machine, src []byte, p *Samples) []byte {
	t.Helper()
	member := encode(t, m, src, p)
	if member == nil {
		return nil
	}
	got := make([]byte, len(src))
	if err := m.Decode(got, member, p); err != nil {
		t.Fatalf("%+v, %d bytes: %v", p, len(src), err)
	}
	if !bytes.Equal(got, src) {
		t.Fatalf("%+v, %d bytes: restored to others", p, len(src))
	}
	return member
}

// TestDecodeInvertsEncode draws parameters and signals. One Machine codes them all: it must not
// remember what came before.
func TestDecodeInvertsEncode(t *testing.T) {
	r := newSampler(1)
	var m Machine
	coded := 0
	for range 300 {
		p, s := r.samples(), signals[r.IntN(len(signals))]
		src := s.bytes(r, p, r.IntN([]int{10, 3000, 20000}[r.IntN(3)]))
		if r.chance(6) {
			src = r.random(len(src))
		}
		member := wantInverse(t, &m, src, p)
		if member != nil {
			coded++
		}
		if again := encode(t, new(Machine), src, p); !bytes.Equal(again, member) {
			t.Fatalf("%+v: a new machine makes another member", p)
		}
	}
	if coded < 290 {
		t.Errorf("%d of 300 were coded, the others take too many decisions", coded)
	}
}

// TestShortInputs codes what is less than a few frames, with each kind.
func TestShortInputs(t *testing.T) {
	r := newSampler(2)
	var m Machine
	for range 200 {
		p := r.samples()
		for size := range 9 {
			if member := wantInverse(t, &m, r.random(size), p); size == 0 && len(member) > 0 {
				t.Errorf("nothing takes %d bytes", len(member))
			}
		}
	}
}

// TestNumbers compares bytes with the numbers that they stand for.
func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		p    Samples
		b    string
		want []int64
	}{
		{Samples{Width: 1, Kind: Signed}, "\x00\x7f\x80\xff", []int64{0, 127, -128, -1}},
		{Samples{Width: 1, Kind: Unsigned}, "\x00\x7f\x80\xff", []int64{0, 127, 128, 255}},
		{Samples{Width: 2, Kind: Signed}, "\x01\x80\xfe\xff", []int64{-32767, -2}},
		{Samples{Width: 2, Kind: Signed, BigEndian: true}, "\x01\x80\xfe\xff", []int64{0x180, -257}},
		{Samples{Width: 3, Kind: Signed}, "\x01\x00\x80\xff\xff\x7f", []int64{-1<<23 + 1, 1<<23 - 1}},
		{Samples{Width: 3, Kind: Unsigned, BigEndian: true}, "\x01\x00\x80", []int64{0x010080}},
		{Samples{Width: 4, Kind: Unsigned}, "\xff\xff\xff\xff", []int64{1<<32 - 1}},
		{Samples{Width: 4, Kind: Float, Precision: 24}, "\x00\x00\x80\xbf", []int64{int64(-0x40800000)}},
		{Samples{Packing: Packed212, Kind: Unsigned}, "\x34\x52\x67", []int64{0x234, 0x567}},
		{Samples{Packing: Packed212, Kind: Signed}, "\x34\x8f\x67", []int64{0xf34 - 4096, 0x867 - 4096}},
		{Samples{Packing: PackedRun, Kind: Unsigned}, "\x34\x52\x67", []int64{0x234, 0x675}},
		{Samples{Packing: PackedRun, Kind: Unsigned, BigEndian: true}, "\x34\x52\x67", []int64{0x345, 0x267}},
	} {
		got := make([]int64, c.p.countOf(len(c.b)))
		c.p.load(got, []byte(c.b))
		for i, v := range got {
			if len(got) != len(c.want) || v != c.want[i] {
				t.Errorf("%+v: %x are %d, want %d", c.p, c.b, got, c.want)
				break
			}
		}
		back := make([]byte, len(c.b))
		c.p.store(back, got)
		if string(back) != c.b {
			t.Errorf("%+v: %x became %x", c.p, c.b, back)
		}
	}
}

// TestMembersAreTheSameEverywhere compares members with those that any machine makes, with
// vector instructions and without.
func TestMembersAreTheSameEverywhere(t *testing.T) {
	defer func(had bool) { arith.HasAVX2 = had }(arith.HasAVX2)
	const want = 0x5c5cbf60
	for _, with := range []bool{false, arith.HasAVX2} {
		arith.HasAVX2 = with
		sum := uint32(0)
		r := newSampler(3)
		var m Machine
		for range 150 {
			p := r.samples()
			// Whole numbers, as sines are not the same on every machine.
			src := r.random(r.IntN(6000))
			for k := range src {
				src[k] = byte(int(src[k])*k>>8) + byte(k/50)
			}
			sum = crc32.Update(sum, crc32.IEEETable, encode(t, &m, src, p))
		}
		if sum != want {
			t.Errorf("members have the checksum %#x, want %#x; vector instructions: %v", sum, want, with)
		}
	}
}

// TestPredictionPays holds what simple signals take, in bytes.
func TestPredictionPays(t *testing.T) {
	speech := Samples{Width: 2, Channels: 1, Decisions: MaxDecisions, OLS: OLS{Own: 16, Fade: 4, Every: 8}, NLMS: []NLMS{{16, 8}}, Contexts: 7}
	three := Samples{Width: 2, Channels: 3, Decisions: MaxDecisions, OLS: OLS{Own: 2, Other: 1, Fade: 8, Every: 16}}
	image := Samples{Width: 1, Channels: 1, Decisions: MaxDecisions, Row: 64, OLS: OLS{Own: 2, Rings: 2, Fade: 7, Every: 8}, Contexts: 19}
	float := Samples{Width: 4, Kind: Float, Precision: 24, Channels: 1, Decisions: MaxDecisions, OLS: OLS{Own: 16, Fade: 6, Every: 8}}
	var m Machine
	for _, c := range []struct {
		signal string
		p      Samples
		most   int // of 20000 bytes
	}{
		{"zeros", speech, 12}, {"constant", image, 12}, {"sine", speech, 1650}, {"speech", speech, 12400},
		{"channels", three, 7100}, {"image", image, 7250}, {"sine", float, 9000},
	} {
		for _, s := range signals {
			if s.name != c.signal {
				continue
			}
			src := s.bytes(newSampler(4), &c.p, 20000)
			if n := len(wantInverse(t, &m, src, &c.p)); n > c.most {
				t.Errorf("%s takes %d bytes, want at most %d", s.name, n, c.most)
			}
		}
	}
}

// TestSteadyStateAllocatesNothing holds a Machine to its arrays.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	r := newSampler(5)
	for range 10 {
		p := r.samples()
		src := signals[5].bytes(r, p, 5000)
		var m Machine
		member := wantInverse(t, &m, src, p)
		dst, out := make([]byte, len(src)), make([]byte, 0, 2*len(src)+100)
		ctx := context.Background()
		n := testing.AllocsPerRun(3, func() {
			if _, err := m.Encode(ctx, out, src, p); err != nil {
				t.Fatal(err)
			}
			if err := m.Decode(dst, member, p); err != nil {
				t.Fatal(err)
			}
		})
		if n > 0 && !raceEnabled {
			t.Errorf("%+v: %v allocations", p, n)
		}
	}
}
