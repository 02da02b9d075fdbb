package model

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

// A Config is the size of a model. The file of its weights contains it.
type Config struct {
	Vocabulary int `json:"vocabulary"` // V, tokens
	Width      int `json:"width"`      // C
	Layers     int `json:"layers"`
	Heads      int `json:"heads"`   // H; the size of a head, C/H, is a multiple of 16
	Context    int `json:"context"` // T, tokens of the longest text
	// D: the embedding of a byte of the sequence includes its differences from each of the D
	// bytes before it.
	Differences int `json:"differences"`
}

// Limits of a Config, so that a damaged file cannot ask for much memory. They are arbitrary:
// several times what any model that was trained has.
const (
	maxVocabulary  = 1 << 16 // tokens: a Token has 16 bits
	maxWidth       = 4096
	maxLayers      = 128
	maxContext     = 1 << 16 // tokens
	maxDifferences = 64
)

// ErrWeights reports a file that does not contain the weights of a model.
var ErrWeights = errors.New("not weights of a SeqCoder")

func (c *Config) check() error {
	switch {
	case c.Vocabulary < firstNonByte || c.Vocabulary > maxVocabulary:
		return fmt.Errorf("config: %d tokens, want %d to %d", c.Vocabulary, firstNonByte, maxVocabulary)
	case c.Width < 1 || c.Width > maxWidth || c.Layers < 1 || c.Layers > maxLayers || c.Context < 2 || c.Context > maxContext:
		return fmt.Errorf("config: width %d, %d layers, context %d: out of range", c.Width, c.Layers, c.Context)
	case c.Differences < 0 || c.Differences > maxDifferences:
		return fmt.Errorf("config: %d differences, want 0 to %d", c.Differences, maxDifferences)
	case c.Heads < 1 || c.Width%(c.Heads*tileColumns) != 0:
		return fmt.Errorf("config: %d heads do not divide a width of %d into multiples of %d", c.Heads, c.Width, tileColumns)
	}
	return nil
}

// RowsPerToken returns the number of rows of the embedding table that a token is the sum of.
func (c *Config) RowsPerToken() int { return 3 + c.Differences }

// MaskWords returns the number of 32-bit words with a bit for each token.
func (c *Config) MaskWords() int { return (c.Vocabulary + 31) / 32 }

// Flops returns the floating-point operations of the matrix products for n more tokens of a
// text of length tokens, and for the logits after the last one.
func (c *Config) Flops(n, length int) float64 {
	w := float64(c.Width)
	products := 2 * 12 * w * w * float64(n)
	attention := 2 * 2 * w * float64(n) * (float64(length) + float64(n+1)/2)
	return float64(c.Layers)*(products+attention) + 2*w*float64(c.Vocabulary)
}

// Weights are the parameters of a model, row by row. A matrix (N, K) maps K numbers to N.
// Weights are read-only once they are in use.
type Weights struct {
	Config
	Facts map[string]string // metadata of the file: what the training noted

	Token, Place       []float32 // (V, C), (T, C)
	Previous           []float32 // (V, C): embeddings of the token before
	Difference         []float32 // (256 D, C): row 256 (d-1) + (byte - d-th byte before it) mod 256
	NormGain, NormBias []float32 // (C), (C): the last layer norm
	Layer              []Layer
}

// A Layer is the weights of attention and of a feed-forward net. Each of the two follows a
// layer norm, and its output is added to its input.
type Layer struct {
	Norm1Gain, Norm1Bias []float32 // (C), (C)
	QKV, QKVBias         []float32 // (3C, C), (3C): queries, keys, values
	Out, OutBias         []float32 // (C, C), (C)
	Norm2Gain, Norm2Bias []float32 // (C), (C)
	Up, UpBias           []float32 // (4C, C), (4C)
	Down, DownBias       []float32 // (C, 4C), (C)
}

// ReadWeights reads a safetensors file. The error names the file; it is ErrWeights if the
// content is wrong, and then names the tensor too if a tensor is.
func ReadWeights(name string) (*Weights, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, errors.Unwrap(err)) // only the reason of the PathError
	}
	w, err := ParseWeights(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return w, nil
}

