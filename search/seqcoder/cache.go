package seqcoder

import "slices"

// A Cache is a text that a backend has seen, to go on from there. It is a Model's, and to
// be released. A cache and its forks are one goroutine's.
type Cache struct {
	pages    *pages
	length   int
	tail     *leaf   // the last page; nil: there is none
	last     Token   // of the text
	sequence []Token // the bytes so far
	program  bool    // and no more come
}

// A leaf is a page of a text, and the one before it. Texts that begin alike share pages: one
// of them may go on within the last, others copy it.
type leaf struct {
	id      int32
	refs    int // caches that end with it, and leaves that follow it
	written int // tokens, by the one that went furthest
	before  *leaf
}

// Len is how many tokens c has.
func (c *Cache) Len() int { return c.length }

// Fork returns a copy of c, which shares what is there so far.
func (c *Cache) Fork() *Cache {
	f := c.fork()
	return &f
}

func (c *Cache) fork() Cache {
	f := *c
	f.sequence = slices.Clip(c.sequence)
	if f.tail != nil {
		f.tail.refs++
	}
	return f
}

// Release gives c's pages back.
func (c *Cache) Release() {
	c.drop(c.tail)
	c.tail, c.length = nil, 0
}

// drop counts one reference less to a leaf, and gives back the pages that nothing refers to.
func (c *Cache) drop(l *leaf) {
	var list [16]int32
	free := list[:0]
	for ; l != nil; l = l.before {
		if l.refs--; l.refs > 0 {
			break
		}
		free = append(free, l.id)
	}
	if len(free) > 0 {
		c.pages.give(free)
	}
}

// room makes room for n tokens more: pages of its own from the last one on. One that others
// went on in is to be copied: from a page to another; -1: none.
func (c *Cache) room(n int) (from, to int32, err error) {
	from, to = -1, -1
	if used := c.length % PageTokens; used > 0 {
		if t := c.tail; t.refs > 1 && t.written > used {
			if to, err = c.pages.take(); err != nil {
				return -1, -1, err
			}
			if t.before != nil {
				t.before.refs++
			}
			from, c.tail = t.id, &leaf{id: to, refs: 1, before: t.before}
			c.drop(t)
		}
		c.tail.written = min(used+n, PageTokens)
	}
	for have := up(c.length, PageTokens); have < c.length+n; have += PageTokens {
		id, err := c.pages.take()
		if err != nil {
			return from, to, err
		}
		c.tail = &leaf{id: id, refs: 1, written: min(c.length+n-have, PageTokens), before: c.tail}
	}
	return from, to, nil
}

// up is the next multiple of m from n on.
func up(n, m int) int { return (n + m - 1) / m * m }

// table appends the numbers of c's pages, in order, and -1 for what wide has more.
func (c *Cache) table(to []int32, wide int) []int32 {
	start := len(to)
	for range wide {
		to = append(to, -1)
	}
	k := start + seenPages(c.length)
	for l := c.tail; l != nil; l = l.before {
		k--
		to[k] = l.id
	}
	return to
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
