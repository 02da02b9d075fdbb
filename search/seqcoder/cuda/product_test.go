//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// testLinear multiplies matrices with and without whole tiles, in all modes.
func testLinear(b *rig) {
	for _, l := range []linear{narrow, broad} {
		for _, p := range []product{
			{rows: 1, n: 2, k: 32, mode: store},
			{rows: 129, n: 66, k: 64, mode: store},
			{rows: 130, n: 96, k: 96, mode: storeBF16},
			{rows: 70, n: 160, k: 160, mode: storeGELU},
			{rows: 64, n: 475, k: 32, mode: store},
			{rows: 200, n: 64, k: 256, mode: accumulate},
			{rows: 150, n: 130, k: 128, mode: accumulate},
			{rows: 129, n: 129, k: 96, mode: store},
			{rows: 40, n: 288, k: 512, mode: accumulate},
		} {
			b.product(l, p)
		}
	}
}

// A product is rows of x (rows, k) by the matrix w (n, k), plus a bias.
type product struct {
	rows, n, k int
	mode       int32
}

// product compares a product of random matrices with its definition.
func (b *rig) product(l linear, p product) {
	b.Helper()
	m, n, k, mode := p.rows, p.n, p.k, p.mode
	half := mode == storeBF16 || mode == storeGELU
	x, w, bias, before := rounded(b.numbers(m*k)), rounded(b.numbers(n*k)), b.numbers(n), b.numbers(m*n)
	out := put(b, before)
	if half {
		out = b.memory(m * n / 2)
	}
	// padded returns a matrix of rows of k, followed by NaN that the kernel reads but must not use.
	padded := func(list []float32) Memory {
		nans := make([]float32, roundUp(len(list)/k, 128)*k-len(list))
		for i := range nans {
			nans[i] = float32(math.NaN())
		}
		return put(b, pairs(append(slices.Clone(list), nans...)))
	}
	b.launch(l.name, l.grid(m, n), 128, padded(x).addr, padded(w).addr, put(b, bias).addr, out.addr, int32(m), int32(n), int32(k), mode)
	want := make([]float64, m*n)
	for i := range m {
		for j := range n {
			sum := float64(bias[j])
			for q := range k {
				sum += float64(x[i*k+q]) * float64(w[j*k+q])
			}
			switch mode {
			case storeGELU:
				sum *= (1 + math.Erf(sum/math.Sqrt2)) / 2
			case accumulate:
				sum += float64(before[i*n+j])
			}
			want[i*n+j] = sum
		}
	}
	what := fmt.Sprintf("%s: %d x %d x %d, mode %d", l.name, m, n, k, mode)
	if half {
		b.close(what, unpaired(get[uint32](b, out, m*n/2)), want, 1e-2)
	} else {
		b.close(what, get[float32](b, out, m*n), want, 1e-3)
	}
}

// TestLinearKernel expects broad tiles if they fill the fake's 4 multiprocessors, the faster
// kernel on the 132 of an H100, and narrow tiles if a block can't have enough shared memory.
func TestLinearKernel(t *testing.T) {
	f := useFake(t)
	dev := open(t, 16<<20)
	type choice struct {
		rows, n int
		want    linear
	}
	expect := func(dev *Device, choices ...choice) {
		t.Helper()
		for _, c := range choices {
			if got := dev.linearKernel(c.rows, c.n); got != c.want {
				t.Errorf("%d x %d: got %s, want %s", c.rows, c.n, got.name, c.want.name)
			}
		}
	}
	expect(dev, choice{1, 32, narrow}, choice{1, 256, narrow}, choice{1, 257, broad}, choice{512, 64, narrow},
		choice{512, 65, broad}, choice{512, 128, broad}, choice{640, 128, narrow}, choice{1152, 128, broad})
	dev.Multiprocessors = 132
	expect(dev, choice{8192, 128, narrow}, choice{8192, 256, broad}, choice{8192, 320, narrow}, choice{8192, 384, narrow},
		choice{8192, 512, broad}, choice{8192, 768, broad}, choice{8192, 960, broad}, choice{8192, 1024, broad},
		choice{8192, 1280, broad}, choice{4096, 4096, broad})
	f.shared(96 << 10)
	expect(open(t, 1<<20), choice{512, 128, broad})
	f.shared(96<<10 - 1)
	dev = open(t, 16<<20)
	expect(dev, choice{512, 128, narrow}, choice{8192, 4096, narrow})
	b := &rig{t, dev, rand.New(rand.NewPCG(9, 10))}
	b.product(dev.linearKernel(512, 128), product{rows: 512, n: 128, k: 32, mode: store})
}
