package records

import (
	"bytes"
	"context"
	"math"
	"runtime"
	"testing"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// slowFrames returns for each byte of b where its record starts, how many records began with its,
// and whether its head is over, found from the beginning.
func slowFrames(p *Frame, b []byte) (starts, counts []int, over []bool) {
	add := func(start, count int, yes bool) {
		starts, counts, over = append(starts, start), append(counts, count), append(over, yes)
	}
	for i := 0; i < min(p.First, len(b)); i++ {
		add(0, 0, false)
	}
	if p.Length == 0 && p.Head == 0 {
		for i := len(starts); i < len(b); i++ {
			add(0, 0, false)
		}
		return starts, counts, over
	}
	for start, count := p.First, 1; start < len(b); count++ {
		length := p.Length
		if length == 0 {
			length = len(b) + 1
		}
		if p.Head > 0 && start+p.Head <= len(b) {
			length = slowLength(p, b[start:start+p.Head], count-1)
		}
		for i := start; i < min(start+length, len(b)); i++ {
			add(start, count, i >= start+p.Head)
		}
		start += length
	}
	return starts, counts, over
}

// slowLength returns the length of record number i with this head.
func slowLength(p *Frame, head []byte, i int) int {
	n, length := int64(0), int64(0)
	switch x := head[p.At:]; p.Element {
	case 0:
		for _, t := range p.Types {
			if t.Byte == int(x[0]) && t.From <= i {
				length = int64(t.Length)
			}
		}
		return int(max(length, int64(p.Head)))
	case VarintElement:
		if n = int64(x[0])&127 + 1; x[0] > 127 {
			n += int64(x[1])*128 + 1
		}
	case 1, 2, 3, 4:
		for k := p.Element - 1; k >= 0; k-- {
			n = n*256 + int64(x[k])
		}
	default:
		for k := range -p.Element {
			n = n*256 + int64(x[k])
		}
	}
	for length = n*int64(p.Unit) + int64(p.Plus); length > 0 && length%int64(p.Align) != 0; length++ {
	}
	return int(min(max(length, int64(p.Head)), maxRecord))
}

// TestFramerFollowsRecords compares it with what is found from the beginning.
func TestFramerFollowsRecords(t *testing.T) {
	r := newSampler(72)
	var f framer
	for range 200 {
		p := r.frame()
		if r.chance(3) {
			p = loggedFrame
		}
		b := r.logged(r.IntN(2000))
		if r.chance(2) {
			for i := range b {
				b[i] &= 15
			}
		}
		starts, counts, over := slowFrames(&p, b)
		f.reset(&p)
		for i := range b {
			f.move(b, i)
			if f.start != starts[i] || f.count != counts[i] || (f.kind != 0) != over[i] {
				t.Fatalf("%+v: byte %d is of record %d from %d on, head over %v, want %d, %d, %v",
					p, i, f.count, f.start, f.kind != 0, counts[i], starts[i], over[i])
			}
			if k, which, ok := f.find(r.IntN(i + 1)); ok && f.starts[k.kind][which] != k.start+1 {
				t.Fatalf("%+v: record %d of kind %d does not begin at %d", p, which, k.kind, k.start)
			}
		}
	}
}

// TestLog2 compares it with the logarithm.
func TestLog2(t *testing.T) {
	last := int32(-1)
	for _, x := range []uint32{0, 1, 2, 3, 6, 7, 100, 1<<16 - 1, 1 << 20, 1 << 23} {
		got, want := log2(x), math.Log2(float64(x)+1)*(1<<logBits)
		if math.Abs(float64(got)-want) > 24 || got <= last {
			t.Errorf("the logarithm of %d and 1 is %d, want %.1f", x, got, want)
		}
		last = got
	}
}

// TestMatcherForetells follows a text that repeats.
func TestMatcherForetells(t *testing.T) {
	b := bytes.Repeat([]byte("abcdefgh"), 9)
	var m matcher
	m.reset(4)
	for i := range b {
		m.move(b, i)
		if i < 12 && m.length > 0 || i > 12 && (m.length == 0 || b[m.from] != b[i]) {
			t.Fatalf("byte %d: after %d bytes that match, %q is foretold, want %q", i, m.length, b[m.from], b[i])
		}
	}
}

// TestMemoryIsWhatItSays compares Memory with what is allocated.
func TestMemoryIsWhatItSays(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	r := newSampler(73)
	src, out := r.logged(100), make([]byte, 0, 4000)
	arith.MakeTables()
	for range 10 {
		p := r.params()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := new(Machine).Encode(context.Background(), out, src, p); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		got, want := int64(after.TotalAlloc-before.TotalAlloc), p.Memory()
		if got > want+want/20 || got < want-want/20 {
			t.Errorf("%+v: %d bytes, Memory says %d", p, got, want)
		}
	}
}
