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
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// gpu returns a GPU with an arena of size bytes, or skips the benchmark.
func gpu(b *testing.B, size int64) *Device {
	b.Helper()
	if os.Getenv(Library) != "" {
		b.Skip(Library + " is set")
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

// take returns memory that is released when the benchmark ends.
func take(b *testing.B, dev *Device, size int) Memory {
	b.Helper()
	m, err := dev.take(int64(size))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { dev.release(m.addr) })
	return m
}

// drawn returns memory with n random numbers in bf16, from -1 to 1: the power that tensor cores
// need, and so their clock, depends on the bits.
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

// timed runs f n times on the device and returns the seconds for each. The device first fills
// scratch, of 256 MiB, for about a millisecond, so that it never waits for the host.
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

// BenchmarkCeilings reports the device's copy bandwidth, read and written, and the rate of a
// large product to float32.
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
			return dev.launch(l.name, l.grid(n, n), 128, x.addr, w.addr, address(0), y.addr, int32(n), int32(n), int32(n), store)
		})
		b.ReportMetric(2*n*n*n/s/1e12, "TFLOP/s")
	}
}

// BenchmarkLinear reports TFLOP/s of products to bf16 by either kernel, and by the one that
// linearKernel returns: of the shapes of reading 8192 tokens with models of width 128, 256 and
// 320, and a large one. testdata/torch_linear.py compares them with PyTorch's.
func BenchmarkLinear(b *testing.B) {
	dev := gpu(b, 1<<30)
	scratch := take(b, dev, 256<<20)
	for _, s := range [...]struct{ m, n, k int }{
		{8192, 384, 128}, {8192, 128, 128}, {8192, 512, 128}, {8192, 128, 512},
		{8192, 768, 256}, {8192, 256, 256}, {8192, 1024, 256}, {8192, 256, 1024},
		{8192, 960, 320}, {8192, 320, 320}, {8192, 1280, 320}, {8192, 320, 1280}, {4096, 4096, 4096},
	} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k), func(b *testing.B) {
			x, w, y := drawn(b, dev, s.m*s.k), drawn(b, dev, roundUp(s.n, 128)*s.k), take(b, dev, 2*s.m*s.n)
			for b.Loop() {
				for _, l := range [...]linear{narrow, broad} {
					t := timed(b, dev, scratch, 100, func() error {
						return dev.launch(l.name, l.grid(s.m, s.n), 128, x.addr, w.addr, address(0), y.addr, int32(s.m), int32(s.n), int32(s.k), storeBF16)
					})
					rate := 2 * float64(s.m) * float64(s.n) * float64(s.k) / t / 1e12
					b.ReportMetric(rate, l.name+"-TFLOP/s")
					if l == dev.linearKernel(s.m, s.n) {
						b.ReportMetric(rate, "TFLOP/s")
					}
				}
			}
		})
	}
}

// promisingBlocks returns n blocks of drawn programs' sequences that are worth a search.
func promisingBlocks(n int) (blocks [][]byte) {
	gen := kolmogorov.NewGenerator(11)
	finder := programs.New(nil)
	var stream []byte
	for len(blocks) < n {
		for len(stream) < 128 {
			_, seq := gen.Next()
			stream = append(stream, seq...)
		}
		if finder.Promising(stream[:128]) {
			blocks = append(blocks, stream[:128:128])
		}
		stream = stream[128:]
	}
	return blocks
}

// onGPU uploads weights to a GPU, or skips the benchmark.
func onGPU(b *testing.B, w *model.Weights) *onDevice {
	const pages = 512 << 10
	return newTransformer(b, gpu(b, pages*PageBytes(&w.Config)+1<<30), w, 16<<10, pages)
}

// backends runs f on a core with 8 texts and on a GPU with 4096.
func backends(b *testing.B, f func(b *testing.B, m *model.Model, texts int)) {
	w := readWeights(b, shipped)
	b.Run("core", func(b *testing.B) { f(b, model.New(w, nil), 8) })
	b.Run("GPU", func(b *testing.B) { f(b, model.New(w, onGPU(b, w)), 4096) })
}

// masks returns the masks of texts, after each of which four tokens may follow.
func masks(m *model.Model, texts int) []uint32 {
	one := make([]uint32, m.Weights().MaskWords())
	for id := 0; id < 400; id += 100 {
		one[id/32] |= 1 << (id % 32)
	}
	return slices.Repeat(one, texts)
}

