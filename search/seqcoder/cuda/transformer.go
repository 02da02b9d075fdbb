package cuda

import (
	"errors"
	"fmt"
	"sync"
)

// Sizes are those of a decoder-only transformer.
type Sizes struct {
	Vocabulary, Width, Layers, Heads, Context int
	Parts                                     int // rows of the embedding table that a token is the sum of
}

// PageBytes is what a page of keys and values takes in all layers.
func (s *Sizes) PageBytes() int64 { return int64(s.Layers) * s.layerPage() }

func (s *Sizes) layerPage() int64 { return 2 * pageTokens * int64(s.Width) * 2 }

// A Layer are the weights of attention and a feed-forward net, each after a layer norm and
// added to what comes in; a matrix (N, K) takes K numbers to N, and C is the width.
type Layer struct {
	Norm1Gain, Norm1Bias []float32 // (C)
	QKV, QKVBias         []float32 // (3C, C), (3C): queries, keys, values
	Out, OutBias         []float32 // (C, C), (C)
	Norm2Gain, Norm2Bias []float32 // (C)
	Up, UpBias           []float32 // (4C, C), (4C)
	Down, DownBias       []float32 // (C, 4C), (C)
}

// Weights are those of a transformer whose logits' matrix is the embedding of its tokens.
type Weights struct {
	Table              []float32 // (…, C), which embeddings are sums of rows of
	Layers             []Layer
	NormGain, NormBias []float32 // (C)
	Token              []float32 // (V, C)
}

// What linear does with a product and its bias, as linear.h has it.
const (
	store int32 = iota
	storeBF16
	storeGELU // and bf16
	accumulate
)

const (
	pageTokens = 16
	longest    = 1024 // tokens of a text
	mostTokens = 1024 // of a vocabulary
	mostPages  = (longest + pageTokens - 1) / pageTokens

	stretches = 4  // of passes that are told to the device before the first is done
	perRow    = 40 // numbers of results, for each row of a pass: for 19 candidates
)

// layer is a Layer in the device's memory, matrices in bf16.
type layer struct {
	norm1Gain, norm1Bias, qkv, qkvBias, out, outBias address
	norm2Gain, norm2Bias, up, upBias, down, downBias address
}

// A Transformer computes forward passes on a device: products of matrices in bf16, summed
// in float32, and keys and values in bf16. Its methods may be called from several
// goroutines: while the device is at work for one, others tell it what comes next.
// seqcoder.Backend says what they do.
type Transformer struct {
	dev                              *Device
	s                                Sizes
	rows                             int // that are computed at a time
	pages                            int
	table, normGain, normBias, token address
	layers                           []layer
	// Memory for one pass after the other: activations, arguments, results.
	x, y, qkv, wide, logits, ints, best Memory
	held                                Memory // pages
	all                                 []Memory
	free                                chan *stretch
	mu                                  sync.Mutex
	busy                                float64 // seconds
}

// NewTransformer puts weights on a device, and takes rows tokens at a time at most, but no
// fewer than a text has. Pages of keys and values take the rest of the device's memory, up to most
// pages. The error is ErrMemory where that does not suffice.
func NewTransformer(dev *Device, s Sizes, w Weights, rows, most int) (t *Transformer, err error) {
	c := s.Width
	switch {
	case c < 32 || c%32 != 0 || s.Heads < 1 || c%s.Heads != 0 || headSizes[c/s.Heads].write == "":
		return nil, fmt.Errorf("cuda: %d heads of a width of %d: they have to have 16, 32 or 64 numbers, and the width is a multiple of 32", s.Heads, c)
	case s.Vocabulary < 2 || s.Vocabulary > mostTokens || s.Context < 1 || s.Context > longest:
		return nil, fmt.Errorf("cuda: %d tokens, texts of %d: at most %d each", s.Vocabulary, s.Context, longest)
	case s.Layers != len(w.Layers) || s.Parts < 1:
		return nil, fmt.Errorf("cuda: %d layers of %d", len(w.Layers), s.Layers)
	}
	t = &Transformer{dev: dev, s: s, rows: max(rows, s.Context), free: make(chan *stretch, stretches)}
	defer func() {
		if err != nil {
			t.Close()
			t = nil
		}
	}()
	l := loader{t: t}
	t.table, t.normGain, t.normBias = l.floats(w.Table, -1), l.floats(w.NormGain, c), l.floats(w.NormBias, c)
	t.token = l.matrix(w.Token, s.Vocabulary, c)
	for i := range w.Layers {
		b := &w.Layers[i]
		t.layers = append(t.layers, layer{
			l.floats(b.Norm1Gain, c), l.floats(b.Norm1Bias, c), l.matrix(b.QKV, 3*c, c), l.floats(b.QKVBias, 3*c), l.matrix(b.Out, c, c), l.floats(b.OutBias, c),
			l.floats(b.Norm2Gain, c), l.floats(b.Norm2Bias, c), l.matrix(b.Up, 4*c, c), l.floats(b.UpBias, 4*c), l.matrix(b.Down, c, 4*c), l.floats(b.DownBias, c),
		})
	}
	padded := up(t.rows, 128)
	t.x, t.y, t.qkv, t.wide = l.room(4*t.rows*c), l.room(2*padded*c), l.room(2*t.rows*3*c), l.room(2*padded*4*c)
	t.logits = l.room(4 * t.rows * s.Vocabulary)
	arguments := t.rows * (s.Parts + 4 + textPages(s.Context) + t.words())
	t.ints, t.best = l.room(4*arguments), l.room(4*t.rows*perRow)
	if l.err != nil {
		return t, l.err
	}
	for range stretches {
		st, err := dev.newStretch(4 * max(arguments, t.rows*perRow))
		if err != nil {
			return t, err
		}
		t.free <- st
	}
	each := s.PageBytes()
	if t.pages = int(min(dev.largest()/each, int64(most))); t.pages < textPages(s.Context) {
		return t, fmt.Errorf("%w: for pages of texts", ErrMemory)
	}
	t.held = l.room(int(each) * t.pages)
	return t, l.err
}

func up(n, to int) int { return (n + to - 1) / to * to }

// textPages is how many pages n tokens take.
func textPages(n int) int { return (n + pageTokens - 1) / pageTokens }

// words is how many have a bit for each token.
func (t *Transformer) words() int { return (t.s.Vocabulary + 31) / 32 }

// Close gives the memory back. No other method may be under way.
func (t *Transformer) Close() error {
	var all []error
	for len(t.free) > 0 {
		all = append(all, (<-t.free).free())
	}
	for _, m := range t.all {
		all = append(all, t.dev.give(m.at))
	}
	t.all = nil
	return errors.Join(all...)
}

// Busy is for how long the device was at work for t, in seconds.
func (t *Transformer) Busy() float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.busy
}

// Pages implements seqcoder.Backend.
func (t *Transformer) Pages() int { return t.pages }

// Shared implements seqcoder.Backend.
func (t *Transformer) Shared() bool { return true }

// layerPages is where the pages of layer l are.
func (t *Transformer) layerPages(l int) address {
	return t.held.at + address(int64(l)*int64(t.pages)*t.s.layerPage())
}
