package model

import (
	"errors"
	"fmt"
)

// A Token is a symbol of the model's alphabet. Tokens below 256 are bytes.
type Token = uint16

// A Model is weights on a backend. It may be used by several goroutines at a time if its
// backend is shared.
type Model struct {
	w       *Weights
	backend Backend
	pages   *pagePool
}

// New returns a Model of the weights w on b, a backend for w; on the processor if b is nil.
func New(w *Weights, b Backend) *Model {
	if b == nil {
		b = NewCPU(w)
	}
	return &Model{w, b, newPagePool(b.Pages())}
}

// Weights returns m's weights, which must not be modified.
func (m *Model) Weights() *Weights { return m.w }

// Shared reports whether several goroutines may use m at a time.
func (m *Model) Shared() bool { return m.backend.Shared() }

// Copy returns a Model for another goroutine: a copy on the processor, else m itself.
func (m *Model) Copy() *Model {
	if t, ok := m.backend.(*Transformer); ok && !t.Shared() {
		return New(m.w, t.Copy())
	}
	return m
}

// NewCache returns an empty text.
func (m *Model) NewCache() *Cache { return &Cache{pages: m.pages} }

// WaitForPage waits until a cache of another goroutine releases a page. It returns false at
// once if no cache holds a page.
func (m *Model) WaitForPage() bool { return m.pages.wait() }

// Idle reports whether every cache of m has been released.
func (m *Model) Idle() bool {
	m.pages.mu.Lock()
	defer m.pages.mu.Unlock()
	return m.pages.idle()
}

// ErrContext reports a text that is longer than the model's context.
var ErrContext = errors.New("model: text longer than the context")

// Extend appends texts[i], of one token or more, to caches[i] and returns the k likeliest
// tokens after each. Bit t%32 of word t/32 of allowed (texts, MaskWords) is set if token t
// may follow. The error is ErrContext, ErrPages or the backend's; after an error the caches
// can only be released.
func (m *Model) Extend(caches []*Cache, texts [][]Token, allowed []uint32, k int) (*Candidates, error) {
	if words := m.w.MaskWords(); len(allowed) != words*len(texts) {
		return nil, fmt.Errorf("model: %d mask words, want %d for each of %d texts", len(allowed), words, len(texts))
	}
	b, err := m.batch(caches, texts)
	if err != nil {
		return nil, err
	}
	b.Allowed, b.K = allowed, k
	return m.backend.Extend(b)
}

// batch appends texts[i] to caches[i] and returns the rows that the backend has to compute.
func (m *Model) batch(caches []*Cache, texts [][]Token) (*Batch, error) {
	rows, b := 0, &Batch{}
	for i, t := range texts {
		if caches[i].length+len(t) > m.w.Context {
			return nil, ErrContext
		}
		rows += len(t)
		b.Wide = max(b.Wide, PagesFor(caches[i].length+len(t)))
	}
	b.Index = make([]int32, 0, rows*m.w.RowsPerToken())
	// One allocation for all other lists: a step of a beam makes a batch for few tokens.
	all := make([]int32, 3*rows+len(texts)*(1+b.Wide))
	for i, list := range []*[]int32{&b.Place, &b.Text, &b.Seen} {
		*list = all[i*rows : i*rows : (i+1)*rows]
	}
	all = all[3*rows:]
	b.Last, b.Tables = all[:0:len(texts)], all[len(texts):len(texts)]
	var to, from []int32
	for i, t := range texts {
		copied, err := caches[i].reserve(len(t))
		if copied.needed {
			to, from = append(to, copied.to), append(from, copied.from)
		}
		if err != nil {
			return nil, err
		}
		b.add(caches[i], int32(i), t, m.w)
	}
	if len(to) > 0 {
		if err := m.backend.CopyPages(to, from); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// add appends the rows of tokens of a text to b and to the text's cache, which has the pages
// for them.
func (b *Batch) add(c *Cache, text int32, tokens []Token, w *Weights) {
	first := c.length
	for _, t := range tokens {
		b.Seen = append(b.Seen, int32(c.length+1))
		b.Index = c.embed(b.Index, t, w)
		b.Text = append(b.Text, text)
	}
	start := len(b.Tables)
	b.Tables = c.table(b.Tables, b.Wide)
	for pos := first; pos < c.length; pos++ {
		b.Place = append(b.Place, b.Tables[start+pos/PageTokens]*PageTokens+int32(pos%PageTokens))
	}
	b.Last = append(b.Last, int32(len(b.Text)-1))
}