// BenchmarkRead reads texts of 129 tokens at once.
func BenchmarkRead(b *testing.B) {
	backends(b, func(b *testing.B, m *model.Model, texts int) {
		const n = 129
		allowed := masks(m, texts)
		caches, list := make([]*model.Cache, texts), slices.Repeat([][]seqcoder.Token{make([]seqcoder.Token, n)}, texts)
		for b.Loop() {
			for i := range caches {
				caches[i] = m.NewCache()
			}
			if _, err := m.Extend(caches, list, allowed, 4); err != nil {
				b.Fatal(err)
			}
			for _, c := range caches {
				c.Release()
			}
		}
		rate := float64(texts*b.N) / b.Elapsed().Seconds()
		b.ReportMetric(rate*n, "tokens/s")
		b.ReportMetric(rate*m.Weights().Flops(n, 0)/1e12, "TFLOP/s")
	})
}

// BenchmarkWrite appends 16 tokens, one by one, to texts that share their first 140.
func BenchmarkWrite(b *testing.B) {
	backends(b, func(b *testing.B, m *model.Model, texts int) {
		const n, written = 140, 16
		first, allowed := m.NewCache(), masks(m, texts)
		if _, err := m.Extend([]*model.Cache{first}, [][]seqcoder.Token{make([]seqcoder.Token, n)}, masks(m, 1), 4); err != nil {
			b.Fatal(err)
		}
		list := slices.Repeat([][]seqcoder.Token{{1}}, texts)
		for b.Loop() {
			var caches []*model.Cache
			for range texts {
				caches = append(caches, first.Fork())
			}
			for range written {
				if _, err := m.Extend(caches, list, allowed, 4); err != nil {
					b.Fatal(err)
				}
			}
			for _, c := range caches {
				c.Release()
			}
		}
		rate := float64(texts*written*b.N) / b.Elapsed().Seconds()
		b.ReportMetric(rate, "tokens/s")
		b.ReportMetric(rate*m.Weights().Flops(1, n+written/2)/1e12, "TFLOP/s")
	})
}

// BenchmarkTell measures what queueing a pass takes of the processor: 2048 texts get a token, on
// the fake, whose kernels do nothing, and on a GPU, whose own time is reported too; as a graph,
// and launch by launch.
func BenchmarkTell(b *testing.B) {
	w := readWeights(b, shipped)
	tell := func(b *testing.B, dev *Device, noGraphs bool) {
		const texts, wide, k = 2048, 10, 16
		t := newTransformer(b, dev, w, texts, 4096)
		t.engine.noGraphs = noGraphs
		each := func(n int) []int32 { return make([]int32, n*texts) }
		batch := &model.Batch{
			Index: each(w.RowsPerToken()), Place: each(1), Text: each(1), Seen: each(1),
			Last: each(1), Tables: each(wide), Allowed: make([]uint32, texts*w.MaskWords()), Wide: wide, K: k,
		}
		for i := range batch.Last {
			batch.Text[i], batch.Seen[i], batch.Last[i] = int32(i), 1, int32(i)
		}
		for b.Loop() {
			if _, err := t.Extend(batch); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(1e3*t.engine.Busy()/float64(b.N), "GPU-ms")
	}
	for name, noGraphs := range map[string]bool{"": false, "Launches": true} {
		b.Run("fake"+name, func(b *testing.B) {
			useFake(b).idle(1)
			tell(b, open(b, 512<<20), noGraphs)
		})
		b.Run("GPU"+name, func(b *testing.B) { tell(b, gpu(b, 512<<20), noGraphs) })
	}
}

// BenchmarkBlocks proposes programs for promising blocks with beams of 8: on a core, on all
// cores, and on a GPU from 256 goroutines.
func BenchmarkBlocks(b *testing.B) {
	w := readWeights(b, shipped)
	const each = 16 // blocks of a request
	run := func(b *testing.B, backend model.Backend, requests, goroutines int) {
		blocks := promisingBlocks(requests * each)
		s := seqcoder.New(model.New(w, backend), nil, programs.Adaptive)
		for b.Loop() {
			var wg sync.WaitGroup
			var next atomic.Int64
			for range goroutines {
				wg.Go(func() {
					for i := int(next.Add(1)) - 1; i < requests; i = int(next.Add(1)) - 1 {
						s.Propose(blocks[i*each:(i+1)*each], seqcoder.Beam{Width: 8, MaxTokens: 40})
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
		t := onGPU(b, w)
		many := 1024
		if testing.Short() {
			many = 64
		}
		run(b, t, many, 256)
		b.ReportMetric(100*t.engine.Busy()/b.Elapsed().Seconds(), "%busy")
	})
}
