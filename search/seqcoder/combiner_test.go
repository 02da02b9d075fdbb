package seqcoder

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// TestCombine sends requests from many goroutines: each gets the answer that it would get
// alone, and the backend is called less often.
func TestCombine(t *testing.T) {
	w := tinyWeights(t)
	shared := &lockedBackend{Backend: model.NewCPU(w)}
	c := &combiner{m: model.New(w, shared)}
	alone := model.New(w, nil)
	const goroutines, each, maxTokens = 30, 3, 6
	answers := make([][]*Proposal, goroutines)
	request := func(i int) (sequences [][]byte, b Beam) {
		for k := range each {
			sequences = append(sequences, []byte{byte(i % 7), byte(k), 5})
		}
		return sequences, Beam{Width: 2 + i%2, MaxTokens: maxTokens}
	}
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() {
			var err error
			if answers[i], err = c.propose(request(i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if shared.calls >= goroutines*maxTokens {
		t.Errorf("%d calls of the backend, want fewer than %d", shared.calls, goroutines*maxTokens)
	}
	for i, got := range answers[:14] { // all kinds of requests
		sequences, b := request(i)
		want, err := Propose(alone, sequences, b)
		if err != nil || len(got) != len(want) {
			t.Fatalf("got %d proposals, want %d, %v", len(got), len(want), err)
		}
		for k := range got {
			if string(got[k].sequence) != string(sequences[k]) {
				t.Errorf("got the answer for %d, want that for %d", got[k].sequence, sequences[k])
			}
			same(t, got[k], want[k])
		}
	}
}

// TestGoroutinesWaitForPages sends requests from many goroutines for whom the backend has too
// few pages: each gets an answer.
func TestGoroutinesWaitForPages(t *testing.T) {
	w := tinyWeights(t)
	m := model.New(w, &lockedBackend{Backend: smallBackend{model.NewCPU(w), 60}})
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			for k := range 4 {
				if _, err := Propose(m, [][]byte{{byte(i), byte(k), 5}, {1, byte(i)}}, Beam{Width: 6, MaxTokens: 8}); err != nil {
					t.Errorf("%d, %d: %v", i, k, err)
				}
			}
		})
	}
	wg.Wait()
	if !m.Idle() {
		t.Error("pages are in use after all requests")
	}
}

// TestSharedModelFindsTheSame searches streams at the same time with a shared model: programs
// and steps are those of a search alone.
func TestSharedModelFindsTheSame(t *testing.T) {
	w := tinyWeights(t)
	const streams, blocks, size = 8, 5, 8
	streamOf := func(i int) (stream []byte) {
		for k := range blocks * size {
			stream = append(stream, byte(i*k+k/size*i*i))
		}
		return stream
	}
	limits := slices.Repeat([]dsl.Cost{1 << 30}, blocks)
	find := func(s *Searcher, i int) string {
		found, used := s.Find(t.Context(), streamOf(i), 0, size, limits, 30_000)
		return fmt.Sprint(found, used)
	}
	shared := New(model.New(w, &lockedBackend{Backend: model.NewCPU(w)}), nil, programs.Adaptive)
	alone := New(model.New(w, nil), nil, programs.Adaptive)
	var got [streams]string
	var wg sync.WaitGroup
	for i := range streams {
		wg.Go(func() { got[i] = find(shared, i) })
	}
	wg.Wait()
	for i := range got {
		if want := find(alone, i); got[i] != want {
			t.Errorf("stream %d: got %s, want %s", i, got[i], want)
		}
	}
}
