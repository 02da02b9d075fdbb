package slots

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// TestBundle holds that all results come, each once, and that no more than n works run at a time; with 0, no
// more than there are cores.
func TestBundle(t *testing.T) {
	for _, n := range []int{0, 1, 3} {
		testBundle(t, n, 100)
	}
}

// testBundle tests Bundles with n slots, and so many works.
func testBundle(t *testing.T, n, count int) {
	t.Helper()
	var running, most atomic.Int64
	work := func(i int) func() int {
		return func() int {
			r := running.Add(1)
			for m := most.Load(); r > m && !most.CompareAndSwap(m, r); m = most.Load() {
			}
			time.Sleep(time.Millisecond)
			running.Add(-1)
			return i
		}
	}
	seen := map[int]int{}
	take := func(list []int) {
		for _, i := range list {
			seen[i]++
		}
	}
	var bundles [2]Bundle[int]
	for i := range count {
		b := &bundles[i%2]
		b.Start(n, work(i))
		take(b.Done())
	}
	for i := range bundles {
		take(bundles[i].Wait())
	}
	for i := range count {
		if seen[i] != 1 {
			t.Errorf("%d results of work %d", seen[i], i)
		}
	}
	want := n
	if n == 0 {
		want = runtime.GOMAXPROCS(0)
	}
	if most.Load() > int64(want) {
		t.Errorf("%d works at a time, want at most %d", most.Load(), want)
	}
}
