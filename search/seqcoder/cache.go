package seqcoder

import "slices"

// A Cache holds what attention needs of a text's tokens, to go on from there.
type Cache struct {
	length   int
	pages    [][]*page // of each layer
	shared   bool      // the last pages, with a fork
	last     Token     // that c holds
	sequence []Token   // the bytes so far
	program  bool      // and no more come
}

// A page holds the keys and values of pageTokens tokens in one layer, as panels of a
// matrix product: for each head the keys (C/H, pageTokens); for every tileColumns numbers
// the values (pageTokens, tileColumns).
type page struct{ keys, values []float32 }

const pageTokens = tileColumns

func newPage(c int) *page {
	return &page{make([]float32, c*pageTokens), make([]float32, c*pageTokens)}
}

// Len is how many tokens c holds.
func (c *Cache) Len() int { return c.length }

// begin makes c one of a model of so many layers.
func (c *Cache) begin(layers int) {
	if c.pages == nil {
		c.pages = make([][]*page, layers)
	}
	if c.shared && c.length%pageTokens > 0 {
		for l, list := range c.pages {
			last := list[len(list)-1]
			c.pages[l][len(list)-1] = &page{slices.Clone(last.keys), slices.Clone(last.values)}
		}
	}
	c.shared = false
}

// Fork returns a copy of c, which shares what is there so far.
func (c *Cache) Fork() *Cache {
	c.shared = true
	f := &Cache{length: c.length, shared: true, last: c.last, sequence: slices.Clip(c.sequence), program: c.program}
	for _, list := range c.pages {
		f.pages = append(f.pages, slices.Clone(list))
	}
	return f
}

// store adds keys and values (T, 3C; after the queries) to layer l, for tokens after those
// that c holds; heads have size numbers.
func (c *Cache) store(qkv []float32, width, size, l int) {
	for i := range len(qkv) / (3 * width) {
		at := (c.length + i) % pageTokens
		if at == 0 {
			c.pages[l] = append(c.pages[l], newPage(width))
		}
		p := c.pages[l][len(c.pages[l])-1]
		key, value := qkv[i*3*width+width:][:width], qkv[i*3*width+2*width:][:width]
		for k, v := range key {
			p.keys[k*pageTokens+at] = v // heads follow each other
		}
		for k := 0; k < width; k += tileColumns {
			copy(p.values[k*pageTokens+at*tileColumns:][:tileColumns], value[k:])
		}
	}
}

// differences takes the token that comes next and returns the rows of the differences to
// the n tokens before that tell it apart.
func (c *Cache) differences(token Token, n int) (rows []int) {
	if c.program = c.program || token > 255; c.program {
		return nil
	}
	for d := 1; d <= min(n, len(c.sequence)); d++ {
		rows = append(rows, 256*(d-1)+int(byte(token-c.sequence[len(c.sequence)-d])))
	}
	c.sequence = append(c.sequence, token)
	return rows
}
