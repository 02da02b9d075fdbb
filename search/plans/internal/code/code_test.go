package code

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// noCode are data without machine code.
func noCode(r *rand.Rand) map[string][]byte {
	noise, samples, sparse := make([]byte, 200_000), []byte{}, make([]byte, 200_000)
	x := 0
	for i := range noise {
		noise[i] = byte(r.Uint32())
		if x += r.IntN(400) - 200; i%2 == 0 {
			samples = append(samples, byte(x), byte(x>>8))
		}
		if r.IntN(9) == 0 {
			sparse[i] = []byte{0xe8, 0xeb, 0xf0, 0xf8, 0x25, 0xef, 0x94, 0x48}[r.IntN(8)]
		}
	}
	var offsets []byte // a table of addresses
	for i := range 50_000 {
		offsets = append(offsets, byte(i*24), byte(i*24>>8), byte(i*24>>16), 0xe8)
	}
	return map[string][]byte{
		"nothing": nil, "a byte": {0xe8}, "zeros": make([]byte, 100_000), "text": []byte(strings.Repeat("The quick brown fox eats 25 eggs. ", 5000)),
		"noise": noise, "samples": samples, "few bytes": sparse, "offsets": offsets,
		"one call again and again": []byte(strings.Repeat("\xe8\x10\x00\x00\x00", 30_000)),
	}
}

// TestSurveyDismisses wants no code where there is none.
func TestSurveyDismisses(t *testing.T) {
	for name, src := range noCode(rand.New(rand.NewPCG(1, 2))) {
		for n := range 5 {
			if k := Survey(src[min(n, len(src)):]); k.Architecture != 0 {
				t.Errorf("%s: %+v", name, k)
			}
		}
	}
}

// calls is x86 code: calls of a few functions, between bytes that do something.
func calls(r *rand.Rand, size int) []byte {
	var b []byte
	for len(b) < size {
		for range 3 + r.IntN(20) {
			b = append(b, byte(r.IntN(0x80)))
		}
		target := uint32(r.IntN(40)*512) - uint32(len(b)+5)
		b = append(b, 0xe8, byte(target), byte(target>>8), byte(target>>16), byte(target>>24))
	}
	return b[:size]
}

// TestStretchesFindsCode wants code between other data to be found, but for a unit at its ends.
func TestStretchesFindsCode(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	noise := noCode(r)["noise"]
	for _, want := range [][]Stretch{{{0, 90_000}}, {{50_000, 120_000}}, {{0, 60_000}, {110_000, 200_000}}, {{80_000, 200_000}}} {
		src := slices.Clone(noise)
		for _, s := range want {
			copy(src[s.From:s.To], calls(r, s.To-s.From))
		}
		k := Survey(src)
		got := Stretches(src, k)
		if k.Architecture != 1 || !slices.EqualFunc(got, want, func(a, b Stretch) bool {
			return max(a.From-b.From, b.From-a.From) <= 2*unit && max(a.To-b.To, b.To-a.To) <= 2*unit
		}) {
			t.Errorf("found %v of %+v, want %v of x86", got, k, want)
		}
	}
}

// TestManyStretchesAreOne wants no more than maxStretches of them.
func TestManyStretchesAreOne(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	src := slices.Repeat(noCode(r)["noise"], 4)
	for from := 0; from+60_000 < len(src); from += 100_000 {
		copy(src[from:from+60_000], calls(r, 60_000))
	}
	if got := Stretches(src, Code{Architecture: 1}); len(got) != 1 || got[0].To-got[0].From < len(src)*4/5 {
		t.Errorf("found %v of %d bytes", got, len(src))
	}
}

// TestInsideIsBest compares with every choice of units.
func TestInsideIsBest(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	value := func(code []bool, gains []int) (sum int) {
		last := false
		for u, in := range code {
			if in != last {
				sum -= changeRepeats
			}
			if last = in; in {
				sum += gains[u] - unit/repeatShare
			}
		}
		return sum
	}
	for range 200 {
		gains := make([]int, 1+r.IntN(9))
		for u := range gains {
			gains[u] = r.IntN(120) - 40
		}
		best := 0
		code := make([]bool, len(gains))
		for set := range 1 << len(gains) {
			for u := range code {
				code[u] = set>>u&1 == 1
			}
			best = max(best, value(code, gains))
		}
		if got := value(inside(gains), gains); got != best {
			t.Errorf("%v: %v is worth %d, want %d", gains, inside(gains), got, best)
		}
	}
}

// BenchmarkSurvey is of noise, which takes as long as code.
func BenchmarkSurvey(b *testing.B) {
	src := noCode(rand.New(rand.NewPCG(1, 2)))["noise"]
	for b.Loop() {
		Survey(src)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(kinds)*surveyParts*surveyBytes), "ns/byte")
}
