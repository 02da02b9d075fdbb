package tool

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"time"
)

// numbers returns 0 to n-1, then err unless it is nil.
func numbers(n int, err error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		if err != nil {
			yield(0, err)
		}
	}
}

// TestOrderedKeepsOrder holds the order of the results, the number of calls at a time, and how
// it ends.
func TestOrderedKeepsOrder(t *testing.T) {
	failure := errors.New("failure")
	for _, threads := range []int{1, 2, 7} {
		for _, c := range []struct {
			n, bad int // a call fails with bad
			in     error
			want   int // results before the error
			err    error
		}{
			{n: 0, bad: -1, want: 0},
			{n: 300, bad: -1, want: 300},
			{n: 300, bad: 40, want: 40, err: failure},
			{n: 300, bad: 0, want: 0, err: failure},
			{n: 9, bad: -1, in: failure, want: 9, err: failure},
		} {
			var running, most atomic.Int32
			f := func(_ context.Context, i int) (int, error) {
				if n := running.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Duration(i*7%5) * 10 * time.Microsecond)
				running.Add(-1)
				if i == c.bad {
					return 0, failure
				}
				return i, nil
			}
			got, failed := 0, error(nil)
			for v, err := range Ordered(t.Context(), threads, numbers(c.n, c.in), f) {
				if failed = err; err != nil {
					continue
				}
				if v != got {
					t.Fatalf("%d, want %d", v, got)
				}
				got++
			}
			if got != c.want || failed != c.err || int(most.Load()) > threads || running.Load() != 0 {
				t.Errorf("%d threads, %+v: %d results, %v, %d at a time, %d still run", threads, c, got, failed, most.Load(), running.Load())
			}
		}
	}
}

// TestOrderedEnds holds that it ends when its reader has enough, and when its context is done.
func TestOrderedEnds(t *testing.T) {
	endless := func(yield func(int, error) bool) {
		for i := 0; yield(i, nil); i++ {
		}
	}
	ended := 0
	wait := func(ctx context.Context, i int) (int, error) {
		if i > 3 {
			<-ctx.Done()
		}
		return i, nil
	}
	for v := range Ordered(t.Context(), 2, endless, wait) {
		if ended = v; v == 2 {
			break
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var failed error
	for v, err := range Ordered(ctx, 2, endless, wait) {
		if failed = err; v == 2 {
			cancel()
		}
	}
	if ended != 2 || !errors.Is(failed, context.Canceled) {
		t.Errorf("it ended at %d, and with %v", ended, failed)
	}
}
