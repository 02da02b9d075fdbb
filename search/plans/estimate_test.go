package plans

import (
	"math/rand/v2"
	"testing"
)

// TestEstimateIsNearDeflate compares estimates of short streams with what deflate takes.
func TestEstimateIsNearDeflate(t *testing.T) {
	const size = glimpse
	r := rand.New(rand.NewPCG(4, 4))
	for name, stream := range map[string][]byte{
		"random bytes": randomBytes(r, size),
		"a text":       prose(size),
		"samples":      samples(size / 2),
		"walks":        walks(r, size, 1, 3, 2),
		"zeros":        make([]byte, size),
	} {
		got, want := estimate(stream), deflated(stream)
		if got*100 < want*75-2000 || got*100 > want*125+2000 {
			t.Errorf("%s: %d bytes, deflate takes %d, want 25 %% and 20 bytes around it", name, got, want)
		}
	}
}

// TestMatchLengths compares the lengths of matches with those of comparing byte by byte.
func TestMatchLengths(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		b := make([]byte, 1+r.IntN(300))
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
		var m match
		distance := 1
		for i := distance; i < len(b); i++ {
			if r.IntN(8) == 0 {
				distance = 1 + r.IntN(min(i, 5))
			}
			want := 0
			for i+want < len(b) && b[i+want-distance] == b[i+want] {
				want++
			}
			if got := m.length(b, i-distance, i); got != want {
				t.Fatalf("at %d of %d bytes, distance %d: %d, want %d", i, len(b), distance, got, want)
			}
		}
	}
}

// TestMatchesAreComparedOnce holds that the matches of a stream of one byte take as many
// comparisons as it has bytes.
func TestMatchesAreComparedOnce(t *testing.T) {
	var m match
	zeros := make([]byte, 100_000)
	for i := 1; i < len(zeros); i++ {
		m.length(zeros, i-1, i)
	}
	if m.compared > len(zeros) {
		t.Errorf("%d bytes compared of %d", m.compared, len(zeros))
	}
}
