package slots

import (
	"runtime"
	"sync"
)

// A Bundle is the work on the elements of a bundle. The zero value is ready. It is not safe
// for concurrent use.
//
// A DoFn calls Start for each element, then Done to emit what is ready; in FinishBundle it
// calls Wait. A bundle that fails may leave work under way, whose results are lost: it must
// not matter if the work is done again.
type Bundle[T any] struct {
	lock    sync.Mutex
	ready   []T
	pending sync.WaitGroup
}

// Start does work in a goroutine once one of the process's n slots is free, of one per core if n is 0. It
// waits for that: a runner can then still give the elements that follow to other workers.
func (b *Bundle[T]) Start(n int, work func() T) {
	free := of(n)
	free <- struct{}{}
	b.pending.Go(func() {
		defer func() { <-free }()
		result := work()
		b.lock.Lock()
		defer b.lock.Unlock()
		b.ready = append(b.ready, result)
	})
}

// Done returns the results that were not returned yet, in the order in which they became ready.
func (b *Bundle[T]) Done() []T {
	b.lock.Lock()
	defer b.lock.Unlock()
	ready := b.ready
	b.ready = nil
	return ready
}

// Wait waits for all work, and returns the results that were not returned yet.
func (b *Bundle[T]) Wait() []T {
	b.pending.Wait()
	return b.Done()
}

// Do does work in the calling goroutine once one of the process's n slots is free, as for Start.
func Do(n int, work func()) {
	free := of(n)
	free <- struct{}{}
	defer func() { <-free }()
	work()
}

// The slots of this process, by how many there are.
var (
	lock sync.Mutex
	all  = map[int]chan struct{}{}
)

// of returns the process's n slots, one per core if n is 0. Pipelines that say the same number share them.
func of(n int) chan struct{} {
	if n < 1 {
		n = runtime.GOMAXPROCS(0)
	}
	lock.Lock()
	defer lock.Unlock()
	if all[n] == nil {
		all[n] = make(chan struct{}, n)
	}
	return all[n]
}
