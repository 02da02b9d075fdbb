package model

import (
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"gorgonia.org/tensor"
)

// A Transformer is the Backend that computes forward passes on an Engine.
type Transformer struct {
	config              *Config
	engine              Engine
	weights             func() (*weights, error) // packs them when first called
	maxRows, maxResults int                      // rows of a pass, at least Config.Context; words of its Candidates
	pages               int
	activations
}

// activations are the tensors of a pass. They have room for a number of rows and texts.
type activations struct {
	rows, texts int
	x           *tensor.Dense // (rows, C): what layers add to
	y           *tensor.Dense // (rows, C): norms, attention
	qkv, hidden *tensor.Dense // (rows, 3C), (rows, 4C)
	logits      *tensor.Dense // (texts, V)
}

// resultsPerRow is the room for results in words for each row of a pass: 2k+1 for each text, so
// that each row may be a text with k = 19. A beam of 8 needs k = 16.
const resultsPerRow = 40

// NewTransformer returns the Transformer of w's model on an engine that serves several
// goroutines, and so is the Transformer. A pass computes rows rows at most, or a whole text if
// that has more; the engine reserves memory for that and for up to maxPages pages now. After an
// error the engine is closed.
func NewTransformer(w *Weights, e Engine, rows, maxPages int) (*Transformer, error) {
	t := &Transformer{config: &w.Config, engine: e, maxRows: roundUp(max(rows, w.Context), RowTile)}
	t.maxResults = t.maxRows * resultsPerRow
	err := t.prepare(w, maxPages)
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// prepare takes the memory of the engine.
func (t *Transformer) prepare(w *Weights, maxPages int) error {
	packed, err := pack(w, t.engine)
	if err != nil {
		return err
	}
	t.weights = func() (*weights, error) { return packed, nil }
	if err := t.fit(t.maxRows, t.maxRows); err != nil {
		return err
	}
	t.pages, err = t.engine.Reserve(t.config, Room{t.maxRows, t.maxResults, maxPages})
	return err
}

// NewCPU returns a Transformer that computes w's passes on the processor, for one goroutine. It
// packs the weights when they are needed, and allocates as it computes.
func NewCPU(w *Weights) *Transformer {
	e := newProcessor(&w.Config)
	return &Transformer{
		config: &w.Config, engine: e, weights: sync.OnceValues(func() (*weights, error) { return pack(w, e) }),
		maxRows: math.MaxInt, maxResults: math.MaxInt, pages: math.MaxInt32 / PageTokens,
	}
}

// Copy returns a Transformer for another goroutine: t itself if it is shared, else one that
// shares the weights with t and nothing else.
func (t *Transformer) Copy() *Transformer {
	f, ok := t.engine.(Forker)
	if !ok {
		return t
	}
	c := *t
	c.engine, c.activations = f.Fork(), activations{}
	return &c
}

// Close releases the memory of the engine. No other method may be running.
func (t *Transformer) Close() error {
	if c, ok := t.engine.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Pages implements Backend.
func (t *Transformer) Pages() int { return t.pages }

// Shared implements Backend.
func (t *Transformer) Shared() bool {
	_, alone := t.engine.(Forker)
	return !alone
}

// CopyPages implements Backend.
func (t *Transformer) CopyPages(to, from []int32) error { return t.engine.CopyPages(to, from) }

// Extend implements Backend. It cuts the batch into passes of as many texts as fit, and runs
// each pass while the engine computes the one before.
func (t *Transformer) Extend(b *Batch) (*Candidates, error) {
	if err := t.check(b); err != nil {
		return nil, err
	}
	c := newCandidates(len(b.Last), b.K)
	var before Pass
	for text, row := 0, 0; text < len(b.Last); {
		n, err := t.fitting(b, text, row)
		if err == nil {
			j := &Job{Batch: b.part(text, n, row, t.config), To: c.part(text, n, b.K), Before: before}
			before, err = t.run(j)
		}
		if err != nil {
			return nil, errors.Join(err, wait(before))
		}
		text, row = text+n, int(b.Last[text+n-1])+1
	}
	if err := wait(before); err != nil {
		return nil, err
	}
	c.IDs, c.Logits, c.Totals = c.IDs[:cap(c.IDs)], c.Logits[:cap(c.Logits)], c.Totals[:cap(c.Totals)]
	return c, nil
}

// run runs the pass of j and waits for the one before. It returns the pass that is under way,
// which may be the one before after an error.
func (t *Transformer) run(j *Job) (Pass, error) {
	w, err := t.weights()
	if err != nil {
		return j.Before, err
	}
	if err := t.fit(len(j.Batch.Place), len(j.Batch.Last)); err != nil {
		return j.Before, err
	}
	p, err := t.engine.Run(j, func() error { return t.forward(w, j.Batch) })
	if err != nil {
		return j.Before, err
	}
	return p, wait(j.Before)
}

// wait waits for a pass, or not if it is nil.
func wait(p Pass) error {
	if p == nil {
		return nil
	}
	return p.Wait()
}

// check returns an error if the slices of b don't have the lengths that its shapes ask for, or
// K is too large.
func (t *Transformer) check(b *Batch) error {
	rows, texts, c := len(b.Place), len(b.Last), t.config
	switch {
	case len(b.Text) != rows, len(b.Seen) != rows, len(b.Index) != rows*c.RowsPerToken(), len(b.Tables) != texts*b.Wide,
		len(b.Allowed) != texts*c.MaskWords(), b.Wide > PagesFor(c.Context), texts > 0 && int(b.Last[texts-1]) != rows-1:
		return errors.New("model: the slices of a batch do not fit each other")
	case b.K < 1 || b.K > c.Vocabulary || 2*b.K+1 > t.maxResults:
		return fmt.Errorf("model: %d candidates, want 1 to %d", b.K, min(c.Vocabulary, (t.maxResults-1)/2))
	}
	return nil
}

// fitting returns how many texts of b fit a pass, from a text and its first row on.
func (t *Transformer) fitting(b *Batch, text, row int) (n int, err error) {
	for text+n < len(b.Last) && int(b.Last[text+n])+1-row <= t.maxRows && (n+1)*(2*b.K+1) <= t.maxResults {
		n++
	}
	if n == 0 {
		return 0, fmt.Errorf("model: a text of %d tokens, want at most %d", int(b.Last[text])+1-row, t.maxRows)
	}
	return n, nil
}

// fit makes room for rows and texts.
func (t *Transformer) fit(rows, texts int) error {
	if rows <= t.activations.rows && texts <= t.activations.texts {
		return nil
	}
	a := activations{rows: max(roundUp(rows, RowTile), t.activations.rows), texts: max(roundUp(texts, RowTile), t.activations.texts)}
	c, operand := t.config.Width, t.engine.Operand()
	for _, n := range []struct {
		to            **tensor.Dense
		rows, columns int
		of            tensor.Dtype
	}{
		{&a.x, a.rows, c, tensor.Float32}, {&a.y, a.rows, c, operand}, {&a.qkv, a.rows, 3 * c, operand},
		{&a.hidden, a.rows, 4 * c, operand}, {&a.logits, a.texts, t.config.Vocabulary, tensor.Float32},
	} {
		var err error
		if *n.to, err = NewTensor(t.engine, n.of, n.rows, n.columns); err != nil {
			return err
		}
	}
	t.activations = a
	return nil
}

// NewTensor returns a tensor in an engine's memory. Unlike tensor.New, it returns the error of
// an engine that has too little.
func NewTensor(e tensor.Engine, of tensor.Dtype, shape ...int) (*tensor.Dense, error) {
	options := []tensor.ConsOpt{tensor.Of(of), tensor.WithShape(shape...), tensor.WithEngine(e)}
	if e.AllocAccessible() {
		return tensor.New(options...), nil
	}
	m, err := e.Alloc(int64(tensor.Shape(shape).TotalSize()) * int64(of.Size()))
	if err != nil {
		return nil, err
	}
	return tensor.New(append(options, tensor.FromMemory(m.Uintptr(), m.MemSize()))...), nil
}

// roundUp returns the next multiple of m from n on.
func roundUp(n, m int) int { return (n + m - 1) / m * m }
