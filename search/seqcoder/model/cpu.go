package model

import (
	"math"
	"math/bits"
	"sync"

	"gorgonia.org/tensor"
)

// A cpuBackend computes on the processor, one goroutine at a time, by gorgonia's tensors with
// an engine of its own.
type cpuBackend struct {
	w *Weights
	*cpuWeights

	scratch map[[2]int]*tensor.Dense // by shape
	scores  []float32                // of attention (tileRows, Wide * PageTokens)
	kv      []*kvPage                // (pages, layers)
}

// cpuWeights are what copies of a backend share. They are built on first use.
type cpuWeights struct {
	once   sync.Once
	table  []float32 // of embeddings
	engine *engine
	token  *tensor.Dense // (C, V)
	layers []cpuLayer
}

// cpuLayer is the matrices of a layer, transposed to (K, N): activations are rows.
type cpuLayer struct{ qkv, out, up, down *tensor.Dense }

// NewCPU returns a Backend that computes w's passes on the processor.
func NewCPU(w *Weights) Backend { return newCPU(w) }

func newCPU(w *Weights) *cpuBackend {
	return &cpuBackend{w: w, cpuWeights: &cpuWeights{}, scratch: map[[2]int]*tensor.Dense{}}
}

// copy returns a backend for another goroutine that shares the weights.
func (b *cpuBackend) copy() *cpuBackend {
	return &cpuBackend{w: b.w, cpuWeights: b.cpuWeights, scratch: map[[2]int]*tensor.Dense{}}
}

// prepare builds the weights that copies share.
func (b *cpuBackend) prepare() {
	b.once.Do(func() {
		b.table, b.engine = b.w.Embedding(), newEngine()
		c := b.w.Width
		b.token = b.transpose(b.w.Token, b.w.Vocabulary, c)
		for i := range b.w.Layer {
			l := &b.w.Layer[i]
			b.layers = append(b.layers, cpuLayer{
				qkv: b.transpose(l.QKV, 3*c, c), out: b.transpose(l.Out, c, c),
				up: b.transpose(l.Up, 4*c, c), down: b.transpose(l.Down, c, 4*c),
			})
		}
	})
}

// transpose returns the matrix (n, k) as a constant tensor (k, n).
func (b *cpuBackend) transpose(matrix []float32, n, k int) *tensor.Dense {
	out := make([]float32, len(matrix))
	for i := range n {
		for j := range k {
			out[j*n+i] = matrix[i*k+j]
		}
	}
	t := tensor.New(tensor.WithShape(k, n), tensor.WithBacking(out), tensor.WithEngine(b.engine))
	b.engine.keep(t)
	return t
}

// Pages implements Backend: memory is allocated as pages are used.
func (b *cpuBackend) Pages() int { return math.MaxInt32 / PageTokens }

// Shared implements Backend.
func (b *cpuBackend) Shared() bool { return false }

// page returns a page's keys and values in layer l.
func (b *cpuBackend) page(id int32, l int) *kvPage {
	i := int(id)*b.w.Layers + l
	for len(b.kv) <= i {
		b.kv = append(b.kv, newKVPage(b.w.Width))
	}
	return b.kv[i]
}

// CopyPages implements Backend.
func (b *cpuBackend) CopyPages(to, from []int32) error {
	for i := range to {
		for l := range b.w.Layers {
			p, q := b.page(to[i], l), b.page(from[i], l)
			copy(p.keys, q.keys)
			copy(p.values, q.values)
		}
	}
	return nil
}

// Extend implements Backend.
func (b *cpuBackend) Extend(batch *Batch) (*Candidates, error) {
	logits, err := b.forward(batch)
	if err != nil {
		return nil, err
	}
	v, words, c := b.w.Vocabulary, b.w.MaskWords(), &Candidates{}
	for i := range batch.Last {
		c.add(logits[i*v:][:v], batch.Allowed[i*words:][:words], batch.K)
	}
	return c, nil
}

// forward returns the logits (texts, V) after the last token of each text, valid until the
// next call.
func (b *cpuBackend) forward(batch *Batch) ([]float32, error) {
	b.prepare()
	c, rows, parts := b.w.Width, len(batch.Place), b.w.RowsPerToken()
	x, y := make([]float32, rows*c), make([]float32, rows*c)
	for i := range rows {
		for _, row := range batch.Index[i*parts:][:parts] {
			if row >= 0 {
				add(x[i*c:][:c], b.table[int(row)*c:][:c])
			}
		}
	}
	list := spans(batch)
	for l := range b.layers {
		if err := b.layer(x, y, batch, list, l); err != nil {
			return nil, err
		}
	}
	final := make([]float32, 0, len(batch.Last)*c)
	for _, row := range batch.Last {
		final = append(final, x[int(row)*c:][:c]...)
	}
	norm(final, final, c, b.w.NormGain, b.w.NormBias)
	return b.linear(final, len(batch.Last), b.token, nil)
}

