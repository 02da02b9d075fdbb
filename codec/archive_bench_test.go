package codec

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// BenchmarkArchiveReads reads 4 KiB at 400 random places of a log of 16 MiB in segments of 256 KiB.
// The Archive keeps all segments from before ("kept"), none, but all that it restores ("new"), or has
// memory for 8 of the 64 in addition to the memory of restoring ("few").
func BenchmarkArchiveReads(b *testing.B) {
	const (
		size, segmentSize = 16 << 20, 256 << 10 // bytes
		reads, readSize   = 400, 4 << 10
	)
	r := rand.New(rand.NewPCG(5, 6))
	var log bytes.Buffer
	for i := 0; log.Len() < size; i++ {
		fmt.Fprintf(&log, "2026-11-28T%02d:%02d:%02d.%03d host%d service[%d]: request %d took %d us, state %x\n",
			i/36000%24, i/600%60, i/10%60, r.IntN(1000), r.IntN(20), 1000+r.IntN(50), i, r.IntN(100_000), r.Uint32())
	}
	file := compress(b, log.Bytes()[:size], 0, &WriterConfig{SegmentSize: segmentSize, Level: 3})
	open := func(b *testing.B, limit int64) *Archive {
		a, err := NewArchive(bytes.NewReader(file), int64(len(file)), &ReaderConfig{MemoryLimit: limit})
		if err != nil {
			b.Fatal(err)
		}
		return a
	}
	need := Memory(open(b, 0).Header())
	run := func(b *testing.B, a *Archive, seed uint64, goroutines int) {
		var group sync.WaitGroup
		for k := range goroutines {
			group.Go(func() {
				r, buf := rand.New(rand.NewPCG(seed, uint64(k))), make([]byte, readSize)
				for range reads / goroutines {
					if _, err := a.ReadAt(buf, r.Int64N(size-readSize)); err != nil {
						b.Error(err)
					}
				}
			})
		}
		group.Wait()
	}
	for _, c := range []struct {
		name  string
		few   bool // the Archive keeps 8 segments
		fresh bool // an Archive per 400 reads
	}{{"kept", false, false}, {"new", false, true}, {"few", true, false}} {
		for _, goroutines := range []int{1, 8} {
			b.Run(fmt.Sprintf("%s/goroutines=%d", c.name, goroutines), func(b *testing.B) {
				limit := int64(0)
				if c.few {
					limit = int64(min(goroutines, runtime.GOMAXPROCS(0)))*(need-segmentSize) + 8*segmentSize
				}
				a := open(b, limit)
				if !c.fresh {
					run(b, a, 0, goroutines)
				}
				for seed := uint64(1); b.Loop(); seed++ {
					if c.fresh {
						a = open(b, limit)
					}
					run(b, a, seed, goroutines)
				}
				b.ReportMetric(float64(reads*b.N)/b.Elapsed().Seconds(), "reads/s")
			})
		}
	}
}
