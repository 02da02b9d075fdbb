package plans

import (
	"math/rand/v2"
	"testing"
)

// joinable are kinds of data that files may be joined from.
func joinable() []func(*rand.Rand) []byte {
	var list []func(*rand.Rand) []byte
	for _, draw := range []func(*rand.Rand) puzzle{channels, picture, table, typedRecords, framedRecords, decimals, packedSamples, fitRecords} {
		list = append(list, func(r *rand.Rand) []byte { return draw(r).data })
	}
	for _, draw := range []func(*rand.Rand) textPuzzle{logs, nmea, metrics, variants, canLog} {
		list = append(list, func(r *rand.Rand) []byte { return draw(r).data })
	}
	return append(list,
		func(r *rand.Rand) []byte { return prose(40_000 + r.IntN(100_000)) },
		func(r *rand.Rand) []byte {
			list := machines()
			return program(r, &list[r.IntN(len(list))]).data
		})
}

// TestJoinedFilesTakeWhatTheirPartsDo joins 2 to 5 files of different kinds, without heads. It wants 60 % of the joins
// to take at most 3 % more than their parts alone.
func TestJoinedFilesTakeWhatTheirPartsDo(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	const (
		level        = 6
		mostBytes    = 250_000 // of a file
		segmentBytes = 30      // that a segment takes beside its streams
	)
	kinds, n := joinable(), 2
	if *full {
		n = 40
	}
	found := 0
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 2028))
		var src []byte
		apart := 0
		var starts []int
		for _, k := range r.Perm(len(kinds))[:2+r.IntN(4)] {
			b := kinds[k](r)
			b = b[:min(len(b), mostBytes)]
			size, _, _ := bestPlan(t, level, b)
			apart += size
			starts = append(starts, len(src))
			src = append(src, b...)
		}
		joined, from := 0, 0
		ends := segmentEnds(New(level), src)
		for _, end := range ends {
			size, _, _ := bestPlan(t, level, src[from:end])
			joined += size + segmentBytes
			from = end
		}
		if joined*100 <= apart*103 {
			found++
		} else {
			t.Logf("files that start at %d take %d bytes, %d alone; segments end at %d", starts, joined, apart, ends)
		}
	}
	t.Logf("within 3 %%: %d of %d", found, n)
	if *full && found*10 < n*6 {
		t.Errorf("within 3 %%: %d of %d, want 60 %%", found, n)
	}
}
