package describe

import (
	"encoding/binary"
	"math"
	"slices"
)

const (
	maxGuessed  = 4096 // pixels of a row that is looked for
	minGuessed  = 32
	guessPixels = 2048 // that are compared
	// A row is believed if pixels differ from those above by less than rowPercent of what they differ by at
	// most distances. All arbitrary.
	rowPercent = 60
)

// maybeColored reports whether s may be pixels of three or four bytes, in rows of a length that nothing states.
func (s *sampled) maybeColored() bool {
	return s.number.width == 1 && (s.shape.channels == 3 || s.shape.channels == 4) && s.shape.row == 0
}

// findRow sets the distance of rows, in whole pixels, if the bytes of list are most alike at one: to the first
// that is about as good as any, or one next to it that is better.
func (s *sampled) findRow(list []byte) {
	pixel := s.shape.channels
	longest := min(maxGuessed, len(list)/pixel/minRow)
	if longest <= minGuessed {
		return
	}
	differences := make([]int, longest)
	for width := minGuessed; width < longest; width++ {
		room := len(list)/pixel - width
		for k := range guessPixels {
			off := int(int64(k)*int64(room)/guessPixels) * pixel
			d := int(list[off+width*pixel]) - int(list[off])
			differences[width] += max(d, -d)
		}
	}
	sorted := slices.Sorted(slices.Values(differences[minGuessed:]))
	least, usual := sorted[0], sorted[len(sorted)/2]
	if 100*least > rowPercent*usual {
		return
	}
	best := minGuessed
	for float64(differences[best]) > math.Ceil(1.1*float64(least)) {
		best++
	}
	for width := best; width < min(longest, best+best/4); width++ { // multiples of it are as good
		if differences[width] < differences[best] {
			best = width
		}
	}
	s.shape.row, s.shape.pixel = best*pixel, pixel
}

// A bitmap says how the pixels of a file of Windows stand: blue, green, red; and the lowest row first.
type bitmap struct{ swapped, bottomUp bool }

const (
	bitmapHead   = 30 // bytes that say it
	bitmapWidth  = 18 // where they say how wide the picture is; then how high, negative if its highest row is first
	bitmapHeight = 22
	bitmapDepth  = 28 // bits of a pixel
)

// bitmapOf returns how the pixels of s stand in a segment; the zero value if that has no bitmap with such rows.
func (s *sampled) bitmapOf(segment []byte) bitmap {
	if len(segment) < bitmapHead || string(segment[:2]) != "BM" {
		return bitmap{}
	}
	width, height := binary.LittleEndian.Uint32(segment[bitmapWidth:]), int32(binary.LittleEndian.Uint32(segment[bitmapHeight:]))
	bits := uint64(width) * uint64(binary.LittleEndian.Uint16(segment[bitmapDepth:]))
	if row := uint64(s.shape.row * s.number.width); (bits+31)/32*4 != row {
		return bitmap{}
	}
	return bitmap{swapped: true, bottomUp: height > 0}
}

// swapColors swaps the first and the last of each three values.
func swapColors(values []float64) {
	for ; len(values) >= 3; values = values[3:] {
		values[0], values[2] = values[2], values[0]
	}
}

// reverseRows reverses the order of the rows of n values.
func reverseRows(values []float64, n int) {
	for i, j := 0, len(values)-n; i < j; i, j = i+n, j-n {
		for k := range n {
			values[i+k], values[j+k] = values[j+k], values[i+k]
		}
	}
}
