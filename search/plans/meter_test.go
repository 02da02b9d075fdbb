package plans

import (
	"bytes"
	"context"
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
		t.Skip("one goroutine")
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
		b = appendNumber(b, 2, int64(8000*math.Sin(float64(i)/20)+float64(r.IntN(60))))
	}
	return b
}

// TestSearchesAreBounded holds searches to what they can win.
func TestSearchesAreBounded(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
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
		tr.search(ev, nil)
		// Whatever it wins, it tries a few recipes of each kind.
		const few = 10 * 4 * 32 * n
		if tr.meter.steps > tr.limit+few || tr.limit > 10*leastSteps {
			t.Errorf("%s: %d steps, limit %d", name, tr.meter.steps, tr.limit)
		}
	}
}

// TestBudgetHolds searches small and large segments of every kind: no search takes more than its
// budget and, since stages are within stages, a few pieces of work, each the price of a recipe on
// the longest sample.
func TestBudgetHolds(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	const (
		priceSteps = 3 * (writerSteps + leftSteps) // per byte, with the operations
		fewPieces  = 3
	)
	for k, draw := range []func(*rand.Rand) puzzle{channels, picture, table, packedSamples, typedRecords, framedRecords, mixture} {
		p := draw(rand.New(rand.NewPCG(uint64(k), 3)))
		for _, n := range [...]int{2 << 10, 24 << 10, len(p.data)} {
			for _, level := range [...]int{defaultLevel, maxLevel} {
				if n > 24<<10 && (n > 256<<10 || level != defaultLevel) {
					continue // takes seconds
				}
				src, m := p.data[:min(n, len(p.data))], &meter{ctx: t.Context()}
				f := New(level)
				f.search(m, src, writer(deflated))
				piece := int64(priceSteps * min(len(src), f.effort.longBytes+f.effort.windows*f.effort.windowBytes))
				if m.steps > m.budget+fewPieces*piece {
					t.Errorf("%s, %d bytes, level %d: %d steps, the budget is %d and a piece %d", p.name, len(src), level, m.steps, m.budget, piece)
				}
			}
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
		t.Skip("one goroutine")
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
