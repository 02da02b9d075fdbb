//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
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

// take returns memory of a benchmark's, until it ends.
func take(b *testing.B, dev *Device, size int) Memory {
	b.Helper()
	m, err := dev.take(int64(size))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { dev.give(m.at) })
	return m
}

// drawn returns memory with so many random numbers in bf16, from -1 to 1: what tensor cores
// take for a product, and so their clock, depends on the bits.
func drawn(b *testing.B, dev *Device, n int) Memory {
	b.Helper()
	r := rand.New(rand.NewPCG(1, uint64(n)))
	list := make([]uint32, (n+1)/2)
	for i := range list {
		list[i] = bf16(r.Float32()*2-1) | bf16(r.Float32()*2-1)<<16
	}
	m := take(b, dev, 4*len(list))
	if err := dev.Write(m, bytesOf(list)); err != nil {
		b.Fatal(err)
	}
	return m
}

// timed runs f n times on the device and returns seconds each. Until the device is told all
// of it, a millisecond or so, it fills scratch, of 256 MiB: so that it never waits for the host.
func timed(b *testing.B, dev *Device, scratch Memory, n int, f func() error) float64 {
	b.Helper()
	for range 16 {
		if err := dev.Fill(scratch, 0); err != nil {
			b.Fatal(err)
		}
	}
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

// BenchmarkCeilings is the device's copy bandwidth, read and written, and the rate of a large
// product to float32.
func BenchmarkCeilings(b *testing.B) {
	dev := gpu(b, 1<<30)
	const n = 4096
	scratch, x, w, y := take(b, dev, 256<<20), drawn(b, dev, n*n), drawn(b, dev, n*n), take(b, dev, 4*n*n)
	from, to := drawn(b, dev, 64<<20), take(b, dev, 128<<20)
	l := dev.linearKernel(n, n)
	for b.Loop() {
		s := timed(b, dev, scratch, 20, func() error { return dev.Copy(to, from) })
		b.ReportMetric(2*float64(from.size)/s/1e9, "GB/s")
		s = timed(b, dev, scratch, 20, func() error {
			return dev.launch(l.kernel, l.grid(n, n), 128, x.at, w.at, address(0), y.at, int32(n), int32(n), int32(n), store)
		})
		b.ReportMetric(2*n*n*n/s/1e12, "TFLOP/s")
	}
}

// BenchmarkLinear are products to bf16 of the shapes of reading 8192 tokens, with models of a
// width of 128, 256 and 320, and a large one, by either kernel, and by the one that a pass
// takes: TFLOP/s. testdata/torch_linear.py compares them with PyTorch's.
func BenchmarkLinear(b *testing.B) {
	dev := gpu(b, 1<<30)
	scratch := take(b, dev, 256<<20)
	for _, s := range [...]struct{ m, n, k int }{
		{8192, 384, 128}, {8192, 128, 128}, {8192, 512, 128}, {8192, 128, 512},
		{8192, 768, 256}, {8192, 256, 256}, {8192, 1024, 256}, {8192, 256, 1024},
		{8192, 960, 320}, {8192, 320, 320}, {8192, 1280, 320}, {8192, 320, 1280}, {4096, 4096, 4096},
	} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k), func(b *testing.B) {
			x, w, y := drawn(b, dev, s.m*s.k), drawn(b, dev, up(s.n, 128)*s.k), take(b, dev, 2*s.m*s.n)
			for b.Loop() {
				for _, l := range [...]linear{narrow, broad} {
					t := timed(b, dev, scratch, 100, func() error {
						return dev.launch(l.kernel, l.grid(s.m, s.n), 128, x.at, w.at, address(0), y.at, int32(s.m), int32(s.n), int32(s.k), storeBF16)
					})
					rate := 2 * float64(s.m) * float64(s.n) * float64(s.k) / t / 1e12
					b.ReportMetric(rate, l.kernel+"-TFLOP/s")
					if l == dev.linearKernel(s.m, s.n) {
						b.ReportMetric(rate, "TFLOP/s")
					}
				}
			}
		})
	}
}

// generated are n blocks of drawn programs' sequences that promise something.
func generated(n int) (blocks [][]byte) {
	gen := kolmogorov.NewGenerator(11)
	e := programs.New(nil)
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

// BenchmarkTell is what a pass takes of the processor: 2048 texts go on by a token, on a
// device without a GPU, whose kernels do nothing, and on a GPU, with its own time for it.
func BenchmarkTell(b *testing.B) {
	w, err := seqcoder.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	sizes, weights := weightsOf(w)
	tell := func(b *testing.B, dev *Device) {
		const texts, wide, k = 2048, 10, 16
		t, err := NewTransformer(dev, sizes, weights, texts, 4096)
		if err != nil {
			b.Fatal(err)
		}
		each := func(n int) []int32 { return make([]int32, n*texts) }
		text, seen, last, mask := each(1), each(1), each(1), make([]uint32, texts*seqcoder.MaskWords)
		for i := range last {
			text[i], seen[i], last[i] = int32(i), 1, int32(i)
		}
		for b.Loop() {
			if _, _, _, err := t.Extend(wide, k, each(sizes.Parts), each(1), text, seen, last, each(wide), mask); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(1e3*t.Busy()/float64(b.N), "GPU-ms")
	}
	b.Run("fake", func(b *testing.B) {
		useFake(b).idle(1)
		tell(b, open(b, 512<<20))
	})
	b.Run("GPU", func(b *testing.B) { tell(b, gpu(b, 512<<20)) })
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
		s := seqcoder.New(seqcoder.NewModel(w, backend), nil, programs.Adaptive)
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
