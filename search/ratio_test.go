package search

import (
	"bytes"
	"compress/gzip"
	"os"
	"testing"
	"time"

	"github.com/ktzip/ktzip/dsl"
)

const dataDir = "../../shared/kt/"

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

// measure is the size of data where blocks cost less than limit bits are
// programs and the others joined and gzipped.
func measure(t testing.TB, e *Enumerator, data []byte, limit dsl.Cost) (size, programs int, each time.Duration) {
	var raw bytes.Buffer
	enc := dsl.NewEncoder()
	enc.Plan(dsl.Identity())
	all := blocks(data, 128)
	var spent time.Duration
	for _, b := range all {
		var p *dsl.Program
		start := time.Now()
		if e.Promising(b) {
			p, _ = e.Find(b, limit*5/4, 1<<40)
		}
		spent += time.Since(start)
		if p != nil && enc.ProgramCost(p) < limit {
			enc.Program(p)
			programs++
		} else {
			enc.Raw()
			raw.Write(b)
		}
	}
	var gz bytes.Buffer
	w, _ := gzip.NewWriterLevel(&gz, 9)
	w.Write(raw.Bytes())
	w.Close()
	return len(enc.Finish()) + gz.Len(), programs, spent / time.Duration(len(all))
}

// TestRatio holds the search to the bar on the benchmark's synthetic file.
func TestRatio(t *testing.T) {
	data := readData(t, "synthetic.bin")
	levels := []int{6}
	for _, limit := range []dsl.Cost{62, 68, 74, 80, 86} {
		size, programs, _ := measure(t, New(nil), data, limit*8*256)
		t.Logf("limit %d: %.4f %d", limit, float64(size)/float64(len(data)), programs)
	}
	if testing.Verbose() && !testing.Short() {
		levels = []int{1, 6, 9}
	}
	for _, level := range levels {
		size, programs, each := measure(t, New(&Config{Level: level}), data, 62*8*256)
		ratio := float64(size) / float64(len(data))
		t.Logf("level %d: ratio %.4f, %d of %d blocks programs, %v a block", level, ratio, programs, (len(data)+127)/128, each)
		if level == 6 && ratio > 0.41 {
			t.Errorf("ratio %.4f, want at most 0.41", ratio)
		}
	}
}
