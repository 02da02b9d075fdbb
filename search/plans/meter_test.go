package plans

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
)

// prose returns n bytes that are like text.
func prose(n int) []byte {
	r := rand.New(rand.NewPCG(1, 1))
	var words [][]byte
	for range 400 {
		word := make([]byte, 2+r.IntN(8))
		for i := range word {
			word[i] = byte('a' + r.IntN(26)*r.IntN(26)/26)
		}
		words = append(words, append(word, ' '))
	}
	var b []byte
	for len(b) < n {
		b = append(b, words[r.IntN(len(words))*r.IntN(len(words))/len(words)]...)
	}
	return b[:n]
}

// TestConstantsAreCheap holds the search for plans of data that is constant, or becomes
// text, to 10 times the steps of coding a text of that size once.
func TestConstantsAreCheap(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	for _, n := range [...]int{4 << 10, 1 << 20} {
		for name, src := range map[string][]byte{
			"0x00":     make([]byte, n),
			"0xFF":     bytes.Repeat([]byte{0xff}, n),
			"half":     append(make([]byte, n/2), prose(n/2)...),
			"a tenth":  append(make([]byte, n/10), prose(n-n/10)...),
			"the most": append(make([]byte, n-n/10), prose(n/10)...),
		} {
			for level := 1; level <= 9; level++ {
				m := &meter{ctx: t.Context()}
				newTrial(&efforts[level], src, writer(deflated), m).find()
				if m.steps > 10*writerSteps*int64(max(n, 64<<10)) {
					t.Errorf("%s, %d bytes, level %d: %d steps", name, n, level, m.steps)
				}
			}
		}
	}
}

// samples returns n 16-bit samples of a wave with some noise.
func samples(n int) (b []byte) {
	r := rand.New(rand.NewPCG(2, 2))
	for i := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16(8000*math.Sin(float64(i)/20)+float64(r.IntN(60))))
	}
	return b
}

// TestSearchesAreBounded holds searches to what they can win.
func TestSearchesAreBounded(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	const n = 100_000
	ramp := make([]byte, n)
	for i := range ramp {
		ramp[i] = byte(i)
	}
	for name, src := range map[string][]byte{
		"pairs": bytes.Repeat([]byte{0, 1}, n/2),
		"ramp":  ramp,
	} {
		tr := newTrial(&efforts[9], src, writer(deflated), &meter{ctx: t.Context()})
		ev := gather(src, tr.effort)
		if ev == nil {
			t.Fatalf("%s: no evidence", name)
		}
		tr.search(ev)
		// Whatever it wins, it tries a few recipes of each kind.
		const sure = 10 * 4 * 32 * n
		if tr.meter.steps > tr.limit+sure || tr.limit > 10*leastSteps {
			t.Errorf("%s: %d steps, limit %d", name, tr.meter.steps, tr.limit)
		}
	}
}

// A watched context is done from its look number last on. It notes the steps that its meter
// takes from one look to the next, and after the last.
type watched struct {
	context.Context
	m                *meter
	looks, last      int
	at, apart, after int64
}

func (w *watched) Err() error {
	took := w.m.steps - w.at
	w.at = w.m.steps
	if w.looks++; w.looks > w.last {
		w.after += took
		return context.Canceled
	}
	w.apart = max(w.apart, took)
	return nil
}

// TestSearchStops ends searches at many places: they look at the context often, and do
// nothing more once it is done.
func TestSearchStops(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	const often = 20_000_000 // steps
	src := append(prose(64<<10), samples(64<<10)...)
	stop := func(last int) *watched {
		m := &meter{}
		w := &watched{Context: t.Context(), m: m, last: last}
		m.ctx = w
		newTrial(&efforts[9], src, writer(deflated), m).find()
		w.Err()
		return w
	}
	all := stop(math.MaxInt)
	t.Logf("%d looks, at most %d steps apart", all.looks, all.apart)
	if all.apart > often {
		t.Errorf("%d steps without a look", all.apart)
	}
	for last := 1; last < all.looks; last = last*5 + 1 {
		if w := stop(last); w.after > often {
			t.Errorf("stopped at look %d: %d steps more", last, w.after)
		}
	}
}

// TestRoughly compares roughly with the loop that compares every string byte by byte.
func TestRoughly(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		b := make([]byte, r.IntN(3000))
		for i := range b {
			switch x := r.IntN(40); {
			case i < 4 || x == 0:
				b[i] = byte(r.Uint32())
			case x < 30:
				b[i] = b[i-1]
			default:
				b[i] = b[i-4]
			}
		}
		if got, want := estimate(b), slowly(b); got != want {
			t.Errorf("%d bytes: %d, want %d", len(b), got, want)
		}
	}
	var c match
	zeros := make([]byte, 100_000)
	for i := 1; i < len(zeros); i++ {
		c.length(zeros, i-1, i)
	}
	if c.compared > 100_000 {
		t.Errorf("%d bytes compared", c.compared)
	}
}

// slowly is roughly.
func slowly(stream []byte) int {
	var table [1 << 12]int32
	bits := 0.0
	half := len(stream)/2 + 1
	for i := 0; i < len(stream); {
		end := min(len(stream), (i/half+1)*half)
		var count [256]int
		for _, c := range stream[i:end] {
			count[c]++
		}
		each := entropy(&count, end-i) / float64(end-i)
		count = [256]int{}
		n := 0
		for i < end {
			if i+4 <= len(stream) {
				u := binary.LittleEndian.Uint32(stream[i:])
				h := u * 0x9E3779B1 >> (32 - 12)
				at := int(table[h]) - 1
				table[h] = int32(i + 1)
				if at >= 0 && binary.LittleEndian.Uint32(stream[at:]) == u {
					k := 4
					for i+k < len(stream) && stream[at+k] == stream[i+k] {
						k++
					}
					if cost := 20 + math.Log2(float64(1+k/8)); cost < each*float64(k) {
						i += k
						bits += cost
						continue
					}
				}
			}
			count[stream[i]]++
			n++
			i++
		}
		bits += entropy(&count, n)
	}
	return int(bits / 8)
}
