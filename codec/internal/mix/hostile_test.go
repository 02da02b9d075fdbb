package mix

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// TestHostileMembers decodes members that nobody wrote and changed ones: each becomes something
// or ends in an error of the package.
func TestHostileMembers(t *testing.T) {
	r := newSampler(11)
	var m Machine
	refused := 0
	for range 400 {
		p, s := r.samples(), signals[r.IntN(len(signals))]
		src := s.bytes(r, p, r.IntN(3000))
		member := encode(t, &m, src, p)
		switch {
		case len(member) == 0 || r.chance(3):
			member = r.random(r.IntN(4000))
		case r.chance(2):
			member = member[:r.IntN(len(member))]
		default:
			member[r.IntN(len(member))] ^= 1 << r.IntN(8)
		}
		err := m.Decode(make([]byte, len(src)), member, p)
		if err != nil && !errors.Is(err, arith.ErrCorrupt) && !errors.Is(err, arith.ErrLimit) {
			t.Fatalf("%+v: %v", p, err)
		}
		if err != nil {
			refused++
		}
	}
	if refused < 250 {
		t.Errorf("%d of 400 members were refused", refused)
	}
}

// TestMembersEndWhereTheyEnd refuses what comes after a member.
func TestMembersEndWhereTheyEnd(t *testing.T) {
	r := newSampler(12)
	p := &Samples{Width: 2, Channels: 2, Decisions: MaxDecisions, OLS: OLS{Own: 4, Other: 1, Fade: 6, Every: 8}}
	src := signals[5].bytes(r, p, 4001)
	var m Machine
	member := encode(t, &m, src, p)
	for _, c := range [][]byte{append(member[:len(member):len(member)], 0), member[:len(member)-9], nil} {
		if err := m.Decode(make([]byte, len(src)), c, p); !errors.Is(err, arith.ErrCorrupt) {
			t.Errorf("%d bytes instead of %d: %v, want arith.ErrCorrupt", len(c), len(member), err)
		}
	}
}

