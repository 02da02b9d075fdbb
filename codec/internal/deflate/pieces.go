package deflate

import (
	"bytes"
	"context"
	"slices"

	"github.com/klauspost/compress/flate"
)

// Pieces is the Method that compresses pieces of the data, each by the level that codes it
// shortest; the first of those that are equal. It suits data that has parts of different
// kinds: in the low bytes of samples matches are chance, and Huffman codes alone are
// shorter.
type Pieces struct {
	Size   int // bytes of a piece; the last one may be longer by a quarter
	Levels []Level
}

func (p Pieces) compress(ctx context.Context, c *Compressor, dst *bytes.Buffer, src []byte) error {
	for off, last := 0, false; !last; off += p.Size {
		end := min(off+p.Size, len(src))
		if len(src)-end < p.Size/4 {
			end = len(src)
		}
		last = end == len(src)
		best, try := &c.tried[0], &c.tried[1]
		for k, level := range p.Levels {
			try.Reset()
			if err := c.write(ctx, try, level, piece{src[max(0, off-windowSize):off], src[off:end], last}); err != nil {
				return err
			}
			if k == 0 || try.Len() < best.Len() {
				best, try = try, best
			}
		}
		dst.Write(best.Bytes())
	}
	return nil
}

// A piece is a part of deflate data.
type piece struct {
	before []byte // what comes before it; matches may begin there
	b      []byte
	last   bool // it ends the data; else another piece may follow
}

// writeChunk is how many bytes are compressed between two looks at the context: at most some
// milliseconds. As long as it is a multiple of windowSize, package flate's output does not
// depend on it: its window moves by windowSize when it is full.
const writeChunk = windowSize

// write appends p, compressed at the level, to dst.
func (c *Compressor) write(ctx context.Context, dst *bytes.Buffer, level Level, p piece) error {
	w := c.writers[level]
	if w == nil {
		real := int(level)
		if level == HuffmanOnly {
			real = flate.HuffmanOnly
		}
		var err error
		if w, err = flate.NewWriter(dst, real); err != nil {
			panic(err) // there is no such level
		}
		c.writers[level] = w
	}
	w.ResetDict(dst, p.before)
	for chunk := range slices.Chunk(p.b, writeChunk) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		w.Write(chunk) // a bytes.Buffer takes it
	}
	if p.last {
		w.Close()
	} else {
		w.Flush()
	}
	return nil
}
