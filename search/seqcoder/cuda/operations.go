package cuda

import (
	"errors"
	"fmt"
	"math"

	"github.com/ktzip/ktzip/search/seqcoder/model"
	"gorgonia.org/tensor"
)

// The operations of a pass queue launches. They are called by the function that Run calls, with
// the device locked, and read the batch that Run has queued a copy of.

var errOutside = errors.New("cuda: an operation outside of its batch's pass")

// grid returns how many rows the grids of an operation of b are for. Activations must be e's and
// have as many, in whole tiles.
func (e *Engine) grid(b *model.Batch, which model.Rows, activations ...*tensor.Dense) (rows int, err error) {
	if e.running == nil || e.running != b {
		return 0, errOutside
	}
	rows = e.shape.of(which)
	for _, t := range activations {
		if t.Engine() != tensor.Engine(e) || t.Shape()[0] < roundUp(rows, tileRows) {
			return 0, fmt.Errorf("cuda: an activation %v, want %d rows in the device's memory", t.Shape(), roundUp(rows, tileRows))
		}
	}
	return rows, nil
}

// blocksOfWarps returns how many blocks of 128 threads have a warp for each row.
func blocksOfWarps(rows int) int { return (rows + 3) / 4 }

// Embed implements model.Embedder.
func (e *Engine) Embed(x, table *tensor.Dense, b *model.Batch) error {
	rows, err := e.grid(b, model.AllRows, x)
	if err != nil {
		return err
	}
	return e.dev.launchLocked("embed", [2]int{blocksOfWarps(rows), 1}, 128,
		addressOf(table), e.batch.addr, addressOf(x), int32(e.config.RowsPerToken()), int32(e.config.Width))
}

// Norm implements model.Normer.
func (e *Engine) Norm(y, x *tensor.Dense, n model.LayerNorm, b *model.Batch, which model.Rows) error {
	rows, err := e.grid(b, which, y)
	if err != nil {
		return err
	}
	if _, err := e.grid(b, model.AllRows, x); err != nil {
		return err
	}
	return e.dev.launchLocked("norm", [2]int{blocksOfWarps(rows), 1}, 128,
		addressOf(x), e.batch.addr, addressOf(n.Gain), addressOf(n.Bias), addressOf(y), int32(which), int32(e.config.Width))
}

// Linear implements model.Linearer. It computes all rows of the grid: what follows those of the
// batch is not read.
func (e *Engine) Linear(y, x *tensor.Dense, l model.Linear, b *model.Batch, which model.Rows) error {
	rows, err := e.grid(b, which, y, x)
	if err != nil {
		return err
	}
	mode, bias := store, address(0)
	switch {
	case l.Then == model.GELU:
		mode = storeGELU
	case l.Then == model.Add:
		mode = accumulate
	case y.Dtype() == operand:
		mode = storeBF16
	}
	if half := mode == storeBF16 || mode == storeGELU; half != (y.Dtype() == operand) || x.Dtype() != operand {
		return fmt.Errorf("cuda: a product of %v into %v, then %d", x.Dtype(), y.Dtype(), l.Then)
	}
	if l.Bias != nil {
		bias = addressOf(l.Bias)
	}
	kernel := e.dev.linearKernel(rows, l.N)
	return e.dev.launchLocked(kernel.name, kernel.grid(rows, l.N), 128,
		addressOf(x), addressOf(l.Data), bias, addressOf(y), int32(rows), int32(l.N), int32(l.K), mode)
}

// attentionKernels are the kernels of attention by the size of heads: write for texts of one
// row, read for texts of many.
var attentionKernels = map[int]struct{ write, read string }{16: {"write16", "read16"}, 32: {"write32", "read32"}, 64: {"write64", "read64"}}

// Attend implements model.Attender.
func (e *Engine) Attend(y, qkv *tensor.Dense, layer int, b *model.Batch) error {
	rows, err := e.grid(b, model.AllRows, y, qkv)
	if err != nil {
		return err
	}
	c, heads, pages := e.config.Width, e.config.Heads, e.layerPages(layer)
	err = e.dev.launchLocked("remember", [2]int{blocksOfWarps(rows), 1}, 128, addressOf(qkv), e.batch.addr, pages, int32(c))
	if err != nil {
		return err
	}
	kernels, scale := attentionKernels[c/heads], float32(1/math.Sqrt(float64(c/heads)))
	if tiles := e.shape.tiles; tiles > 0 {
		return e.dev.launchLocked(kernels.read, [2]int{tiles * e.shape.texts, heads}, 128,
			addressOf(qkv), e.batch.addr, pages, addressOf(y), int32(tiles), int32(c), scale)
	}
	return e.dev.launchLocked(kernels.write, [2]int{(rows + 7) / 8, heads}, 256,
		addressOf(qkv), e.batch.addr, pages, addressOf(y), int32(c), scale)
}

// Choose implements model.Chooser: the results stay in e.results.
func (e *Engine) Choose(logits *tensor.Dense, b *model.Batch) error {
	texts, err := e.grid(b, model.LastRows, logits)
	if err != nil {
		return err
	}
	return e.dev.launchLocked("best", [2]int{blocksOfWarps(texts), 1}, 128,
		addressOf(logits), e.batch.addr, e.results.addr, int32(e.config.Vocabulary), int32(e.config.MaskWords()))
}
