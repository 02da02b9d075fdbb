package baseline

import (
	"bytes"
	"context"
	"math"
	"os"
	"slices"
	"sync"

	opened "github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/search/seqcoder"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// A predictor measures the arithmetic coding of "Language Modeling Is Compression" (arXiv 2309.10668), with
// ideal code lengths: a byte takes -log2 of the probability that the transformer gives it after those before it in
// its sequence, among all bytes. The first byte takes 8 bits, as do the first of all further pieces if a sequence is
// longer than the context. The rate with weights counts the file of weights, too.
type predictor struct {
	ctx     context.Context   // of the calls of the model
	weights float64           // bits
	context int               // bytes
	models  chan *model.Model // those that are idle
	pieces  [][]byte          // of the batch that is not complete
	results []*result         // of all batches before, in order
	group   sync.WaitGroup
}

// A result is what a batch takes.
type result struct {
	bits float64
	err  error
}

// batchPieces is the number of pieces that a model reads at a time. It is arbitrary: products
// are tall with it, and keys and values of the built-in model take 1.5 MB per piece of 128 bytes.
const batchPieces = 64

func openLMIC(opt *Options) (func(context.Context) coder, error) {
	m, _, err := opened.Open(opt.Model, opt.Device)
	if err != nil {
		return nil, err
	}
	size := int64(seqcoder.EmbeddedBytes())
	if opt.Model != "" {
		info, err := os.Stat(opt.Model)
		if err != nil {
			return nil, err
		}
		size = info.Size()
	}
	models := make(chan *model.Model, opt.Threads)
	models <- m
	for range opt.Threads - 1 {
		models <- m.Copy()
	}
	return func(ctx context.Context) coder {
		return &predictor{ctx: ctx, weights: 8 * float64(size), context: m.Weights().Context, models: models}
	}, nil
}

func (p *predictor) add(sequence []byte) error {
	for len(sequence) > 0 {
		n := min(len(sequence), p.context)
		p.pieces = append(p.pieces, bytes.Clone(sequence[:n]))
		if sequence = sequence[n:]; len(p.pieces) == batchPieces {
			p.start()
		}
	}
	return nil
}

// start has the pieces measured as soon as a model is idle. Batches do not depend on how many there are.
func (p *predictor) start() {
	pieces, r, m := p.pieces, new(result), <-p.models
	p.pieces, p.results = nil, append(p.results, r)
	p.group.Go(func() {
		r.bits, r.err = codeLength(p.ctx, m, pieces)
		p.models <- m
	})
}

func (p *predictor) end() ([]float64, error) {
	if len(p.pieces) > 0 {
		p.start()
	}
	p.group.Wait()
	sum := 0.0
	for _, r := range p.results {
		if r.err != nil {
			return nil, r.err
		}
		sum += r.bits
	}
	return []float64{sum, sum + p.weights}, nil
}

func (p *predictor) close() { p.group.Wait() }

// codeLength returns the bits of pieces, each of at least one byte and no more than the context of m. They are
// read in step, a byte at a time, since m says what follows the last token of a text alone. The error is
// that of ctx, as soon as a byte of each is read, or of m.
func codeLength(ctx context.Context, m *model.Model, pieces [][]byte) (bits float64, err error) {
	w := m.Weights()
	mask := make([]uint32, w.MaskWords())
	for b := range alphabet {
		mask[b/32] |= 1 << (b % 32)
	}
	b := newBatch(m, pieces)
	defer b.release()
	bits = 8 * float64(len(pieces))
	for pos := 0; ; pos++ {
		b.keep(func(piece []byte) bool { return pos+1 < len(piece) })
		if len(b.pieces) == 0 {
			return bits, nil
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		texts := make([][]model.Token, len(b.pieces))
		for i, piece := range b.pieces {
			texts[i] = []model.Token{model.Token(piece[pos])}
		}
		next, err := m.Extend(b.caches, texts, slices.Repeat(mask, len(texts)), alphabet)
		if err != nil {
			return 0, err
		}
		for i, piece := range b.pieces {
			k := i*alphabet + slices.Index(next.IDs[i*alphabet:][:alphabet], int32(piece[pos+1]))
			bits += float64(next.Totals[i]-next.Logits[k]) / math.Ln2
		}
	}
}

// alphabet is the number of bytes, which are the first tokens.
const alphabet = 256

// A batch is pieces that a model has read the beginning of.
type batch struct {
	pieces [][]byte
	caches []*model.Cache
}

func newBatch(m *model.Model, pieces [][]byte) *batch {
	b := &batch{pieces: slices.Clone(pieces)}
	for range pieces {
		b.caches = append(b.caches, m.NewCache())
	}
	return b
}

// keep drops the pieces that are not wanted.
func (b *batch) keep(wanted func(piece []byte) bool) {
	n := 0
	for i, piece := range b.pieces {
		if !wanted(piece) {
			b.caches[i].Release()
			continue
		}
		b.pieces[n], b.caches[n] = piece, b.caches[i]
		n++
	}
	b.pieces, b.caches = b.pieces[:n], b.caches[:n]
}

// release drops all pieces.
func (b *batch) release() { b.keep(func([]byte) bool { return false }) }
