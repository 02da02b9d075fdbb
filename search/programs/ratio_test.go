package programs

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ktzip/ktzip/dsl"
)

var full = flag.Bool("full", false, "measure on larger samples")

// skipSlow skips a test that measures how good programs are: it is slow, and tells
// the race detector nothing.
func skipSlow(t *testing.T) {
	t.Helper()
	oneGoroutine(t)
	if testing.Short() {
		t.Skip("measures programs")
	}
}

// oneGoroutine skips a test under the race detector, which makes it too slow and has
// nothing to find in it.
func oneGoroutine(t *testing.T) {
	t.Helper()
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
}

// sample returns n, or all if -full is set.
func sample(n, all int) int {
	if *full {
		return all
	}
	return n
}

const dataDir = "../../../shared/kt/"

func readData(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(dataDir + name)
	if err != nil {
		t.Skipf("no data to measure on: %v", err)
	}
	return b
}

func blocks(data []byte, size int) (out [][]byte) {
	for len(data) > 0 {
		n := min(size, len(data))
		out = append(out, data[:n])
		data = data[n:]
	}
	return out
}

// inARow is the number of blocks that findAll searches in a row.
const inARow = 64

// findAll finds the programs of the blocks of 128 elements of data. It searches
// stretches of inARow blocks in parallel.
func findAll(e *Finder, data []byte, limit dsl.Cost) (all []*dsl.Program) {
	n := (len(data) + 127) / 128
	all = make([]*dsl.Program, n)
	limits := slices.Repeat([]dsl.Cost{limit}, inARow)
	var wg sync.WaitGroup
	work := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for at := range work {
				end := min(at+inARow, n)
				found, _ := e.Find(context.Background(), data[:min(end*128, len(data))], at*128, 128, limits[:end-at], 1<<50)
				copy(all[at:], found)
			}
		})
	}
	for at := 0; at < n; at += inARow {
		work <- at
	}
	close(work)
	wg.Wait()
	return all
}

// find is findAll with the time per block.
func find(e *Finder, data []byte) (programs []*dsl.Program, each time.Duration) {
	start := time.Now()
	programs = findAll(e, data, 1024*256)
	return programs, time.Since(start) / time.Duration(len(programs))
}

// measure returns the size of data if blocks whose programs cost less than limit bits
// are written as programs and the others, joined, as GZIP.
func measure(data []byte, programs []*dsl.Program, limit float64) (ratio float64, used int) {
	var raw, gz bytes.Buffer
	enc := dsl.NewEncoder(dsl.Edition2)
	enc.Plan(dsl.Identity())
	for i, b := range blocks(data, 128) {
		if p := programs[i]; p != nil && enc.ProgramCost(p).Bits() < limit {
			enc.Program(p)
			used++
		} else {
			enc.Raw()
			raw.Write(b)
		}
	}
	w, _ := gzip.NewWriterLevel(&gz, 9)
	w.Write(raw.Bytes())
	w.Close()
	return float64(len(enc.Finish())+gz.Len()) / float64(len(data)), used
}

// TestRatio: level 6 makes at most 0.36 of the benchmark's synthetic file. With -full
// the test measures other levels and more of the file.
func TestRatio(t *testing.T) {
	skipSlow(t)
	data := readData(t, "synthetic.bin")[:24<<10]
	levels := []int{6}
	if *full {
		data = readData(t, "synthetic.bin")[:256<<10]
		levels = []int{1, 2, 3, 4, 6, 8, 9}
	}
	for _, level := range levels {
		programs, each := find(New(&Config{Level: level}), data)
		ratio, used := measure(data, programs, 62*8)
		most, usedMost := measure(data, programs, 84*8)
		t.Logf("level %d: ratio %.4f (%d programs); %.4f (%d) where they may cost 84 bytes; %v a block",
			level, ratio, used, most, usedMost, each)
		if level == 6 && ratio > 0.36 {
			t.Errorf("ratio %.4f, want at most 0.36", ratio)
		}
	}
}
