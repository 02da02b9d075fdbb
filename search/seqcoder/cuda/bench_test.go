package cuda

import (
	"fmt"
	"os"
	"testing"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/seqcoder"
)

// gpu returns a GPU, or skips.
func gpu(b *testing.B, size int64) *Device {
	b.Helper()
	if os.Getenv(Library) != "" {
		b.Skip("another library is named")
	}
	d, err := Load()
	if err != nil {
		b.Skip(err)
	}
	dev, err := d.Open(0, size)
	if err != nil {
		b.Skip(err)
	}
	b.Cleanup(func() { dev.Close() })
	b.Logf("%s, compute capability %d.%d, %d multiprocessors", dev.Name, dev.Major, dev.Minor, dev.Multiprocessors)
	return dev
}

// timed runs f n times on the device and returns seconds each.
func timed(b *testing.B, dev *Device, n int, f func() error) float64 {
	b.Helper()
	seconds, err := dev.Time(func() error {
		for range n {
			if err := f(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return seconds / float64(n)
}

// BenchmarkCeilings is the device's copy bandwidth, read and written, and the rate of linear
// on a large matrix.
func BenchmarkCeilings(b *testing.B) {
	dev := gpu(b, 1<<30)
	x, _ := dev.take(256 << 20)
	y, _ := dev.take(256 << 20)
	for b.Loop() {
		s := timed(b, dev, 20, func() error { return dev.Copy(y, x) })
		b.ReportMetric(2*float64(x.size)/s/1e9, "GB/s")
		const n = 4096
		s = timed(b, dev, 20, func() error {
			return dev.launch("linear", [2]int{n / 64, n / 128}, 128, x.at, y.at, address(0), y.at+64<<20, int32(n), int32(n), int32(n), store)
		})
		b.ReportMetric(2*n*n*n/s/1e12, "TFLOP/s")
	}
}

// BenchmarkLinear are products of the shapes of reading 8192 tokens, for PyTorch's to be
// compared with (testdata/torch_linear.py).
func BenchmarkLinear(b *testing.B) {
	dev := gpu(b, 1<<30)
	for _, s := range [...]struct{ m, n, k int }{{8192, 384, 128}, {8192, 128, 128}, {8192, 512, 128}, {8192, 128, 512}, {8192, 960, 320}, {8192, 1280, 320}, {8192, 320, 1280}} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k), func(b *testing.B) {
			x, _ := dev.take(int64(2 * s.m * s.k))
			w, _ := dev.take(int64(2 * up(s.n, 64) * s.k))
			y, _ := dev.take(int64(4 * s.m * s.n))
			for b.Loop() {
				t := timed(b, dev, 100, func() error {
					return dev.launch("linear", [2]int{up(s.n, 64) / 64, s.m / 128}, 128, x.at, w.at, address(0), y.at, int32(s.m), int32(s.n), int32(s.k), store)
				})
				b.ReportMetric(2*float64(s.m)*float64(s.n)*float64(s.k)/t/1e12, "TFLOP/s")
			}
			for _, m := range []Memory{x, w, y} {
				dev.give(m.at)
			}
		})
	}
}

// BenchmarkBlocks proposes programs for blocks, a beam of 8, on the device and on a core.
func BenchmarkBlocks(b *testing.B) {
	w, err := seqcoder.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	gen := kolmogorov.NewGenerator(11)
	var stream []byte
	for len(stream) < 4096*128 {
		_, seq := gen.Next()
		stream = append(stream, seq...)
	}
	var blocks [][]byte
	for i := range 4096 {
		blocks = append(blocks, stream[i*128:][:128])
	}
	run := func(b *testing.B, m *seqcoder.Model, blocks [][]byte) {
		for b.Loop() {
			if _, _, err := m.Propose(blocks, seqcoder.Beam{Width: 8, Most: 120}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(blocks)*b.N)/b.Elapsed().Seconds(), "blocks/s")
	}
	b.Run("core", func(b *testing.B) { run(b, seqcoder.NewModel(w, nil), blocks[:8]) })
	b.Run("GPU", func(b *testing.B) {
		dev := gpu(b, 0)
		sizes, weights := weightsOf(w)
		t, err := NewTransformer(dev, sizes, weights, 32<<10, 1<<20)
		if err != nil {
			b.Fatal(err)
		}
		run(b, seqcoder.NewModel(w, t), blocks)
	})
}
