package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

func matrix(r *rand.Rand, e tensor.Engine, rows, columns int) *tensor.Dense {
	data := make([]float32, rows*columns)
	for i := range data {
		data[i] = r.Float32() - 0.5
	}
	return tensor.New(tensor.WithShape(rows, columns), tensor.WithBacking(data), tensor.WithEngine(e))
}

// TestMatMul compares products of random shapes, with and without whole tiles, with the definition.
func TestMatMul(t *testing.T) {
	if !hasTiles {
		t.Log("no kernels for this processor: gorgonia's own products")
	}
	r := rand.New(rand.NewPCG(7, 8))
	e := newEngine()
	for range 200 {
		m, k, n := 1+r.IntN(14), 1+r.IntN(40), 1+r.IntN(50)
		a, b, c := matrix(r, e, m, k), matrix(r, e, k, n), matrix(r, e, m, n)
		e.keep(b)
		if _, err := tensor.MatMul(a, b, tensor.WithReuse(c)); err != nil {
			t.Fatal(err)
		}
		x, y, z := a.Data().([]float32), b.Data().([]float32), c.Data().([]float32)
		for i := range m {
			for j := range n {
				sum := 0.0
				for p := range k {
					sum += float64(x[i*k+p]) * float64(y[p*n+j])
				}
				if math.Abs(sum-float64(z[i*n+j])) > 1e-4 {
					t.Fatalf("(%d, %d) by (%d, %d): at %d, %d: got %g, want %g", m, k, k, n, i, j, z[i*n+j], sum)
				}
			}
		}
	}
}

// BenchmarkMatMul reports GFLOP/s of products by a constant matrix: of a shape that reaches the
// core's peak, and of those of a small model.
func BenchmarkMatMul(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, s := range [...]struct{ m, k, n int }{{6, 256, 16}, {128, 128, 384}, {128, 512, 128}, {8, 128, 512}, {1, 128, 512}} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.m, s.k, s.n), func(b *testing.B) {
			e := newEngine()
			x, y, z := matrix(r, e, s.m, s.k), matrix(r, e, s.k, s.n), matrix(r, e, s.m, s.n)
			e.keep(y)
			for b.Loop() {
				tensor.MatMul(x, y, tensor.WithReuse(z))
			}
			b.ReportMetric(2*float64(s.m*s.k*s.n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

// TestTiles compares the kernels with plain loops, rows closer and further apart.
func TestTiles(t *testing.T) {
	if !hasTiles {
		t.Skip("no kernels for this processor")
	}
	r := rand.New(rand.NewPCG(9, 1))
	some := func(n int) []float32 {
		list := make([]float32, n)
		for i := range list {
			list[i] = float32(r.IntN(9) - 4) // sums are exact
		}
		return list
	}
	for rows := 1; rows <= tileRows; rows++ {
		for range 50 {
			k, more := 1+r.IntN(40), r.IntN(5)
			got := tile{
				rows: rows, k: k, a: some(rows * (k + more)), lda: k + more, panel: some(k * tileColumns),
				c: some(rows * (tileColumns + more)), ldc: tileColumns + more,
			}
			want := got
			want.c = slices.Clone(got.c)
			want.addSlowly()
			if got.add(); !slices.Equal(got.c, want.c) {
				t.Fatalf("%d rows of %d: got %v, want %v", rows, k, got.c, want.c)
			}
		}
	}
}
