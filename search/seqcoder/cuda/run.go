package cuda

import (
	"fmt"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// Run implements model.Runner: the device gets the batch, the launches of a pass and the copy of
// its results at once. It has nothing to wait for in between.
func (e *Engine) Run(j *model.Job, forward func() error) (model.Pass, error) {
	b := j.Batch
	results := len(b.Last) * (2*b.K + 1)
	if rows := len(b.Place); rows > e.rows || len(b.Last) > rows || results > e.resultWords {
		return nil, fmt.Errorf("cuda: a batch of %d rows and %d texts with %d candidates is too large", rows, len(b.Last), b.K)
	}
	s, err := e.submission(j.Before)
	if err != nil {
		return nil, err
	}
	n, err := writeBatch(s.words(), b)
	if err == nil {
		err = s.run(func() error {
			if err := s.write(e.batch.addr, n); err != nil {
				return err
			}
			e.running, e.shape = b, shapeOf(b, e.rows)
			defer func() { e.running = nil }()
			if err := e.launches(forward); err != nil {
				return err
			}
			return s.read(results, e.results.addr)
		})
	}
	if err != nil {
		e.free <- s
		return nil, err
	}
	return &pass{e: e, s: s, to: j.To, texts: len(b.Last), k: b.K}, nil
}

// submission returns one that is free. It waits until there is one, for the pass before first,
// or everybody might wait for a submission.
func (e *Engine) submission(before model.Pass) (*submission, error) {
	select {
	case s := <-e.free:
		return e.ready(s)
	default:
	}
	if before != nil {
		if err := before.Wait(); err != nil {
			return nil, err
		}
	}
	return e.ready(<-e.free)
}

// ready waits until s can be reused.
func (e *Engine) ready(s *submission) (*submission, error) {
	if err := e.wait(s); err != nil {
		e.free <- s
		return nil, err
	}
	return s, nil
}

// wait waits for s and adds its time to e.busy.
func (e *Engine) wait(s *submission) error {
	seconds, err := s.wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.busy += seconds
	return err
}

// Busy returns for how long the device has worked for e, in seconds.
func (e *Engine) Busy() float64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.busy
}

// A pass implements model.Pass.
type pass struct {
	e        *Engine
	s        *submission // nil after Wait
	to       *model.Candidates
	texts, k int
}

// Wait implements model.Pass.
func (p *pass) Wait() error {
	if p.s == nil {
		return nil
	}
	s := p.s
	p.s = nil
	defer func() { p.e.free <- s }()
	if err := p.e.wait(s); err != nil {
		return err
	}
	n, words, floats := p.texts*p.k, s.words(), s.floats()
	p.to.IDs = append(p.to.IDs, words[:n]...)
	p.to.Logits = append(p.to.Logits, floats[n:2*n]...)
	p.to.Totals = append(p.to.Totals, floats[2*n:2*n+p.texts]...)
	return nil
}

// CopyPages implements model.Runner. It queues the copies.
func (e *Engine) CopyPages(to, from []int32) error {
	for len(to) > 0 {
		n := min(len(to), e.rows)
		s, err := e.submission(nil)
		if err != nil {
			return err
		}
		copy(s.words(), from[:n])
		copy(s.words()[n:], to[:n])
		err = s.run(func() error {
			if err := s.write(e.batch.addr, 2*n); err != nil {
				return err
			}
			return e.dev.launchLocked("copyPages", [2]int{n, e.config.Layers}, 128,
				e.kv.addr, e.batch.addr, e.batch.addr+address(4*n), int32(e.pages), int32(e.config.Width))
		})
		e.free <- s
		if err != nil {
			return err
		}
		to, from = to[n:], from[n:]
	}
	return nil
}
