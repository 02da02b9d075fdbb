package cuda

import (
	"errors"
	"fmt"
	"math"
	"sync"
)

// Sizes are those of a decoder-only transformer.
type Sizes struct {
	Vocabulary, Width, Layers, Heads, Context int
	Parts                                     int // rows of the embedding table that a token is the sum of
}

// A Layer are the weights of attention and a feed-forward net, each after a layer norm and
// added to what comes in; a matrix (N, K) takes K numbers to N, and C is the width.
type Layer struct {
	Norm1Gain, Norm1Bias []float32 // (C)
	QKV, QKVBias         []float32 // (3C, C), (3C): queries, keys, values
	Out, OutBias         []float32 // (C, C), (C)
	Norm2Gain, Norm2Bias []float32 // (C)
	Up, UpBias           []float32 // (4C, C), (4C)
	Down, DownBias       []float32 // (C, 4C), (C)
}

// Weights are those of a transformer whose logits' matrix is the embedding of its tokens.
type Weights struct {
	Table              []float32 // (…, C), which embeddings are sums of rows of
	Layers             []Layer
	NormGain, NormBias []float32 // (C)
	Token              []float32 // (V, C)
}

// What linear does with a product and its bias, as kernels.cu has it.
const (
	store int32 = iota
	storeGELU
	accumulate
)

const (
	pageTokens = 16
	longest    = 1024 // tokens of a text
	mostTokens = 1024 // of a vocabulary
)

// layer is a Layer in the device's memory, matrices in bf16.
type layer struct {
	norm1Gain, norm1Bias, qkv, qkvBias, out, outBias address
	norm2Gain, norm2Bias, up, upBias, down, downBias address
}

// A Transformer computes forward passes on a device: products of matrices in bf16, summed
// in float32. Its methods may be called from several goroutines. seqcoder.Backend says what
// they do.
type Transformer struct {
	dev                               *Device
	s                                 Sizes
	rows                              int // that are computed at a time
	pages                             int
	table, normGain, normBias, token  address
	layers                            []layer
	mu                                sync.Mutex
	held, x, y, qkv, wide, ints, best Memory // buffers: pages, activations, arguments, results
	logits                            Memory
	all                               []Memory // to be given back
}

// NewTransformer puts weights on a device, and takes rows tokens at a time at most, but no
// fewer than a text has. Pages of keys and values take the rest of the device's memory, up to most
// pages. The error is ErrMemory where that does not suffice.
func NewTransformer(dev *Device, s Sizes, w Weights, rows, most int) (t *Transformer, err error) {
	c := s.Width
	switch {
	case c < 32 || c%32 != 0 || s.Heads < 1 || c%(2*s.Heads) != 0:
		return nil, fmt.Errorf("cuda: %d heads of a width of %d: it must be a multiple of 32", s.Heads, c)
	case s.Vocabulary < 2 || s.Vocabulary > mostTokens || s.Context < 1 || s.Context > longest:
		return nil, fmt.Errorf("cuda: %d tokens, texts of %d: at most %d each", s.Vocabulary, s.Context, longest)
	case s.Layers != len(w.Layers) || s.Parts < 1:
		return nil, fmt.Errorf("cuda: %d layers of %d", len(w.Layers), s.Layers)
	}
	t = &Transformer{dev: dev, s: s, rows: max(rows, s.Context)}
	defer func() {
		if err != nil {
			t.Close()
			t = nil
		}
	}()
	l := loader{t: t}
	t.table, t.normGain, t.normBias = l.floats(w.Table, -1), l.floats(w.NormGain, c), l.floats(w.NormBias, c)
	t.token = l.matrix(w.Token, s.Vocabulary, c)
	for i := range w.Layers {
		b := &w.Layers[i]
		t.layers = append(t.layers, layer{
			l.floats(b.Norm1Gain, c), l.floats(b.Norm1Bias, c), l.matrix(b.QKV, 3*c, c), l.floats(b.QKVBias, 3*c), l.matrix(b.Out, c, c), l.floats(b.OutBias, c),
			l.floats(b.Norm2Gain, c), l.floats(b.Norm2Bias, c), l.matrix(b.Up, 4*c, c), l.floats(b.UpBias, 4*c), l.matrix(b.Down, c, 4*c), l.floats(b.DownBias, c),
		})
	}
	padded := up(t.rows, 128)
	t.x, t.y = l.room(4*t.rows*c), l.room(2*padded*c)
	t.qkv, t.wide = l.room(12*t.rows*c), l.room(2*padded*4*c)
	t.logits = l.room(4 * t.rows * s.Vocabulary)
	t.ints = l.room(4 * t.rows * (s.Parts + 4 + (s.Context+pageTokens-1)/pageTokens + (s.Vocabulary+31)/32))
	t.best = l.room(4 * t.rows * (2*s.Vocabulary + 1) / 4) // a quarter of all candidates
	if l.err != nil {
		return t, l.err
	}
	each := int64(s.Layers) * 2 * pageTokens * int64(c) * 4
	if t.pages = int(min(dev.largest()/each, int64(most))); t.pages < up(s.Context, pageTokens)/pageTokens {
		return t, fmt.Errorf("%w: for pages of texts", ErrMemory)
	}
	t.held = l.room(int(each) * t.pages)
	return t, l.err
}

