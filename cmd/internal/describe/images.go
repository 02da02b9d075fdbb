package describe

import (
	"fmt"
	"math"
	"slices"
)

const (
	maxSide    = 192 // pixels of an image that are shown in a row or column
	maxTall    = 4   // times as high as wide: more is a pile of images
	percentile = 100 // one of so many pixels is brighter than white, one darker than black
	narrow     = 64  // of 256: bytes in a range as narrow are scaled, too
)

// A grid says which pixels of an image are shown.
type grid struct {
	width, height int // of the image, pixels
	step          int // from a shown pixel to the next
	columns, rows int // shown
	colors        int // 1 or 3
}

// isImage reports whether s is an image, and not too small.
func (s *sampled) isImage() bool {
	h := &s.shape
	return h.row > 0 && h.pixel > 0 && h.row/h.pixel >= minRow && s.count/h.row >= minRow
}

// imagesOf returns what images of a segment look like.
func imagesOf(v *views) []Image {
	var images []Image
	for _, s := range v.images {
		if s.seen && s.grid.columns > 0 {
			images = append(images, s.image())
		}
	}
	return images
}

// fitImage sets which pixels of s are shown, of which most bytes may be.
func (s *sampled) fitImage(most int) {
	if !s.without {
		most /= 2
	}
	g := grid{width: s.shape.row / s.shape.pixel, height: s.count / s.shape.row, colors: 1}
	if s.number.width == 1 && (s.shape.pixel == 3 || s.shape.pixel == 4) {
		g.colors = 3
	}
	if s.frames = g.height; g.height > maxTall*g.width {
		s.frames = g.width
	}
	for g.step = 1; ; g.step++ {
		g.columns, g.rows = (g.width-1)/g.step+1, (s.frames-1)/g.step+1
		if g.columns <= maxSide && g.rows <= maxSide && g.columns*g.rows*g.colors <= most {
			break
		}
	}
	s.grid = g
}

// chooseImage returns which of these numbers are shown, row by row.
func (s *sampled) chooseImage(list []byte) (at []int) {
	g := &s.grid
	s.start = s.busyStretch(list, g.height, s.frames, s.shape.row)
	for y := range g.rows {
		for x := range g.columns {
			for c := range g.colors {
				at = append(at, (s.start+y*g.step)*s.shape.row+x*g.step*s.shape.pixel+c)
			}
		}
	}
	return at
}

// image returns what was seen of s.
func (s *sampled) image() Image {
	g := &s.grid
	out := Image{
		Node: s.node, Width: g.width, Height: g.height,
		Columns: g.columns, Rows: g.rows, Channels: g.colors, Pixels: s.shades(),
	}
	if s.rest != nil {
		out.Rest = residualShades(s.rest)
	}
	out.Words = fmt.Sprintf("%d × %d pixels of %s", g.width, g.height, s.number.name())
	switch {
	case g.colors == 3:
		out.Words = fmt.Sprintf("%d × %d pixels of %d bytes", g.width, g.height, s.shape.pixel)
	case s.shape.pixel > 1:
		out.Words += fmt.Sprintf(", the first of %d channels", s.shape.pixel)
	}
	if s.frames < g.height {
		out.Words += fmt.Sprintf("; shown are rows %d to %d", s.start, s.start+s.frames-1)
	}
	return out
}

// shades returns the pixels, from 0 to 255.
func (s *sampled) shades() []byte {
	sorted := slices.Sorted(slices.Values(s.values))
	cut := len(sorted) / percentile
	low, high := sorted[cut], sorted[len(sorted)-1-cut]
	if s.number.width == 1 && high-low >= narrow {
		if low, high = 0, 255; s.number.form == signed {
			low, high = -128, 127
		}
	}
	out := make([]byte, len(s.values))
	for i, x := range s.values {
		out[i] = shade(255 * (x - low) / (high - low))
	}
	return out
}

// residualShades returns residuals around 128, scaled by their own range.
func residualShades(left []float64) []byte {
	sizes := make([]float64, len(left))
	for i, x := range left {
		sizes[i] = math.Abs(x)
	}
	slices.Sort(sizes)
	high := max(1, sizes[len(sizes)-1-len(sizes)/percentile])
	out := make([]byte, len(left))
	for i, x := range left {
		out[i] = shade(128 + 127*x/high)
	}
	return out
}

// shade returns x as a byte; 0 for what is no number.
func shade(x float64) byte {
	if !(x > 0) {
		return 0
	}
	return byte(min(math.Round(x), 255))
}
