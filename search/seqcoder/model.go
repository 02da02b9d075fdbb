package seqcoder

import (
	"math"

	"gorgonia.org/tensor"
)

// A Model is a SeqCoder ready to run. It is not safe for concurrent use.
type Model struct {
	w      *Weights
	engine tensor.Engine
	token  *tensor.Dense // (C, V)
	blocks []blockTensors
	pool   map[[2]int]*tensor.Dense // scratch, by shape
	scores []float32                // scratch of attention
	work   float64                  // floating-point operations so far
}

// blockTensors are the matrices of a layer, turned so that rows of x come first: (K, N).
type blockTensors struct{ qkv, out, up, down *tensor.Dense }

// NewModel returns the Model of w on the engine; nil is the processor's.
func NewModel(w *Weights, engine tensor.Engine) *Model {
	if engine == nil {
		engine = newEngine()
	}
	m := &Model{w: w, engine: engine, pool: map[[2]int]*tensor.Dense{}}
	c := w.Width
	m.token = m.turned(w.Token, w.Vocabulary, c)
	for i := range w.Blocks {
		b := &w.Blocks[i]
		m.blocks = append(m.blocks, blockTensors{m.turned(b.QKV, 3*c, c), m.turned(b.Out, c, c), m.turned(b.Up, 4*c, c), m.turned(b.Down, c, 4*c)})
	}
	return m
}

// copy returns a Model of the same weights for another goroutine.
func (m *Model) copy() *Model {
	c := *m
	c.pool, c.scores, c.work = map[[2]int]*tensor.Dense{}, nil, 0
	return &c
}

// turned is the matrix (n, k) as (k, n).
func (m *Model) turned(matrix []float32, n, k int) *tensor.Dense {
	out := make([]float32, len(matrix))
	for i := range n {
		for j := range k {
			out[j*n+i] = matrix[i*k+j]
		}
	}
	t := tensor.New(tensor.WithShape(k, n), tensor.WithBacking(out), tensor.WithEngine(m.engine))
	if e, ok := m.engine.(*engine); ok {
		e.keep(t)
	}
	return t
}

// scratch is a tensor (rows, columns), the same one each time for one use after the other.
func (m *Model) scratch(rows, columns int) *tensor.Dense {
	t := m.pool[[2]int{rows, columns}]
	if t == nil {
		t = tensor.New(tensor.WithShape(rows, columns), tensor.Of(tensor.Float32), tensor.WithEngine(m.engine))
		m.pool[[2]int{rows, columns}] = t
	}
	return t
}

// linear is x (B, K) by the matrix (K, N), and bias (N).
func (m *Model) linear(x []float32, rows int, matrix *tensor.Dense, bias []float32) ([]float32, error) {
	k, n := matrix.Shape()[0], matrix.Shape()[1]
	in := tensor.New(tensor.WithShape(rows, k), tensor.WithBacking(x), tensor.WithEngine(m.engine))
	out, err := tensor.MatMul(in, matrix, tensor.WithReuse(m.scratch(rows, n)))
	if err != nil {
		return nil, err
	}
	y := out.Data().([]float32)
	for i := range rows {
		row := y[i*n:][:n]
		for j, b := range bias {
			row[j] += b
		}
	}
	return y, nil
}

// Extend appends tokens to the texts of caches, texts[i] to caches[i], and returns the
// logits (V) after the last token of each. The texts may be of any lengths of 1 or more.
func (m *Model) Extend(caches []*Cache, texts [][]Token) ([][]float32, error) {
	c, rows := m.w.Width, 0
	for _, t := range texts {
		rows += len(t)
	}
	x := make([]float32, 0, rows*c)
	for i, t := range texts {
		m.work += m.w.flops(len(t), caches[i].length)
		caches[i].begin(m.w.Layers)
		if caches[i].length+len(t) > m.w.Context {
			return nil, errContext
		}
		for k, token := range t {
			x = append(x, m.w.Token[int(token)*c:][:c]...)
			row := x[len(x)-c:]
			add(row, m.w.Place[(caches[i].length+k)*c:][:c])
			if caches[i].length+k > 0 {
				add(row, m.w.Previous[int(caches[i].last)*c:][:c])
			}
			caches[i].last = token
			for _, at := range caches[i].differences(token, m.w.Differences) {
				add(row, m.w.Difference[at*c:][:c])
			}
		}
	}
	y := make([]float32, rows*c)
	for l := range m.blocks {
		b, t := &m.w.Blocks[l], &m.blocks[l]
		norm(y, x, c, b.Norm1Gain, b.Norm1Bias)
		qkv, err := m.linear(y, rows, t.qkv, b.QKVBias)
		if err != nil {
			return nil, err
		}
		at := 0
		for i, text := range texts {
			m.attend(y[at*c:][:len(text)*c], qkv[at*3*c:][:len(text)*3*c], caches[i], l)
			at += len(text)
		}
		out, err := m.linear(y, rows, t.out, b.OutBias)
		if err != nil {
			return nil, err
		}
		add(x, out)
		norm(y, x, c, b.Norm2Gain, b.Norm2Bias)
		up, err := m.linear(y, rows, t.up, b.UpBias)
		if err != nil {
			return nil, err
		}
		gelu(up)
		down, err := m.linear(up, rows, t.down, b.DownBias)
		if err != nil {
			return nil, err
		}
		add(x, down)
	}
	last := make([]float32, 0, len(texts)*c) // of each text
	at := 0
	for i, text := range texts {
		at += len(text)
		caches[i].length += len(text)
		last = append(last, x[(at-1)*c:][:c]...)
	}
	norm(last, last, c, m.w.NormGain, m.w.NormBias)
	flat, err := m.linear(last, len(texts), m.token, nil)
	if err != nil {
		return nil, err
	}
	logits := make([][]float32, len(texts))
	for i := range logits {
		logits[i] = append([]float32(nil), flat[i*m.w.Vocabulary:][:m.w.Vocabulary]...)
	}
	return logits, nil
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
	for i, v := range y {
		x[i] += v
	}
}
