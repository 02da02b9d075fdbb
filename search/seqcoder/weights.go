package seqcoder

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"sync"

	"github.com/nlpodyssey/safetensors"
)

// A Config is the size of a model. It is in the file of its weights.
type Config struct {
	Vocabulary int `json:"vocabulary"` // V, tokens
	Width      int `json:"width"`      // C
	Layers     int `json:"layers"`
	Heads      int `json:"heads"`   // H, of C/H each, a multiple of 16
	Context    int `json:"context"` // T at most, tokens
	// D: of each byte of the sequence the model is told how much more it is than each of
	// so many before it.
	Differences int `json:"differences"`
}

// Limits of what a file of weights may ask for.
const (
	maxWidth   = 4096
	maxLayers  = 128
	maxContext = 1 << 16

	maxDifferences = 64
)

var errContext = errors.New("seqcoder: a text is longer than the model's context")

// ErrWeights reports a file that has no weights for this package's tokens.
var ErrWeights = errors.New("seqcoder: not weights of a SeqCoder")

func (c *Config) check() error {
	switch {
	case c.Vocabulary != Vocabulary:
		return fmt.Errorf("config: %d tokens, not %d", c.Vocabulary, Vocabulary)
	case c.Width < 1 || c.Width > maxWidth || c.Layers < 1 || c.Layers > maxLayers || c.Context < 2 || c.Context > maxContext:
		return fmt.Errorf("config: width %d, %d layers, context %d", c.Width, c.Layers, c.Context)
	case c.Differences < 0 || c.Differences > maxDifferences:
		return fmt.Errorf("config: %d differences", c.Differences)
	case c.Heads < 1 || c.Width%(c.Heads*tileColumns) != 0:
		return fmt.Errorf("config: %d heads do not divide a width of %d into multiples of %d", c.Heads, c.Width, tileColumns)
	}
	return nil
}

// Weights are those of a model, row by row. A matrix (N, K) takes K numbers to N.
type Weights struct {
	Config
	Facts map[string]string // what the training noted

	Token, Place       []float32 // (V, C), (T, C)
	Previous           []float32 // (V, C): of the token before
	Difference         []float32 // (256 D, C): row 256 (d-1) + a byte less the d-th before it
	NormGain, NormBias []float32 // (C) each, of the last layer norm
	Blocks             []BlockWeights
}

// BlockWeights are those of a layer: attention and a feed-forward net, each after a layer
// norm and added to what comes in.
type BlockWeights struct {
	Norm1Gain, Norm1Bias []float32 // (C)
	QKV, QKVBias         []float32 // (3C, C), (3C): queries, keys, values
	Out, OutBias         []float32 // (C, C), (C)
	Norm2Gain, Norm2Bias []float32 // (C)
	Up, UpBias           []float32 // (4C, C), (4C)
	Down, DownBias       []float32 // (C, 4C), (C)
}

// ReadWeights reads a safetensors file. The error is ErrWeights and names the file and,
// where it is one's fault, the tensor.
func ReadWeights(name string) (*Weights, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, errors.Unwrap(err)) // a PathError's reason
	}
	w, err := ParseWeights(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return w, nil
}

// ParseWeights is ReadWeights of a file's bytes.
func ParseWeights(b []byte) (*Weights, error) {
	file, err := safetensors.Deserialize(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrWeights, err)
	}
	_, meta, err := safetensors.ReadMetadata(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrWeights, err)
	}
	w := &Weights{Facts: meta.Metadata()}
	if err := json.Unmarshal([]byte(w.Facts["config"]), &w.Config); err != nil {
		return nil, fmt.Errorf("%w: config: %v", ErrWeights, err)
	}
	if err := w.check(); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrWeights, err)
	}
	w.Blocks = make([]BlockWeights, w.Layers)
	read := 0
	for _, t := range w.tensors() {
		if *t.to, err = numbers(file, t.name, t.shape); err != nil {
			return nil, fmt.Errorf("%w: %v", ErrWeights, err)
		}
		read++
	}
	if n := file.Len(); n != read {
		return nil, fmt.Errorf("%w: %d tensors, not %d", ErrWeights, n, read)
	}
	return w, nil
}

