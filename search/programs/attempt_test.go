package programs

import (
	"testing"

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
				found, used := s.tryAttempt(f, seq, k, share)
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
