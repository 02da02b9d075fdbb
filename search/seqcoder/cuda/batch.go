package cuda

import (
	"fmt"
	"math"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// headerWords is the room for a batch's counts and offsets: 11 words, rounded up so that the
// lists begin at a multiple of 64 bytes.
const headerWords = 16

// batchWords returns the words of the largest batch of rows rows, each of which may be a text.
func batchWords(c *model.Config, rows int) int {
	const perRow = 4 // Place, Text, Seen, Last
	return headerWords + rows*(c.RowsPerToken()+perRow+model.PagesFor(c.Context)+c.MaskWords())
}

// writeBatch writes b to to as the kernels read it (batch in kernels.cu). It returns the words.
func writeBatch(to []int32, b *model.Batch) (n int, err error) {
	n = headerWords + len(b.Index) + len(b.Place) + len(b.Seen) + len(b.Tables) + len(b.Text) + len(b.Last) + len(b.Allowed)
	if n > len(to) {
		return 0, fmt.Errorf("cuda: a batch of %d words, want at most %d", n, len(to))
	}
	header := append(to[:0], int32(len(b.Place)), int32(len(b.Last)), int32(b.Wide), int32(b.K))
	n = headerWords
	for _, list := range [...][]int32{b.Index, b.Place, b.Seen, b.Tables, b.Text, b.Last} {
		header = append(header, int32(n))
		n += copy(to[n:], list)
	}
	_ = append(header, int32(n))
	for i, w := range b.Allowed {
		to[n+i] = int32(w)
	}
	return n + len(b.Allowed), nil
}

// A shape is the number of rows and texts that the grids of a pass are for: those of its batch
// or more, so that few shapes serve all batches. Kernels find in the batch how many there are.
type shape struct {
	rows, texts int
	tiles       int // of model.RowTile rows, for the longest text; 0 if each text has one row
}

// shapeOf returns the shape for b if a pass has maxRows rows at most.
func shapeOf(b *model.Batch, maxRows int) shape {
	s := shape{rows: min(gridSize(len(b.Place)), maxRows), texts: min(gridSize(len(b.Last)), maxRows)}
	if n := b.Longest(); n > 1 {
		s.tiles = roundUp(n, model.RowTile) / model.RowTile
	}
	return s
}

// gridSize returns n rounded up to a power of two, above a tile to a multiple of a tile, and above
// 16 tiles to a multiple of a power of two that is at most an eighth of it. Products compute
// whole tiles, so that up to 2048 rows are rounded up for nothing.
func gridSize(n int) int {
	step := 1
	for n > step && step < model.RowTile {
		step *= 2
	}
	for n > 16*step && step >= model.RowTile {
		step *= 2
	}
	return roundUp(n, step)
}

// of returns the number of rows or texts.
func (s shape) of(which model.Rows) int {
	if which == model.LastRows {
		return s.texts
	}
	return s.rows
}

// bf16 returns the bits of the bf16 number nearest to x.
func bf16(x float32) uint32 {
	u := math.Float32bits(x)
	return (u + 0x7fff + u>>16&1) >> 16
}

// roundUp returns the next multiple of m from n on.
func roundUp(n, m int) int { return (n + m - 1) / m * m }