func up(n, to int) int { return (n + to - 1) / to * to }

// A loader puts weights on the device until something fails.
type loader struct {
	t   *Transformer
	err error
}

func (l *loader) room(n int) Memory {
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

// floats are list, of n numbers; -1: any.
func (l *loader) floats(list []float32, n int) address {
	if l.err == nil && n >= 0 && len(list) != n {
		l.err = fmt.Errorf("cuda: %d weights, not %d", len(list), n)
	}
	m := l.room(4 * len(list))
	if l.err == nil {
		l.err = l.t.dev.Write(m, bytesOf(list))
	}
	return m.at
}

// matrix is list (n, k) in bf16, with rows of zeros up to the next 64.
func (l *loader) matrix(list []float32, n, k int) address {
	if l.err == nil && len(list) != n*k {
		l.err = fmt.Errorf("cuda: %d weights of a matrix, not %d", len(list), n*k)
	}
	if l.err != nil {
		return 0
	}
	halves := make([]uint32, up(n, 64)*k/2)
	for i := range len(list) / 2 {
		halves[i] = bf16(list[2*i]) | bf16(list[2*i+1])<<16
	}
	m := l.room(4 * len(halves))
	if l.err == nil {
		l.err = l.t.dev.Write(m, bytesOf(halves))
	}
	return m.at
}

// bf16 is the nearest number of 16 bits.
func bf16(x float32) uint32 {
	u := math.Float32bits(x)
	return (u + 0x7fff + u>>16&1) >> 16
}

// Close gives the memory back.
func (t *Transformer) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []error
	for _, m := range t.all {
		all = append(all, t.dev.give(m.at))
	}
	t.all = nil
	return errors.Join(all...)
}

// Pages implements seqcoder.Backend.
func (t *Transformer) Pages() int { return t.pages }

// Shared implements seqcoder.Backend.
func (t *Transformer) Shared() bool { return true }

// pageBytes is what a page takes in one layer.
func (t *Transformer) pageBytes() int64 { return 2 * pageTokens * int64(t.s.Width) * 4 }

// layerPages is where the pages of layer l are.
func (t *Transformer) layerPages(l int) address {
	return t.held.at + address(int64(l)*int64(t.pages)*t.pageBytes())
}

// CopyPages implements seqcoder.Backend.
func (t *Transformer) CopyPages(to, from []int32) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.pageBytes()
	for l := range t.layers {
		base := t.layerPages(l)
		for i := range to {
			p, q := Memory{base + address(int64(to[i])*n), n}, Memory{base + address(int64(from[i])*n), n}
			if err := t.dev.Copy(p, q); err != nil {
				return err
			}
		}
	}
	return nil
}

// Extend implements seqcoder.Backend: as many texts at a time as there is room for.
func (t *Transformer) Extend(wide, k int, index, place, text, seen, last, tables []int32, mask []uint32) (ids []int32, logits, totals []float32, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	words, parts := (t.s.Vocabulary+31)/32, t.s.Parts
	switch {
	case len(text) != len(place) || len(seen) != len(place) || len(index) != parts*len(place),
		len(tables) != wide*len(last) || len(mask) != words*len(last) || k < 1 || k > t.s.Vocabulary/4 || wide > (t.s.Context+pageTokens-1)/pageTokens:
		return nil, nil, nil, errors.New("cuda: a batch whose parts do not fit each other")
	}
	for first, row := 0, 0; first < len(last); {
		end := first
		for end < len(last) && int(last[end])+1-row <= t.rows {
			end++
		}
		if end == first {
			return nil, nil, nil, fmt.Errorf("cuda: a text of %d tokens at once", int(last[first])+1-row)
		}
		to := int(last[end-1]) + 1
		p := pass{t: t, texts: end - first, rows: to - row, wide: wide, k: k}
		p.args(index[row*parts:to*parts], place[row:to], less(text[row:to], first), seen[row:to], less(last[first:end], row), tables[first*wide:end*wide], mask[first*words:end*words])
		if err := p.run(); err != nil {
			return nil, nil, nil, err
		}
		ids, logits, totals = append(ids, p.ids...), append(logits, p.scores...), append(totals, p.totals...)
		first, row = end, to
	}
	return ids, logits, totals, nil
}

