package cuda

import (
	"errors"
	"fmt"
	"math"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// CopyPages implements model.Backend.
func (t *Transformer) CopyPages(to, from []int32) error {
	for len(to) > 0 {
		n := min(len(to), t.rows)
		s, err := t.take()
		if err != nil {
			return err
		}
		copy(s.words(), from[:n])
		copy(s.words()[n:], to[:n])
		err = s.run(func() error {
			if err := s.write(t.arguments.addr, 2*n); err != nil {
				return err
			}
			return t.dev.launchLocked("copyPages", [2]int{n, len(t.layers)}, 128,
				t.kv.addr, t.arguments.addr, t.arguments.addr+address(4*n), int32(t.numPages), int32(t.c.Width))
		})
		t.free <- s
		if err != nil {
			return err
		}
		to, from = to[n:], from[n:]
	}
	return nil
}

// take returns a free submission; it waits until there is one. A goroutine that holds one must
// not wait for another.
func (t *Transformer) take() (*submission, error) { return t.ready(<-t.free) }

// ready waits until s can be reused.
func (t *Transformer) ready(s *submission) (*submission, error) {
	if err := t.wait(s); err != nil {
		t.free <- s
		return nil, err
	}
	return s, nil
}

// wait waits for s and adds its time to t.busy.
func (t *Transformer) wait(s *submission) error {
	seconds, err := s.wait()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.busy += seconds
	return err
}

// Extend implements model.Backend. It cuts the batch into passes of as many texts as fit, and
// queues each pass while the device computes the one before.
func (t *Transformer) Extend(b *model.Batch) (*model.Candidates, error) {
	if err := t.check(b); err != nil {
		return nil, err
	}
	c := &model.Candidates{}
	var before *pass // begun and not ended, or nil
	for text, row := 0, 0; text < len(b.Last); {
		p, err := t.newPass(b, text, row)
		if err != nil {
			return nil, errors.Join(err, before.end(c))
		}
		select {
		case s := <-t.free:
			p.s, err = t.ready(s)
		default: // none is free: before must end, or everybody might wait for a submission
			if err = before.end(c); err == nil {
				p.s, err = t.take()
			}
			before = nil
		}
		if err == nil {
			err = p.begin()
		}
		if err = errors.Join(err, before.end(c)); err != nil {
			return nil, errors.Join(err, p.end(c))
		}
		before, text, row = p, text+p.texts, row+p.rows
	}
	if err := before.end(c); err != nil {
		return nil, err
	}
	return c, nil
}

// check returns an error if the slices of b don't have the lengths that its shapes ask for, or
// K is too large.
func (t *Transformer) check(b *model.Batch) error {
	rows, texts := len(b.Place), len(b.Last)
	switch {
	case len(b.Text) != rows, len(b.Seen) != rows, len(b.Index) != rows*t.c.RowsPerToken(),
		len(b.Tables) != texts*b.Wide, len(b.Allowed) != texts*t.c.MaskWords(), b.Wide > model.PagesFor(t.c.Context):
		return errors.New("cuda: the slices of a batch do not fit each other")
	case b.K < 1 || b.K > t.c.Vocabulary || 2*b.K+1 > t.rows*resultsPerRow:
		return fmt.Errorf("cuda: %d candidates, want 1 to %d", b.K, min(t.c.Vocabulary, (t.rows*resultsPerRow-1)/2))
	}
	return nil
}

// A pass is one forward pass: a batch that fits the Transformer's memory.
type pass struct {
	t           *Transformer
	b           model.Batch // part of the caller's
	text, row   int         // the first ones: b counts texts and rows of the whole batch
	texts, rows int
	longest     int         // rows of a text
	s           *submission // nil until there is one
	in          inputs      // in device memory
	err         error       // of launches
}

// inputs are the addresses of a pass's batch.
type inputs struct{ index, place, seen, tables, text, last, allowed address }

// newPass returns the pass of as many texts of b as fit, from a text and its first row on.
func (t *Transformer) newPass(b *model.Batch, text, row int) (*pass, error) {
	p := &pass{t: t, text: text, row: row}
	for text+p.texts < len(b.Last) {
		rows := int(b.Last[text+p.texts]) + 1 - row
		if rows > t.rows || (p.texts+1)*(2*b.K+1) > t.rows*resultsPerRow {
			break
		}
		p.longest, p.rows = max(p.longest, rows-p.rows), rows
		p.texts++
	}
	if p.texts == 0 {
		return nil, fmt.Errorf("cuda: a text of %d tokens, want at most %d", int(b.Last[text])+1-row, t.rows)
	}
	parts, words := t.c.RowsPerToken(), t.c.MaskWords()
	endRow, endText := row+p.rows, text+p.texts
	p.b = model.Batch{
		Index: b.Index[row*parts : endRow*parts], Place: b.Place[row:endRow], Text: b.Text[row:endRow], Seen: b.Seen[row:endRow],
		Last: b.Last[text:endText], Tables: b.Tables[text*b.Wide : endText*b.Wide], Allowed: b.Allowed[text*words : endText*words],
		Wide: b.Wide, K: b.K,
	}
	return p, nil
}

// arguments copies the batch to pinned memory, texts and rows counted from the pass's first on,
// sets p.in, and returns the number of words.
func (p *pass) arguments() (n int) {
	to, base := p.s.words(), p.t.arguments.addr
	put := func(list []int32, less int) address {
		addr := base + address(4*n)
		copied := to[n:][:copy(to[n:], list)]
		if less != 0 {
			for i := range copied {
				copied[i] -= int32(less)
			}
		}
		n += len(copied)
		return addr
	}
	p.in = inputs{
		index: put(p.b.Index, 0), place: put(p.b.Place, 0), seen: put(p.b.Seen, 0), tables: put(p.b.Tables, 0),
		text: put(p.b.Text, p.text), last: put(p.b.Last, p.row),
	}
	p.in.allowed = base + address(4*n)
	for i, w := range p.b.Allowed {
		to[n+i] = int32(w)
	}
	return n + len(p.b.Allowed)
}

// begin queues all of the pass.
func (p *pass) begin() error {
	t, c, rows := p.t, p.t.c.Width, p.rows
	n := p.arguments()
	return p.s.run(func() error {
		p.err = p.s.write(t.arguments.addr, n)
		p.launch("embed", [2]int{blocksOfWarps(rows), 1}, 128, t.table, p.in.index, t.x.addr, int32(rows), int32(t.c.RowsPerToken()), int32(c))
		for i := range t.layers {
			p.layer(&t.layers[i], t.layerPages(i))
		}
		p.norm(p.in.last, t.normGain, t.normBias, p.texts)
		p.product(product{a: t.y.addr, w: t.token, out: t.logits.addr, rows: p.texts, n: t.c.Vocabulary, k: c, mode: store})
		k := p.b.K
		ids := t.results.addr
		scores, totals := ids+address(4*p.texts*k), ids+address(8*p.texts*k)
		p.launch("best", [2]int{blocksOfWarps(p.texts), 1}, 128, t.logits.addr, p.in.allowed, ids, scores, totals,
			int32(p.texts), int32(t.c.Vocabulary), int32(t.c.MaskWords()), int32(k))
		if p.err == nil {
			p.err = p.s.read(p.texts*(2*k+1), ids)
		}
		return p.err
	})
}

// layer queues attention and the feed-forward net of a layer.
func (p *pass) layer(l *layer, pages address) {
	t, c, rows := p.t, p.t.c.Width, p.rows
	p.norm(0, l.norm1Gain, l.norm1Bias, rows)
	p.product(product{a: t.y.addr, w: l.qkv, bias: l.qkvBias, out: t.qkv.addr, rows: rows, n: 3 * c, k: c, mode: storeBF16})
	p.launch("remember", [2]int{blocksOfWarps(rows), 1}, 128, t.qkv.addr, p.in.place, pages, int32(rows), int32(c))
	p.attend(pages)
	p.product(product{a: t.y.addr, w: l.out, bias: l.outBias, out: t.x.addr, rows: rows, n: c, k: c, mode: accumulate})
	p.norm(0, l.norm2Gain, l.norm2Bias, rows)
	p.product(product{a: t.y.addr, w: l.up, bias: l.upBias, out: t.hidden.addr, rows: rows, n: 4 * c, k: c, mode: storeGELU})
	p.product(product{a: t.hidden.addr, w: l.down, bias: l.downBias, out: t.x.addr, rows: rows, n: c, k: 4 * c, mode: accumulate})
}

// launch queues a kernel unless something has failed.
func (p *pass) launch(name string, grid [2]int, threads int, args ...any) {
	if p.err == nil {
		p.err = p.t.dev.launchLocked(name, grid, threads, args...)
	}
}

// norm queues a layer norm of rows of x to y; of the rows that pick lists, if it is not 0.
func (p *pass) norm(pick, gain, bias address, rows int) {
	p.launch("norm", [2]int{blocksOfWarps(rows), 1}, 128, p.t.x.addr, pick, gain, bias, p.t.y.addr, int32(rows), int32(p.t.c.Width))
}

// blocksOfWarps returns how many blocks of 128 threads have a warp for each row.
func blocksOfWarps(rows int) int { return (rows + 3) / 4 }

// attentionKernels are the kernels of attention by the size of heads: write for texts of one
// row, read for texts of many.
var attentionKernels = map[int]struct{ write, read string }{16: {"write16", "read16"}, 32: {"write32", "read32"}, 64: {"write64", "read64"}}

// attend queues the attention of a layer, from qkv and pages to y.
func (p *pass) attend(pages address) {
	t, c, heads := p.t, p.t.c.Width, p.t.c.Heads
	kernels, scale := attentionKernels[c/heads], float32(1/math.Sqrt(float64(c/heads)))
	if p.longest > 1 {
		tiles := (p.longest + 127) / 128
		p.launch(kernels.read, [2]int{tiles * p.texts, heads}, 128,
			t.qkv.addr, p.in.last, p.in.seen, p.in.tables, pages, t.y.addr, int32(tiles), int32(c), int32(p.b.Wide), scale)
		return
	}
	p.launch(kernels.write, [2]int{(p.rows + 7) / 8, heads}, 256,
		t.qkv.addr, p.in.text, p.in.seen, p.in.tables, pages, t.y.addr, int32(p.rows), int32(c), int32(p.b.Wide), scale)
}

// end waits for the pass and appends its results to c. It does nothing for a nil pass, and for
// one without a submission.
func (p *pass) end(c *model.Candidates) error {
	if p == nil || p.s == nil {
		return nil
	}
	defer func() { p.t.free <- p.s }()
	if err := p.t.wait(p.s); err != nil {
		return err
	}
	n, results := p.texts*p.b.K, p.s.words()
	c.IDs = append(c.IDs, results[:n]...)
	c.Logits = appendFloats(c.Logits, results[n:2*n])
	c.Totals = appendFloats(c.Totals, results[2*n:2*n+p.texts])
	return nil
}

// appendFloats appends the numbers whose bits words are.
func appendFloats(dst []float32, words []int32) []float32 {
	for _, w := range words {
		dst = append(dst, math.Float32frombits(uint32(w)))
	}
	return dst
}
