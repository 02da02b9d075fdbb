package series

import (
	"math"
	"slices"
)

const (
	ownTaps   = 8  // by which a channel is predicted from itself to compare
	maxCross  = 16 // elements of others by which a channel is predicted
	maxBefore = 16 // channels before it by which it is predicted

	// crossSaving is what a prediction must save over a simpler one, one part in so many.
	crossSaving = 200
)

// A cross is a prediction of a channel from those before it, of the same frame or earlier ones.
type cross struct {
	offsets []offset
	coef    []int   // in units of 1/2^Shift
	bits    float64 // of an element, after a prediction from its own channel
}

// An offset says which element predicts another: channels before it, and frames.
type offset struct{ channels, frames int }

// crossShapes are the predictions that are fitted: of how many channels before, and frames.
var crossShapes = [...]offset{{1, 1}, {maxBefore, 1}, {maxBefore, 2}, {maxBefore, 3}}

// crossRounds: a prediction is fitted to what a filter of its own channel leaves. It is that of
// what the best prediction so far leaves, which is of another colour than the channel.
const crossRounds = 2

// crossed returns the prediction of the last of planes from those before it that leaves the
// least bits. It has no coefficients if none saves anything.
func (w *Work) crossed(planes [][]float64, shapes []offset) (best cross, ok bool) {
	k := len(planes) - 1
	own, bits := w.own(planes[k], 1)
	if best.bits = bits; own == nil || k == 0 {
		return best, own != nil
	}
	try := func(c cross) {
		w.Steps += int64(len(c.coef) * len(planes[k]))
		filter, bits := w.own(c.residual(planes), 1)
		if filter != nil && bits < best.bits*(1-1.0/crossSaving) {
			best, own = c, filter
			best.bits = bits
		}
	}
	try(cross{offsets: []offset{{1, 0}}, coef: []int{1 << Shift}})
	for range crossRounds {
		before := best.bits
		for _, s := range shapes {
			try(w.crossFit(planes, own, s))
		}
		if best.bits == before {
			break
		}
	}
	return best, true
}

// crossFit returns the prediction of shape s of the last of planes that leaves least after own,
// a prediction from the same channel.
func (w *Work) crossFit(planes [][]float64, own []int, s offset) (c cross) {
	k := len(planes) - 1
	white := make([][]float64, len(planes))
	for j, p := range planes[max(0, k-s.channels):] {
		w.Steps += ownTaps * int64(len(p))
		white[max(0, k-s.channels)+j] = filtered(p, own)
	}
	var list []tap
	for frames := range s.frames {
		for channels := 1; channels <= min(k, s.channels) && len(list) < maxCross; channels++ {
			c.offsets = append(c.offsets, offset{channels, frames})
			list = append(list, tap{white[k-channels], frames})
		}
	}
	if f := newFitting(white[k], list, ownTaps, fitRuns); f != nil {
		w.Steps += f.steps()
		c.coef = f.equations().quantized(len(list))
	}
	if c.coef == nil {
		c.offsets = nil
	}
	return c
}

// filtered returns the residuals of x predicted by coef, of the elements 1, 2, … before.
func filtered(x []float64, coef []int) []float64 {
	list := make([]float64, len(x))
	for i := len(coef); i < len(x); i++ {
		r := float64(x[i] * (1 << Shift))
		for k, c := range coef {
			r -= float64(float64(c) * x[i-1-k])
		}
		list[i] = r / (1 << Shift)
	}
	return list
}

// residual returns what c leaves of the last of planes.
func (c *cross) residual(planes [][]float64) []float64 {
	k := len(planes) - 1
	z := slices.Clone(planes[k])
	for i := range z {
		p := 0.0
		for j, o := range c.offsets {
			if at := i - o.frames; at >= 0 {
				p += float64(float64(c.coef[j]) * planes[k-o.channels][at])
			}
		}
		z[i] -= math.Floor(p / (1 << Shift))
	}
	return z
}

// Mix returns the list of a mix that predicts the channels, elements of which take turns, from
// those before them, and the bits of an element that it leaves. Quickly it tries fewer
// predictions. The list is nil if no channel tells another.
func (w *Work) Mix(channels [][]float64, quickly bool) (list []int32, bits float64) {
	shapes := crossShapes[:]
	if quickly {
		shapes = crossShapes[1:2]
	}
	predicted := false
	for k := range channels {
		c, ok := w.crossed(channels[:k+1], shapes)
		if !ok {
			return nil, 0
		}
		bits += c.bits / float64(len(channels))
		predicted = predicted || len(c.coef) > 0
		count := len(list)
		list = append(list, 0)
		for j, o := range c.offsets {
			if c.coef[j] != 0 {
				list = append(list, int32(o.channels+o.frames*len(channels)), int32(c.coef[j]))
				list[count]++
			}
		}
	}
	if !predicted {
		return nil, 0
	}
	return list, bits
}
