package records

import (
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// encode returns the member of src.
func encode(t *testing.T, m *Machine, src []byte, p *Params) []byte {
	t.Helper()
	before := bytes.Clone(src)
	member, err := m.Encode(context.Background(), nil, src, p)
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	if !bytes.Equal(src, before) {
		t.Fatalf("%+v: encoding changed what it coded", p)
	}
	return member
}

// want codes src in both directions, and returns its member.
func want(t *testing.T, m *Machine, src []byte, p *Params) []byte {
	t.Helper()
	member := encode(t, m, src, p)
	got := make([]byte, len(src))
	if err := m.Decode(got, member, p); err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	if !bytes.Equal(got, src) {
		t.Fatalf("%+v: %d bytes became others", p, len(src))
	}
	return member
}

// TestDecodeInvertsEncode codes what fits its frame and what does not.
func TestDecodeInvertsEncode(t *testing.T) {
	r := newSampler(61)
	var m Machine
	for range 60 {
		p := r.params()
		src := r.logged(r.IntN(3000))
		switch r.IntN(4) {
		case 0:
			src = r.random(r.IntN(2000))
		case 1:
			p.Frame = loggedFrame
		case 2:
			src = bytes.Repeat(src[:min(len(src), 40)], 30)
		}
		want(t, &m, src, p)
	}
	for n := range 5 {
		want(t, &m, r.random(n), r.params())
	}
}

// TestRecordsPay holds what records take, in bytes: by what their frame says, and without.
func TestRecordsPay(t *testing.T) {
	src := newSampler(62).logged(60_000)
	var m Machine
	for _, c := range []struct {
		name string
		p    Params
		most int
	}{
		{"all", Params{Frame: loggedFrame, Contexts: 0x1440f, Experts: 31, Buckets: 16, Match: 4}, 7100},
		{"without experts", Params{Frame: loggedFrame, Contexts: 0x1440f, Buckets: 16, Match: 4}, 7900},
		{"without contexts", Params{Frame: loggedFrame, Experts: 31, Buckets: 10, Match: 4}, 8100},
		{"without matches", Params{Frame: loggedFrame, Contexts: 0x1440f, Experts: 31, Buckets: 16}, 7100},
		{"without a frame", Params{Contexts: 0x7c0000, Buckets: 16, Match: 4}, 28500},
	} {
		if n := len(want(t, &m, src, &c.p)); n > c.most {
			t.Errorf("%s: %d bytes, want at most %d", c.name, n, c.most)
		}
	}
}

// TestMembersAreTheSameEverywhere compares members made with vector instructions and without them
// with those of the first version of the format.
func TestMembersAreTheSameEverywhere(t *testing.T) {
	defer func(had bool) { arith.HasAVX2 = had }(arith.HasAVX2)
	var m Machine
	for _, with := range []bool{false, arith.HasAVX2} {
		arith.HasAVX2 = with
		r, sum := newSampler(63), uint32(0)
		for range 12 {
			p := r.params()
			sum = crc32.Update(sum, crc32.IEEETable, encode(t, &m, r.logged(2000), p))
			p.Frame = loggedFrame
			sum = crc32.Update(sum, crc32.IEEETable, encode(t, &m, r.logged(2000), p))
		}
		if want := uint32(0x44f42cf8); sum != want {
			t.Errorf("AVX2 %v: members have the checksum %#x, want %#x", with, sum, want)
		}
	}
}

// TestHostileMembers decodes members that nobody wrote and changed ones: each becomes something or
// ends in an error of the package.
func TestHostileMembers(t *testing.T) {
	r := newSampler(64)
	var m Machine
	refused := 0
	for range 60 {
		p := r.params()
		src := r.logged(r.IntN(3000))
		member := encode(t, &m, src, p)
		switch {
		case len(member) == 0 || r.chance(3):
			member = r.random(r.IntN(4000))
		case r.chance(2):
			member = member[:r.IntN(len(member))]
		default:
			member[r.IntN(len(member))] ^= 1 << r.IntN(8)
		}
		switch err := m.Decode(make([]byte, len(src)), member, p); {
		case errors.Is(err, arith.ErrCorrupt):
			refused++
		case err != nil:
			t.Fatalf("%+v: %v", p, err)
		}
	}
	if refused < 30 {
		t.Errorf("%d of 60 members were refused", refused)
	}
	p := &Params{Contexts: 1, Buckets: leastBuckets}
	src := r.logged(1000)
	member := encode(t, &m, src, p)
	for _, c := range [][]byte{append(slices.Clip(member), 0), member[:len(member)-9]} {
		if err := m.Decode(make([]byte, len(src)), c, p); !errors.Is(err, arith.ErrCorrupt) {
			t.Errorf("%d bytes instead of %d: %v, want arith.ErrCorrupt", len(c), len(member), err)
		}
	}
}

// TestParametersBeyondLimits refuses parameters before anything is allocated.
func TestParametersBeyondLimits(t *testing.T) {
	heads := func(change func(f *Frame)) func(p *Params) {
		return func(p *Params) {
			p.Frame = Frame{Head: 8, At: 2, Element: 2, Unit: 1, Align: 1, Keys: []int{0}}
			change(&p.Frame)
		}
	}
	types := func(list ...Type) func(p *Params) {
		return heads(func(f *Frame) { f.Element, f.Types = 0, list })
	}
	var m Machine
	for i, change := range []func(p *Params){
		func(p *Params) { p.Contexts, p.Experts = 0, 0 },
		func(p *Params) { p.Contexts = 1 << len(rows) },
		func(p *Params) { p.Experts = 1 << experts },
		func(p *Params) { p.Buckets = leastBuckets - 1 },
		func(p *Params) { p.Buckets = maxBuckets + 1 },
		func(p *Params) { p.Match = 1 },
		func(p *Params) { p.Match = maxMatch + 1 },
		func(p *Params) { p.Match = -1 },
		func(p *Params) { p.Frame.First = -1 },
		func(p *Params) { p.Frame.Length = -1 },
		func(p *Params) { p.Frame.Length = maxRecord + 1 },
		func(p *Params) { p.Frame.Keys = []int{0} },
		func(p *Params) { p.Frame.Plus = 1 },
		heads(func(f *Frame) { f.Length = 3 }),
		heads(func(f *Frame) { f.Head = -1 }),
		heads(func(f *Frame) { f.Head = maxHead + 1 }),
		heads(func(f *Frame) { f.At = 7 }),
		heads(func(f *Frame) { f.At = -1 }),
		heads(func(f *Frame) { f.Element = 5 }),
		heads(func(f *Frame) { f.Element = -5 }),
		heads(func(f *Frame) { f.Element, f.At = VarintElement, 7 }),
		heads(func(f *Frame) { f.Unit = 0 }),
		heads(func(f *Frame) { f.Unit = maxUnit + 1 }),
		heads(func(f *Frame) { f.Align = 0 }),
		heads(func(f *Frame) { f.Plus = maxUnit + 1 }),
		heads(func(f *Frame) { f.Keys = []int{8} }),
		heads(func(f *Frame) { f.Keys = make([]int, maxKeys+1) }),
		heads(func(f *Frame) { f.Types = []Type{{0, 8, 0}} }),
		types(),
		types(make([]Type, maxTypes+1)...),
		types(Type{256, 8, 0}),
		types(Type{0, 7, 0}),
		types(Type{0, maxRecord + 1, 0}),
		types(Type{0, 8, -1}),
		types(Type{0, 8, 2}, Type{0, 8, 1}),
	} {
		p := &Params{Contexts: 1, Experts: 1, Buckets: 10}
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		change(p)
		if err := p.Check(); !errors.Is(err, arith.ErrParameters) {
			t.Errorf("case %d, %+v: %v, want arith.ErrParameters", i, p, err)
		}
		if _, err := m.Encode(context.Background(), nil, nil, p); !errors.Is(err, arith.ErrParameters) || m.columns != nil {
			t.Errorf("case %d: encoding: %v, want arith.ErrParameters", i, err)
		}
	}
}

// TestSteadyState allocates nothing once a machine has its arrays.
func TestSteadyState(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	src := newSampler(65).logged(5000)
	p := &Params{Frame: loggedFrame, Contexts: 0x1440f, Experts: 31, Buckets: 12, Match: 4}
	var m Machine
	member := encode(t, &m, src, p)
	out, dst := make([]byte, 0, 2*len(src)), make([]byte, len(src))
	if n := testing.AllocsPerRun(3, func() {
		if _, err := m.Encode(context.Background(), out, src, p); err != nil {
			t.Fatal(err)
		}
		if err := m.Decode(dst, member, p); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
