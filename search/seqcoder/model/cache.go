package model

import "slices"

// firstNonByte is the first token that is not a byte.
const firstNonByte = 256

// A Cache is a text that a Model has read, with what the Model needs to continue it. Release it
// when it is no longer needed. A Cache and its forks belong to one goroutine.
type Cache struct {
	pages    *pagePool
	length   int     // tokens
	tail     *page   // the last page, nil if the text is empty
	last     Token   // of the text, if there is any
	sequence []Token // the bytes that the text starts with
	ended    bool    // a token that is no byte ended the sequence
}

// A page is a page of a text, linked to the one before it. Texts that begin alike share pages.
// One of them may write on in its last page; the others copy that page first.
type page struct {
	id      int32
	refs    int // caches that end with the page, and pages that follow it
	written int // tokens, by the cache that went furthest
	before  *page
}

// Len returns the number of tokens in c.
func (c *Cache) Len() int { return c.length }

// Fork returns a copy of c that shares its pages.
func (c *Cache) Fork() *Cache {
	f := *c
	f.sequence = slices.Clip(c.sequence)
	if f.tail != nil {
		f.tail.refs++
	}
	return &f
}

// Release gives c's pages back. c becomes empty.
func (c *Cache) Release() {
	c.drop(c.tail)
	c.tail, c.length = nil, 0
}

// drop removes a reference to p and releases the pages that nothing refers to.
func (c *Cache) drop(p *page) {
	var buf [16]int32
	free := buf[:0]
	for ; p != nil; p = p.before {
		if p.refs--; p.refs > 0 {
			break
		}
		free = append(free, p.id)
	}
	if len(free) > 0 {
		c.pages.release(free)
	}
}

// A pageCopy is a copy that a backend has to make, if needed.
type pageCopy struct {
	needed   bool
	from, to int32
}

// reserve makes room for n more tokens: c can write to all its pages from the last one on.
// If another cache has written on in that page, c gets a copy of it.
func (c *Cache) reserve(n int) (copied pageCopy, err error) {
	if used := c.length % PageTokens; used > 0 {
		if t := c.tail; t.refs > 1 && t.written > used {
			id, err := c.pages.take()
			if err != nil {
				return copied, err
			}
			if t.before != nil {
				t.before.refs++
			}
			copied = pageCopy{true, t.id, id}
			c.tail = &page{id: id, refs: 1, before: t.before}
			c.drop(t)
		}
		c.tail.written = min(used+n, PageTokens)
	}
	for pos := PagesFor(c.length) * PageTokens; pos < c.length+n; pos += PageTokens {
		id, err := c.pages.take()
		if err != nil {
			return copied, err
		}
		c.tail = &page{id: id, refs: 1, written: min(c.length+n-pos, PageTokens), before: c.tail}
	}
	return copied, nil
}

// PagesFor returns the number of pages that hold n tokens.
func PagesFor(n int) int { return (n + PageTokens - 1) / PageTokens }

// table appends the numbers of c's pages in order to dst, padded with -1 to wide numbers.
func (c *Cache) table(dst []int32, wide int) []int32 {
	start := len(dst)
	for range wide {
		dst = append(dst, -1)
	}
	i := start + PagesFor(c.length)
	for p := c.tail; p != nil; p = p.before {
		i--
		dst[i] = p.id
	}
	return dst
}

// embed appends token t to the text, and to dst the rows of the embedding table that t is the
// sum of (Weights.Embedding): t itself, its place, the token before it, and for a byte of the
// sequence its difference from each of the D bytes before it. -1 stands for no row.
func (c *Cache) embed(dst []int32, t Token, w *Weights) []int32 {
	first := w.embeddingOffsets()
	previous := int32(-1)
	if c.length > 0 {
		previous = int32(first.previous) + int32(c.last)
	}
	dst = append(dst, int32(t), int32(first.place+c.length), previous)
	c.ended = c.ended || t >= firstNonByte
	for d := 1; d <= w.Differences; d++ {
		if c.ended || d > len(c.sequence) {
			dst = append(dst, -1)
		} else {
			difference := byte(t - c.sequence[len(c.sequence)-d])
			dst = append(dst, int32(first.difference+256*(d-1))+int32(difference))
		}
	}
	if !c.ended {
		c.sequence = append(c.sequence, t)
	}
	c.last = t
	c.length++
	return dst
}
