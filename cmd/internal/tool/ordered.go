package tool

import (
	"context"
	"iter"
	"sync"
)

// aheadPerThread is how many values per thread Ordered takes before the one that it yields, so
// that a slow call does not keep the other threads waiting; arbitrary.
const aheadPerThread = 16

// Ordered calls f with each value of in, in threads goroutines, and yields the results in the
// order of in. It ends after an error: of in, of a call, or of ctx. The context of the calls is
// done when it ends.
func Ordered[A, B any](ctx context.Context, threads int, in iter.Seq2[A, error], f func(context.Context, A) (B, error)) iter.Seq2[B, error] {
	type result struct {
		value B
		err   error
	}
	return func(yield func(B, error) bool) {
		inner, cancel := context.WithCancel(ctx)
		var group sync.WaitGroup
		defer group.Wait()
		defer cancel()
		results := make(chan chan result, aheadPerThread*threads)
		slots := make(chan struct{}, threads)
		group.Go(func() {
			defer close(results)
			for a, err := range in {
				r := make(chan result, 1)
				select {
				case results <- r:
				case <-inner.Done():
					return
				}
				if err != nil {
					r <- result{err: err}
					return
				}
				slots <- struct{}{}
				group.Go(func() {
					b, err := f(inner, a)
					r <- result{b, err}
					<-slots
				})
			}
		})
		for c := range results {
			if r := <-c; !yield(r.value, r.err) || r.err != nil {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(*new(B), err)
		}
	}
}
