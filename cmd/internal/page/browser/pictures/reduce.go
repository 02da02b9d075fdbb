package main

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

const maxColours = 256 // of a picture: an index of them takes a byte

// A shade is a colour and how many pixels have it.
type shade struct {
	rgb   [3]uint8
	count int
}

// reduce returns a picture in maxColours colours, by median cut. It takes about a third of the bytes.
func reduce(m image.Image) image.Image {
	bounds := m.Bounds()
	count := map[[3]uint8]int{}
	at := func(x, y int) [3]uint8 {
		r, g, b, _ := m.At(x, y).RGBA()
		return [3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	var all []shade
	for rgb, n := range count {
		all = append(all, shade{rgb, n})
	}
	slices.SortFunc(all, func(a, b shade) int { return slices.Compare(a.rgb[:], b.rgb[:]) })
	var palette color.Palette
	index := map[[3]uint8]uint8{}
	for i, box := range boxes(all) {
		for _, s := range box {
			index[s.rgb] = uint8(i)
		}
		rgb := slices.MaxFunc(box, func(a, b shade) int { return cmp.Compare(a.count, b.count) }).rgb
		palette = append(palette, color.RGBA{rgb[0], rgb[1], rgb[2], 255})
	}
	out := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			out.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	return out
}

// boxes divides shades into at most maxColours boxes of shades that are alike: it halves the box with the
// widest channel until there are enough.
func boxes(all []shade) [][]shade {
	list := [][]shade{all}
	for len(list) < maxColours {
		most, width, channel := 0, 0, 0
		for i, box := range list {
			if c, w := widest(box); w > width {
				most, width, channel = i, w, c
			}
		}
		if width == 0 {
			break
		}
		box := list[most]
		slices.SortStableFunc(box, func(a, b shade) int { return cmp.Compare(a.rgb[channel], b.rgb[channel]) })
		middle := len(box) / 2
		list[most] = box[:middle]
		list = append(list, box[middle:])
	}
	return list
}

// widest returns the channel in which shades differ most, and by how much.
func widest(box []shade) (channel, width int) {
	for c := range 3 {
		low, high := 255, 0
		for _, s := range box {
			low, high = min(low, int(s.rgb[c])), max(high, int(s.rgb[c]))
		}
		if high-low > width {
			channel, width = c, high-low
		}
	}
	return channel, width
}
