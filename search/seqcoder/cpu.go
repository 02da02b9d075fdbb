package seqcoder

import (
	"math"
	"math/bits"
	"sync"

	"gorgonia.org/tensor"
)

// A cpuBackend computes on the processor, one goroutine at a time, by gorgonia's tensors
// with an engine of its own.
type cpuBackend struct {
	w *Weights
	*cpuWeights

	scratch map[[2]int]*tensor.Dense // by shape
	scores  []float32                // of attention
	held    []*page                  // (pages, layers)
}

// cpuWeights are what copies of a backend share, made when one is first used.
type cpuWeights struct {
	once   sync.Once
	table  []float32 // of embeddings
	engine *engine
	token  *tensor.Dense // (C, V)
	blocks []blockTensors
}

// blockTensors are the matrices of a layer, turned so that rows of x come first: (K, N).
type blockTensors struct{ qkv, out, up, down *tensor.Dense }

// NewCPU returns the processor as a Backend.
func NewCPU(w *Weights) Backend { return newCPU(w) }

func newCPU(w *Weights) *cpuBackend {
	return &cpuBackend{w: w, cpuWeights: &cpuWeights{}, scratch: map[[2]int]*tensor.Dense{}}
}

// prepare makes the weights that copies share.
func (b *cpuBackend) prepare() {
	b.once.Do(func() {
		b.table, b.engine = b.w.Embedding(), newEngine()
		c := b.w.Width
		b.token = b.turned(b.w.Token, b.w.Vocabulary, c)
		for i := range b.w.Blocks {
			l := &b.w.Blocks[i]
			b.blocks = append(b.blocks, blockTensors{b.turned(l.QKV, 3*c, c), b.turned(l.Out, c, c), b.turned(l.Up, 4*c, c), b.turned(l.Down, c, 4*c)})
		}
	})
}

// copy returns a backend of the same weights.
func (b *cpuBackend) copy() *cpuBackend {
	return &cpuBackend{w: b.w, cpuWeights: b.cpuWeights, scratch: map[[2]int]*tensor.Dense{}}
}

// Pages implements Backend.
func (b *cpuBackend) Pages() int { return math.MaxInt32 / PageTokens }

// Shared implements Backend.
func (b *cpuBackend) Shared() bool { return false }

