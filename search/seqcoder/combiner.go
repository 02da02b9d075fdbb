package seqcoder

import (
	"runtime"
	"sync"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// A combiner joins the requests of several goroutines to batches for a shared model. Several
// batches are under way at a time: while the backend computes one, the grammar follows others.
type combiner struct {
	m       *model.Model
	mu      sync.Mutex
	pending []*request
	leaders int // goroutines that run lead
}

// maxLeaders returns how many batches may be under way: one for each core, so that all of them
// have work, and at least two, so that the backend has.
func maxLeaders() int { return max(runtime.GOMAXPROCS(0), 2) }

// maxCombined is the largest batch, in sequences. Arbitrary: beams of 8 make 2048 texts of it,
// which keep an H100 busy for 0.25 ms.
const maxCombined = 256

// A request is a call of combiner.propose.
type request struct {
	sequences [][]byte
	beam      Beam
	all       []*Proposal
	err       error
	done      chan struct{}
}

// propose is Propose with the shared model. It may be called from several goroutines.
func (c *combiner) propose(sequences [][]byte, b Beam) ([]*Proposal, error) {
	r := &request{sequences: sequences, beam: b, done: make(chan struct{})}
	c.mu.Lock()
	c.pending = append(c.pending, r)
	if c.leaders < maxLeaders() {
		c.leaders++
		go c.lead()
	}
	c.mu.Unlock()
	<-r.done
	return r.all, r.err
}

// lead answers requests until none is pending.
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
		all, err := Propose(c.m, sequences, batch[0].beam)
		for _, r := range batch {
			n := len(r.sequences)
			if r.err = err; err == nil {
				r.all, all = all[:n:n], all[n:]
			}
			close(r.done)
		}
	}
}

// take removes and returns the first pending request and others with the same beam, up to
// maxCombined sequences. The caller holds c.mu.
func (c *combiner) take() (batch []*request) {
	others, n := c.pending[:0], 0
	for _, r := range c.pending {
		if len(batch) == 0 || r.beam == batch[0].beam && n+len(r.sequences) <= maxCombined {
			batch, n = append(batch, r), n+len(r.sequences)
		} else {
			others = append(others, r)
		}
	}
	c.pending = others
	return batch
}
