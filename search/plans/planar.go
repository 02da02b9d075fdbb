package plans

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Predictions are fitted to samples of elements.
const (
	typedExcerpts = 8
	typedBytes    = 6 << 10 // of an excerpt

	differenceSteps = 4 // of the bits of an element's difference; 16 ns in one of four

	// narrowerSaving is what narrower elements must save of the bits, one part in so many: the
	// bytes of a number are hardly worse predicted by themselves if the higher ones are constant.
	narrowerSaving = 16

	ownTaps = 8 // by which a channel is predicted from itself to compare

	maxPhases = 4  // channels up to which each is tried as the first one
	maxPlanes = 16 // channels that are predicted from each other
	maxCross  = 16 // elements of others by which a channel is predicted

	// layerSaving is what a layer must save of the bits of elements, one part in so many;
	// crossSaving what a prediction must save over a simpler one.
	layerSaving, crossSaving = 40, 200
)

// A typed is a type of elements in a segment.
type typed struct {
	lead, element int
	lag           int     // elements back to the one that is most alike
	near          int     // elements back to the one of the same channel
	bits          float64 // of an element, predicted from those at multiples of the lag
}

// sampled returns elements of the segment of type w after lead, from several places, which are
// whole frames of n.
func (t *trial) sampled(lead, w, n int) (x []float64) {
	frame := n * abs(w)
	body := t.src[min(lead, len(t.src)):]
	body = body[:len(body)/frame*frame]
	for _, e := range (excerpt{0, body}).spread(typedExcerpts, typedBytes/frame*frame) {
		off := e.off / frame * frame
		x = append(x, elementsOf(body[off:off+len(e.b)/frame*frame], w)...)
	}
	t.meter.steps += int64(len(x))
	return x
}

// elementType returns the type of elements that are predicted best.
func (t *trial) elementType(ev *evidence) (best typed, ok bool) {
	least := math.Inf(1) // bits of a byte
	for _, w := range [...]int{4, -4, 2, -2, 1} {
		size := abs(w)
		saving := 1 - 1.0/leadSaving
		if best.element != 0 && size < abs(best.element) {
			saving = 1 - 1.0/narrowerSaving
		}
		for lead := range size {
			x := t.sampled(lead, w, 1)
			for _, lag := range lagsOf(ev, size) {
				t.meter.steps += differenceSteps * int64(len(x))
				if bits := differenceOf(x, lag) / float64(size); bits < least*saving {
					least = bits
					best = typed{lead: lead, element: w, lag: lag}
				}
			}
		}
	}
	if best.element == 0 {
		return best, false
	}
	x := t.sampled(best.lead, best.element, 1)
	best.bits = math.Inf(1)
	least = best.bits
	for _, lag := range lagsOf(ev, abs(best.element)) {
		coef, bits := t.ownFilter(x, lag)
		if coef != nil && bits < best.bits {
			best.bits, best.lag = bits, lag
		}
		if coef != nil && lag <= maxPlanes && bits < least {
			least, best.near = bits, lag
		}
	}
	return best, best.near > 0
}

// differenceOf returns the bits of the difference of elements that are lag apart.
func differenceOf(x []float64, lag int) float64 {
	sum, n := 0.0, 0
	for i := lag; i < len(x); i += stride(len(x), len(x)/4) {
		sum += residualBits(x[i] - x[i-lag])
		n++
	}
	return sum / float64(max(n, 1))
}

// lagsOf returns the distances of elements of size bytes at which the same channel may be.
func lagsOf(ev *evidence, size int) []int {
	list := []int{1, 2, 3, 4}
	for _, near := range ev.near[:min(len(ev.near), 4)] {
		if near%size == 0 && !slices.Contains(list, near/size) {
			list = append(list, near/size)
		}
	}
	return list
}

// ownFilter returns the prediction of x from elements at multiples of lag, and the bits of an
// element that it leaves; nil if there is none.
func (t *trial) ownFilter(x []float64, lag int) (coef []int, bits float64) {
	f := newFitting(x, taps(x, multiplesOf(lag, ownTaps)...), 0, lookRuns)
	if f == nil {
		return nil, 0
	}
	t.meter.steps += f.steps()
	if coef = f.equations().quantized(len(f.taps)); coef == nil {
		return nil, 0
	}
	return coef, f.bits(coef)
}

// channels returns the layer that predicts interleaved channels of elements x from each other,
// and divides them into planes; nil if none saves enough.
func (t *trial) channels(ev *evidence, x typed) (best *layer) {
	least := x.bits * (1 - 1.0/layerSaving)
	for _, n := range lagsOf(ev, abs(x.element)) {
		if n < 2 || n > maxPlanes {
			continue
		}
		for phase := 0; phase == 0 || phase < n && n <= maxPhases; phase++ {
			shifted := x
			shifted.lead += phase * abs(x.element)
			l := t.planar(shifted, n, crossShapes[1:2])
			if l == nil { // the channels are not alike in any phase
				break
			}
			if l.bits < least {
				best, least = l, l.bits
			}
		}
	}
	if best == nil {
		return nil
	}
	x.lead = best.lead
	if best = t.planar(x, best.planes, crossShapes[:]); best == nil || !t.pays(ev, best) {
		return nil
	}
	return best
}

