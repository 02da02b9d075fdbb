package programs

import (
	"bytes"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestAttempts: Best returns nothing costlier than any of its attempts finds in its share,
// and stays about within the steps.
func TestAttempts(t *testing.T) {
	skipSlow(t)
	for _, prior := range []Prior{Uniform, Adaptive} {
		f := New(&Config{Prior: prior})
		s := new(scratch)
		g := kolmogorov.NewGenerator(604)
		first, all := 0.0, 0.0
		for range sample(20, 60) {
			_, seq := g.Next()
			if len(seq) > 100 {
				continue
			}
			const steps = 4_000_000
			p, used := f.Best(seq, steps)
			b := best{uniform: prior == Uniform}
			got := b.bits(p)
			left := int64(steps)
			for k, a := range f.attempts {
				share := f.attemptShare(k, left, firstSteps*Worth(seq))
				if k > 0 && share < leastShare {
					break
				}
				found, used := s.tryAttempt(f, seq, k, share, nil)
				if left -= used; got > found.cost {
					t.Errorf("%v: %.1f bits, %q finds %.1f", seq, got, a.name, found.cost)
				}
				if k == 0 {
					first += found.cost
				}
			}
			if used != steps-left {
				t.Errorf("%v: %d steps used, %d by the attempts", seq, used, steps-left)
			}
			all += got
		}
		t.Logf("prior %d: %.0f bits, %.4f x those of the first attempt", prior, all, all/first)
	}
}

// TestAttemptShare holds that few steps are the first attempt's alone, and that the shares
// of many add up to all.
func TestAttemptShare(t *testing.T) {
	f := New(nil)
	const alone = 1000
	for _, steps := range []int64{0, 1, alone, alone + 7, 100 * alone} {
		left := steps
		for k := range f.attempts {
			share := f.attemptShare(k, left, alone)
			if k == 0 && share < min(steps, alone) {
				t.Errorf("%d steps: the first attempt gets %d", steps, share)
			}
			left -= share
		}
		if left != 0 {
			t.Errorf("%d of %d steps are nobody's", left, steps)
		}
	}
}

// TestCheapest holds that the programs of one search differ, make the sequence, cost more
// and more, and that the first is the one that Best returns, for as many steps.
func TestCheapest(t *testing.T) {
	const most, steps = 4, 200_000
	f := New(nil)
	g := kolmogorov.NewGenerator(605)
	several := 0
	for range 12 {
		_, seq := g.Next()
		p, used := f.Best(seq, steps)
		list, usedAll := f.Cheapest(seq, steps, most)
		if used != usedAll || len(list) == 0 || len(list) > most || list[0].String() != p.String() {
			t.Fatalf("%v: %d programs in %d steps, first of them\n%s\nwant %d steps and\n%s", seq, len(list), usedAll, list, used, p)
		}
		seen := map[string]bool{}
		for k, q := range list {
			var m dsl.Machine
			out := make([]byte, len(seq))
			if _, err := m.Bytes(out, q, executable); err != nil || !bytes.Equal(out, seq) {
				t.Errorf("%v: program %d makes %v, %v", seq, k, out, err)
			}
			if seen[q.String()] || k > 0 && q.InitialCost() < list[k-1].InitialCost() {
				t.Errorf("%v: program %d is one before it, or cheaper:\n%s", seq, k, q)
			}
			seen[q.String()] = true
		}
		several += len(list) - 1
	}
	if several == 0 {
		t.Error("no search returned a second program")
	}
}