// embeddingParts are the first rows of the parts of Embedding, but for tokens.
func (w *Weights) embeddingParts() (at struct{ place, previous, difference int }) {
	at.place = w.Vocabulary
	at.previous = at.place + w.Context
	at.difference = at.previous + w.Vocabulary
	return at
}

// Embedding is the table that tokens are sums of rows of: Token, Place, Previous,
// Difference, one after the other.
func (w *Weights) Embedding() []float32 {
	return slices.Concat(w.Token, w.Place, w.Previous, w.Difference)
}

// A named is a tensor of the file.
type named struct {
	name  string
	shape []int
	to    *[]float32
}

// tensors are all of a model, as the training names them.
func (w *Weights) tensors() []named {
	c := w.Width
	list := []named{
		{"token.weight", []int{w.Vocabulary, c}, &w.Token}, {"place.weight", []int{w.Context, c}, &w.Place},
		{"previous.weight", []int{w.Vocabulary, c}, &w.Previous},
		{"difference.weight", []int{256 * w.Differences, c}, &w.Difference},
		{"norm.weight", []int{c}, &w.NormGain}, {"norm.bias", []int{c}, &w.NormBias},
	}
	for i := range w.Blocks {
		b, at := &w.Blocks[i], "blocks."+strconv.Itoa(i)+"."
		list = append(list,
			named{at + "norm1.weight", []int{c}, &b.Norm1Gain}, named{at + "norm1.bias", []int{c}, &b.Norm1Bias},
			named{at + "qkv.weight", []int{3 * c, c}, &b.QKV}, named{at + "qkv.bias", []int{3 * c}, &b.QKVBias},
			named{at + "out.weight", []int{c, c}, &b.Out}, named{at + "out.bias", []int{c}, &b.OutBias},
			named{at + "norm2.weight", []int{c}, &b.Norm2Gain}, named{at + "norm2.bias", []int{c}, &b.Norm2Bias},
			named{at + "up.weight", []int{4 * c, c}, &b.Up}, named{at + "up.bias", []int{4 * c}, &b.UpBias},
			named{at + "down.weight", []int{c, 4 * c}, &b.Down}, named{at + "down.bias", []int{c}, &b.DownBias})
	}
	return list
}

// flops are those of matrix products of a text of n tokens, after before others.
func (w *Weights) flops(n, before int) float64 {
	c := float64(w.Width)
	products := 2 * 12 * c * c * float64(n)
	attention := 2 * 2 * c * float64(n) * (float64(before) + float64(n+1)/2)
	return float64(w.Layers)*(products+attention) + 2*c*float64(w.Vocabulary)
}

// numbers are those of a tensor, of 16 or 32 bits in the file.
func numbers(file safetensors.SafeTensors, name string, shape []int) ([]float32, error) {
	t, ok := file.Tensor(name)
	if !ok {
		return nil, fmt.Errorf("tensor %s: there is none", name)
	}
	n := 1
	got := t.Shape()
	fits := len(got) == len(shape)
	for i, want := range shape {
		fits = fits && got[i] == uint64(want)
		n *= want
	}
	if !fits {
		return nil, fmt.Errorf("tensor %s: shape %d, not %d", name, got, shape)
	}
	out, data := make([]float32, n), t.Data()
	switch {
	case t.DType() == safetensors.F16 && len(data) == 2*n:
		table := halves()
		for i := range out {
			out[i] = table[binary.LittleEndian.Uint16(data[2*i:])]
		}
	case t.DType() == safetensors.F32 && len(data) == 4*n:
		for i := range out {
			out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
		}
	default:
		return nil, fmt.Errorf("tensor %s: type %v", name, t.DType())
	}
	for _, x := range out {
		if x-x != 0 { // NaN, infinite
			return nil, fmt.Errorf("tensor %s: a number that is none", name)
		}
	}
	return out, nil
}

// halves are all numbers of 16 bits.
var halves = sync.OnceValue(func() *[1 << 16]float32 {
	var t [1 << 16]float32
	for h := range t {
		t[h] = half(uint16(h))
	}
	return &t
})

// half is a number of 16 bits (IEEE 754, binary16).
func half(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch exponent {
	case 0: // fraction / 2^24
		x := float32(fraction) / (1 << 24)
		return math.Float32frombits(math.Float32bits(x) | sign)
	case 31:
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
