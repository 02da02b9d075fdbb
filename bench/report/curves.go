package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/wcharczuk/go-chart/v2"
)

// A plot shows rates by budget.
type plot struct {
	path      string    // of the PNG in the repository
	budgets   []float64 // log10 of ms, or where labels stand
	labels    []string  // of the budgets, if these are no times
	curves    []curve
	generator float64 // the rate of the generator's own programs; 0 if unknown
}

// A curve has a rate for each budget.
type curve struct {
	name  string
	rates []float64
}

// add appends a rate to each curve.
func (p *plot) add(rates ...float64) {
	for k, rate := range rates {
		p.curves[k].rates = append(p.curves[k].rates, rate)
	}
}

// draw draws a plot into the repository, with -update.
func (l *lab) draw(p plot) error {
	if !l.writes() {
		return nil
	}
	image, err := p.png()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(l.root, p.path), image, 0o644)
}

func (p *plot) png() ([]byte, error) {
	c := chart.Chart{
		Width: 900, Height: 480,
		Background: chart.Style{Padding: chart.Box{Top: 50, Left: 20, Right: 20, Bottom: 10}},
		YAxis:      chart.YAxis{ValueFormatter: func(v any) string { return fmt.Sprintf("%.3f", v) }},
	}
	level := make([]float64, len(p.budgets))
	for i, b := range p.budgets {
		label := fmt.Sprintf("%.3g ms", math.Pow(10, b))
		if p.labels != nil {
			label = p.labels[i]
		}
		c.XAxis.Ticks = append(c.XAxis.Ticks, chart.Tick{Value: b, Label: label})
		level[i] = p.generator
	}
	for k, l := range p.curves {
		colour := chart.GetDefaultColor(k)
		style := chart.Style{StrokeWidth: 2, DotWidth: 3, StrokeColor: colour, DotColor: colour}
		c.Series = append(c.Series, chart.ContinuousSeries{Name: l.name, XValues: p.budgets, YValues: l.rates, Style: style})
	}
	if p.generator > 0 {
		style := chart.Style{StrokeDashArray: []float64{4, 4}, StrokeWidth: 1, StrokeColor: chart.ColorAlternateGray}
		name := fmt.Sprintf("the generator's own programs (%.3f)", p.generator)
		c.Series = append(c.Series, chart.ContinuousSeries{Name: name, XValues: p.budgets, YValues: level, Style: style})
	}
	c.Elements = []chart.Renderable{chart.LegendThin(&c)}
	var buf bytes.Buffer
	err := c.Render(chart.PNG, &buf)
	return buf.Bytes(), err
}
