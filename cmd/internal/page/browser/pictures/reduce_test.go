package main

import (
	"image"
	"image/color"
	"testing"
)

// TestReduceKeepsFewColours holds that a picture of at most maxColours colours stays as it is.
func TestReduceKeepsFewColours(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for i := range maxColours {
		m.Set(i%16, i/16, color.RGBA{uint8(i), uint8(7 * i), uint8(i * i), 255})
	}
	got := reduce(m)
	for i := range maxColours {
		if x, y := i%16, i/16; color.RGBAModel.Convert(got.At(x, y)) != m.At(x, y) {
			t.Fatalf("%d, %d: got %v, want %v", x, y, got.At(x, y), m.At(x, y))
		}
	}
}

// TestReduceMergesColours holds that a picture of more colours has maxColours, near to what they were.
func TestReduceMergesColours(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			m.Set(x, y, color.RGBA{uint8(4 * x), uint8(4 * y), 0, 255})
		}
	}
	got := reduce(m).(*image.Paletted)
	if len(got.Palette) != maxColours {
		t.Errorf("got %d colours, want %d", len(got.Palette), maxColours)
	}
	for y := range 64 {
		for x := range 64 {
			a, b := got.At(x, y).(color.RGBA), m.RGBAAt(x, y)
			if d := max(int(a.R)-int(b.R), int(b.R)-int(a.R)); d > 32 {
				t.Fatalf("%d, %d: got %v, want about %v", x, y, a, b)
			}
		}
	}
}
