//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/search/seqcoder"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// launchesOf returns the kernels of a pass of a model.
func launchesOf(c *model.Config) int { return 8*c.Layers + 4 }

// written returns a batch of texts of one row each, at the beginning of page i for text i.
func written(c *model.Config, texts int) *model.Batch {
	b := &model.Batch{Wide: 1, K: 2, Allowed: make([]uint32, texts*c.MaskWords())}
	for i := range int32(texts) {
		b.Place, b.Tables = append(b.Place, i*model.PageTokens), append(b.Tables, i)
		b.Text, b.Last, b.Seen = append(b.Text, i), append(b.Last, i), append(b.Seen, 1)
		for range c.RowsPerToken() {
			b.Index = append(b.Index, i)
		}
	}
	return b
}

// TestPassIsOneSubmission counts what the driver is told: a pass is 8 launches for each layer and
// 4 more; from the third pass of a shape on, one launch of a graph of them. The device waits for
// nothing in between.
func TestPassIsOneSubmission(t *testing.T) {
	f := useFake(t)
	f.idle(1)
	w := readWeights(t, tiny)
	tr := newTransformer(t, open(t, 16<<20), w, 300, 300)
	// Of a submission: the context, an event, the batch, the results, an event; of waiting for it:
	// the context, an event, its time.
	const around, graph, recording = 8, 1, 4
	launches := launchesOf(&w.Config)
	for i, c := range []struct{ texts, calls int }{
		{3, around + launches}, {4, around + launches + recording + graph}, {3, around + graph}, {4, around + graph}, // of up to 4 texts
		{200, around + launches}, {129, around + launches + recording + graph}, {256, around + graph}, // of up to 256
		{1, around + launches},
	} {
		calls, launched := f.calls(), f.launched()
		if _, err := tr.Extend(written(&w.Config, c.texts)); err != nil {
			t.Fatal(err)
		}
		if got := int(f.calls() - calls); got != c.calls {
			t.Errorf("pass %d, %d texts: %d calls of the driver, want %d", i, c.texts, got, c.calls)
		}
		if got := int(f.launched() - launched); got != launches {
			t.Errorf("pass %d, %d texts: %d kernels, want %d", i, c.texts, got, launches)
		}
	}
	if err := tr.Close(); err != nil {
		t.Error(err)
	}
}

// A pair is a backend with graphs and one without: it expects the same answers of both.
type pair struct {
	model.Backend // with
	without       model.Backend
	t             *testing.T
}

func (p *pair) CopyPages(to, from []int32) error {
	return errors.Join(p.Backend.CopyPages(to, from), p.without.CopyPages(to, from))
}

func (p *pair) Extend(b *model.Batch) (*model.Candidates, error) {
	got, err := p.Backend.Extend(b)
	if err != nil {
		return nil, err
	}
	want, err := p.without.Extend(b)
	if err == nil && fmt.Sprint(got) != fmt.Sprint(want) {
		p.t.Errorf("%d rows of %d texts: got %v with a graph, %v without", len(b.Place), len(b.Last), got, want)
	}
	return want, err
}

// TestGraphsReadTheirBatch extends texts at random, forks and releases them, so that batches of a
// shape differ in everything else: pages, lengths, tokens, how many candidates there are. Passes
// by graphs find the same as passes without, bit by bit.
func TestGraphsReadTheirBatch(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	onDevices(t, 1, testGraphs)
}

func testGraphs(t *testing.T, dev *Device) {
	w := readWeights(t, tiny)
	tr, without := newTransformer(t, dev, w, 30, 60), newTransformer(t, dev, w, 30, 60)
	without.engine.noGraphs = true
	m := model.New(w, &pair{tr, without, t})
	r := rand.New(rand.NewPCG(3, 4))
	texts := []*model.Cache{m.NewCache()}
	for range 18 {
		var list [][]seqcoder.Token
		long := r.IntN(4) == 0
		for i, c := range texts {
			if c.Len()+3 > w.Context {
				c.Release()
				texts[i] = m.NewCache()
			}
			tokens := []seqcoder.Token{seqcoder.Token(r.IntN(w.Vocabulary))}
			for long && len(tokens) < 3 {
				tokens = append(tokens, seqcoder.Token(r.IntN(256)))
			}
			list = append(list, tokens)
		}
		allowed := make([]uint32, len(texts)*w.MaskWords())
		for i := range allowed {
			allowed[i] = r.Uint32() & r.Uint32() & (1<<28 - 1) // not beyond the vocabulary
		}
		if _, err := m.Extend(texts, list, allowed, 1+r.IntN(4)); err != nil {
			t.Fatal(err)
		}
		switch i := r.IntN(len(texts)); {
		case len(texts) < 4:
			texts = append(texts, texts[i].Fork())
		case r.IntN(2) == 0:
			texts[i].Release()
			texts[i] = texts[(i+1)%4].Fork()
		}
	}
	replayed := 0
	for s, g := range tr.engine.graphs {
		if g.executable != 0 {
			replayed++
		}
		t.Logf("%+v: %v", s, g.executable != 0)
	}
	if replayed < 2 {
		t.Errorf("%d graphs, want at least 2", replayed)
	}
	if err := errors.Join(tr.Close(), without.Close()); err != nil || len(tr.engine.graphs) > 0 {
		t.Errorf("%v, %d graphs after Close", err, len(tr.engine.graphs))
	}
}

