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
	columns, rows int // shown
	colors        int // 1 or 3
}

// isImage reports whether s is an image, and not too small. Rows of two channels are rather periods of a signal.
func (s *sampled) isImage() bool {
	h := &s.shape
	return h.pixel != 2 && h.row > 0 && h.pixel > 0 && h.row/h.pixel >= minRow && s.count/h.row >= minRow
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
	s.stride, s.back, s.lines = s.shape.row*s.number.width, s.shape.pixel*s.number.width, g.height
	if s.frames = g.height; g.height > maxTall*g.width {
		s.frames = g.width
	}
	// Each shown pixel stands for scale × scale ones.
	size := float64(g.width) * float64(s.frames)
	scale := max(1, float64(max(g.width, s.frames))/maxSide, math.Sqrt(size*float64(g.colors)/float64(most)))
	g.columns, g.rows = max(1, int(float64(g.width)/scale)), max(1, int(float64(s.frames)/scale))
	s.grid = g
}

// chooseImage returns which of these numbers are shown, row by row.
func (s *sampled) chooseImage() (at []int) {
	g, w := &s.grid, s.number.width
	for y := range g.rows {
		row := s.start + y*s.frames/g.rows
		for x := range g.columns {
			first := row*s.stride + s.seam + x*g.width/g.columns*s.shape.pixel*w
			for c := range g.colors {
				at = append(at, first+c*w)
			}
		}
	}
	return at
}

const (
	seamRows  = 32 // that tell where rows begin. Arbitrary
	seamTimes = 3  // by how much jumps from the end of a row to the next exceed others
)

// findSeam sets where the rows of list begin if something stands before the first one: where numbers jump
// from the end of a row to the start of the next much more than between other columns.
func (s *sampled) findSeam(list []byte) {
	step := s.shape.pixel * s.number.width
	if s.lines < 2 || s.grid.width < 2*minRow {
		return
	}
	jumps := make([]float64, s.grid.width)
	for j := range seamRows {
		row := 1 + j*(s.lines-1)/seamRows
		for x := range jumps {
			off := row*s.stride + x*step
			jumps[x] += math.Abs(s.number.read(list, off) - s.number.read(list, off-step))
		}
	}
	best := 0
	for x, jump := range jumps {
		if jump > jumps[best] {
			best = x
		}
	}
	sorted := slices.Sorted(slices.Values(jumps))
	if sorted[len(sorted)-1] > seamTimes*sorted[len(sorted)-len(sorted)/16-2] && best > 0 {
		s.seam = best * step
		s.grid.height = (s.count*s.number.width - s.seam) / s.stride
		s.lines = s.grid.height
		s.frames = min(s.frames, s.lines)
		s.grid.rows = min(s.grid.rows, s.frames)
	}
}

// image returns what was seen of s.
func (s *sampled) image() Image {
	g := &s.grid
	if s.bitmap.swapped && g.colors == 3 {
		swapColors(s.values)
		swapColors(s.rest)
	}
	if s.bitmap.bottomUp {
		reverseRows(s.values, g.columns*g.colors)
		reverseRows(s.rest, g.columns*g.colors)
	}
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
	sorted := slices.Sorted(slices.Values(s.smoothRows()))
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

// rough is by how many times a row that is no part of an image is rougher than the median. Arbitrary.
const rough = 8

// smoothRows returns the values of those rows that are not much rougher than others, as headers are.
func (s *sampled) smoothRows() (values []float64) {
	n := s.grid.columns * s.grid.colors
	roughness := make([]float64, s.grid.rows)
	for y := range roughness {
		row := s.values[y*n : (y+1)*n]
		for x := s.grid.colors; x < n; x++ {
			roughness[y] += math.Abs(row[x] - row[x-s.grid.colors])
		}
	}
	most := rough * slices.Sorted(slices.Values(roughness))[len(roughness)/2]
	for y, r := range roughness {
		if r <= most || most == 0 {
			values = append(values, s.values[y*n:(y+1)*n]...)
		}
	}
	return values
}

// residualShades returns residuals around 128, scaled by their own range.
func residualShades(left []float64) []byte {
	var sizes []float64
	for _, x := range left {
		if x != 0 {
			sizes = append(sizes, math.Abs(x))
		}
	}
	slices.Sort(sizes)
	high := 1.0
	if n := len(sizes); n > 0 {
		high = max(1, 2*sizes[n-1-n/8]) // what few headers and edges exceed
	}
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
