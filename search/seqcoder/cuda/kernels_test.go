//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// TestKernels compares each kernel with its definition in float64.
func TestKernels(t *testing.T) {
	if raceEnabled {
		t.Skip("the kernels run in C")
	}
	onDevices(t, 3, func(t *testing.T, dev *Device) {
		for name, f := range map[string]func(b *rig){
			"linear": testLinear, "norm": testNorm, "embed": testEmbed, "attend": testAttend, "best": testBest,
		} {
			t.Run(name, func(t *testing.T) { f(&rig{t, dev, rand.New(rand.NewPCG(5, 6))}) })
		}
	})
}

// testNorm norms all rows in order, and picked ones.
func testNorm(b *rig) {
	const rows, c = 7, 96
	x, gain, bias := b.numbers(20*c), b.numbers(c), b.numbers(c)
	pick := []int32{3, 19, 0, 1, 2, 5, 5}
	batch := b.batch(&model.Batch{Place: make([]int32, rows), Last: pick})
	for _, picked := range []bool{false, true} {
		which := model.AllRows
		if picked {
			which = model.LastRows
		}
		y := b.memory(rows * c / 2)
		b.launch("norm", [2]int{20, 1}, 128, put(b, x).addr, batch, put(b, gain).addr, put(b, bias).addr, y.addr, int32(which), int32(c))
		var want []float64
		for r := range rows {
			from := r
			if picked {
				from = int(pick[r])
			}
			row := x[from*c:][:c]
			mean, variance := 0.0, 0.0
			for _, v := range row {
				mean += float64(v) / c
			}
			for _, v := range row {
				variance += (float64(v) - mean) * (float64(v) - mean) / c
			}
			for k, v := range row {
				want = append(want, (float64(v)-mean)/math.Sqrt(variance+1e-5)*float64(gain[k])+float64(bias[k]))
			}
		}
		b.close("norm", unpaired(get[uint32](b, y, rows*c/2)), want, 1e-2)
	}
}

// testEmbed adds up rows of a table, some of which are missing.
func testEmbed(b *rig) {
	const rows, j, c, table = 9, 3, 160, 50
	x := b.numbers(table * c)
	var index []int32
	want := make([]float64, rows*c)
	for r := range rows {
		for range j {
			at := b.r.IntN(table+1) - 1
			if index = append(index, int32(at)); at >= 0 {
				for k := range c {
					want[r*c+k] += float64(x[at*c+k])
				}
			}
		}
	}
	y := b.memory(rows * c)
	batch := b.batch(&model.Batch{Index: index, Place: make([]int32, rows)})
	b.launch("embed", [2]int{blocksOfWarps(20), 1}, 128, put(b, x).addr, batch, y.addr, int32(j), int32(c))
	b.close("embed", get[float32](b, y, rows*c), want, 1e-6)
}

// testBest compares the choice with sorting: rows with equal logits, few allowed tokens, none.
func testBest(b *rig) {
	const rows, n, words, k = 5, 475, 15, 12
	logits := b.numbers(rows * n)
	for i := range logits {
		logits[i] = float32(math.Round(float64(logits[i])*40)) / 8 // some are equal
	}
	mask := make([]uint32, rows*words)
	for r := range rows {
		for i := range n {
			if r < 3 && b.r.IntN(3) > 0 || r == 3 && i%100 == 7 {
				mask[r*words+i/32] |= 1 << (i % 32) // none of the last row
			}
		}
	}
	batch, results := b.batch(&model.Batch{Last: make([]int32, rows), Allowed: mask, K: k}), b.memory(rows*(2*k+1))
	b.launch("best", [2]int{blocksOfWarps(16), 1}, 128, put(b, logits).addr, batch, results.addr, int32(n), int32(words))
	gotIDs, floats := get[int32](b, results, rows*k), get[float32](b, results, rows*(2*k+1))
	gotScores, gotTotals := floats[rows*k:][:rows*k], floats[2*rows*k:]
	for r := range rows {
		var allowed []int
		sum := 0.0
		for i := range n {
			if mask[r*words+i/32]>>(i%32)&1 == 1 {
				allowed = append(allowed, i)
				sum += math.Exp(float64(logits[r*n+i]))
			}
		}
		sort.SliceStable(allowed, func(i, j int) bool { return logits[r*n+allowed[i]] > logits[r*n+allowed[j]] })
		if total := math.Log(sum); len(allowed) > 0 && !(math.Abs(float64(gotTotals[r])-total) < 1e-3) {
			b.Errorf("row %d: total: got %g, want %g", r, gotTotals[r], total)
		}
		for i := range k {
			id := int32(-1)
			if i < len(allowed) {
				id = int32(allowed[i])
			}
			if gotIDs[r*k+i] != id || id >= 0 && gotScores[r*k+i] != logits[r*n+int(id)] {
				b.Errorf("row %d, place %d: got %d with logit %g, want %d", r, i, gotIDs[r*k+i], gotScores[r*k+i], id)
			}
		}
	}
}
