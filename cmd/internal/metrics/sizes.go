package metrics

import (
	"compress/gzip"

	"github.com/ktzip/ktzip/dsl"
)

// A gzipSize measures what Go's gzip takes for sequences as the test compresses them: Latin-1 text
// in UTF-8, joined by newlines. The zero value has none.
type gzipSize struct {
	w    *gzip.Writer // nil before the first sequence
	n    count        // bytes so far
	text []byte       // of a sequence
}

// A count is a writer that counts bytes.
type count int

func (c *count) Write(p []byte) (int, error) {
	*c += count(len(p))
	return len(p), nil
}

// add adds a sequence.
func (g *gzipSize) add(sequence []byte) {
	g.text = g.text[:0]
	if g.w != nil {
		g.text = append(g.text, '\n')
	} else {
		g.w, _ = gzip.NewWriterLevel(&g.n, gzip.BestCompression) // the level is valid
	}
	for _, b := range sequence {
		g.text = append(g.text, string(rune(b))...)
	}
	g.w.Write(g.text) // a count does not fail
}

// bits returns the size in bits, 0 if there is no sequence. No more may be added.
func (g *gzipSize) bits() float64 {
	if g.w != nil {
		g.w.Close() // a count does not fail
	}
	return 8 * float64(g.n)
}

// A codedSize measures what programs take as they are written to a file, each coded after the
// previous ones, and the sequences that have none. The zero value has none.
type codedSize struct {
	sequences int
	enc       *dsl.Encoder // nil before the first sequence
	raw       int          // bytes of the sequences without a program
}

// add adds a sequence of n elements. Of its programs, the one is written that is the cheapest
// by now.
func (c *codedSize) add(n int, choice []*dsl.Program) {
	if c.enc == nil {
		c.enc = dsl.NewEncoder(dsl.Edition2)
		c.enc.Plan(dsl.Identity())
	}
	c.sequences++
	var cheapest *dsl.Program
	cost := dsl.Unwritable
	for _, p := range choice {
		p = p.Canonical()
		if v := c.enc.ProgramCost(p); v < cost {
			cheapest, cost = p, v
		}
	}
	if cheapest != nil {
		c.enc.Program(cheapest)
	} else {
		c.enc.Raw()
		c.raw += n
	}
}

// bytes returns the size in bytes, of at least one sequence. No more may be added.
func (c *codedSize) bytes() int { return len(c.enc.Finish()) + c.raw }
