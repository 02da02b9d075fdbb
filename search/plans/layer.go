package plans

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A layer predicts elements from far away, before the rest of a segment's structure is looked
// for: channels from each other, volumes from those before. What it leaves is in parts, each
// with a plan of its own, since what has nothing before it is of another kind.
type layer struct {
	lead    int
	element int
	planes  int        // into which interleaved elements are divided; 1 if they are in order
	ends    []int      // of the parts, in elements
	nodes   []dsl.Node // of each part: the prediction of what ends with it; without a list if there is none
	bits    float64    // of an element, about
}

// size returns the bytes of elements in the layer.
func (l *layer) size() int { return l.ends[len(l.ends)-1] * abs(l.element) }

// divide returns what the parts of src are once l predicts them.
func (t *trial) divide(l *layer) (parts [][]byte, ok bool) {
	b := t.src[l.lead : l.lead+l.size()]
	p := &draft{}
	p.Out = l.order(p, p.payload())
	streams, err := t.split(b, &p.Program)
	if err != nil {
		return nil, false
	}
	b = streams[0]
	size := abs(l.element)
	for k := len(l.ends) - 1; k > 0; k-- {
		if len(l.nodes[k].List) == 0 {
			continue
		}
		part := b[:l.ends[k]*size]
		streams, err := t.split(part, recipe{ops: l.nodes[k : k+1]}.plan(len(part)))
		if err != nil {
			return nil, false
		}
		copy(part, streams[0])
	}
	from := 0
	for _, end := range l.ends {
		parts = append(parts, b[from*size:end*size])
		from = end
	}
	return parts, true
}

// order adds what puts the elements of list in the order of the segment.
func (l *layer) order(d *draft, list int) int {
	if l.planes > 1 {
		list = d.add(transpose(abs(l.element), l.planes), list)
	}
	if l.element == 1 {
		list = d.add(dsl.Node{Op: dsl.AddItem, Nums: [3]int32{unsignedZero}}, list)
	}
	return list
}

// plan returns the plan of l for a segment of size bytes whose parts have plans.
func (l *layer) plan(size int, plans []*dsl.Program) *dsl.Program {
	d := &draft{}
	lead := d.stream(l.lead)
	from, list := 0, none
	for k, end := range l.ends {
		part := d.state(d.embed(plans[k]), (end-from)*abs(l.element))
		from = end
		list = d.join(list, part)
		if len(l.nodes[k].List) > 0 {
			list = d.add(l.nodes[k], list)
		}
	}
	list = l.order(d, list)
	return d.concatenate(lead, list, d.stream(size-l.lead-l.size()))
}

// unsignedZero is the byte that a prediction takes for 0 if bytes are unsigned.
const unsignedZero = 128

// elementsOf returns the elements of type w of b as a layer predicts them.
func elementsOf(b []byte, w int) []float64 {
	if w != 1 {
		return numbers(b, w)
	}
	x := make([]float64, len(b))
	for i, c := range b {
		x[i] = float64(int(c) - unsignedZero)
	}
	return x
}

// layered returns the plans of the layers that save something.
func (t *trial) layered() (plans []*dsl.Program) {
	ev := gather(t.src, t.effort)
	if ev == nil || t.effort.weights == 0 {
		return nil
	}
	l := t.channels(ev)
	if l == nil {
		return nil
	}
	parts, ok := t.divide(l)
	if !ok {
		return nil
	}
	e := *t.effort // less of it, since there are several parts
	e.windowBytes, e.firstBytes, e.longBytes = e.windowBytes/2, e.firstBytes/2, e.longBytes/2
	e.kept, e.plans = max(e.kept/2, 2), 1
	for _, b := range parts {
		plans = append(plans, newTrial(&e, b, t.coder, t.meter).shortest())
	}
	return []*dsl.Program{l.plan(len(t.src), plans)}
}

// layerSaving is what a layer must save of the bits of elements, one part in so many.
const layerSaving = 50

const (
	maxPlanes  = 4 // channels that are divided into planes
	layerTaps  = 8 // by which channels are predicted from themselves to compare layers
	layerLeast = 4096
)

// A typed is the elements of a segment of one type.
type typed struct {
	lead, element int
	x             []float64
	bits          float64 // of an element, predicted from the same channel
}

// types returns the elements of the segment by the type that predicts them best.
func (t *trial) typed(ev *evidence) (best typed, ok bool) {
	leads := t.leads(ev)
	least := math.Inf(1) // bits of a byte
	for _, w := range elements {
		size := abs(w)
		if size > maxLinearSize {
			continue
		}
		lead := leads[size]
		x := elementsOf(t.src[lead:], w)
		for _, lag := range t.lags(ev, size) {
			if bits, ok := t.ownBits(x, lag); ok && bits/float64(size) < least {
				least = bits / float64(size)
				best = typed{lead, w, x, bits}
			}
		}
	}
	return best, best.element != 0
}

// lags returns the distances of elements of size bytes that may be those of a channel.
func (t *trial) lags(ev *evidence, size int) []int {
	list := []int{1, 2, 3, 4}
	for _, near := range ev.near {
		if near%size == 0 && !slices.Contains(list, near/size) {
			list = append(list, near/size)
		}
	}
	return list
}

// ownBits returns the bits of an element of x, predicted from those at multiples of lag.
func (t *trial) ownBits(x []float64, lag int) (bits float64, ok bool) {
	f := newFitting(x, taps(x, multiplesOf(lag, layerTaps)...), 0)
	if f == nil {
		return 0, false
	}
	t.meter.steps += f.steps()
	coef := f.equations().quantized(len(f.taps))
	if coef == nil {
		return 0, false
	}
	return f.bits(coef), true
}
