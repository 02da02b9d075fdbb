package compress

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

var full = flag.Bool("full", false, "measure how the pipeline scales, and the speeds of its stages; a minute or two")

// A sleeper is a Planner that only takes time: with it, more workers than cores are as good as cores.
type sleeper struct{ time time.Duration }

func (sleeper) Promising([]byte) bool { return true }

func (s sleeper) Plans(ctx context.Context, _ []byte, _ func([]byte) int) []*dsl.Program {
	time.Sleep(s.time)
	return nil
}

// TestScaling measures how long 1 to 8 workers take for segments of which each takes the same time, beside what
// the model of README.md says.
func TestScaling(t *testing.T) {
	if !*full {
		t.Skip("a minute: -full")
	}
	const each, segment, segments = 60 * time.Millisecond, 64 << 10, 160
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8)) // as many segments are coded at a time
	for _, count := range []int{1, 4} {
		list := map[string][]byte{}
		for k := range count {
			list[fmt.Sprint(k)] = noise(segment*segments, uint64(k))
		}
		f := newFleet(t, list, "-1", fmt.Sprintf("--segment-size=%d", segment))
		f.use(func(c *codec.WriterConfig) { c.Planner = sleeper{each} })
		alone := time.Duration(0)
		for _, workers := range []int{1, 2, 4, 8} {
			f.clean()
			f.Workers = workers
			began := time.Now()
			f.run()
			took := time.Since(began)
			if workers == 1 {
				alone = took
			}
			all := each * segments * time.Duration(count)
			chain := each * segments / 8 * time.Duration((count+workers-1)/workers) // the leaders of a file, one after the other
			t.Logf("%d files, %d workers: %.2f s, %.2f times as fast as one; model %.2f s", count, workers, took.Seconds(), alone.Seconds()/took.Seconds(), max(all/time.Duration(workers), chain).Seconds())
		}
	}
}

// use makes f search as change says.
func (f *fleet) use(change func(c *codec.WriterConfig)) {
	f.t.Helper()
	c, err := newCoding(f.Args, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	change(&c.config)
	if err := c.prepare(); err != nil {
		f.t.Fatal(err)
	}
	f.Args = append(f.Args, fmt.Sprint("test ", faults.Add(1))) // a key of its own
	codings.Get(f.key(), func() (*coding, error) { return c, nil })
}
