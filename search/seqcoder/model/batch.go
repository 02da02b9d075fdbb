package model

import "slices"

// PageTokens is the number of tokens in a page of keys and values. The tiles of attention
// need a multiple of 16.
const PageTokens = 16

// A Backend computes forward passes. It stores keys and values in pages, one page for
// PageTokens tokens in all layers; the caller numbers pages from 0 and says where to use them.
type Backend interface {
	// Pages returns the number of pages.
	Pages() int
	// Shared reports whether several goroutines may use the backend at a time.
	Shared() bool
	// CopyPages copies page from[i] to page to[i]; no page is in both.
	CopyPages(to, from []int32) error
	// Extend appends the rows of b to their texts and returns what may follow them.
	Extend(b *Batch) (*Candidates, error)
}

// A Batch is the input of a forward pass: rows of tokens, text after text.
type Batch struct {
	Index []int32 // (rows, Config.RowsPerToken()): rows of the embedding table to add up, -1 for none
	Place []int32 // (rows): where keys and values go: page * PageTokens + token within the page
	Text  []int32 // (rows): number of the row's text, in ascending order
	Seen  []int32 // (rows): tokens of its text that the row sees, itself included

	Last    []int32  // (texts): row of the text's last token
	Tables  []int32  // (texts, Wide): the text's pages in order, then -1
	Allowed []uint32 // (texts, Config.MaskWords()): bit t%32 of word t/32 is set if token t may follow

	Wide int // pages of the longest text
	K    int // candidates to return for each text
}

// Rows returns the number of rows.
func (b *Batch) Rows(which Rows) int {
	if which == LastRows {
		return len(b.Last)
	}
	return len(b.Place)
}

// Longest returns the largest number of rows of a text.
func (b *Batch) Longest() (n int) {
	before := -1
	for _, last := range b.Last {
		n = max(n, int(last)-before)
		before = int(last)
	}
	return n
}

// part returns the batch of n texts of b from text on, whose rows begin at row.
func (b *Batch) part(text, n, row int, c *Config) *Batch {
	if n == len(b.Last) {
		return b
	}
	parts, words := c.RowsPerToken(), c.MaskWords()
	endText, endRow := text+n, int(b.Last[text+n-1])+1
	return &Batch{
		Index: b.Index[row*parts : endRow*parts], Place: b.Place[row:endRow], Seen: b.Seen[row:endRow],
		Text: less(b.Text[row:endRow], int32(text)), Last: less(b.Last[text:endText], int32(row)),
		Tables: b.Tables[text*b.Wide : endText*b.Wide], Allowed: b.Allowed[text*words : endText*words],
		Wide: b.Wide, K: b.K,
	}
}

// less returns the numbers of list less n.
func less(list []int32, n int32) []int32 {
	list = slices.Clone(list)
	for i := range list {
		list[i] -= n
	}
	return list
}

// Candidates are the tokens that may follow each text of a Batch.
type Candidates struct {
	IDs    []int32   // (texts, K): the likeliest allowed tokens, the likeliest first, then -1
	Logits []float32 // (texts, K): their logits
	Totals []float32 // (texts): log of the sum of exp(logit) over all allowed tokens
}

// newCandidates returns empty Candidates with room for those of texts.
func newCandidates(texts, k int) *Candidates {
	return &Candidates{make([]int32, 0, texts*k), make([]float32, 0, texts*k), make([]float32, 0, texts)}
}

// part returns empty Candidates whose room is that of n texts of c from text on.
func (c *Candidates) part(text, n, k int) *Candidates {
	return &Candidates{c.IDs[text*k : text*k : (text+n)*k], c.Logits[text*k : text*k : (text+n)*k], c.Totals[text : text : text+n]}
}
