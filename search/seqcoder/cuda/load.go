package cuda

import (
	"fmt"
	"math"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// A loader allocates memory for a Transformer and uploads weights until something fails; after
// that it does nothing.
type loader struct {
	t   *Transformer
	err error // the first failure
}

// weights uploads w.
func (l *loader) weights(w *model.Weights) {
	t, c := l.t, w.Width
	t.table = upload(l, w.Embedding())
	t.normGain, t.normBias = l.floats(w.NormGain, c), l.floats(w.NormBias, c)
	t.token = l.matrix(w.Token, w.Vocabulary, c)
	for i := range w.Layer {
		from := &w.Layer[i]
		t.layers = append(t.layers, layer{
			norm1Gain: l.floats(from.Norm1Gain, c), norm1Bias: l.floats(from.Norm1Bias, c),
			qkv: l.matrix(from.QKV, 3*c, c), qkvBias: l.floats(from.QKVBias, 3*c),
			out: l.matrix(from.Out, c, c), outBias: l.floats(from.OutBias, c),
			norm2Gain: l.floats(from.Norm2Gain, c), norm2Bias: l.floats(from.Norm2Bias, c),
			up: l.matrix(from.Up, 4*c, c), upBias: l.floats(from.UpBias, 4*c),
			down: l.matrix(from.Down, c, 4*c), downBias: l.floats(from.DownBias, c),
		})
	}
}

// activations allocates the memory of a pass. It returns the words of its arguments or
// results, whichever are more.
func (l *loader) activations() (words int) {
	t, c := l.t, l.t.c.Width
	padded := roundUp(t.rows, tileRows)
	const floatBytes, bf16Bytes, wordBytes = 4, 2, 4
	t.x, t.y = l.allocate(floatBytes*t.rows*c), l.allocate(bf16Bytes*padded*c)
	t.qkv, t.hidden = l.allocate(bf16Bytes*t.rows*3*c), l.allocate(bf16Bytes*padded*4*c)
	t.logits = l.allocate(floatBytes * t.rows * t.c.Vocabulary)
	const perRow = 4 // Place, Text, Seen, and Last if each row is a text
	arguments := t.rows * (t.c.RowsPerToken() + perRow + model.PagesFor(t.c.Context) + t.c.MaskWords())
	t.arguments, t.results = l.allocate(wordBytes*arguments), l.allocate(wordBytes*t.rows*resultsPerRow)
	return max(arguments, t.rows*resultsPerRow)
}

// allocate returns n bytes.
func (l *loader) allocate(n int) Memory {
	if l.err != nil {
		return Memory{}
	}
	m, err := l.t.dev.take(int64(n))
	if err != nil {
		l.err = err
		return Memory{}
	}
	l.t.all = append(l.t.all, m)
	return m
}

// upload returns memory with the words of data.
func upload[T float32 | uint32](l *loader, data []T) address {
	m := l.allocate(4 * len(data))
	if l.err == nil {
		l.err = l.t.dev.Write(m, bytesOf(data))
	}
	return m.addr
}

// floats uploads a vector of n weights.
func (l *loader) floats(list []float32, n int) address {
	if l.err == nil && len(list) != n {
		l.err = fmt.Errorf("cuda: %d weights, want %d", len(list), n)
	}
	return upload(l, list)
}

// matrix uploads a matrix (n, k) in bf16, with rows of zeros up to the next tileRows.
func (l *loader) matrix(list []float32, n, k int) address {
	if l.err == nil && len(list) != n*k {
		l.err = fmt.Errorf("cuda: %d weights of a matrix, want %d", len(list), n*k)
	}
	if l.err != nil {
		return 0
	}
	pairs := make([]uint32, roundUp(n, tileRows)*k/2)
	for i := range len(list) / 2 {
		pairs[i] = bf16(list[2*i]) | bf16(list[2*i+1])<<16
	}
	return upload(l, pairs)
}

// bf16 returns the bits of the bf16 number nearest to x.
func bf16(x float32) uint32 {
	u := math.Float32bits(x)
	return (u + 0x7fff + u>>16&1) >> 16
}
