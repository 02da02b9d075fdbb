package model

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

// Candidates are the tokens that may follow each text of a Batch.
type Candidates struct {
	IDs    []int32   // (texts, K): the likeliest allowed tokens, the likeliest first, then -1
	Logits []float32 // (texts, K): their logits
	Totals []float32 // (texts): log of the sum of exp(logit) over all allowed tokens
}
