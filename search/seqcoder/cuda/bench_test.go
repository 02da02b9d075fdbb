//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search"
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

// BenchmarkLinear are products of the shapes of reading 8192 tokens, and a large one, to bf16,
// for PyTorch's to be compared with (testdata/torch_linear.py).
func BenchmarkLinear(b *testing.B) {
	dev := gpu(b, 1<<30)
	for _, s := range [...]struct{ m, n, k int }{{8192, 384, 128}, {8192, 128, 128}, {8192, 512, 128}, {8192, 128, 512}, {8192, 960, 320}, {8192, 1280, 320}, {8192, 320, 1280}, {4096, 4096, 4096}} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k), func(b *testing.B) {
			x, _ := dev.take(int64(2 * s.m * s.k))
			w, _ := dev.take(int64(2 * up(s.n, 64) * s.k))
			y, _ := dev.take(int64(2 * s.m * s.n))
			for b.Loop() {
				t := timed(b, dev, 100, func() error {
					return dev.launch("linear", [2]int{up(s.n, 64) / 64, s.m / 128}, 128, x.at, w.at, address(0), y.at, int32(s.m), int32(s.n), int32(s.k), storeBF16)
				})
				b.ReportMetric(2*float64(s.m)*float64(s.n)*float64(s.k)/t/1e12, "TFLOP/s")
			}
			for _, m := range []Memory{x, w, y} {
				dev.give(m.at)
			}
		})
	}
}

// generated are n blocks of drawn programs' sequences that promise something.
func generated(n int) (blocks [][]byte) {
	gen := kolmogorov.NewGenerator(11)
	e := search.New(nil)
	var stream []byte
	for len(blocks) < n {
		for len(stream) < 128 {
			_, seq := gen.Next()
			stream = append(stream, seq...)
		}
		if e.Promising(stream[:128]) {
			blocks = append(blocks, stream[:128:128])
		}
		stream = stream[128:]
	}
	return blocks
}

// transformer puts the model built in on a GPU, or skips.
func transformer(b *testing.B, w *seqcoder.Weights) *Transformer {
	sizes, weights := weightsOf(w)
	const pages = 512 << 10
	dev := gpu(b, pages*sizes.PageBytes()+1<<30)
	t, err := NewTransformer(dev, sizes, weights, 16<<10, pages)
	if err != nil {
		b.Fatal(err)
	}
	return t
}

// backends are the processor, on a core, and a GPU, with the number of texts for each.
func backends(b *testing.B, f func(b *testing.B, m *seqcoder.Model, flops func(n, before int) float64, texts int)) {
	w, err := seqcoder.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	c := float64(w.Width)
	flops := func(n, before int) float64 { // of matrix products, for n tokens after others
		return float64(n*w.Layers) * (24*c*c + 4*c*(float64(before)+float64(n+1)/2))
	}
	ids := []int32{0, 100, 200, 300}
	b.Run("core", func(b *testing.B) {
		f(b, seqcoder.NewModel(w, newProbe(seqcoder.NewCPU(w), ids)), flops, 8)
	})
	b.Run("GPU", func(b *testing.B) {
		f(b, seqcoder.NewModel(w, newProbe(transformer(b, w), ids)), flops, 4096)
	})
}

// BenchmarkRead reads sequences of 128 bytes.
func BenchmarkRead(b *testing.B) {
	backends(b, func(b *testing.B, m *seqcoder.Model, flops func(n, before int) float64, texts int) {
		const n = 129
		caches, list := make([]*seqcoder.Cache, texts), slices.Repeat([][]seqcoder.Token{make([]seqcoder.Token, n)}, texts)
		for b.Loop() {
			for i := range caches {
				caches[i] = m.NewCache()
			}
			if _, _, _, err := m.Extend(caches, list, nil, 1); err != nil {
				b.Fatal(err)
			}
			for _, c := range caches {
				c.Release()
			}
		}
		rate := float64(texts*b.N) / b.Elapsed().Seconds()
		b.ReportMetric(rate*n, "tokens/s")
		b.ReportMetric(rate*flops(n, 0)/1e12, "TFLOP/s")
	})
}

// BenchmarkWrite writes tokens after 140, in beams of 8 that begin alike.
func BenchmarkWrite(b *testing.B) {
	backends(b, func(b *testing.B, m *seqcoder.Model, flops func(n, before int) float64, texts int) {
		const n, beam, written = 140, 8, 16
		first := m.NewCache()
		if _, _, _, err := m.Extend([]*seqcoder.Cache{first}, [][]seqcoder.Token{make([]seqcoder.Token, n)}, nil, 1); err != nil {
			b.Fatal(err)
		}
		list := slices.Repeat([][]seqcoder.Token{{1}}, texts)
		for b.Loop() {
			var caches []*seqcoder.Cache
			for range texts {
				caches = append(caches, first.Fork())
			}
			for range written {
				if _, _, _, err := m.Extend(caches, list, nil, 1); err != nil {
					b.Fatal(err)
				}
			}
			for _, c := range caches {
				c.Release()
			}
		}
		rate := float64(texts*written*b.N) / b.Elapsed().Seconds()
		b.ReportMetric(rate, "tokens/s")
		b.ReportMetric(rate*flops(1, n+written/2)/1e12, "TFLOP/s")
	})
}

// BenchmarkTell is what a pass takes of the processor: 2048 texts go on by a token on a
// device without a GPU, whose kernels do nothing.
func BenchmarkTell(b *testing.B) {
	useFake(b).idle(1)
	w, err := seqcoder.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	sizes, weights := weightsOf(w)
	const texts, wide, k = 2048, 10, 16
	t, err := NewTransformer(open(b, 512<<20), sizes, weights, texts, 4096)
	if err != nil {
		b.Fatal(err)
	}
	each := func(n int) []int32 { return make([]int32, n*texts) }
	last := each(1)
	for i := range last {
		last[i] = int32(i)
	}
	for b.Loop() {
		if _, _, _, err := t.Extend(wide, k, each(sizes.Parts), each(1), each(1), each(1), last, each(wide), make([]uint32, texts*seqcoder.MaskWords)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBlocks proposes programs for promising blocks, a beam of 8, on a core, on all of
// them, and on a GPU, from as many goroutines as pay.
func BenchmarkBlocks(b *testing.B) {
	w, err := seqcoder.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	const each = 16 // blocks of a request
	run := func(b *testing.B, backend seqcoder.Backend, requests, goroutines int) {
		blocks := generated(requests * each)
		s := seqcoder.New(seqcoder.NewModel(w, backend), nil, search.Adaptive)
		for b.Loop() {
			var wg sync.WaitGroup
			var next atomic.Int64
			for range goroutines {
				wg.Go(func() {
					for i := int(next.Add(1)) - 1; i < requests; i = int(next.Add(1)) - 1 {
						s.Propose(blocks[i*each:(i+1)*each], seqcoder.Beam{Width: 8, Most: 40})
					}
				})
			}
			wg.Wait()
		}
		if err := s.Trouble(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(blocks)*b.N)/b.Elapsed().Seconds(), "blocks/s")
	}
	cores := runtime.GOMAXPROCS(0)
	b.Run("core", func(b *testing.B) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		run(b, nil, 1, 1)
	})
	b.Run("cores", func(b *testing.B) { run(b, nil, 2*cores, cores) })
	b.Run("GPU", func(b *testing.B) {
		t := transformer(b, w)
		many := 1024
		if testing.Short() {
			many = 64
		}
		run(b, t, many, 256)
		b.ReportMetric(100*t.Busy()/b.Elapsed().Seconds(), "%busy")
	})
}
