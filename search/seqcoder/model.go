package seqcoder

// A Model is a SeqCoder ready to run. It is safe for concurrent use where its backend is
// shared.
type Model struct {
	w       *Weights
	backend Backend
	pages   *pages
}

// NewModel returns the Model of w on a backend for these weights; nil: the processor.
func NewModel(w *Weights, b Backend) *Model {
	if b == nil {
		b = newCPU(w)
	}
	return &Model{w, b, newPages(b.Pages())}
}

// copy returns a Model for another goroutine.
func (m *Model) copy() *Model {
	if c, ok := m.backend.(*cpuBackend); ok {
		return NewModel(m.w, c.copy())
	}
	return m
}

// NewCache returns the empty text.
func (m *Model) NewCache() *Cache { return &Cache{pages: m.pages} }

// A batch are the arguments of Backend.Extend.
type batch struct {
	wide                                   int
	index, place, text, seen, last, tables []int32
}

// batch appends tokens to caches, texts[i] to caches[i]. After an error the caches are of
// no use but to be released.
func (m *Model) batch(caches []*Cache, texts [][]Token) (*batch, error) {
	rows, b := 0, &batch{}
	for i, t := range texts {
		if caches[i].length+len(t) > m.w.Context {
			return nil, errContext
		}
		rows += len(t)
		b.wide = max(b.wide, seenPages(caches[i].length+len(t)))
	}
	b.index = make([]int32, 0, rows*(3+m.w.Differences))
	all := make([]int32, 3*rows+len(texts)*(1+b.wide))
	for at, list := range []*[]int32{&b.place, &b.text, &b.seen} {
		*list = all[at*rows : at*rows : (at+1)*rows]
	}
	all = all[3*rows:]
	b.last, b.tables = all[:0:len(texts)], all[len(texts):len(texts)]
	var to, from []int32
	for i, t := range texts {
		c := caches[i]
		f, p, err := c.room(len(t))
		if f >= 0 {
			from, to = append(from, f), append(to, p)
		}
		if err != nil {
			return nil, err
		}
		start := len(b.tables)
		first := c.length
		for _, token := range t {
			b.seen = append(b.seen, int32(c.length+1))
			b.index = c.embed(b.index, token, m.w)
			b.text = append(b.text, int32(i))
		}
		b.tables = c.table(b.tables, b.wide)
		for at := range t {
			at += first
			b.place = append(b.place, b.tables[start+at/PageTokens]*PageTokens+int32(at%PageTokens))
		}
		b.last = append(b.last, int32(len(b.text)-1))
	}
	if len(to) > 0 {
		if err := m.backend.CopyPages(to, from); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Extend appends tokens to the texts of caches, texts[i] to caches[i], each of 1 or more,
// and returns the k likeliest that may follow each text by masks, as Backend has it.
func (m *Model) Extend(caches []*Cache, texts [][]Token, masks []mask, k int) (ids []int32, logits, totals []float32, err error) {
	b, err := m.batch(caches, texts)
	if err != nil {
		return nil, nil, nil, err
	}
	words := make([]uint32, 0, len(masks)*MaskWords)
	for i := range masks {
		words = append(words, masks[i][:]...)
	}
	return m.backend.Extend(b.wide, k, b.index, b.place, b.text, b.seen, b.last, b.tables, words)
}
