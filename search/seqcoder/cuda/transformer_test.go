//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/search/seqcoder"
)

// weightsOf are w for a device.
func weightsOf(w *seqcoder.Weights) (Sizes, Weights) {
	d := Weights{Table: w.Embedding(), NormGain: w.NormGain, NormBias: w.NormBias, Token: w.Token}
	for _, b := range w.Blocks {
		d.Layers = append(d.Layers, Layer(b))
	}
	return Sizes{w.Vocabulary, w.Width, w.Layers, w.Heads, w.Context, 3 + w.Differences}, d
}

// modelOn puts the weights of a file on a device.
func modelOn(t *testing.T, dev *Device, file string, rows, pages int) (*seqcoder.Weights, *Transformer) {
	t.Helper()
	w, err := seqcoder.ReadWeights(file)
	if err != nil {
		t.Fatal(err)
	}
	sizes, weights := weightsOf(w)
	tr, err := NewTransformer(dev, sizes, weights, rows, pages)
	if err != nil {
		t.Fatal(err)
	}
	return w, tr
}

const tiny, shipped = "../testdata/tiny.safetensors", "../weights.safetensors"

// A twin asks a device and the processor, and compares what they say.
type twin struct {
	seqcoder.Backend
	cpu   seqcoder.Backend
	t     *testing.T
	worst float64
	asked int
}

func (w *twin) CopyPages(to, from []int32) error {
	return errors.Join(w.Backend.CopyPages(to, from), w.cpu.CopyPages(to, from))
}

func (w *twin) Extend(wide, k int, index, place, text, seen, last, tables []int32, mask []uint32) ([]int32, []float32, []float32, error) {
	ids, logits, totals, err := w.Backend.Extend(wide, k, index, place, text, seen, last, tables, mask)
	if err != nil {
		return nil, nil, nil, err
	}
	want, scores, sums, err := w.cpu.Extend(wide, k, index, place, text, seen, last, tables, mask)
	w.asked += len(last)
	off := func(a, b float32) {
		if a != b { // infinite ones are
			d := math.Abs(float64(a-b)) / (1 + math.Abs(float64(b)))
			if w.worst = max(w.worst, d); !(d < 2e-2) {
				w.t.Errorf("%g, not %g", a, b)
			}
		}
	}
	for i := range scores {
		off(logits[i], scores[i])
		if ids[i] != want[i] && (ids[i] < 0) != (want[i] < 0) {
			w.t.Errorf("candidate %d is %d, not %d", i, ids[i], want[i])
		}
	}
	for i := range sums {
		off(totals[i], sums[i])
	}
	return want, scores, sums, err // so that both go on alike
}

// TestTransformer follows beams of several texts on a device, in passes of few rows, and
// compares each with the processor.
func TestTransformer(t *testing.T) {
	onDevices(t, 1, func(t *testing.T, dev *Device) {
		before := len(dev.arena.used)
		w, tr := modelOn(t, dev, tiny, 30, 500)
		both := &twin{Backend: tr, cpu: seqcoder.NewCPU(w), t: t}
		m := seqcoder.NewModel(w, both)
		sequences := [][]byte{{5}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, {9, 9, 9}, {200, 100, 200, 100}}
		if _, err := m.Propose(sequences, seqcoder.Beam{Width: 4, Most: 6}); err != nil {
			t.Fatal(err)
		}
		if both.asked < 20 {
			t.Errorf("only %d texts", both.asked)
		}
		t.Logf("logits are off by %.2g at most", both.worst)
		if err := tr.Close(); err != nil || len(dev.arena.used) != before {
			t.Errorf("%v, %d parts of memory are left", err, len(dev.arena.used)-before)
		}
	})
}

// TestTransformerBad wants errors for sizes and memory that do not suffice, and for a device
// that is lost.
func TestTransformerBad(t *testing.T) {
	f := useFake(t)
	w, err := seqcoder.ReadWeights(tiny)
	if err != nil {
		t.Fatal(err)
	}
	sizes, weights := weightsOf(w)
	dev := open(t, 8<<20)
	for name, change := range map[string]func(s *Sizes, w *Weights){
		"heads":  func(s *Sizes, _ *Weights) { s.Heads = 5 },
		"layers": func(s *Sizes, _ *Weights) { s.Layers++ },
		"texts":  func(s *Sizes, _ *Weights) { s.Context = 4096 },
		"width":  func(s *Sizes, _ *Weights) { s.Width = 64 },
		"bias":   func(_ *Sizes, w *Weights) { w.NormBias = w.NormBias[1:] },
	} {
		s, v := sizes, weights
		change(&s, &v)
		if tr, err := NewTransformer(dev, s, v, 30, 500); err == nil {
			t.Errorf("%s: no error", name)
			tr.Close()
		}
	}
	if _, err := NewTransformer(dev, sizes, weights, 100000, 500); !errors.Is(err, ErrMemory) {
		t.Errorf("too many rows: %v", err)
	}
	if len(dev.arena.used) != 0 {
		t.Errorf("%d parts of memory are left", len(dev.arena.used))
	}
	tr, err := NewTransformer(dev, sizes, weights, 30, 500)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := tr.Extend(1, 2, []int32{1}, nil, nil, nil, nil, nil, nil); err == nil {
		t.Error("a batch that does not fit")
	}
	f.fail("cuLaunchKernel", 700, 5)
	m := seqcoder.NewModel(w, tr)
	if _, err := m.Propose([][]byte{{1, 2, 3}}, seqcoder.Beam{Width: 2, Most: 4}); err == nil {
		t.Error("a lost device is no error")
	}
}

