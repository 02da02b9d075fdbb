package model

import (
	"gorgonia.org/tensor"
)

// A processor is the engine of the processor, for one goroutine: gorgonia's standard engine,
// which leaves memory to Go, with products by constant matrices in tiles, by AVX2 instructions
// if the processor has them.
type processor struct {
	tensor.StdEng
	config *Config
	kv     []*kvPage   // (pages, layers), allocated as they are used
	to     *Candidates // of the pass under way
	spans  [][]span    // of its batch

	scores []float32 // scratch of attention (tileRows, Wide * PageTokens)
}

var (
	_ Engine = (*processor)(nil)
	_ Forker = (*processor)(nil)
)

func newProcessor(c *Config) *processor { return &processor{config: c} }

// Fork implements Forker.
func (e *processor) Fork() Engine { return newProcessor(e.config) }

// Vector implements Keeper. The tensor shares list.
func (e *processor) Vector(list []float32) (*tensor.Dense, error) {
	return tensor.New(tensor.WithShape(len(list)), tensor.WithBacking(list), tensor.WithEngine(e)), nil
}

// Reserve implements Reserver: memory is allocated as it is used.
func (e *processor) Reserve(_ *Config, r Room) (pages int, err error) { return r.Pages, nil }

// Operand implements Reserver.
func (e *processor) Operand() tensor.Dtype { return tensor.Float32 }

// Run implements Runner. The pass has ended when it returns.
func (e *processor) Run(j *Job, forward func() error) (Pass, error) {
	e.to, e.spans = j.To, spans(j.Batch)
	return ended{}, forward()
}

// ended is a Pass that has ended.
type ended struct{}

func (ended) Wait() error { return nil }

// Embed implements Embedder.
func (e *processor) Embed(x, table *tensor.Dense, b *Batch) error {
	c, parts := e.config.Width, e.config.RowsPerToken()
	from, to := table.Float32s(), x.Float32s()[:len(b.Place)*c]
	clear(to)
	for i := range b.Place {
		for _, row := range b.Index[i*parts:][:parts] {
			if row >= 0 {
				add(to[i*c:][:c], from[int(row)*c:][:c])
			}
		}
	}
	return nil
}

// Norm implements Normer.
func (e *processor) Norm(y, x *tensor.Dense, n LayerNorm, b *Batch, which Rows) error {
	c, gain, bias := e.config.Width, n.Gain.Float32s(), n.Bias.Float32s()
	from, to := x.Float32s(), y.Float32s()
	if which == AllRows {
		norm(to, from[:len(b.Place)*c], c, gain, bias)
		return nil
	}
	for i, row := range b.Last {
		norm(to[i*c:], from[int(row)*c:][:c], c, gain, bias)
	}
	return nil
}

// Choose implements Chooser.
func (e *processor) Choose(logits *tensor.Dense, b *Batch) error {
	all, v, words := logits.Float32s(), e.config.Vocabulary, e.config.MaskWords()
	for i := range b.Last {
		e.to.add(all[i*v:][:v], b.Allowed[i*words:][:words], b.K)
	}
	return nil
}