// ParseWeights parses the content of a safetensors file. The error is ErrWeights.
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
	w.Layer = make([]Layer, w.Layers)
	tensors := w.tensors()
	for _, t := range tensors {
		if *t.data, err = readTensor(file, t.name, t.shape); err != nil {
			return nil, fmt.Errorf("%w: tensor %s: %v", ErrWeights, t.name, err)
		}
	}
	if n := file.Len(); n != len(tensors) {
		return nil, fmt.Errorf("%w: %d tensors, want %d", ErrWeights, n, len(tensors))
	}
	return w, nil
}

// Embedding returns the table whose rows are added up to embed a token: Token, Place,
// Previous, Difference.
func (w *Weights) Embedding() []float32 {
	return slices.Concat(w.Token, w.Place, w.Previous, w.Difference)
}

// embeddingOffsets returns the first row of each table in Embedding but Token.
func (c *Config) embeddingOffsets() (first struct{ place, previous, difference int }) {
	first.place = c.Vocabulary
	first.previous = first.place + c.Context
	first.difference = first.previous + c.Vocabulary
	return first
}

// A fileTensor says where a tensor of the file goes.
type fileTensor struct {
	name  string
	shape []int
	data  *[]float32
}

// tensors returns all tensors of a model, by the names that the training gives them.
func (w *Weights) tensors() []fileTensor {
	c := w.Width
	list := []fileTensor{
		{"token.weight", []int{w.Vocabulary, c}, &w.Token}, {"place.weight", []int{w.Context, c}, &w.Place},
		{"previous.weight", []int{w.Vocabulary, c}, &w.Previous},
		{"difference.weight", []int{256 * w.Differences, c}, &w.Difference},
		{"norm.weight", []int{c}, &w.NormGain}, {"norm.bias", []int{c}, &w.NormBias},
	}
	for i := range w.Layer {
		l, prefix := &w.Layer[i], "blocks."+strconv.Itoa(i)+"."
		list = append(list,
			fileTensor{prefix + "norm1.weight", []int{c}, &l.Norm1Gain}, fileTensor{prefix + "norm1.bias", []int{c}, &l.Norm1Bias},
			fileTensor{prefix + "qkv.weight", []int{3 * c, c}, &l.QKV}, fileTensor{prefix + "qkv.bias", []int{3 * c}, &l.QKVBias},
			fileTensor{prefix + "out.weight", []int{c, c}, &l.Out}, fileTensor{prefix + "out.bias", []int{c}, &l.OutBias},
			fileTensor{prefix + "norm2.weight", []int{c}, &l.Norm2Gain}, fileTensor{prefix + "norm2.bias", []int{c}, &l.Norm2Bias},
			fileTensor{prefix + "up.weight", []int{4 * c, c}, &l.Up}, fileTensor{prefix + "up.bias", []int{4 * c}, &l.UpBias},
			fileTensor{prefix + "down.weight", []int{c, 4 * c}, &l.Down}, fileTensor{prefix + "down.bias", []int{c}, &l.DownBias})
	}
	return list
}

// readTensor returns the numbers of a tensor of float16 or float32.
func readTensor(file safetensors.SafeTensors, name string, shape []int) ([]float32, error) {
	t, ok := file.Tensor(name)
	if !ok {
		return nil, errors.New("missing")
	}
	n, got := 1, t.Shape()
	fits := len(got) == len(shape)
	for i, want := range shape {
		fits = fits && got[i] == uint64(want)
		n *= want
	}
	if !fits {
		return nil, fmt.Errorf("shape %d, want %d", got, shape)
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
		return nil, fmt.Errorf("type %v, want F16 or F32", t.DType())
	}
	for i, x := range out {
		if x-x != 0 { // NaN or infinite
			return nil, fmt.Errorf("number %d is not finite", i)
		}
	}
	return out, nil
}

// halves returns the table of all float16 numbers.
var halves = sync.OnceValue(func() *[1 << 16]float32 {
	var t [1 << 16]float32
	for h := range t {
		t[h] = half(uint16(h))
	}
	return &t
})

// half returns the number that h encodes (IEEE 754, binary16).
func half(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch exponent {
	case 0: // subnormal: fraction / 2^24
		x := float32(fraction) / (1 << 24)
		return math.Float32frombits(math.Float32bits(x) | sign)
	case 31: // infinite or NaN
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
