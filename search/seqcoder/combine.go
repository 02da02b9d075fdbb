package seqcoder

import (
	"runtime"
	"sync"
)

// A combiner joins what several goroutines ask a model for, so that a backend that is
// shared sees many sequences at a time. Several batches are under way at once: while some
// are with the backend, the grammar of others is followed.
type combiner struct {
	m       *Model
	mu      sync.Mutex
	pending []*request
	leaders int
}

// leaders is how many batches are under way at most: one for each core, that they all have
// work, and two at least.
func leaders() int { return max(runtime.GOMAXPROCS(0), 2) }

const mostCombined = 256 // sequences of a batch

// A request is a call of Propose.
type request struct {
	sequences [][]byte
	beam      Beam
	all       []*Proposal
	err       error
	done      chan struct{}
}

// propose is Model.Propose.
func (c *combiner) propose(sequences [][]byte, b Beam) ([]*Proposal, error) {
	r := &request{sequences: sequences, beam: b, done: make(chan struct{})}
	c.mu.Lock()
	c.pending = append(c.pending, r)
	if c.leaders < leaders() {
		c.leaders++
		go c.lead()
	}
	c.mu.Unlock()
	<-r.done
	return r.all, r.err
}

// lead answers requests until there are none.
func (c *combiner) lead() {
	for {
		c.mu.Lock()
		batch := c.take()
		if len(batch) == 0 {
			c.leaders--
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		var sequences [][]byte
		for _, r := range batch {
			sequences = append(sequences, r.sequences...)
		}
		all, err := c.m.Propose(sequences, batch[0].beam)
		for _, r := range batch {
			n := len(r.sequences)
			if r.err = err; err == nil {
				r.all, all = all[:n:n], all[n:]
			}
			close(r.done)
		}
	}
}

// take removes the first request and those like it.
func (c *combiner) take() (batch []*request) {
	rest, n := c.pending[:0], 0
	for _, r := range c.pending {
		if len(batch) == 0 || r.beam == batch[0].beam && n+len(r.sequences) <= mostCombined {
			batch, n = append(batch, r), n+len(r.sequences)
		} else {
			rest = append(rest, r)
		}
	}
	c.pending = rest
	return batch
}
