package model

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// A lateEngine is the processor, but results come when a pass is waited for, and passes may fail.
type lateEngine struct {
	*processor
	fail           map[int]error // by the number of the pass
	passes         int
	underWay, most int // passes that were not waited for: now, and at most
	closed         bool
}

var errLate = errors.New("failed")

func (e *lateEngine) Close() error {
	e.closed = true
	return nil
}

func (e *lateEngine) Run(j *Job, forward func() error) (Pass, error) {
	e.passes++
	if err := e.fail[e.passes]; err != nil {
		return nil, err
	}
	early := newCandidates(len(j.Batch.Last), j.Batch.K)
	if _, err := e.processor.Run(&Job{Batch: j.Batch, To: early}, forward); err != nil {
		return nil, err
	}
	e.underWay++
	e.most = max(e.most, e.underWay)
	return &latePass{e: e, early: early, to: j.To}, nil
}

type latePass struct {
	e         *lateEngine
	early, to *Candidates
	waited    bool
}

func (p *latePass) Wait() error {
	if p.waited {
		return nil
	}
	p.waited = true
	p.e.underWay--
	p.to.IDs, p.to.Logits = append(p.to.IDs, p.early.IDs...), append(p.to.Logits, p.early.Logits...)
	p.to.Totals = append(p.to.Totals, p.early.Totals...)
	return nil
}

// manyTexts returns random texts, of more rows than fit two passes of RowTile, and masks.
func manyTexts(r *rand.Rand, w *Weights) (texts [][]Token, allowed []uint32) {
	for range 20 {
		text := make([]Token, 1+r.IntN(w.Context))
		for i := range text {
			text[i] = Token(r.IntN(256))
		}
		texts = append(texts, text)
	}
	for range len(texts) * w.MaskWords() {
		allowed = append(allowed, r.Uint32()&r.Uint32()&(1<<28-1)) // not beyond the vocabulary
	}
	return texts, allowed
}

// caches returns n empty texts.
func caches(m *Model, n int) (list []*Cache) {
	for range n {
		list = append(list, m.NewCache())
	}
	return list
}

// TestPassesEqualOne cuts a batch into passes of few rows: the results are those of one pass. A
// pass is waited for after the next one was queued.
func TestPassesEqualOne(t *testing.T) {
	w, _ := tinyVector(t)
	e := &lateEngine{processor: newProcessor(&w.Config)}
	tr, err := NewTransformer(w, e, 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	texts, allowed := manyTexts(rand.New(rand.NewPCG(1, 2)), w)
	one, cut := New(w, nil), New(w, tr)
	want, err := one.Extend(caches(one, len(texts)), texts, allowed, 3)
	if err != nil {
		t.Fatal(err)
	}
	got, err := cut.Extend(caches(cut, len(texts)), texts, allowed, 3)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if e.passes < 3 || e.most != 2 || e.underWay != 0 {
		t.Errorf("%d passes, %d at a time, %d not waited for; want at least 3, 2, 0", e.passes, e.most, e.underWay)
	}
}

// TestFailedPasses lets each pass fail in turn: the error is the engine's, and every other pass
// is waited for.
func TestFailedPasses(t *testing.T) {
	w, _ := tinyVector(t)
	texts, allowed := manyTexts(rand.New(rand.NewPCG(1, 2)), w)
	for n := 1; n <= 2; n++ {
		e := &lateEngine{processor: newProcessor(&w.Config), fail: map[int]error{n: errLate}}
		tr, err := NewTransformer(w, e, 1, 1000)
		if err != nil {
			t.Fatal(err)
		}
		m := New(w, tr)
		if _, err := m.Extend(caches(m, len(texts)), texts, allowed, 3); !errors.Is(err, errLate) || e.underWay != 0 {
			t.Errorf("pass %d fails: got %v, %d passes not waited for", n, err, e.underWay)
		}
	}
}

// TestTransformerRejects expects errors for weights of other lengths, after which the engine is
// closed, and for batches whose slices don't fit.
func TestTransformerRejects(t *testing.T) {
	w, _ := tinyVector(t)
	one := &Batch{
		Index: make([]int32, w.RowsPerToken()), Place: []int32{0}, Text: []int32{0}, Seen: []int32{1},
		Last: []int32{0}, Tables: []int32{0}, Allowed: make([]uint32, w.MaskWords()), Wide: 1, K: 1,
	}
	for name, change := range map[string]func(w *Weights){
		"layers": func(w *Weights) { w.Layers++ },
		"table":  func(w *Weights) { w.Context++ },
		"bias":   func(w *Weights) { w.NormBias = w.NormBias[1:] },
		"matrix": func(w *Weights) { w.Layer[1].Up = w.Layer[1].Up[1:] },
	} {
		changed := *w
		changed.Layer = slices.Clone(w.Layer)
		change(&changed)
		e := &lateEngine{processor: newProcessor(&changed.Config)}
		if _, err := NewTransformer(&changed, e, 1, 1000); err == nil || !e.closed {
			t.Errorf("%s: got %v, the engine is closed: %v", name, err, e.closed)
		}
		if _, err := NewCPU(&changed).Extend(one); err == nil {
			t.Errorf("%s: no error on the processor", name)
		}
	}
	if _, err := NewCPU(w).Extend(one); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(b *Batch){
		"index":      func(b *Batch) { b.Index = b.Index[1:] },
		"seen":       func(b *Batch) { b.Seen = nil },
		"last":       func(b *Batch) { b.Last = []int32{1} },
		"tables":     func(b *Batch) { b.Wide = 2 },
		"mask":       func(b *Batch) { b.Allowed = nil },
		"candidates": func(b *Batch) { b.K = 0 },
		"too many":   func(b *Batch) { b.K = w.Vocabulary + 1 },
	} {
		b := *one
		change(&b)
		if _, err := NewCPU(w).Extend(&b); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
