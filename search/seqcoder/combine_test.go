package seqcoder

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
)

// lined is the processor as a backend that is shared, and counts its calls.
type lined struct {
	Backend
	mu    sync.Mutex
	calls int
}

func (l *lined) Shared() bool { return true }

func (l *lined) CopyPages(to, from []int32) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Backend.CopyPages(to, from)
}

func (l *lined) Extend(wide, k int, index, place, text, seen, last, tables []int32, mask []uint32) ([]int32, []float32, []float32, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	return l.Backend.Extend(wide, k, index, place, text, seen, last, tables, mask)
}

// TestCombine asks from many goroutines at once, and wants what each would get alone, by
// fewer calls.
func TestCombine(t *testing.T) {
	w, _ := tinyVector(t)
	alone := NewModel(w, nil)
	shared := &lined{Backend: NewCPU(w)}
	c := &combiner{m: NewModel(w, shared)}
	var wg sync.WaitGroup
	const askers, asked = 30, 3
	for i := range askers {
		wg.Go(func() {
			var sequences [][]byte
			for k := range asked {
				sequences = append(sequences, []byte{byte(i % 7), byte(k), 5})
			}
			b := Beam{Width: 2 + i%2, Most: 6}
			all, err := c.propose(sequences, b)
			if err != nil || len(all) != asked || all[0].Work == 0 {
				t.Errorf("%d proposals, %v", len(all), err)
				return
			}
			for k, p := range all {
				if string(p.sequence) != string(sequences[k]) {
					t.Errorf("the answer for %d instead of %d", p.sequence, sequences[k])
				}
			}
		})
	}
	wg.Wait()
	if shared.calls >= askers*6 {
		t.Errorf("%d calls", shared.calls)
	}
	for i := range 14 {
		sequences := [][]byte{{byte(i % 7), 1, 5}}
		b := Beam{Width: 2 + i%2, Most: 6}
		got, _ := c.propose(sequences, b)
		want, _ := alone.Propose(sequences, b)
		if got[0].Made != want[0].Made || len(got[0].Programs) != len(want[0].Programs) {
			t.Errorf("%v, not %v", got[0], want[0])
		}
	}
}

// TestCombineFewPages asks from many goroutines where the backend's pages are too few for
// them all, and wants each to get an answer.
func TestCombineFewPages(t *testing.T) {
	w, _ := tinyVector(t)
	shared := &lined{Backend: few{newCPU(w), 60}}
	m := NewModel(w, shared)
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			for k := range 4 {
				if _, err := m.Propose([][]byte{{byte(i), byte(k), 5}, {1, byte(i)}}, Beam{Width: 6, Most: 8}); err != nil {
					t.Errorf("%d, %d: %v", i, k, err)
				}
			}
		})
	}
	wg.Wait()
	if !m.pages.whole() {
		t.Errorf("%d of %d pages are free", len(m.pages.free), m.pages.used)
	}
}

// TestShared wants the same of a search, and the same steps, beside others as alone.
func TestShared(t *testing.T) {
	w, _ := tinyVector(t)
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
	shared := New(NewModel(w, &lined{Backend: NewCPU(w)}), nil, programs.Adaptive)
	alone := New(NewModel(w, nil), nil, programs.Adaptive)
	var got [streams]string
	var wg sync.WaitGroup
	for i := range streams {
		wg.Go(func() { got[i] = find(shared, i) })
	}
	wg.Wait()
	for i := range got {
		if want := find(alone, i); got[i] != want {
			t.Errorf("stream %d: %s, not %s", i, got[i], want)
		}
	}
}
