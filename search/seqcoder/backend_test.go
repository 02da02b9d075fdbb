package seqcoder

import (
	"errors"
	"sync"
	"testing"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// tinyWeights returns a model of 2 layers and width 32 with random weights.
func tinyWeights(t *testing.T) *model.Weights {
	t.Helper()
	w, err := ReadWeights("model/testdata/tiny.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// embeddedWeights returns the embedded weights.
func embeddedWeights(t testing.TB) *model.Weights {
	t.Helper()
	w, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// A smallBackend is a backend with few pages.
type smallBackend struct {
	model.Backend
	pages int
}

func (b smallBackend) Pages() int { return b.pages }

// A lockedBackend is the processor as a backend that several goroutines share. It counts the
// calls of Extend.
type lockedBackend struct {
	model.Backend
	mu    sync.Mutex
	calls int
}

func (l *lockedBackend) Shared() bool { return true }

func (l *lockedBackend) CopyPages(to, from []int32) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Backend.CopyPages(to, from)
}

func (l *lockedBackend) Extend(b *model.Batch) (*model.Candidates, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	return l.Backend.Extend(b)
}

// A brokenBackend is a shared backend that fails after some calls.
type brokenBackend struct {
	model.Backend
	left *int // calls until it fails
}

var errBroken = errors.New("broken")

func (b brokenBackend) Shared() bool { return true }

func (b brokenBackend) Extend(batch *model.Batch) (*model.Candidates, error) {
	if *b.left--; *b.left < 0 {
		return nil, errBroken
	}
	return b.Backend.Extend(batch)
}

// A recorder records the answers of a backend and replays them.
type recorder struct {
	model.Backend
	answers []*model.Candidates
	next    int
	replay  bool
}

func (r *recorder) CopyPages(to, from []int32) error {
	if r.replay {
		return nil
	}
	return r.Backend.CopyPages(to, from)
}

func (r *recorder) Extend(b *model.Batch) (*model.Candidates, error) {
	if !r.replay {
		c, err := r.Backend.Extend(b)
		r.answers = append(r.answers, c)
		return c, err
	}
	c := r.answers[r.next%len(r.answers)]
	r.next++
	return c, nil
}
