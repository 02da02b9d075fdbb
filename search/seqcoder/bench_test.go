package seqcoder

import (
	"math/rand/v2"
	"testing"
)

// random is a model of random weights.
func random(width, layers, heads int) *Weights {
	r := rand.New(rand.NewPCG(1, 1))
	w := &Weights{Config: Config{Vocabulary: Vocabulary, Width: width, Layers: layers, Heads: heads, Context: 256, Differences: 4}}
	w.Blocks = make([]BlockWeights, layers)
	for _, t := range w.tensors() {
		n := 1
		for _, k := range t.shape {
			n *= k
		}
		*t.to = make([]float32, n)
		for i := range *t.to {
			(*t.to)[i] = r.Float32()*0.1 - 0.05
		}
	}
	return w
}

// BenchmarkPrefill reads sequences of 128 bytes, GFLOP/s of its matrix products;
// BenchmarkStep goes on from there with a beam.
func BenchmarkPrefill(b *testing.B) {
	w := random(192, 4, 6)
	m := NewModel(w, nil)
	text := make([]Token, 129)
	for i := range text {
		text[i] = Token(i)
	}
	text[128] = tokenProgram
	for b.Loop() {
		c := m.NewCache()
		if _, err := logitsOf(m, []*Cache{c}, [][]Token{text}); err != nil {
			b.Fatal(err)
		}
		c.Release()
	}
	b.ReportMetric(w.flops(129, 0)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

func BenchmarkStep(b *testing.B) {
	const width = 8
	w := random(192, 4, 6)
	m := NewModel(w, nil)
	first := m.NewCache()
	logitsOf(m, []*Cache{first}, [][]Token{make([]Token, 128)})
	for b.Loop() {
		var caches []*Cache
		var tokens [][]Token
		for range width {
			caches, tokens = append(caches, first.Fork()), append(tokens, []Token{tokenEnd})
		}
		if _, _, _, err := m.Extend(caches, tokens, make([]mask, width), 2*width); err != nil {
			b.Fatal(err)
		}
		for _, c := range caches {
			c.Release()
		}
	}
}
