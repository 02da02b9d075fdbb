package cuda

import (
	"errors"
	"fmt"
	"math"
)

// CopyPages implements seqcoder.Backend.
func (t *Transformer) CopyPages(to, from []int32) error {
	for len(to) > 0 {
		n := min(len(to), t.rows)
		s, err := t.take()
		if err != nil {
			return err
		}
		copy(s.ints(), from[:n])
		copy(s.ints()[n:], to[:n])
		err = s.run(func(*Driver) error {
			if err := s.write(t.ints.at, 0, 2*n); err != nil {
				return err
			}
			return t.dev.start("copyPages", [2]int{n, len(t.layers)}, 128, t.held.at, t.ints.at, t.ints.at+address(4*n), int32(t.pages), int32(t.s.Width))
		})
		t.free <- s
		if err != nil {
			return err
		}
		to, from = to[n:], from[n:]
	}
	return nil
}

// take returns a stretch that is not in use. A goroutine that has one must not wait here for
// another.
func (t *Transformer) take() (*stretch, error) { return t.ready(<-t.free) }

// ready waits until s can be used again.
func (t *Transformer) ready(s *stretch) (*stretch, error) {
	if err := t.wait(s); err != nil {
		t.free <- s
		return nil, err
	}
	return s, nil
}

// wait waits for s, and counts the time.
func (t *Transformer) wait(s *stretch) error {
	seconds, err := s.wait()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.busy += seconds
	return err
}

// An answer is what Extend returns.
type answer struct {
	ids            []int32
	logits, totals []float32
}

// Extend implements seqcoder.Backend: as many texts at a time as there is room for, the next
// ones while the device is at work for those before.
func (t *Transformer) Extend(wide, k int, index, place, text, seen, last, tables []int32, mask []uint32) (ids []int32, logits, totals []float32, err error) {
	words, parts := t.words(), t.s.Parts
	switch {
	case len(text) != len(place) || len(seen) != len(place) || len(index) != parts*len(place),
		len(tables) != wide*len(last) || len(mask) != words*len(last) || k < 1 || k > t.s.Vocabulary || 2*k+1 > t.rows*perRow || wide > textPages(t.s.Context):
		return nil, nil, nil, errors.New("cuda: a batch whose parts do not fit each other")
	}
	var a answer
	var before *pass
	for first, row := 0, 0; first < len(last); {
		p := &pass{t: t, wide: wide, k: k}
		for first+p.texts < len(last) && int(last[first+p.texts])+1-row <= t.rows && (p.texts+1)*(2*k+1) <= t.rows*perRow {
			n := int(last[first+p.texts]) + 1 - row
			p.longest, p.rows = max(p.longest, n-p.rows), n
			p.texts++
		}
		if p.texts == 0 {
			return nil, nil, nil, errors.Join(fmt.Errorf("cuda: a text of %d tokens at once", int(last[first])+1-row), before.end(&a))
		}
		select {
		case s := <-t.free:
			p.s, err = t.ready(s)
		default:
			if err = before.end(&a); err == nil {
				p.s, err = t.take()
			}
			before = nil
		}
		to, next := row+p.rows, first+p.texts
		if err == nil {
			p.args(index[row*parts:to*parts], place[row:to], seen[row:to], tables[first*wide:next*wide], text[row:to], last[first:next], mask[first*words:next*words], first, row)
			err = p.begin()
		}
		if err = errors.Join(err, before.end(&a)); err != nil {
			return nil, nil, nil, errors.Join(err, p.end(&a))
		}
		before, first, row = p, next, to
	}
	if err = before.end(&a); err != nil {
		return nil, nil, nil, err
	}
	return a.ids, a.logits, a.totals, nil
}

// A pass is one forward pass.
type pass struct {
	t                             *Transformer
	s                             *stretch
	texts, rows, longest, wide, k int // longest: rows of a text
	n                             int // arguments
	at                            [7]address
	err                           error
}

// args are what travels to the device: texts are counted from first on, and rows from row.
func (p *pass) args(index, place, seen, tables, text, last []int32, mask []uint32, first, row int) {
	to := p.s.ints()
	for i, list := range [...][]int32{index, place, seen, tables, text, last} {
		p.at[i] = p.t.ints.at + address(4*p.n)
		copy(to[p.n:], list)
		p.n += len(list)
	}
	less(to[p.n-len(last)-len(text):][:len(text)], first)
	less(to[p.n-len(last):][:len(last)], row)
	p.at[6] = p.t.ints.at + address(4*p.n)
	for i, w := range mask {
		to[p.n+i] = int32(w)
	}
	p.n += len(mask)
}

// less takes n off each number of list.
func less(list []int32, n int) {
	for i := range list {
		list[i] -= int32(n)
	}
}

func (p *pass) launch(name string, grid [2]int, threads int, args ...any) {
	if p.err == nil {
		p.err = p.t.dev.start(name, grid, threads, args...)
	}
}

// A linear is a kernel that multiplies by tensor cores, in tiles of 128 rows and so many
// columns.
type linear struct {
	kernel  string
	columns int
}

// Columns of a tile: fewer leave no multiprocessor idle where a product is small, more take
// less out of memory for as many sums.
var narrow, broad = linear{"linear64", 64}, linear{"linear128", 128}

// given are the bytes of shared memory that launches give: three stages of 128 rows of a and
// 128 of w, of 64 numbers each.
var given = map[string]int{broad.kernel: 3 * (128 + 128) * 128}

// grid is how many tiles n columns and so many rows take.
func (l linear) grid(rows, n int) [2]int {
	return [2]int{up(n, l.columns) / l.columns, up(rows, 128) / 128}
}