// page is the one with a number in layer l.
func (b *cpuBackend) page(id int32, l int) *page {
	at := int(id)*b.w.Layers + l
	for len(b.held) <= at {
		b.held = append(b.held, newPage(b.w.Width))
	}
	return b.held[at]
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

// turned is the matrix (n, k) as (k, n).
func (b *cpuBackend) turned(matrix []float32, n, k int) *tensor.Dense {
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

// room is a tensor (rows, columns), the same one each time for one use after the other.
func (b *cpuBackend) room(rows, columns int) *tensor.Dense {
	t := b.scratch[[2]int{rows, columns}]
	if t == nil {
		t = tensor.New(tensor.WithShape(rows, columns), tensor.Of(tensor.Float32), tensor.WithEngine(b.engine))
		b.scratch[[2]int{rows, columns}] = t
	}
	return t
}

// linear is x (rows, K) by the matrix (K, N), and bias (N).
func (b *cpuBackend) linear(x []float32, rows int, matrix *tensor.Dense, bias []float32) ([]float32, error) {
	k, n := matrix.Shape()[0], matrix.Shape()[1]
	in := tensor.New(tensor.WithShape(rows, k), tensor.WithBacking(x), tensor.WithEngine(b.engine))
	out, err := tensor.MatMul(in, matrix, tensor.WithReuse(b.room(rows, n)))
	if err != nil {
		return nil, err
	}
	y := out.Data().([]float32)
	if bias != nil {
		for at := 0; at < len(y); at += n {
			add(y[at:at+n], bias)
		}
	}
	return y, nil
}

// Extend implements Backend.
func (b *cpuBackend) Extend(wide, k int, index, place, text, seen, last, tables []int32, mask []uint32) (ids []int32, logits, totals []float32, err error) {
	all, err := b.forward(wide, index, place, text, seen, last, tables)
	if err != nil {
		return nil, nil, nil, err
	}
	v := b.w.Vocabulary
	for i := range last {
		ids, logits, totals = best(ids, logits, totals, all[i*v:][:v], mask[i*MaskWords:][:MaskWords], k)
	}
	return ids, logits, totals, nil
}

// forward returns the logits (texts, V) after the last token of each text. They are valid
// until the next call.
func (b *cpuBackend) forward(wide int, index, place, text, seen, last, tables []int32) ([]float32, error) {
	b.prepare()
	c, rows := b.w.Width, len(place)
	x, y := make([]float32, rows*c), make([]float32, rows*c)
	for i := range rows {
		for _, at := range index[i*(3+b.w.Differences):][:3+b.w.Differences] {
			if at >= 0 {
				add(x[i*c:][:c], b.table[int(at)*c:][:c])
			}
		}
	}
	list := spans(text, seen, tables, wide)
	for l := range b.blocks {
		w, t := &b.w.Blocks[l], &b.blocks[l]
		norm(y, x, c, w.Norm1Gain, w.Norm1Bias)
		qkv, err := b.linear(y, rows, t.qkv, w.QKVBias)
		if err != nil {
			return nil, err
		}
		for i, at := range place {
			b.page(at/PageTokens, l).store(qkv[i*3*c+c:][:2*c], int(at%PageTokens))
		}
		b.attend(y, qkv, seen, list, wide, l)
		out, err := b.linear(y, rows, t.out, w.OutBias)
		if err != nil {
			return nil, err
		}
		add(x, out)
		norm(y, x, c, w.Norm2Gain, w.Norm2Bias)
		up, err := b.linear(y, rows, t.up, w.UpBias)
		if err != nil {
			return nil, err
		}
		gelu(up)
		down, err := b.linear(up, rows, t.down, w.DownBias)
		if err != nil {
			return nil, err
		}
		add(x, down)
	}
	final := make([]float32, 0, len(last)*c)
	for _, row := range last {
		final = append(final, x[int(row)*c:][:c]...)
	}
	norm(final, final, c, b.w.NormGain, b.w.NormBias)
	return b.linear(final, len(last), b.token, nil)
}

// best appends the k largest of a text's logits that mask allows, of equal ones the first,
// and their total.
func best(ids []int32, logits, totals, all []float32, mask []uint32, k int) ([]int32, []float32, []float32) {
	start, most, sum := len(ids), float32(math.Inf(-1)), 0.0
	for word, m := range mask {
		for ; m != 0; m &= m - 1 {
			most = max(most, all[word*32+bits.TrailingZeros32(m)])
		}
	}
	for word, m := range mask {
		for ; m != 0; m &= m - 1 {
			t := word*32 + bits.TrailingZeros32(m)
			v := all[t]
			sum += float64(exponential(v - most))
			if full := len(ids)-start == k; full && logits[len(logits)-1] >= v {
				continue
			} else if full {
				ids, logits = ids[:len(ids)-1], logits[:len(logits)-1]
			}
			ids, logits = append(ids, int32(t)), append(logits, v)
			for i := len(ids) - 1; i > start && logits[i] > logits[i-1]; i-- {
				ids[i], ids[i-1] = ids[i-1], ids[i]
				logits[i], logits[i-1] = logits[i-1], logits[i]
			}
		}
	}
	for len(ids)-start < k {
		ids, logits = append(ids, -1), append(logits, float32(math.Inf(-1)))
	}
	return ids, logits, append(totals, most+float32(math.Log(sum)))
}

// A page holds the keys and values of PageTokens tokens in one layer, as panels of a matrix
// product: for each head the keys (C/H, PageTokens); for every tileColumns numbers the
// values (PageTokens, tileColumns).
type page struct{ keys, values []float32 }

func newPage(c int) *page {
	return &page{make([]float32, c*PageTokens), make([]float32, c*PageTokens)}
}

// store sets the keys and values (2C) of a token of the page.
func (p *page) store(kv []float32, token int) {
	c := len(kv) / 2
	for k, v := range kv[:c] {
		p.keys[k*PageTokens+token] = v // heads follow each other
	}
	for k := 0; k < c; k += tileColumns {
		copy(p.values[k*PageTokens+token*tileColumns:][:tileColumns], kv[c+k:])
	}
}

// norm sets rows of y to those of x with mean 0 and variance 1, by gain, and bias.
func norm(y, x []float32, c int, gain, bias []float32) {
	for at := 0; at < len(x); at += c {
		row, out := x[at:at+c], y[at:at+c]
		mean, variance := float32(0), float32(0)
		for _, v := range row {
			mean += v
		}
		mean /= float32(c)
		for _, v := range row {
			variance += (v - mean) * (v - mean)
		}
		scale := float32(1 / math.Sqrt(float64(variance/float32(c))+1e-5))
		for k, v := range row {
			out[k] = (v-mean)*scale*gain[k] + bias[k]
		}
	}
}

func add(x, y []float32) {
	x = x[:len(y)]
	for i, v := range y {
		x[i] += v
	}
}
