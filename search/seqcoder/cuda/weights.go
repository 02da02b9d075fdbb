package cuda

import (
	"errors"
	"fmt"
	"maps"

	"github.com/ktzip/ktzip/search/seqcoder/model"
	"gorgonia.org/tensor"
)

// What the kernels are written for.
const (
	widthMultiple = 32            // C is a multiple
	maxContext    = 1024          // tokens of a text: LONGEST in pages.h
	maxVocabulary = 1024          // tokens: best in kernels.cu
	tileRows      = model.RowTile // rows of the operands of a product are padded to a multiple
)

// maxQueued is the number of submissions: passes that are queued before the first is done.
// Arbitrary: two keep the device busy, more hide goroutines that are late.
const maxQueued = 4

// PageBytes returns the size of a page of keys and values in all layers.
func PageBytes(c *model.Config) int64 { return int64(c.Layers) * layerPageBytes(c) }

// layerPageBytes returns the size of a page of keys and values in a layer.
func layerPageBytes(c *model.Config) int64 {
	const lists, bf16Bytes = 2, 2 // keys, values
	return lists * model.PageTokens * int64(c.Width) * bf16Bytes
}

// check returns an error if the kernels cannot run a model.
func check(c *model.Config) error {
	switch {
	case c.Width < widthMultiple || c.Width%widthMultiple != 0 || c.Heads < 1 || c.Width%c.Heads != 0 || attentionKernels[c.Width/c.Heads].write == "":
		return fmt.Errorf("cuda: %d heads of a width of %d, want heads of 16, 32 or 64 and a multiple of %d", c.Heads, c.Width, widthMultiple)
	case c.Vocabulary < 2 || c.Vocabulary > maxVocabulary || c.Context < 1 || c.Context > maxContext:
		return fmt.Errorf("cuda: %d tokens, texts of %d, want at most %d and %d", c.Vocabulary, c.Context, maxVocabulary, maxContext)
	}
	return nil
}

// Vector implements model.Keeper.
func (e *Engine) Vector(list []float32) (*tensor.Dense, error) {
	t, err := model.NewTensor(e, tensor.Float32, len(list))
	if err != nil {
		return nil, err
	}
	return t, e.Write(t, list)
}

// Matrix implements model.Keeper: the matrix in bf16, with rows of zeros up to the next tile.
func (e *Engine) Matrix(list []float32, n, k int) (*model.Matrix, error) {
	padded := roundUp(n, tileRows)
	pairs := make([]uint32, padded*k/2)
	for i := range len(list) / 2 {
		pairs[i] = bf16(list[2*i]) | bf16(list[2*i+1])<<16
	}
	t, err := model.NewTensor(e, operand, padded, k)
	if err != nil {
		return nil, err
	}
	return &model.Matrix{N: n, K: k, Data: t}, e.dev.Write(memory(t), bytesOf(pairs))
}

// operand is the type in which gorgonia's tensors hold bf16 numbers.
var operand = tensor.Uint16

// Operand implements model.Reserver.
func (e *Engine) Operand() tensor.Dtype { return operand }

// Reserve implements model.Reserver: batches and results have room, and pages take the rest of
// the device's memory. The error is ErrMemory if it is too little.
func (e *Engine) Reserve(c *model.Config, r model.Room) (pages int, err error) {
	if err := check(c); err != nil {
		return 0, err
	}
	e.config, e.rows, e.resultWords = *c, r.Rows, r.Results
	words := batchWords(c, r.Rows)
	const wordBytes = 4
	if e.batch, err = e.take(wordBytes * int64(words)); err != nil {
		return 0, err
	}
	if e.results, err = e.take(wordBytes * int64(r.Results)); err != nil {
		return 0, err
	}
	e.free = make(chan *submission, maxQueued)
	for range maxQueued {
		s, err := e.dev.newSubmission(wordBytes * max(words, r.Results))
		if err != nil {
			return 0, err
		}
		e.free <- s
	}
	each := PageBytes(c)
	if e.pages = int(min(e.dev.largest()/each, int64(r.Pages))); e.pages < model.PagesFor(c.Context) {
		return 0, fmt.Errorf("%w: for the pages of a text", ErrMemory)
	}
	e.kv, err = e.take(each * int64(e.pages))
	return e.pages, err
}

// layerPages returns the address of the pages of layer l.
func (e *Engine) layerPages(l int) address {
	return e.kv.addr + address(int64(l)*int64(e.pages)*layerPageBytes(&e.config))
}

// Close releases all memory that e has taken. No other method may be running.
func (e *Engine) Close() error {
	all := []error{e.dropGraphs()}
	for len(e.free) > 0 {
		all = append(all, (<-e.free).free())
	}
	for addr := range maps.Clone(e.owned) {
		all = append(all, e.release(addr))
	}
	return errors.Join(all...)
}
