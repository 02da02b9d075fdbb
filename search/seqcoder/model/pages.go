package model

import (
	"errors"
	"sync"
)

// ErrPages reports that a backend has too few free pages for a batch.
var ErrPages = errors.New("model: no free page")

// pagePool hands out the page numbers of a backend. It is safe for concurrent use.
type pagePool struct {
	mu       sync.Mutex
	released sync.Cond
	size     int     // pages of the backend
	used     int     // pages 0 to used-1 have been taken at least once
	free     []int32 // of these, the pages that are free now
}

func newPagePool(size int) *pagePool {
	p := &pagePool{size: size}
	p.released.L = &p.mu
	return p
}

// take returns a free page.
func (p *pagePool) take() (int32, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		id := p.free[n-1]
		p.free = p.free[:n-1]
		return id, nil
	}
	if p.used == p.size {
		return 0, ErrPages
	}
	p.used++
	return int32(p.used - 1), nil
}

// release frees pages that take returned.
func (p *pagePool) release(ids []int32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, ids...)
	p.released.Broadcast()
}

// wait waits until a page is released. It returns false at once if no page is in use.
func (p *pagePool) wait() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.idle() {
		return false
	}
	p.released.Wait()
	return true
}

// idle reports whether no page is in use. The caller holds p.mu or is alone.
func (p *pagePool) idle() bool { return len(p.free) == p.used }
