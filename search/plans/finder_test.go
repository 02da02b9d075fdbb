package plans

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/klauspost/compress/flate"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// deflated returns how many bytes deflate takes for a stream.
func deflated(stream []byte) int {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 6)
	w.Write(stream)
	w.Close()
	return b.Len()
}

// bestPlan returns how many bytes src takes by the best plan that is found, which plan that
// is, and how many without; the plan is nil if none saves anything.
func bestPlan(t *testing.T, level int, src []byte) (best, plain int, found *dsl.Program) {
	t.Helper()
	plain = deflated(src)
	best = plain
	for _, p := range New(level).Plans(t.Context(), src, deflated) {
		if n := plannedSize(t, src, p); n < best {
			best, found = n, p
		}
	}
	return best, plain, found
}

// plannedSize returns how many bytes src takes by the plan p.
func plannedSize(t *testing.T, src []byte, p *dsl.Program) int {
	t.Helper()
	var m plan.Machine
	streams, err := m.Split(src, p)
	if err != nil {
		t.Fatalf("%s\n%v", p, err)
	}
	return deflated(bytes.Join(streams, nil))
}

// randomBytes returns n bytes that nothing predicts.
func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// walks returns n numbers of w bytes, of channels in turn that each walk at random by up to
// step.
func walks(r *rand.Rand, n, w, channels, step int) (b []byte) {
	x := make([]int64, channels)
	for i := range n {
		k := i % channels
		x[k] += int64(r.IntN(2*step+1) - step)
		b = appendNumber(b, w, x[k])
	}
	return b
}

// bowl returns an image of 16-bit pixels: a smooth surface with noise.
func bowl(r *rand.Rand, width, height int) (b []byte) {
	for y := range height {
		for x := range width {
			b = binary.LittleEndian.AppendUint16(b, uint16(2000+x*x/30+y*y/20+x*y/40+r.IntN(6)))
		}
	}
	return b
}

// TestFindsKnownStructure looks for plans of data whose structure is known.
func TestFindsKnownStructure(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name    string
		src     []byte
		percent int // of what deflate alone takes, at most
	}{
		{"16 bits, one channel", walks(r, 12_000, 2, 1, 30), 75},
		{"16 bits, 12 channels", walks(r, 12_000, 2, 12, 30), 75},
		{"16 bits, big endian, 3 channels", walks(r, 12_000, -2, 3, 30), 75},
		{"32 bits, 5 channels", walks(r, 6_000, 4, 5, 200), 60},
		{"after 45 bytes", append(randomBytes(r, 45), walks(r, 12_000, 2, 2, 30)...), 76},
		{"an image", bowl(r, 120, 100), 45},
	} {
		for _, level := range []int{1, 6, 9} {
			t.Run(fmt.Sprintf("%s, level %d", c.name, level), func(t *testing.T) {
				t.Parallel()
				if testing.Short() && level != 6 {
					t.Skip("one level is enough")
				}
				got, plain, p := bestPlan(t, level, c.src)
				if got*100 > plain*c.percent {
					t.Errorf("%d bytes of %d, want at most %d %%, by\n%v", got, plain, c.percent, p)
				}
			})
		}
	}
}

// TestNoiseHasNoPlan looks for plans of random bytes, of every length up to 600 and a long
// one.
func TestNoiseHasNoPlan(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	noise := randomBytes(rand.New(rand.NewPCG(3, 4)), 100_000)
	for n := range 600 {
		for _, p := range New(6).Plans(t.Context(), noise[:n], func(s []byte) int { return len(s) }) {
			t.Errorf("%d random bytes have the plan\n%s", n, p)
		}
	}
	for _, p := range New(6).Plans(t.Context(), noise, deflated) {
		t.Errorf("random bytes have the plan\n%s", p)
	}
}

// TestTextIsDismissed holds that a text is not even coded to see whether it has a plan.
func TestTextIsDismissed(t *testing.T) {
	for level := minLevel; level <= maxLevel; level++ {
		calls := 0
		New(level).Plans(t.Context(), prose(100_000), func(s []byte) int { calls++; return deflated(s) })
		if calls > 0 || New(level).Promising(prose(100_000)) {
			t.Errorf("level %d codes %d streams of a text", level, calls)
		}
	}
}

// TestPlansRepeat wants the same answer to the same question, asked of one Finder by several
// goroutines at a time.
func TestPlansRepeat(t *testing.T) {
	src := samples(10_000)
	f := New(6)
	var answers [3][]*dsl.Program
	var wg sync.WaitGroup
	for k := range answers {
		wg.Go(func() { answers[k] = f.Plans(t.Context(), src, deflated) })
	}
	wg.Wait()
	first := answers[0]
	if len(first) == 0 {
		t.Fatal("no plans")
	}
	for _, again := range answers[1:] {
		if len(again) != len(first) {
			t.Fatalf("%d plans, then %d", len(first), len(again))
		}
		for i := range first {
			if first[i].String() != again[i].String() {
				t.Errorf("%s\nthen\n%s", first[i], again[i])
			}
		}
	}
}