// less are the numbers of list less n.
func less(list []int32, n int) []int32 {
	out := make([]int32, len(list))
	for i, v := range list {
		out[i] = v - int32(n)
	}
	return out
}

// A pass is one forward pass.
type pass struct {
	t                    *Transformer
	texts, rows, wide, k int
	ints                 []int32
	at                   [7]address // of the arguments
	ids                  []int32
	scores, totals       []float32
	err                  error
}

// args are what travels to the device, all at once.
func (p *pass) args(index, place, text, seen, last, tables []int32, mask []uint32) {
	words := make([]int32, len(mask))
	for i, w := range mask {
		words[i] = int32(w)
	}
	for i, list := range [...][]int32{index, place, text, seen, last, tables, words} {
		p.at[i] = p.t.ints.at + address(4*len(p.ints))
		p.ints = append(p.ints, list...)
	}
}

func (p *pass) launch(name string, grid [3]int, threads int, args ...any) {
	if p.err == nil {
		p.err = p.t.dev.launch(name, grid, threads, args...)
	}
}

// linear multiplies rows of a by the matrix w (n, k).
func (p *pass) linear(a address, w, bias, out address, rows, n, k int, mode int32) {
	p.launch("linear", [3]int{up(n, 64) / 64, up(rows, 128) / 128, 1}, 128, a, w, bias, out, int32(rows), int32(n), int32(k), mode)
}

func (p *pass) norm(pick, gain, bias address, rows int) {
	p.launch("norm", [3]int{up(rows, 4) / 4, 1, 1}, 128, p.t.x.at, pick, gain, bias, p.t.y.at, int32(rows), int32(p.t.s.Width))
}

func (p *pass) run() error {
	t, c, n := p.t, p.t.s.Width, p.rows
	index, place, text, seen, last, tables, mask := p.at[0], p.at[1], p.at[2], p.at[3], p.at[4], p.at[5], p.at[6]
	if p.err = t.dev.Write(t.ints, bytesOf(p.ints)); p.err != nil {
		return p.err
	}
	p.launch("embed", [3]int{n, 1, 1}, 128, t.table, index, t.x.at, int32(t.s.Parts), int32(c))
	scale := float32(1 / math.Sqrt(float64(c/t.s.Heads)))
	for i := range t.layers {
		l := &t.layers[i]
		p.norm(0, l.norm1Gain, l.norm1Bias, n)
		p.linear(t.y.at, l.qkv, l.qkvBias, t.qkv.at, n, 3*c, c, store)
		p.launch("remember", [3]int{n, 1, 1}, 128, t.qkv.at, place, t.layerPages(i), int32(c))
		p.launch("attend", [3]int{n, t.s.Heads, 1}, 128, t.qkv.at, text, seen, tables, t.layerPages(i), t.y.at, int32(c), int32(t.s.Heads), int32(p.wide), scale)
		p.linear(t.y.at, l.out, l.outBias, t.x.at, n, c, c, accumulate)
		p.norm(0, l.norm2Gain, l.norm2Bias, n)
		p.linear(t.y.at, l.up, l.upBias, t.wide.at, n, 4*c, c, storeGELU)
		p.linear(t.wide.at, l.down, l.downBias, t.x.at, n, c, 4*c, accumulate)
	}
	p.norm(last, t.normGain, t.normBias, p.texts)
	p.linear(t.y.at, t.token, 0, t.logits.at, p.texts, t.s.Vocabulary, c, store)
	many := p.texts * p.k
	scores, totals := t.best.at+address(4*many), t.best.at+address(8*many)
	p.launch("best", [3]int{p.texts, 1, 1}, 128, t.logits.at, mask, t.best.at, scores, totals, int32(t.s.Vocabulary), int32((t.s.Vocabulary+31)/32), int32(p.k))
	p.ids, p.scores, p.totals = make([]int32, many), make([]float32, many), make([]float32, p.texts)
	results := make([]int32, 2*many+p.texts)
	if p.err == nil {
		p.err = t.dev.Read(bytesOf(results), t.best)
	}
	copy(p.ids, results)
	for i, v := range results[many:] {
		if x := math.Float32frombits(uint32(v)); i < many {
			p.scores[i] = x
		} else {
			p.totals[i-many] = x
		}
	}
	return p.err
}