// TestWithoutGraphs expects passes without graphs if the driver lacks one of their functions, or
// fails to record: every pass runs each of its kernels once.
func TestWithoutGraphs(t *testing.T) {
	f := useFake(t)
	f.idle(1)
	w := readWeights(t, tiny)
	passes := func(prepare func(dev *Device)) *Engine {
		t.Helper()
		dev := open(t, 8<<20)
		tr := newTransformer(t, dev, w, 30, 60)
		defer tr.Close()
		prepare(dev)
		for i := range 3 { // the second one records
			launched := f.launched()
			if _, err := tr.Extend(written(&w.Config, 2)); err != nil {
				t.Fatal(err)
			}
			if got, want := int(f.launched()-launched), launchesOf(&w.Config); got != want {
				t.Errorf("pass %d: %d kernels, want %d", i, got, want)
			}
		}
		return tr.engine
	}
	if e := passes(func(*Device) {}); e.noGraphs {
		t.Error("graphs failed")
	}
	if e := passes(func(dev *Device) { dev.driver.hasGraphs = false }); len(e.graphs) > 0 {
		t.Error("graphs without their functions")
	}
	for _, name := range []string{"cuStreamBeginCapture_v2", "cuStreamEndCapture", "cuGraphInstantiateWithFlags"} {
		if e := passes(func(*Device) { f.fail(name, 900, 0) }); !e.noGraphs {
			t.Errorf("%s fails: graphs after all", name)
		}
	}
	before := f.left()
	dev := open(t, 8<<20)
	tr := newTransformer(t, dev, w, 30, 60)
	f.fail("cuGraphLaunch", 719, 0)
	for i := range 3 {
		_, err := tr.Extend(written(&w.Config, 2))
		if lost := i > 0; (err != nil) != lost {
			t.Errorf("pass %d of a device that is lost at its first graph: %v", i, err)
		}
	}
	if err := errors.Join(tr.Close(), dev.Close()); err != nil || f.left() != before {
		t.Errorf("%v, %d objects are not released", err, f.left()-before)
	}
}

// TestOperationsOutsideOfPass expects errors, since an operation would read another batch.
func TestOperationsOutsideOfPass(t *testing.T) {
	useFake(t)
	w := readWeights(t, tiny)
	tr := newTransformer(t, open(t, 8<<20), w, 30, 60)
	b := written(&w.Config, 2)
	e := tr.engine
	x, err := e.Vector(make([]float32, 4))
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"embed": e.Embed(x, x, b), "norm": e.Norm(x, x, model.LayerNorm{}, b, model.AllRows), "attend": e.Attend(x, x, 0, b),
		"linear": e.Linear(x, x, model.Linear{}, b, model.AllRows), "choose": e.Choose(x, b),
	} {
		if !errors.Is(err, errOutside) {
			t.Errorf("%s: got %v, want %v", name, err, errOutside)
		}
	}
	small := func() error { return e.Embed(x, x, b) }
	to := &model.Candidates{}
	if _, err := e.Run(&model.Job{Batch: b, To: to}, small); err == nil {
		t.Error("an activation that is too small: no error")
	}
	if _, err := e.Run(&model.Job{Batch: written(&w.Config, 500), To: to}, small); err == nil {
		t.Error("a batch that is too large: no error")
	}
}

// TestGridSizes expects grids that waste less than an eighth of the rows of a product, which come
// in tiles, and no more shapes than maxGraphs holds.
func TestGridSizes(t *testing.T) {
	seen := map[int]bool{}
	for n := 1; n <= 16<<10; n++ {
		got, tiles := gridSize(n), roundUp(n, model.RowTile)
		if got < n || got > max(2048, tiles) && 8*(got-n) >= got || got > tiles && tiles <= 2048 {
			t.Fatalf("%d rows: a grid of %d", n, got)
		}
		seen[got] = true
	}
	if len(seen) != 47 || len(seen) > maxGraphs {
		t.Errorf("%d sizes, want 47", len(seen))
	}
}
