package job

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrPanic is the error of work that panicked.
var ErrPanic = errors.New("panic")

// Guard calls do and returns its error, which is ErrPanic if it panics: what a file makes of a worker should
// concern that file alone.
func Guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrPanic, p)
		}
	}()
	return do()
}

// Of returns the Result of the file at path that do completes. It is one of a file that is skipped if do
// returns an error or panics.
func Of(path string, do func(r *Result) error) Result {
	r := Result{Path: path}
	if err := Guard(func() error { return do(&r) }); err != nil {
		return r.Failed(err)
	}
	return r
}

// Emit emits the lines of results, and counts them.
func Emit(ctx context.Context, ready []Result, lines func(string)) {
	for i := range ready {
		ready[i].Count().Add(ctx)
		lines(ready[i].Line())
	}
}

// A Shared holds what the bundles of a process share, by keys: searches and models take time to make, and
// memory. The zero value is empty. It is safe for concurrent use.
type Shared[T any] struct {
	lock sync.Mutex
	all  map[string]T
}

// Get returns what create made for the key. It calls create if that did not succeed before.
func (s *Shared[T]) Get(key string, create func() (T, error)) (T, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if found, ok := s.all[key]; ok {
		return found, nil
	}
	made, err := create()
	if err != nil {
		return made, err
	}
	if s.all == nil {
		s.all = map[string]T{}
	}
	s.all[key] = made
	return made, nil
}