// linearKernel is the kernel for a product of a size: the one that is done first, which is when
// the multiprocessor with the most tiles is, where broad takes four fifths of the time for as
// many columns. So it is broad where its grid fills the device. Of 8192 rows on an H100, which
// has 132 multiprocessors, 256, 512, 768, 960, 1024 and 1280 columns are 128 to 640 broad tiles,
// which leave 3 % of it idle, and broad is 3 to 32 % faster; 128 columns are 64 tiles, which
// leave half of it idle, and 320 (padded to 384) and 384 are 192, which leave a quarter: there
// narrow is 4 to 18 % faster.
func (dev *Device) linearKernel(rows, n int) linear {
	columns := func(l linear) int { // of the multiprocessor with the most
		g := l.grid(rows, n)
		return up(g[0]*g[1], dev.Multiprocessors) / dev.Multiprocessors * l.columns
	}
	if given[broad.kernel] <= dev.shared && 4*columns(broad) <= 5*columns(narrow) {
		return broad
	}
	return narrow
}

// linear multiplies rows of a by the matrix w (n, k).
func (p *pass) linear(a address, w, bias, out address, rows, n, k int, mode int32) {
	l := p.t.dev.linearKernel(rows, n)
	p.launch(l.kernel, l.grid(rows, n), 128, a, w, bias, out, int32(rows), int32(n), int32(k), mode)
}

// norm makes y of rows of x.
func (p *pass) norm(pick, gain, bias address, rows int) {
	p.launch("norm", [2]int{warps(rows), 1}, 128, p.t.x.at, pick, gain, bias, p.t.y.at, int32(rows), int32(p.t.s.Width))
}

// warps is how many blocks of 128 threads rows take, with a warp each.
func warps(rows int) int { return (rows + 3) / 4 }

// A heads has the kernels of attention for heads of a size: for single rows, and for texts of
// many.
type heads struct{ write, read string }

var headSizes = map[int]heads{16: {"write16", "read16"}, 32: {"write32", "read32"}, 64: {"write64", "read64"}}

// attend makes y of qkv in a layer.
func (p *pass) attend(pages address) {
	t, c, n := p.t, p.t.s.Width, p.t.s.Heads
	seen, tables, text, last := p.at[2], p.at[3], p.at[4], p.at[5]
	kernels, scale := headSizes[c/n], float32(1/math.Sqrt(float64(c/n)))
	if p.longest > 1 {
		tiles := (p.longest + 127) / 128
		p.launch(kernels.read, [2]int{tiles * p.texts, n}, 128, t.qkv.at, last, seen, tables, pages, t.y.at, int32(tiles), int32(c), int32(p.wide), scale)
		return
	}
	p.launch(kernels.write, [2]int{(p.rows + 7) / 8, n}, 256, t.qkv.at, text, seen, tables, pages, t.y.at, int32(p.rows), int32(c), int32(p.wide), scale)
}

// begin tells the device all of the pass.
func (p *pass) begin() error {
	t, c, n := p.t, p.t.s.Width, p.rows
	index, place, last, mask := p.at[0], p.at[1], p.at[5], p.at[6]
	return p.s.run(func(*Driver) error {
		p.err = p.s.write(t.ints.at, 0, p.n)
		p.launch("embed", [2]int{warps(n), 1}, 128, t.table, index, t.x.at, int32(n), int32(t.s.Parts), int32(c))
		for i := range t.layers {
			l, pages := &t.layers[i], t.layerPages(i)
			p.norm(0, l.norm1Gain, l.norm1Bias, n)
			p.linear(t.y.at, l.qkv, l.qkvBias, t.qkv.at, n, 3*c, c, storeBF16)
			p.launch("remember", [2]int{warps(n), 1}, 128, t.qkv.at, place, pages, int32(n), int32(c))
			p.attend(pages)
			p.linear(t.y.at, l.out, l.outBias, t.x.at, n, c, c, accumulate)
			p.norm(0, l.norm2Gain, l.norm2Bias, n)
			p.linear(t.y.at, l.up, l.upBias, t.wide.at, n, 4*c, c, storeGELU)
			p.linear(t.wide.at, l.down, l.downBias, t.x.at, n, c, 4*c, accumulate)
		}
		p.norm(last, t.normGain, t.normBias, p.texts)
		p.linear(t.y.at, t.token, 0, t.logits.at, p.texts, t.s.Vocabulary, c, store)
		many := p.texts * p.k
		scores, totals := t.best.at+address(4*many), t.best.at+address(8*many)
		p.launch("best", [2]int{warps(p.texts), 1}, 128, t.logits.at, mask, t.best.at, scores, totals, int32(p.texts), int32(t.s.Vocabulary), int32(t.words()), int32(p.k))
		if p.err == nil {
			p.err = p.s.read(0, 2*many+p.texts, t.best.at)
		}
		return p.err
	})
}

// end waits for the pass, where there is one under way, and appends what it found to a.
func (p *pass) end(a *answer) error {
	if p == nil || p.s == nil {
		return nil
	}
	defer func() { p.t.free <- p.s }()
	if err := p.t.wait(p.s); err != nil {
		return err
	}
	many, results := p.texts*p.k, p.s.ints()
	a.ids = append(a.ids, results[:many]...)
	for _, v := range results[many : 2*many] {
		a.logits = append(a.logits, math.Float32frombits(uint32(v)))
	}
	for _, v := range results[2*many : 2*many+p.texts] {
		a.totals = append(a.totals, math.Float32frombits(uint32(v)))
	}
	return nil
}
