//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/search/seqcoder"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

const tiny, shipped = "../model/testdata/tiny.safetensors", "../weights.safetensors"

// readWeights returns the weights of a file.
func readWeights(t testing.TB, file string) *model.Weights {
	t.Helper()
	w, err := seqcoder.ReadWeights(file)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// onDevice is a Transformer on a device.
type onDevice struct {
	*model.Transformer
	engine *Engine
}

// newTransformer uploads weights to a device.
func newTransformer(t testing.TB, dev *Device, w *model.Weights, rows, pages int) *onDevice {
	t.Helper()
	e := NewEngine(dev)
	tr, err := model.NewTransformer(w, e, rows, pages)
	if err != nil {
		t.Fatal(err)
	}
	return &onDevice{tr, e}
}

// A twin is two backends: it compares the device's answers with the processor's, and returns
// the processor's, so that both get the same next batch.
type twin struct {
	model.Backend // the device
	cpu           model.Backend
	t             *testing.T
	worst         float64 // difference of logits, relative to 1 + what they are
	texts         int
}

func (w *twin) CopyPages(to, from []int32) error {
	return errors.Join(w.Backend.CopyPages(to, from), w.cpu.CopyPages(to, from))
}

func (w *twin) Extend(b *model.Batch) (*model.Candidates, error) {
	got, err := w.Backend.Extend(b)
	if err != nil {
		return nil, err
	}
	want, err := w.cpu.Extend(b)
	if err != nil {
		return nil, err
	}
	w.texts += len(b.Last)
	for i := range want.Logits {
		w.compare(got.Logits[i], want.Logits[i])
		if a, b := got.IDs[i], want.IDs[i]; a != b && (a < 0) != (b < 0) {
			w.t.Errorf("candidate %d: got %d, want %d", i, a, b)
		}
	}
	for i := range want.Totals {
		w.compare(got.Totals[i], want.Totals[i])
	}
	return want, nil
}

func (w *twin) compare(got, want float32) {
	if got == want { // infinite ones too
		return
	}
	d := math.Abs(float64(got-want)) / (1 + math.Abs(float64(want)))
	if w.worst = max(w.worst, d); !(d < 2e-2) {
		w.t.Errorf("got %g, want %g", got, want)
	}
}

// TestTransformerEqualsProcessor follows beams of several texts, in passes of few rows, and
// compares each answer with the processor's.
func TestTransformerEqualsProcessor(t *testing.T) {
	onDevices(t, 1, func(t *testing.T, dev *Device) {
		before := len(dev.arena.used)
		w := readWeights(t, tiny)
		tr := newTransformer(t, dev, w, 30, 500)
		both := &twin{Backend: tr, cpu: model.NewCPU(w), t: t}
		sequences := [][]byte{{5}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, {9, 9, 9}, {200, 100, 200, 100}}
		if _, err := seqcoder.Propose(model.New(w, both), sequences, seqcoder.Beam{Width: 4, MaxTokens: 6}); err != nil {
			t.Fatal(err)
		}
		if both.texts < 20 {
			t.Errorf("%d texts were compared, want at least 20", both.texts)
		}
		t.Logf("logits are off by %.2g at most", both.worst)
		if err := tr.Close(); err != nil || len(dev.arena.used) != before {
			t.Errorf("%v, %d ranges of memory are in use after Close", err, len(dev.arena.used)-before)
		}
	})
}

// TestTransformerRejects expects errors for weights that the kernels can't run, for too little
// memory, for batches whose slices don't fit, and from a lost device.
func TestTransformerRejects(t *testing.T) {
	f := useFake(t)
	w := readWeights(t, tiny)
	dev := open(t, 8<<20)
	for name, change := range map[string]func(w *model.Weights){
		"heads":   func(w *model.Weights) { w.Heads = 5 },
		"layers":  func(w *model.Weights) { w.Layers++ },
		"context": func(w *model.Weights) { w.Context = 4096 },
		"width":   func(w *model.Weights) { w.Width = 64 },
		"bias":    func(w *model.Weights) { w.NormBias = w.NormBias[1:] },
	} {
		changed := *w
		change(&changed)
		if tr, err := model.NewTransformer(&changed, NewEngine(dev), 30, 500); err == nil {
			t.Errorf("%s: no error", name)
			tr.Close()
		}
	}
	if _, err := model.NewTransformer(w, NewEngine(dev), 100000, 500); !errors.Is(err, ErrMemory) {
		t.Errorf("too many rows: got %v, want ErrMemory", err)
	}
	if len(dev.arena.used) != 0 {
		t.Errorf("%d ranges of memory are in use after errors", len(dev.arena.used))
	}
	tr := newTransformer(t, dev, w, 30, 500)
	for name, b := range map[string]*model.Batch{
		"index without rows": {Wide: 1, K: 2, Index: []int32{1}},
		"no candidates":      {Wide: 1},
	} {
		if _, err := tr.Extend(b); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	f.fail("cuLaunchKernel", 700, 5)
	if _, err := seqcoder.Propose(model.New(w, tr), [][]byte{{1, 2, 3}}, seqcoder.Beam{Width: 2, MaxTokens: 4}); err == nil {
		t.Error("lost device: no error")
	}
}

// TestLogitsEqualPyTorch compares a text's logits with stored ones: read at once up to each
// fourth token, and token by token.
func TestLogitsEqualPyTorch(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	data, err := os.ReadFile("../model/testdata/tiny.json")
	if err != nil {
		t.Fatal(err)
	}
	var stored struct {
		Text   []seqcoder.Token
		Every  int // one logit in Every is stored
		Logits [][]float64
	}
	if err := json.Unmarshal(data, &stored); err != nil {
		t.Fatal(err)
	}
	onDevices(t, 1, func(t *testing.T, dev *Device) {
		w := readWeights(t, tiny)
		allowed := make([]uint32, w.MaskWords())
		for id := 0; id < w.Vocabulary; id += stored.Every {
			allowed[id/32] |= 1 << (id % 32)
		}
		m := model.New(w, newTransformer(t, dev, w, 64, 100))
		compare := func(c *model.Cache, text []seqcoder.Token) {
			t.Helper()
			found, err := m.Extend([]*model.Cache{c}, [][]seqcoder.Token{text}, allowed, len(stored.Logits[0]))
			if err != nil {
				t.Fatal(err)
			}
			for k, id := range found.IDs {
				want := stored.Logits[c.Len()-1][int(id)/stored.Every]
				if off := math.Abs(float64(found.Logits[k]) - want); !(off < 2e-2*(1+math.Abs(want))) {
					t.Errorf("after %d tokens: logit %d: got %g, want %g", c.Len(), id, found.Logits[k], want)
				}
			}
		}
		slow := m.NewCache()
		for i := range stored.Text {
			compare(slow, stored.Text[i:i+1])
			if i%4 != 3 && i+1 < len(stored.Text) { // emulated, a pass takes long
				continue
			}
			fast := m.NewCache()
			compare(fast, stored.Text[:i+1])
			fast.Release()
		}
		slow.Release()
	})
}

// TestSamePrograms compares what is found with what the processor finds. They differ if two
// tokens are nearly as likely: often with random weights, seldom with trained ones.
func TestSamePrograms(t *testing.T) {
	onDevices(t, 1, func(t *testing.T, dev *Device) {
		share := 0.5
		file, sequences := tiny, [][]byte{{5}, {1, 2, 3}, {9, 9, 9, 9}, {200, 100, 200, 100}, {0, 0}, {7, 5, 3}}
		beam := seqcoder.Beam{Width: 4, MaxTokens: 6}
		if !strings.Contains(t.Name(), "emulated") {
			share = 0.8
			n := 256
			if testing.Short() {
				n = 64
			}
			file, sequences, beam = shipped, promisingBlocks(n), seqcoder.Beam{Width: 8, MaxTokens: 40}
		}
		w := readWeights(t, file)
		got, err := seqcoder.Propose(model.New(w, newTransformer(t, dev, w, 2048, 30_000)), sequences, beam)
		if err != nil {
			t.Fatal(err)
		}
		want, err := seqcoder.Propose(model.New(w, nil), sequences, beam)
		if err != nil {
			t.Fatal(err)
		}
		same := 0
		for i := range got {
			if fmt.Sprint(got[i].Programs, got[i].Partial.Program) == fmt.Sprint(want[i].Programs, want[i].Partial.Program) {
				same++
			}
		}
		t.Logf("the same for %d of %d sequences", same, len(got))
		if float64(same) < share*float64(len(got)) {
			t.Errorf("the same for %d of %d sequences, want %.0f %%", same, len(got), 100*share)
		}
	})
}