// A probe asks a backend for the logits of some tokens, whatever it is asked for.
type probe struct {
	seqcoder.Backend
	ids  []int32
	mask []uint32 // for one text
}

func newProbe(b seqcoder.Backend, ids []int32) *probe {
	p := &probe{b, ids, make([]uint32, seqcoder.MaskWords)}
	for _, id := range ids {
		p.mask[id/32] |= 1 << (id % 32)
	}
	return p
}

func (p *probe) Extend(wide, _ int, index, place, text, seen, last, tables []int32, _ []uint32) ([]int32, []float32, []float32, error) {
	return p.Backend.Extend(wide, len(p.ids), index, place, text, seen, last, tables, slices.Repeat(p.mask, len(last)))
}

// TestLogits compares a text's logits with those of PyTorch, which are stored: read up to
// each token at once, and token by token.
func TestLogits(t *testing.T) {
	data, err := os.ReadFile("../testdata/tiny.json")
	if err != nil {
		t.Fatal(err)
	}
	var stored struct {
		Text   []seqcoder.Token
		Every  int // of so many logits one is there
		Logits [][]float64
	}
	if err := json.Unmarshal(data, &stored); err != nil {
		t.Fatal(err)
	}
	var ids []int32
	for id := 0; id < seqcoder.Vocabulary; id += stored.Every {
		ids = append(ids, int32(id))
	}
	onDevices(t, 1, func(t *testing.T, dev *Device) {
		w, tr := modelOn(t, dev, tiny, 64, 100)
		m := seqcoder.NewModel(w, newProbe(tr, ids))
		compare := func(c *seqcoder.Cache, text []seqcoder.Token) {
			t.Helper()
			found, logits, _, err := m.Extend([]*seqcoder.Cache{c}, [][]seqcoder.Token{text}, nil, 1)
			if err != nil {
				t.Fatal(err)
			}
			for k, id := range found {
				want := stored.Logits[c.Len()-1][int(id)/stored.Every]
				if off := math.Abs(float64(logits[k]) - want); !(off < 2e-2*(1+math.Abs(want))) {
					t.Errorf("after %d tokens: logit %d is %g, not %g", c.Len(), id, logits[k], want)
				}
			}
		}
		slow := m.NewCache()
		for i := range stored.Text {
			compare(slow, stored.Text[i:i+1])
			fast := m.NewCache()
			compare(fast, stored.Text[:i+1])
			fast.Release()
		}
		slow.Release()
	})
}

// TestSamePrograms wants what the processor finds, but where two tokens are nearly as
// likely: of random weights that is often so, of trained ones seldom.
func TestSamePrograms(t *testing.T) {
	onDevices(t, 1, func(t *testing.T, dev *Device) {
		least := 0.5
		file, sequences := tiny, [][]byte{{5}, {1, 2, 3}, {9, 9, 9, 9}, {200, 100, 200, 100}, {0, 0}, {7, 5, 3}}
		beam := seqcoder.Beam{Width: 4, Most: 6}
		if !strings.Contains(t.Name(), "emulated") {
			least = 0.8
			n := 256
			if testing.Short() {
				n = 64
			}
			file, sequences, beam = shipped, generated(n), seqcoder.Beam{Width: 8, Most: 40}
		}
		w, tr := modelOn(t, dev, file, 2048, 30_000)
		got, err := seqcoder.NewModel(w, tr).Propose(sequences, beam)
		if err != nil {
			t.Fatal(err)
		}
		want, err := seqcoder.NewModel(w, nil).Propose(sequences, beam)
		if err != nil {
			t.Fatal(err)
		}
		same := 0
		for i := range got {
			if fmt.Sprint(got[i].Programs, got[i].Part) == fmt.Sprint(want[i].Programs, want[i].Part) {
				same++
			}
		}
		t.Logf("the same for %d of %d sequences", same, len(got))
		if float64(same) < least*float64(len(got)) {
			t.Error("too few")
		}
	})
}
