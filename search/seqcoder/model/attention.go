package model

import (
	"math"

	"gorgonia.org/tensor"
)

// A span is consecutive rows of a batch, at most tileRows, that see the same page at the same
// position of their texts' tables.
type span struct{ first, rows, position, page int32 }

// spans returns the spans of each tileRows rows of a batch. Rows of one text see the same
// pages, and so do, at the beginning, texts that begin alike.
func spans(b *Batch) (list [][]span) {
	for i := 0; i < len(b.Text); i += tileRows {
		end := min(i+tileRows, len(b.Text))
		var group []span
		for position := range b.Wide {
			pageOf := func(row int) int32 { return b.Tables[int(b.Text[row])*b.Wide+position] }
			for row := i; row < end; {
				page, first, seen := pageOf(row), row, false
				for row < end && pageOf(row) == page {
					seen = seen || int(b.Seen[row]) > position*PageTokens
					row++
				}
				if seen {
					group = append(group, span{int32(first), int32(row - first), int32(position), page})
				}
			}
		}
		list = append(list, group)
	}
	return list
}

// Attend implements Attender.
func (e *processor) Attend(to, from *tensor.Dense, layer int, batch *Batch) error {
	c := e.config.Width
	y, qkv := to.Float32s()[:len(batch.Place)*c], from.Float32s()
	for i, place := range batch.Place {
		e.page(place/PageTokens, layer).store(qkv[i*3*c+c:][:2*c], int(place%PageTokens))
	}
	e.attend(y, qkv, layer, batch)
	return nil
}

// attend sets y to the attention to a layer, whose keys and values are stored.
func (e *processor) attend(y, qkv []float32, l int, batch *Batch) {
	c, size := e.config.Width, e.config.Width/e.config.Heads
	width := batch.Wide * PageTokens // scores of a row
	if len(e.scores) < tileRows*width {
		e.scores = make([]float32, tileRows*width)
	}
	scores := e.scores[:tileRows*width]
	scale := float32(1 / math.Sqrt(float64(size)))
	clear(y)
	for h := 0; h < c; h += size {
		for g, group := range e.spans {
			i := g * tileRows
			rows := min(tileRows, len(batch.Seen)-i)
			clear(scores)
			for _, s := range group {
				t := tile{
					rows: int(s.rows), k: size,
					a: qkv[int(s.first)*3*c+h:], lda: 3 * c,
					panel: e.page(s.page, l).keys[h*PageTokens:],
					c:     scores[(int(s.first)-i)*width+int(s.position)*PageTokens:], ldc: width,
				}
				t.add()
			}
			var factors [tileRows]float32
			for r := range rows {
				factors[r] = 1 / softmax(scores[r*width:][:width], int(batch.Seen[i+r]), scale)
			}
			for _, s := range group {
				values := e.page(s.page, l).values
				t := tile{
					rows: int(s.rows), k: PageTokens,
					a: scores[(int(s.first)-i)*width+int(s.position)*PageTokens:], lda: width,
					ldc: c,
				}
				for k := h; k < h+size; k += tileColumns {
					t.panel, t.c = values[k*PageTokens:], y[int(s.first)*c+k:]
					t.add()
				}
			}
			for r := range rows {
				out := y[(i+r)*c+h:][:size]
				for k := range out {
					out[k] *= factors[r]
				}
			}
		}
	}
}

// softmax sets each x of the first n scores to exp((x - largest) * scale) and the others to 0.
// It returns the sum; the caller divides by it. len(scores) is at least n rounded up to 8.
func softmax(scores []float32, n int, scale float32) (sum float32) {
	if !hasTiles {
		return softmaxSlowly(scores, n, scale)
	}
	padded := (n + 7) / 8 * 8
	for k := n; k < padded; k++ {
		scores[k] = -math.MaxFloat32
	}
	sum = softmaxTile(&scores[0], padded, scale)
	clear(scores[n:])
	return sum
}

func softmaxSlowly(scores []float32, n int, scale float32) (sum float32) {
	largest := scores[0]
	for _, s := range scores[:n] {
		largest = max(largest, s)
	}
	for k, s := range scores[:n] {
		scores[k] = exponential((s - largest) * scale)
		sum += scores[k]
	}
	clear(scores[n:])
	return sum
}

// page returns a page's keys and values in layer l.
func (e *processor) page(id int32, l int) *kvPage {
	i := int(id)*e.config.Layers + l
	for len(e.kv) <= i {
		e.kv = append(e.kv, newKVPage(e.config.Width))
	}
	return e.kv[i]
}

// CopyPages implements Runner.
func (e *processor) CopyPages(to, from []int32) error {
	for i := range to {
		for l := range e.config.Layers {
			p, q := e.page(to[i], l), e.page(from[i], l)
			copy(p.keys, q.keys)
			copy(p.values, q.values)
		}
	}
	return nil
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
