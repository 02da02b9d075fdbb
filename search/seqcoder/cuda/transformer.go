package cuda

import (
	"errors"
	"fmt"
	"sync"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// What the kernels are written for.
const (
	widthMultiple = 32   // C is a multiple
	maxContext    = 1024 // tokens of a text: LONGEST in pages.h
	maxVocabulary = 1024 // tokens: best in kernels.cu
	tileRows      = 128  // rows of the operands of a product are padded to a multiple
)

const (
	// maxQueued is the number of submissions: passes that are queued before the first is done.
	// Arbitrary: two keep the device busy, more hide goroutines that are late.
	maxQueued = 4
	// resultsPerRow is the room for results in words for each row of a pass: 2k+1 for each text,
	// so that each row may be a text with k = 19. A beam of 8 needs k = 16.
	resultsPerRow = 40
)

// layer is a model.Layer in device memory, its matrices in bf16.
type layer struct {
	norm1Gain, norm1Bias, qkv, qkvBias, out, outBias address
	norm2Gain, norm2Bias, up, upBias, down, downBias address
}

// A Transformer is a model.Backend on a device: products of bf16 matrices summed in float32,
// keys and values in bf16. It is safe for concurrent use: while the device works for one
// goroutine, others queue what comes next.
type Transformer struct {
	dev      *Device
	c        model.Config
	rows     int // tokens of a pass, at most
	numPages int

	table, normGain, normBias, token address
	layers                           []layer

	// Memory of one pass after the other: activations, arguments, results.
	x, y, qkv, hidden, logits, arguments, results Memory

	kv   Memory           // pages of keys and values, layer after layer
	all  []Memory         // everything to release
	free chan *submission // submissions that are not in use

	mu   sync.Mutex
	busy float64 // seconds
}

var _ model.Backend = (*Transformer)(nil)

// PageBytes returns the size of a page of keys and values in all layers.
func PageBytes(c *model.Config) int64 { return int64(c.Layers) * layerPageBytes(c) }

// layerPageBytes returns the size of a page of keys and values in a layer.
func layerPageBytes(c *model.Config) int64 {
	const lists, bf16Bytes = 2, 2 // keys, values
	return lists * model.PageTokens * int64(c.Width) * bf16Bytes
}

// check returns an error if the kernels cannot run a model.
func check(w *model.Weights) error {
	switch c := &w.Config; {
	case c.Width < widthMultiple || c.Width%widthMultiple != 0 || c.Heads < 1 || c.Width%c.Heads != 0 || attentionKernels[c.Width/c.Heads].write == "":
		return fmt.Errorf("cuda: %d heads of a width of %d, want heads of 16, 32 or 64 and a multiple of %d", c.Heads, c.Width, widthMultiple)
	case c.Vocabulary < 2 || c.Vocabulary > maxVocabulary || c.Context < 1 || c.Context > maxContext:
		return fmt.Errorf("cuda: %d tokens, texts of %d, want at most %d and %d", c.Vocabulary, c.Context, maxVocabulary, maxContext)
	case c.Layers != len(w.Layer):
		return fmt.Errorf("cuda: weights of %d layers, want %d", len(w.Layer), c.Layers)
	}
	return nil
}

// NewTransformer uploads weights to a device. A pass computes rows tokens at most, or a whole
// text if that has more. Pages of keys and values take the rest of the device's memory, up to
// maxPages pages. The error is ErrMemory if there is too little memory.
func NewTransformer(dev *Device, w *model.Weights, rows, maxPages int) (t *Transformer, err error) {
	if err := check(w); err != nil {
		return nil, err
	}
	t = &Transformer{dev: dev, c: w.Config, rows: max(rows, w.Context), free: make(chan *submission, maxQueued)}
	defer func() {
		if err != nil {
			t.Close()
			t = nil
		}
	}()
	l := loader{t: t}
	l.weights(w)
	words := l.activations()
	if l.err != nil {
		return t, l.err
	}
	for range maxQueued {
		s, err := dev.newSubmission(4 * words)
		if err != nil {
			return t, err
		}
		t.free <- s
	}
	each := PageBytes(&t.c)
	if t.numPages = int(min(dev.largest()/each, int64(maxPages))); t.numPages < model.PagesFor(t.c.Context) {
		return t, fmt.Errorf("%w: for the pages of a text", ErrMemory)
	}
	t.kv = l.allocate(int(each) * t.numPages)
	return t, l.err
}

// Close releases the memory. No other method may be running.
func (t *Transformer) Close() error {
	var all []error
	for len(t.free) > 0 {
		all = append(all, (<-t.free).free())
	}
	for _, m := range t.all {
		all = append(all, t.dev.release(m.addr))
	}
	t.all = nil
	return errors.Join(all...)
}

// Busy returns for how long the device has worked for t, in seconds.
func (t *Transformer) Busy() float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.busy
}

// Pages implements model.Backend.
func (t *Transformer) Pages() int { return t.numPages }

// Shared implements model.Backend.
func (t *Transformer) Shared() bool { return true }

// layerPages returns the address of the pages of layer l.
func (t *Transformer) layerPages(l int) address {
	return t.kv.addr + address(int64(l)*int64(t.numPages)*layerPageBytes(&t.c))
}

// roundUp returns the next multiple of m from n on.
func roundUp(n, m int) int { return (n + m - 1) / m * m }
