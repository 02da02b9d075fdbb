package model

import (
	"math/rand/v2"
	"testing"
)

// randomWeights returns weights drawn uniformly from -0.05 to 0.05.
func randomWeights(width, layers, heads int) *Weights {
	r := rand.New(rand.NewPCG(1, 1))
	w := &Weights{Config: Config{Vocabulary: vocabulary, Width: width, Layers: layers, Heads: heads, Context: 256, Differences: 4}}
	w.Layer = make([]Layer, layers)
	for _, t := range w.tensors() {
		n := 1
		for _, k := range t.shape {
			n *= k
		}
		*t.data = make([]float32, n)
		for i := range *t.data {
			(*t.data)[i] = r.Float32()*0.1 - 0.05
		}
	}
	return w
}

// BenchmarkPrefill reads sequences of 128 bytes and reports GFLOP/s of the matrix products.
func BenchmarkPrefill(b *testing.B) {
	w := randomWeights(192, 4, 6)
	m := New(w, nil)
	text := make([]Token, 129)
	for i := range text {
		text[i] = Token(i)
	}
	text[128] = firstNonByte
	for b.Loop() {
		c := m.NewCache()
		if _, err := logitsOf(m, []*Cache{c}, [][]Token{text}); err != nil {
			b.Fatal(err)
		}
		c.Release()
	}
	b.ReportMetric(w.Flops(129, 0)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// BenchmarkStep appends a token to each of the 8 hypotheses of a beam, after 128 bytes.
func BenchmarkStep(b *testing.B) {
	const width = 8
	w := randomWeights(192, 4, 6)
	m := New(w, nil)
	first := m.NewCache()
	logitsOf(m, []*Cache{first}, [][]Token{make([]Token, 128)})
	for b.Loop() {
		var caches []*Cache
		var tokens [][]Token
		for range width {
			caches, tokens = append(caches, first.Fork()), append(tokens, []Token{firstNonByte})
		}
		if _, err := m.Extend(caches, tokens, make([]uint32, width*w.MaskWords()), 2*width); err != nil {
			b.Fatal(err)
		}
		for _, c := range caches {
			c.Release()
		}
	}
}