// pays reports whether the channels of l take less than elements of any type that are not
// predicted from other channels, by simple predictions from their own.
func (t *trial) pays(ev *evidence, l *layer) bool {
	s := t.sample.narrow(t.effort.firstBytes, roughly)
	plain := t.price(recipe{}, s)
	with := int64(unpriced)
	outer := recipe{lead: l.lead}
	if l.element == 1 {
		outer = outer.with(dsl.Node{Op: dsl.AddItem, Nums: [3]int32{unsignedZero}})
	}
	outer = outer.with(l.node)
	for _, p := range simplest(l.element, l.planes) {
		with = min(with, t.price(outer.with(p, node(dsl.Zigzag, l.element), transpose(1, abs(l.element)*l.planes)), s))
	}
	for _, w := range elements {
		for _, near := range ev.near[:min(len(ev.near), 4)] {
			if near%abs(w) != 0 {
				continue
			}
			for _, p := range simplest(w, near/abs(w)) {
				plain = min(plain, t.price(planes(recipe{lead: l.lead % abs(w), ops: []dsl.Node{p}}), s))
			}
		}
	}
	return saves(with, plain, layerSaving)
}

// simplest returns the simplest predictions of elements of type w from those lag before.
func simplest(w, lag int) []dsl.Node {
	return []dsl.Node{predict(w, 0, lag, 1), predict(w, 0, lag, 2, 2*lag, -1)}
}

// planar returns the layer of x in n channels, predicted from each other by the best of shapes;
// nil if they do not predict each other.
func (t *trial) planar(x typed, n int, shapes []offset) *layer {
	s := t.sampled(x.lead, x.element, n)
	planes := make([][]float64, n)
	for i, v := range s {
		planes[i%n] = append(planes[i%n], v)
	}
	l := &layer{lead: x.lead, element: x.element, planes: n}
	l.node = node(dsl.Mix, x.element, fitShift)
	rows := (len(t.src) - x.lead) / (n * abs(x.element))
	predicted := false
	for k := range planes {
		l.ends = append(l.ends, (k+1)*rows)
		c, ok := t.crossed(planes[:k+1], shapes)
		if !ok {
			return nil
		}
		l.bits += c.bits / float64(n)
		l.node.List = c.appendTo(l.node.List, n)
		predicted = predicted || len(c.coef) > 0
	}
	if !predicted {
		return nil
	}
	return l
}

// A cross is a prediction of a channel from those before it, of the same frame or earlier ones.
type cross struct {
	offsets []offset
	coef    []int   // in units of 1/2^fitShift
	bits    float64 // of an element, after a prediction from its own channel
}

// An offset says which element predicts another: channels before it, and frames.
type offset struct{ channels, frames int }

// crossShapes are the predictions that are fitted: of how many channels before, and frames.
var crossShapes = [...]offset{{1, 1}, {maxPlanes, 1}, {maxPlanes, 2}, {maxPlanes, 3}}

// crossRounds: a prediction is fitted to what a filter of its own channel leaves. It is that of
// what the best prediction so far leaves, which is of another colour than the channel.
const crossRounds = 2

// crossed returns the prediction of the last of planes from those before it that leaves the
// least bits. It has no coefficients if none saves anything.
func (t *trial) crossed(planes [][]float64, shapes []offset) (best cross, ok bool) {
	k := len(planes) - 1
	own, bits := t.ownFilter(planes[k], 1)
	if best.bits = bits; own == nil || k == 0 {
		return best, own != nil
	}
	try := func(c cross) {
		t.meter.steps += int64(len(c.coef) * len(planes[k]))
		filter, bits := t.ownFilter(c.residual(planes), 1)
		if filter != nil && bits < best.bits*(1-1.0/crossSaving) {
			best, own = c, filter
			best.bits = bits
		}
	}
	try(cross{offsets: []offset{{1, 0}}, coef: []int{1 << fitShift}})
	for range crossRounds {
		before := best.bits
		for _, s := range shapes {
			try(t.crossFit(planes, own, s))
		}
		if best.bits == before {
			break
		}
	}
	return best, true
}

// crossFit returns the prediction of shape s of the last of planes that leaves least after own,
// a prediction from the same channel.
func (t *trial) crossFit(planes [][]float64, own []int, s offset) (c cross) {
	k := len(planes) - 1
	white := make([][]float64, len(planes))
	for j, p := range planes[max(0, k-s.channels):] {
		t.meter.steps += ownTaps * int64(len(p))
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
		t.meter.steps += f.steps()
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
		r := float64(x[i] * (1 << fitShift))
		for k, c := range coef {
			r -= float64(float64(c) * x[i-1-k])
		}
		list[i] = r / (1 << fitShift)
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
		z[i] -= math.Floor(p / (1 << fitShift))
	}
	return z
}

// appendTo appends the pairs of c among n channels to the list of a Mix.
func (c *cross) appendTo(list []int32, n int) []int32 {
	count := len(list)
	list = append(list, 0)
	for j, o := range c.offsets {
		if c.coef[j] != 0 {
			list = append(list, int32(o.channels+o.frames*n), int32(c.coef[j]))
			list[count]++
		}
	}
	return list
}