// TestLanesOutsideAreCorrupt refuses lanes of numbers that samples cannot be.
func TestLanesOutsideAreCorrupt(t *testing.T) {
	for _, l := range []lane{
		{0, 1, -129, 0}, {0, 1, 0, 128}, {0, 2, -65, 0}, {0, 2, 0, 64}, {128, 1, 0, 0}, {-128, 1, -1, 0},
		{0, 1 << 31, 0, 1}, {0, 1, minLevel, 0}, {0, 1, 0, maxLevel},
	} {
		var c arith.Coder
		c.Encode(nil)
		if err := l.code(&c, -128, 127); !errors.Is(err, arith.ErrCorrupt) {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

// TestParametersBeyondLimits refuses them before anything is allocated.
func TestParametersBeyondLimits(t *testing.T) {
	valid := Samples{Width: 2, Channels: 2, Decisions: MaxDecisions, Row: 8, OLS: OLS{Own: 4, Other: 1, Rings: 1, Fade: 4, Every: 8}, NLMS: []NLMS{{16, 8}}, Contexts: 1}
	if err := valid.Check(); err != nil {
		t.Fatal(err)
	}
	for i, change := range []func(p *Samples){
		func(p *Samples) { p.Width = 0 },
		func(p *Samples) { p.Width = 5 },
		func(p *Samples) { p.Width = 1 << 30 },
		func(p *Samples) { p.Kind = -1 },
		func(p *Samples) { p.Kind = 4 },
		func(p *Samples) { p.Kind, p.Width, p.Precision = Float, 3, 24 },
		func(p *Samples) { p.Kind, p.Precision = FloatIBM, 24 },
		func(p *Samples) { p.Packing = 3 },
		func(p *Samples) { p.Packing = Packed212 },
		func(p *Samples) { p.Width, p.Packing, p.BigEndian = 0, Packed212, true },
		func(p *Samples) { p.Precision = 8 },
		func(p *Samples) { p.Kind = Float },
		func(p *Samples) { p.Kind, p.Precision = Float, 25 },
		func(p *Samples) { p.Kind, p.Precision = Float, 7 },
		func(p *Samples) { p.Channels = 0 },
		func(p *Samples) { p.Channels = 257 },
		func(p *Samples) { p.Row = 7 },
		func(p *Samples) { p.Row = 2 },
		func(p *Samples) { p.Row = -2 },
		func(p *Samples) { p.Row = 1<<17 + 2 },
		func(p *Samples) { p.OLS.Own = 33 },
		func(p *Samples) { p.OLS.Own = -1 },
		func(p *Samples) { p.OLS.Other = 9 },
		func(p *Samples) { p.OLS.Rings = 5 },
		func(p *Samples) { p.Row = 0 },
		func(p *Samples) { p.OLS.Fade = 1 },
		func(p *Samples) { p.OLS.Fade = 13 },
		func(p *Samples) { p.OLS.Every = 0 },
		func(p *Samples) { p.OLS.Every = -1 },
		func(p *Samples) { p.OLS.Every = 257 },
		func(p *Samples) { p.OLS.Fade, p.OLS.Every = 12, 65 },
		func(p *Samples) { p.OLS.Own, p.OLS.Other, p.OLS.Rings = 32, 8, 4 },
		func(p *Samples) { p.OLS.Own, p.OLS.Every = 32, 1 },
		func(p *Samples) { p.OLS = OLS{Fade: 4, Every: 8} },
		func(p *Samples) { p.NLMS = make([]NLMS, 4) },
		func(p *Samples) { p.NLMS[0].Taps = 0 },
		func(p *Samples) { p.NLMS[0].Taps = 12 },
		func(p *Samples) { p.NLMS[0].Taps = 1032 },
		func(p *Samples) { p.NLMS[0].Shift = 3 },
		func(p *Samples) { p.NLMS[0].Shift = 16 },
		func(p *Samples) { p.Decisions = 0 },
		func(p *Samples) { p.Decisions = MaxDecisions + 1 },
		func(p *Samples) { p.Contexts = 1 << 6 },
		func(p *Samples) { p.Values = 1 << 8 },
	} {
		p := valid
		p.NLMS = []NLMS{{16, 8}}
		change(&p)
		var m Machine
		if _, err := m.Encode(context.Background(), nil, make([]byte, 100), &p); !errors.Is(err, arith.ErrParameters) {
			t.Errorf("change %d: %+v: %v, want arith.ErrParameters", i, p, err)
		}
		if err := m.Decode(make([]byte, 100), nil, &p); !errors.Is(err, arith.ErrParameters) {
			t.Errorf("change %d: %+v: %v, want arith.ErrParameters", i, p, err)
		}
	}
}

// TestMemoryIsWhatItSays compares Memory with what is allocated.
func TestMemoryIsWhatItSays(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	r := newSampler(13)
	for range 60 {
		p := r.samples()
		src := make([]byte, 400_000)
		out := make([]byte, 0, 2*len(src))
		arith.MakeTables()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := new(Machine).Encode(context.Background(), out, src, p); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		got, want := int64(after.TotalAlloc-before.TotalAlloc), p.Memory()
		if got > want+want/10+20000 || got < want/2 {
			t.Errorf("%+v: %d bytes, Memory says %d", p, got, want)
		}
	}
}

// TestDecisionsAreCounted ends a member that takes too many.
func TestDecisionsAreCounted(t *testing.T) {
	p := &Samples{Width: 4, Kind: Unsigned, Channels: 1, Decisions: MaxDecisions}
	var m Machine
	src := make([]byte, 40000)
	// Two values far apart take a decision per bucket between them.
	for i := 3; i < len(src); i += 4 {
		if i/4%40 == 0 {
			src[i] = 255
		}
	}
	err := m.Decode(make([]byte, 1<<20), newSampler(14).random(1<<20), p)
	if err == nil {
		t.Error("random bytes became samples")
	}
	if _, err := m.Encode(context.Background(), nil, src, p); err != nil && !errors.Is(err, arith.ErrLimit) {
		t.Error(err)
	}
}

// TestEncodeStops ends with the error of a context.
func TestEncodeStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := new(Machine).Encode(ctx, nil, make([]byte, 100000), &Samples{Width: 1, Channels: 1, Decisions: MaxDecisions})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestDecisionsOfAMember decodes with as many decisions as Machine.Decisions says, and not with
// fewer.
func TestDecisionsOfAMember(t *testing.T) {
	r := newSampler(15)
	var m Machine
	tight := 0
	for range 60 {
		p := r.samples()
		src := signals[r.IntN(len(signals))].bytes(r, p, 60000)
		member := encode(t, &m, src, p)
		if member == nil {
			continue
		}
		p.Decisions = m.Decisions()
		if err := m.Decode(make([]byte, len(src)), member, p); err != nil || m.Decisions() > p.Decisions {
			t.Fatalf("%+v: %v; then %d decisions", p, err, m.Decisions())
		}
		if p.Decisions--; p.Decisions > 0 {
			tight++
			if err := m.Decode(make([]byte, len(src)), member, p); !errors.Is(err, arith.ErrLimit) {
				t.Fatalf("%+v: %v, want arith.ErrLimit", p, err)
			}
		}
	}
	if tight < 20 {
		t.Errorf("%d members take decisions that are not free", tight)
	}
}
