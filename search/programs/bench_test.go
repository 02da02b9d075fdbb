package programs

import (
	"testing"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// BenchmarkFind measures Find on a block of 128 elements.
func BenchmarkFind(b *testing.B) {
	all := blocks(readData(b, "synthetic.bin"), 128)
	for _, level := range []int{1, 6, 9} {
		b.Run(string(rune('0'+level)), func(b *testing.B) {
			e := New(&Config{Level: level})
			k, steps := 0, int64(0)
			for b.Loop() {
				_, used := findOne(e, all[k%len(all)], 1<<20, 1<<40)
				steps += used
				k++
			}
			b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
		})
	}
}

// BenchmarkPromising measures the test that spares Find most blocks.
func BenchmarkPromising(b *testing.B) {
	all := blocks(readData(b, "audio_16bit.bin"), 128)
	e := New(nil)
	k := 0
	for b.Loop() {
		e.Promising(all[k%len(all)])
		k++
	}
}

// BenchmarkBest measures Best on a generated sequence, with 500,000 steps under the
// uniform prior.
func BenchmarkBest(b *testing.B) {
	g, e := kolmogorov.NewGenerator(35), New(&Config{Prior: Uniform})
	var sequences [][]byte
	for range 100 {
		_, v := g.Next()
		sequences = append(sequences, v)
	}
	k := 0
	for b.Loop() {
		e.Best(sequences[k%len(sequences)], 500_000)
		k++
	}
}
