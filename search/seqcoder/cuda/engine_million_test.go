//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"runtime"
	"testing"

	"gorgonia.org/tensor"
)

// TestMillion multiplies and adds a million times, fewer with -short, on a device whose
// kernels do nothing, and wants no more memory to be in use afterwards, neither the device's
// nor the host's.
func TestMillion(t *testing.T) {
	f := useFake(t)
	f.idle(1)
	times := 500_000
	if testing.Short() {
		times = 20_000
	}
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
		t.Errorf("%d bytes in use, then %d", before, after)
	}
	if n := len(dev.arena.used); n != used {
		t.Errorf("%d parts of the device's memory, then %d", used, n)
	}
}
