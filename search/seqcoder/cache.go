package seqcoder

import "slices"

// A Cache is a text that a backend has seen, to go on from there. It is a Model's, and to
// be released.
type Cache struct {
	pages    *pages
	length   int
	list     []int32 // of pages
	last     Token   // of the text
	sequence []Token // the bytes so far
	program  bool    // and no more come
}

// Len is how many tokens c has.
func (c *Cache) Len() int { return c.length }

// Fork returns a copy of c, which shares what is there so far.
func (c *Cache) Fork() *Cache {
	f := *c
	f.list, f.sequence = slices.Clone(c.list), slices.Clip(c.sequence)
	c.pages.share(f.list)
	return &f
}

// Release gives c's pages back.
func (c *Cache) Release() {
	c.pages.drop(c.list)
	c.list, c.length = nil, 0
}

// room makes room for n tokens more: pages of its own from the last one on. One that was
// shared is to be copied: from a page to another; -1: none.
func (c *Cache) room(n int) (from, to int32, err error) {
	from, to = -1, -1
	if c.length%PageTokens > 0 {
		if last := c.list[len(c.list)-1]; !c.pages.alone(last) {
			if to, err = c.pages.take(); err != nil {
				return -1, -1, err
			}
			from, c.list[len(c.list)-1] = last, to
			c.pages.drop([]int32{last})
		}
	}
	for len(c.list)*PageTokens < c.length+n {
		id, err := c.pages.take()
		if err != nil {
			return from, to, err
		}
		c.list = append(c.list, id)
	}
	return from, to, nil
}

// embed appends to index the rows of the embedding table for the token that comes next, and
// takes it.
func (c *Cache) embed(index []int32, token Token, w *Weights) []int32 {
	at := w.embeddingParts()
	index = append(index, int32(token), int32(at.place+c.length))
	if c.length == 0 {
		index = append(index, -1)
	} else {
		index = append(index, int32(at.previous)+int32(c.last))
	}
	c.program = c.program || token > 255
	for d := 1; d <= w.Differences; d++ {
		if c.program || d > len(c.sequence) {
			index = append(index, -1)
		} else {
			index = append(index, int32(at.difference+256*(d-1))+int32(byte(token-c.sequence[len(c.sequence)-d])))
		}
	}
	if !c.program {
		c.sequence = append(c.sequence, token)
	}
	c.last = token
	c.length++
	return index
}
