package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// A product is what Linear takes: rows of x (m, k) by a matrix (n, k), plus bias.
type product struct {
	e       *processor
	x, y    *tensor.Dense
	l       Linear
	matrix  []float32 // before it was packed
	batch   *Batch
	m, k, n int
}

// newProduct returns a product of random numbers.
func newProduct(r *rand.Rand, m, k, n int) *product {
	some := func(n int) []float32 {
		list := make([]float32, n)
		for i := range list {
			list[i] = r.Float32() - 0.5
		}
		return list
	}
	p := &product{e: newProcessor(&Config{}), matrix: some(n * k), batch: &Batch{Place: make([]int32, m)}, m: m, k: k, n: n}
	p.x, _ = p.e.Vector(some(m * k))
	p.y, _ = p.e.Vector(some(m * n))
	p.l.Bias, _ = p.e.Vector(some(n))
	p.l.Matrix, _ = p.e.Matrix(p.matrix, n, k)
	return p
}

// TestLinear compares products of random shapes, with and without whole tiles and bias, with the
// definition.
func TestLinear(t *testing.T) {
	t.Run("kernels", testLinear)
	if hasTiles {
		defer func() { hasTiles = true }()
		hasTiles = false
		t.Run("gorgonia", testLinear)
	}
}

func testLinear(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for i := range 200 {
		p := newProduct(r, 1+r.IntN(14), 1+r.IntN(40), 1+r.IntN(50))
		if p.l.Then = Then(i % 3); i%2 == 0 {
			p.l.Bias = nil
		}
		x, before := p.x.Float32s(), slices.Clone(p.y.Float32s())
		if err := p.e.Linear(p.y, p.x, p.l, p.batch, AllRows); err != nil {
			t.Fatal(err)
		}
		for i, got := range p.y.Float32s() {
			row, column, want := i/p.n, i%p.n, 0.0
			if p.l.Bias != nil {
				want = float64(p.l.Bias.Float32s()[column])
			}
			for q := range p.k {
				want += float64(x[row*p.k+q]) * float64(p.matrix[column*p.k+q])
			}
			switch p.l.Then {
			case GELU:
				want *= (1 + math.Erf(want/math.Sqrt2)) / 2
			case Add:
				want += float64(before[i])
			}
			if math.Abs(want-float64(got)) > 1e-4 {
				t.Fatalf("(%d, %d) by (%d, %d), then %d: at %d, %d: got %g, want %g", p.m, p.k, p.k, p.n, p.l.Then, row, column, got, want)
			}
		}
	}
}

// BenchmarkLinear reports GFLOP/s of products: of a shape that reaches the core's peak, and of
// those of a small model.
func BenchmarkLinear(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, s := range [...]struct{ m, k, n int }{{6, 256, 16}, {128, 128, 384}, {128, 512, 128}, {8, 128, 512}, {1, 128, 512}} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.m, s.k, s.n), func(b *testing.B) {
			p := newProduct(r, s.m, s.k, s.n)
			p.l.Bias = nil
			for b.Loop() {
				p.e.Linear(p.y, p.x, p.l, p.batch, AllRows)
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
