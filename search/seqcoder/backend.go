package seqcoder

import (
	"errors"
	"sync"
)

// A Backend computes a model's forward passes: for texts that go on, which tokens are the
// likeliest next. It keeps keys and values in pages of PageTokens tokens, in all layers,
// which the caller numbers from 0 on and tells it where to use. One that is Shared may be
// used by several goroutines at a time.
type Backend interface {
	// Pages is how many there are.
	Pages() int
	Shared() bool
	// CopyPages makes pages to what pages from are.
	CopyPages(to, from []int32) error
	// Extend takes rows of tokens, of some texts one after the other.
	//
	// index (rows, 3 + D) are the rows of the embedding table that a token is the sum of,
	// -1: none (Weights.Embedding). place (rows) is where its keys and values go: page and
	// token within; text (rows) the number of its text, seen (rows) how many tokens of that
	// it sees, itself included, in the pages of tables (texts, wide). last (texts) is the
	// row of each text's last token, mask (texts, MaskWords) has a bit for each token that
	// may follow.
	//
	// It returns the k likeliest of these, ids and logits (texts, k), the largest first, -1:
	// there are no more; and the logarithms (texts) of the sums of the exponential functions
	// of all that may.
	Extend(wide, k int, index, place, text, seen, last, tables []int32, mask []uint32) (ids []int32, logits, totals []float32, err error)
}

const (
	// PageTokens is how many tokens a page holds.
	PageTokens = 16
	// MaskWords is how many words of 32 bits have a bit for each token.
	MaskWords = (Vocabulary + 31) / 32
)

// A mask has a bit for each token that may come next.
type mask [MaskWords]uint32

func (m *mask) set(t Token) { m[t/32] |= 1 << (t % 32) }

// errPages reports that a backend's pages do not suffice for as many texts.
var errPages = errors.New("seqcoder: no page is free")

// pages are those of a backend, taken and given back.
type pages struct {
	mu    sync.Mutex
	given sync.Cond
	most  int
	used  int // so far: numbers of 0 to used
	free  []int32
}

func newPages(most int) *pages {
	p := &pages{most: most}
	p.given.L = &p.mu
	return p
}

// take returns a page that is not in use.
func (p *pages) take() (int32, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		id := p.free[n-1]
		p.free = p.free[:n-1]
		return id, nil
	}
	if p.used == p.most {
		return 0, errPages
	}
	p.used++
	return int32(p.used - 1), nil
}

// give takes back pages that take returned.
func (p *pages) give(list []int32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, list...)
	p.given.Broadcast()
}

// wait waits until somebody gives pages back; false: nobody has any.
func (p *pages) wait() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.whole() {
		return false
	}
	p.given.Wait()
	return true
}

// whole reports whether no page is in use.
func (p *pages) whole() bool { return len(p.free) == p.used }
