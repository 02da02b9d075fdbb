package model

import (
	"fmt"

	"gorgonia.org/tensor"
)

// weights are a model's weights on an engine.
type weights struct {
	table  *tensor.Dense // Weights.Embedding
	layers []layer
	norm   LayerNorm
	token  Linear
}

// layer is a Layer on an engine.
type layer struct {
	norm1, norm2       LayerNorm
	qkv, out, up, down Linear
}

// forward calls the operations of a pass.
func (t *Transformer) forward(w *weights, b *Batch) error {
	e, a := t.engine, &t.activations
	if err := e.Embed(a.x, w.table, b); err != nil {
		return err
	}
	for i := range w.layers {
		if err := t.layer(i, &w.layers[i], b); err != nil {
			return err
		}
	}
	return inOrder(
		func() error { return e.Norm(a.y, a.x, w.norm, b, LastRows) },
		func() error { return e.Linear(a.logits, a.y, w.token, b, LastRows) },
		func() error { return e.Choose(a.logits, b) },
	)
}

// layer calls the operations of a layer: they add its attention and its feed-forward net to x.
func (t *Transformer) layer(i int, l *layer, b *Batch) error {
	e, a := t.engine, &t.activations
	return inOrder(
		func() error { return e.Norm(a.y, a.x, l.norm1, b, AllRows) },
		func() error { return e.Linear(a.qkv, a.y, l.qkv, b, AllRows) },
		func() error { return e.Attend(a.y, a.qkv, i, b) },
		func() error { return e.Linear(a.x, a.y, l.out, b, AllRows) },
		func() error { return e.Norm(a.y, a.x, l.norm2, b, AllRows) },
		func() error { return e.Linear(a.hidden, a.y, l.up, b, AllRows) },
		func() error { return e.Linear(a.x, a.hidden, l.down, b, AllRows) },
	)
}

// inOrder calls operations until one returns an error.
func inOrder(operations ...func() error) error {
	for _, f := range operations {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// pack puts weights on an engine. The error is the engine's, or says that weights don't have
// the lengths that the configuration asks for.
func pack(w *Weights, e Engine) (*weights, error) {
	if w.Layers != len(w.Layer) {
		return nil, fmt.Errorf("model: weights of %d layers, want %d", len(w.Layer), w.Layers)
	}
	p, c := packer{e: e}, w.Width
	out := &weights{
		table: p.vector(w.Embedding(), c*(2*w.Vocabulary+w.Context+256*w.Differences)),
		norm:  p.norm(w.NormGain, w.NormBias, c), token: Linear{Matrix: p.matrix(w.Token, w.Vocabulary, c)},
	}
	for i := range w.Layer {
		l := &w.Layer[i]
		out.layers = append(out.layers, layer{
			norm1: p.norm(l.Norm1Gain, l.Norm1Bias, c), norm2: p.norm(l.Norm2Gain, l.Norm2Bias, c),
			qkv:  Linear{p.matrix(l.QKV, 3*c, c), p.vector(l.QKVBias, 3*c), Store},
			out:  Linear{p.matrix(l.Out, c, c), p.vector(l.OutBias, c), Add},
			up:   Linear{p.matrix(l.Up, 4*c, c), p.vector(l.UpBias, 4*c), GELU},
			down: Linear{p.matrix(l.Down, c, 4*c), p.vector(l.DownBias, c), Add},
		})
	}
	return out, p.err
}

// A packer puts weights on an engine until something fails; after that it does nothing.
type packer struct {
	e   Engine
	err error // the first failure
}

// vector keeps a vector of n weights.
func (p *packer) vector(list []float32, n int) (t *tensor.Dense) {
	if p.err == nil && len(list) != n {
		p.err = fmt.Errorf("model: %d weights, want %d", len(list), n)
	}
	if p.err == nil {
		t, p.err = p.e.Vector(list)
	}
	return t
}

// norm keeps the weights of a layer norm.
func (p *packer) norm(gain, bias []float32, n int) LayerNorm {
	return LayerNorm{p.vector(gain, n), p.vector(bias, n)}
}

// matrix keeps a matrix (n, k).
func (p *packer) matrix(list []float32, n, k int) (m *Matrix) {
	if p.err == nil && len(list) != n*k {
		p.err = fmt.Errorf("model: %d weights of a matrix, want %d", len(list), n*k)
	}
	if p.err == nil {
		m, p.err = p.e.Matrix(list, n, k)
	}
	return m
}
