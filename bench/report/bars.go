package main

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strings"
)

// The bar chart's measures, in its own units: about pixels on a desktop, and 0.8 of a
// pixel on a telephone of 380 pixels. Arbitrary, chosen by eye.
const (
	chartWidth  = 480
	chartMargin = 8
	chartTop    = 62 // title, legend
	labelHeight = 19
	barHeight   = 8
	groupGap    = 11
	axisHeight  = 24
	labelSize   = 14
	noteSize    = 12
)

// barColours go with shown. Each can be told from white and from GitHub's dark background
// (#0d1117), and from each other in greys and by colour-blind people.
var barColours = []string{"#5fb3e8", "#0a76c2", "#8b949e", "#c99700", "#d1572c"}

// textColour has a contrast of at least 4.1 : 1 both to white and to #0d1117.
const textColour = "#6e7781"

// A drawing is an SVG document in the making.
type drawing struct{ bytes.Buffer }

func (d *drawing) text(x, y float64, anchor string, size int, weight, s string) {
	fmt.Fprintf(d, `<text x="%.1f" y="%.1f" text-anchor="%s" font-size="%d" font-weight="%s" fill="%s">%s</text>`+"\n",
		x, y, anchor, size, weight, textColour, html.EscapeString(s))
}

func (d *drawing) bar(x, y, width, height float64, colour string) {
	fmt.Fprintf(d, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", x, y, width, height, colour)
}

// barChart draws a group of bars for each file: its shares, one bar each.
func barChart(names []string, files []fileRatios) []byte {
	group := labelHeight + len(names)*barHeight + groupGap
	height := chartTop + len(files)*group + axisHeight
	d := new(drawing)
	fmt.Fprintf(d, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" role="img">`+"\n",
		chartWidth, height, chartWidth, height)
	fmt.Fprintf(d, "<title>Compressed size as a percentage of the original: %s</title>\n", html.EscapeString(strings.Join(names, ", ")))
	d.text(chartMargin, 20, "start", labelSize+1, "bold", "Compressed size, % of the original (shorter is better)")
	x := float64(chartMargin)
	for k, name := range names {
		d.bar(x, 34, 12, 12, barColours[k])
		d.text(x+16, 44.5, "start", noteSize+1, "normal", name)
		x += (chartWidth - 2*chartMargin) / float64(len(names))
	}
	// The grid lies under the bars, and leaves out the lines of text.
	scale := float64(chartWidth-2*chartMargin) / 100
	for _, f := range []float64{0, 25, 50, 75, 100} {
		for g := range files {
			top := float64(chartTop + g*group + labelHeight)
			d.bar(chartMargin+f*scale-0.5, top, 1, float64(len(names)*barHeight)+4, "#8b949e55")
		}
		anchor := map[float64]string{0: "start", 100: "end"}[f]
		if anchor == "" {
			anchor = "middle"
		}
		d.text(chartMargin+f*scale, float64(height-8), anchor, noteSize, "normal", fmt.Sprintf("%.0f %%", f))
	}
	for g, f := range files {
		top := float64(chartTop + g*group)
		d.text(chartMargin, top+14, "start", labelSize, "bold", f.name)
		d.text(chartWidth-chartMargin, top+14, "end", noteSize, "normal", gainText(f.gain()))
		for k, share := range f.shares {
			d.bar(chartMargin, top+labelHeight+float64(k*barHeight)+1, 100*scale*share, barHeight-1, barColours[k])
		}
	}
	d.WriteString("</svg>\n")
	return d.Bytes()
}

// gainText says how ktzip -9 stands to xz -9e.
func gainText(gain float64) string {
	percent := math.Round(100 * math.Abs(gain))
	if gain < 0 {
		return fmt.Sprintf("ktzip -9: %.0f %% above xz -9e", percent)
	}
	return fmt.Sprintf("ktzip -9: %.0f %% below xz -9e", percent)
}
