//go:build unix

package bench

import (
	"bytes"
	stdgzip "compress/gzip"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/ktzip/ktzip/codec"
)

const (
	speedSize = 32 << 20 // bytes, at least, of a file repeated
	speedReps = 3        // measurements of each, by turns
)

// A sink counts what is written to it.
type sink int64

func (s *sink) Write(p []byte) (int, error) {
	*s += sink(len(p))
	return len(p), nil
}

// A timing is what one of two rivals took.
type timing struct{ wall, cpu time.Duration }

func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// clock measures f, in wall time and in processor time of the process.
func clock(f func()) timing {
	wall, cpu := time.Now(), cpuTime()
	f()
	return timing{time.Since(wall), cpuTime() - cpu}
}

// byTurns measures a and b by turns, a b a b …, and returns the medians. The
// first turn does not count if it is short.
func byTurns(a, b func()) (ta, tb timing) {
	as, bs := []timing{clock(a)}, []timing{clock(b)}
	if as[0].wall < time.Second {
		as, bs = nil, nil
	}
	for len(as) < speedReps {
		as, bs = append(as, clock(a)), append(bs, clock(b))
	}
	return median(as), median(bs)
}

func median(list []timing) timing {
	pick := func(of func(timing) time.Duration) time.Duration {
		var d []time.Duration
		for _, t := range list {
			d = append(d, of(t))
		}
		slices.Sort(d)
		return d[len(d)/2]
	}
	return timing{
		pick(func(t timing) time.Duration { return t.wall }),
		pick(func(t timing) time.Duration { return t.cpu }),
	}
}

// gzipPieces compresses the pieces of data by two goroutines, each with its own
// encoder, and writes the outcome nowhere.
func gzipPieces(tb testing.TB, writers []*gzip.Writer, data []byte, sizes []int) {
	starts := make([]int, len(sizes)+1)
	for i, n := range sizes {
		starts[i+1] = starts[i] + n
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for _, w := range writers {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(sizes) {
					return
				}
				var out sink
				w.Reset(&out)
				if _, err := w.Write(data[starts[i]:starts[i+1]]); err != nil {
					tb.Error(err)
				}
				if err := w.Close(); err != nil {
					tb.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// speedBar compares ktzip, without plans (TestPlans has these), with gzip on data at a
// level: compression with 2
// threads, verified, against klauspost's gzip of the same pieces by two
// goroutines; decoding on one thread against the standard library's gunzip.
func speedBar(t *testing.T, data []byte, level int) (ktzip, rival, unpack, gunzip timing) {
	cfg := writerConfig(level, 2)
	cfg.Planner = nil
	w, err := codec.NewWriter(nil, cfg)
	must(t, err)
	var file bytes.Buffer
	encode := func(dst io.Writer) {
		w.Reset(dst)
		_, err := w.Write(data)
		must(t, err)
		must(t, w.Close())
	}
	encode(&file)
	sizes := segmentSizes(t, file.Bytes())
	writers := make([]*gzip.Writer, 2)
	for i := range writers {
		writers[i], err = gzip.NewWriterLevel(nil, level)
		must(t, err)
	}
	ktzip, rival = byTurns(
		func() { encode(new(sink)) },
		func() { gzipPieces(t, writers, data, sizes) })

	zipped := gzipMethod(level).encoder(t)(nil, data)
	r, err := codec.NewReader(bytes.NewReader(file.Bytes()), &codec.ReaderConfig{Threads: 1})
	must(t, err)
	g := new(stdgzip.Reader)
	decode := func(r io.Reader, err error) {
		must(t, err)
		n, err := io.Copy(new(sink), r)
		must(t, err)
		if int(n) != len(data) {
			t.Fatalf("%d bytes restored of %d", n, len(data))
		}
	}
	unpack, gunzip = byTurns(
		func() { decode(r, r.Reset(bytes.NewReader(file.Bytes()))) },
		func() { decode(g, g.Reset(bytes.NewReader(zipped))) })
	return ktzip, rival, unpack, gunzip
}

// TestSpeed reports the bars of speed; it asserts none. With -run, one file or
// level can be measured alone.
func TestSpeed(t *testing.T) {
	if !*report {
		t.Skip("without -report")
	}
	table := &markdown{head: []string{
		"file", "level",
		"ktzip, MB/s", "gzip, MB/s", "ratio", "ratio of processor times",
		"ktunzip, MB/s", "gunzip, MB/s", "ratio", "ratio of processor times",
	}}
	// The lowest ratios: of wall and of processor times, and where.
	type extreme struct {
		wall, cpu     float64
		wallOn, cpuOn string
	}
	kinds := []string{"compression, level 1", "compression, level 6", "compression, level 9", "decoding"}
	worst := make([]extreme, len(kinds))
	for i := range worst {
		worst[i] = extreme{wall: math.Inf(1), cpu: math.Inf(1)}
	}
	measure := func(t *testing.T, f File, k, level int) {
		data := Repeat(f.Data, speedSize)
		a, b, c, d := speedBar(t, data, level)
		row := []any{f.Name, level}
		for i, pair := range [][2]timing{{a, b}, {c, d}} {
			wall := pair[1].wall.Seconds() / pair[0].wall.Seconds()
			cpu := pair[1].cpu.Seconds() / pair[0].cpu.Seconds()
			for _, p := range pair {
				row = append(row, fmt.Sprintf("%.0f", float64(len(data))/1e6/p.wall.Seconds()))
			}
			row = append(row, fmt.Sprintf("%.2f", wall), fmt.Sprintf("%.2f", cpu))
			e, on := &worst[k], fmt.Sprintf("%s, level %d", f.Name, level)
			if i == 1 {
				e = &worst[3]
			}
			if wall < e.wall {
				e.wall, e.wallOn = wall, on
			}
			if cpu < e.cpu {
				e.cpu, e.cpuOn = cpu, on
			}
		}
		table.row(row...)
		t.Log(row...)
	}
	for _, f := range needFiles(t) {
		if !f.Natural {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			for k, level := range []int{1, 6, 9} {
				t.Run(fmt.Sprintf("level=%d", level), func(t *testing.T) { measure(t, f, k, level) })
			}
		})
	}
	table.report(t, "speed")
	low := &markdown{head: []string{"what", "bar", "lowest ratio", "on", "lowest ratio of processor times", "on"}}
	for i, e := range worst {
		if e.wallOn == "" {
			continue // not measured
		}
		bar := "0.5"
		if i == 3 {
			bar = "0.8"
		}
		low.row(kinds[i], bar, fmt.Sprintf("%.2f", e.wall), e.wallOn, fmt.Sprintf("%.2f", e.cpu), e.cpuOn)
	}
	low.report(t, "speed-lowest")
}
