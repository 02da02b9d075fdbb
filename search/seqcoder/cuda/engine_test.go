//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"math/rand/v2"
	"runtime"
	"testing"

	"gorgonia.org/tensor"
)

// TestEngine multiplies and adds gorgonia's tensors, and expects errors for other operations.
func TestEngine(t *testing.T) {
	onDevices(t, 1, func(t *testing.T, dev *Device) {
		b := &rig{t, dev, rand.New(rand.NewPCG(7, 8))}
		e := NewEngine(dev)
		make2 := func(rows, columns int) *tensor.Dense {
			return tensor.New(tensor.WithShape(rows, columns), tensor.Of(tensor.Float32), tensor.WithEngine(e))
		}
		before := len(dev.arena.used)
		for _, s := range [][3]int{{1, 1, 1}, {70, 33, 130}, {64, 16, 64}} {
			m, k, n := s[0], s[1], s[2]
			x, y, z, sum := make2(m, k), make2(k, n), make2(m, n), make2(m, n)
			p, q := b.numbers(m*k), b.numbers(k*n)
			for _, err := range []error{e.Write(x, p), e.Write(y, q)} {
				if err != nil {
					t.Fatal(err)
				}
			}
			for range 3 {
				if _, err := tensor.MatMul(x, y, tensor.WithReuse(z)); err != nil {
					t.Fatal(err)
				}
				if _, err := tensor.Add(z, z, tensor.WithReuse(sum)); err != nil {
					t.Fatal(err)
				}
			}
			want := make([]float64, m*n)
			for i := range m {
				for j := range n {
					for l := range k {
						want[i*n+j] += 2 * float64(p[i*k+l]) * float64(q[l*n+j])
					}
				}
			}
			got := make([]float32, m*n)
			if err := e.Read(got, sum); err != nil {
				t.Fatal(err)
			}
			b.close("twice a product", got, want, 1e-5)
			for name, f := range map[string]func() error{
				"a sum to nowhere": func() error { _, err := tensor.Add(z, sum); return err },
				"a number":         func() error { _, err := tensor.Add(z, float32(1), tensor.WithReuse(sum)); return err },
				"a product of elements": func() error {
					_, err := tensor.Mul(z, sum, tensor.WithReuse(sum))
					return err
				},
				"host memory":     func() error { return e.MatMul(tensor.New(tensor.WithShape(m, k), tensor.Of(tensor.Float32)), y, z) },
				"another shape":   func() error { return e.Write(x, make([]float32, m*k+1)) },
				"what is nowhere": func() error { _, err := e.Accessible(memory(z)); return err },
			} {
				if f() == nil {
					t.Errorf("%s: no error", name)
				}
			}
			for _, d := range []*tensor.Dense{x, y, z, sum} {
				if err := e.Release(d); err != nil {
					t.Error(err)
				}
			}
		}
		if n := len(dev.arena.used); n != before {
			t.Errorf("%d tensors are in use after Release", n-before)
		}
	})
}

// TestNothingLeaks multiplies and adds many times on a device whose kernels do nothing: no more
// memory is in use afterwards, neither the device's nor the host's.
func TestNothingLeaks(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	f := useFake(t)
	f.idle(1)
	const times = 50_000
	dev := open(t, 1<<20)
	e := NewEngine(dev)
	square := func() *tensor.Dense {
		return tensor.New(tensor.WithShape(8, 8), tensor.Of(tensor.Float32), tensor.WithEngine(e))
	}
	x, y, z := square(), square(), square()
	held := func() uint64 {
		var s runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	used, before := len(dev.arena.used), uint64(0)
	for i := range times {
		if i == times/10 {
			before = held()
		}
		if _, err := tensor.MatMul(x, y, tensor.WithReuse(z)); err != nil {
			t.Fatal(err)
		}
		if _, err := tensor.Add(z, z, tensor.WithReuse(x)); err != nil {
			t.Fatal(err)
		}
	}
	if after := held(); after > before+1<<20 {
		t.Errorf("%d bytes of the heap in use, then %d", before, after)
	}
	if n := len(dev.arena.used); n != used {
		t.Errorf("%d ranges of device memory in use, then %d", used, n)
	}
}