// layer adds attention and the feed-forward net of layer l to x (rows, C). y (rows, C) is
// scratch.
func (b *cpuBackend) layer(x, y []float32, batch *Batch, list [][]span, l int) error {
	c, rows := b.w.Width, len(batch.Place)
	w, t := &b.w.Layer[l], &b.layers[l]
	norm(y, x, c, w.Norm1Gain, w.Norm1Bias)
	qkv, err := b.linear(y, rows, t.qkv, w.QKVBias)
	if err != nil {
		return err
	}
	for i, place := range batch.Place {
		b.page(place/PageTokens, l).store(qkv[i*3*c+c:][:2*c], int(place%PageTokens))
	}
	b.attend(y, qkv, batch, list, l)
	out, err := b.linear(y, rows, t.out, w.OutBias)
	if err != nil {
		return err
	}
	add(x, out)
	norm(y, x, c, w.Norm2Gain, w.Norm2Bias)
	up, err := b.linear(y, rows, t.up, w.UpBias)
	if err != nil {
		return err
	}
	gelu(up)
	down, err := b.linear(up, rows, t.down, w.DownBias)
	if err != nil {
		return err
	}
	add(x, down)
	return nil
}

// linear returns x (rows, K) by the matrix (K, N), plus bias (N) if it is not nil. The result
// is valid until the next call with the same rows and N.
func (b *cpuBackend) linear(x []float32, rows int, matrix *tensor.Dense, bias []float32) ([]float32, error) {
	k, n := matrix.Shape()[0], matrix.Shape()[1]
	in := tensor.New(tensor.WithShape(rows, k), tensor.WithBacking(x), tensor.WithEngine(b.engine))
	out, err := tensor.MatMul(in, matrix, tensor.WithReuse(b.scratchOf(rows, n)))
	if err != nil {
		return nil, err
	}
	y := out.Data().([]float32)
	if bias != nil {
		for i := 0; i < len(y); i += n {
			add(y[i:i+n], bias)
		}
	}
	return y, nil
}

// scratchOf returns a tensor (rows, columns), the same one for each shape.
func (b *cpuBackend) scratchOf(rows, columns int) *tensor.Dense {
	t := b.scratch[[2]int{rows, columns}]
	if t == nil {
		t = tensor.New(tensor.WithShape(rows, columns), tensor.Of(tensor.Float32), tensor.WithEngine(b.engine))
		b.scratch[[2]int{rows, columns}] = t
	}
	return t
}

// add appends the candidates of a text: the k largest logits (V) whose bits are set in allowed,
// of equal ones the first, and the total.
func (c *Candidates) add(logits []float32, allowed []uint32, k int) {
	start, largest, sum := len(c.IDs), float32(math.Inf(-1)), 0.0
	for word, m := range allowed {
		for ; m != 0; m &= m - 1 {
			largest = max(largest, logits[word*32+bits.TrailingZeros32(m)])
		}
	}
	ids, best := c.IDs, c.Logits
	for word, m := range allowed {
		for ; m != 0; m &= m - 1 {
			t := word*32 + bits.TrailingZeros32(m)
			v := logits[t]
			sum += float64(exponential(v - largest))
			if full := len(ids)-start == k; full && best[len(best)-1] >= v {
				continue
			} else if full {
				ids, best = ids[:len(ids)-1], best[:len(best)-1]
			}
			ids, best = append(ids, int32(t)), append(best, v)
			for i := len(ids) - 1; i > start && best[i] > best[i-1]; i-- {
				ids[i], ids[i-1] = ids[i-1], ids[i]
				best[i], best[i-1] = best[i-1], best[i]
			}
		}
	}
	for len(ids)-start < k {
		ids, best = append(ids, -1), append(best, float32(math.Inf(-1)))
	}
	c.IDs, c.Logits, c.Totals = ids, best, append(c.Totals, largest+float32(math.Log(sum)))
}

// A kvPage is the keys and values of PageTokens tokens in one layer, as panels of a matrix
// product: the keys (C/H, PageTokens) of each head; the values (PageTokens, tileColumns) of
// each tileColumns numbers.
type kvPage struct{ keys, values []float32 }

func newKVPage(c int) *kvPage {
	return &kvPage{make([]float32, c*PageTokens), make([]float32, c*PageTokens)}
}

// store sets the keys and values (2C) of a token of the page.
func (p *kvPage) store(kv []float32, token int) {
	c := len(kv) / 2
	for k, v := range kv[:c] {
		p.keys[k*PageTokens+token] = v // the panels of heads follow each other
	}
	for k := 0; k < c; k += tileColumns {
		copy(p.values[k*PageTokens+token*tileColumns:][:tileColumns], kv[c+k:])
	}
}
