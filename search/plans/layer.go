package plans

import (
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A layer predicts elements from others far away or in other channels, before the rest of a
// segment's structure is looked for. What it leaves is in parts, each with a plan of its own:
// channels are not alike, and neither is what has nothing before it like what comes after.
type layer struct {
	lead    int
	element int
	node    dsl.Node // the prediction
	planes  int      // into which interleaved elements are divided then; 1 if they stay
	ends    []int    // of the parts, in elements
	bits    float64  // of an element, about
}

// size returns the bytes of elements in the layer.
func (l *layer) size() int { return l.ends[len(l.ends)-1] * abs(l.element) }

// outer adds the operations of l to d, which make the elements of the list of line i.
func (l *layer) outer(d *draft, i int) int {
	if l.planes > 1 {
		i = d.add(transpose(abs(l.element), l.planes), i)
	}
	i = d.add(l.node, i)
	if l.element == 1 {
		i = d.add(dsl.Node{Op: dsl.AddItem, Nums: [3]int32{unsignedZero}}, i)
	}
	return i
}

// divide returns the parts into which l divides the segment.
func (t *trial) divide(l *layer) (parts [][]byte, ok bool) {
	d := &draft{}
	d.Out = l.outer(d, d.payload())
	streams, err := t.split(t.src[l.lead:l.lead+l.size()], &d.Program)
	if err != nil {
		return nil, false
	}
	from := 0
	for _, end := range l.ends {
		end *= abs(l.element)
		parts = append(parts, streams[0][from:end])
		from = end
	}
	return parts, true
}

// plan returns the plan of l for a segment of size bytes whose parts have plans; nil if it
// has too many streams.
func (l *layer) plan(size int, plans []*dsl.Program) *dsl.Program {
	d := &draft{}
	lead := d.stream(l.lead)
	var parts []int
	from := 0
	for k, end := range l.ends {
		parts = append(parts, d.state(d.embed(plans[k]), (end-from)*abs(l.element)))
		from = end
	}
	list := l.outer(d, d.join(parts...))
	p := d.concatenate(lead, list, d.stream(size-l.lead-l.size()))
	if d.streams > plan.MaxStreams {
		return nil
	}
	return p
}

// unsignedZero is the byte that a prediction takes for 0, as bytes are mostly unsigned.
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
// It also returns recipes that predict the elements from near and from the row before.
func (t *trial) layered() ([]*dsl.Program, []recipe) {
	if t.effort.weights == 0 {
		return nil, nil
	}
	ev := gather(t.src, t.effort)
	if ev == nil {
		return nil, nil
	}
	x, ok := t.elementType(ev)
	if !ok {
		return nil, nil
	}
	var plans []*dsl.Program
	if l := t.channels(ev, x); l != nil {
		if p := t.partsPlan(l); p != nil {
			plans = append(plans, p)
		}
	}
	all := elementsOf(t.src[x.lead:], x.element)
	around, far := nearOf(ev, x), t.farDistances(all, farLeast/abs(x.element))
	if l := t.distant(x, all, around, far); l != nil && t.farPays(ev, l) {
		if p := t.partsPlan(l); p != nil {
			plans = append(plans, p)
		}
	}
	return plans, t.jointly(x, all, around, far)
}

// minPartWindow is the least size of an excerpt of a part, in bytes. Arbitrary.
const minPartWindow = 8 << 10

// partsPlan returns the plan of l whose parts have the shortest plans that a shorter search
// finds: there are several.
func (t *trial) partsPlan(l *layer) *dsl.Program {
	parts, ok := t.divide(l)
	if !ok {
		return nil
	}
	e, n := *t.effort, len(parts)
	e.windowBytes, e.firstBytes, e.longBytes = max(e.windowBytes/n, minPartWindow), max(e.firstBytes/n, minPartWindow), max(e.longBytes/n, 2*minPartWindow)
	e.kept, e.plans = max(e.kept/n, 2), 1
	var plans []*dsl.Program
	for _, b := range parts {
		part := newTrial(&e, b, t.coder, t.meter)
		part.element = l.element
		plans = append(plans, part.least(part.uniformPlans(nil)))
	}
	return l.plan(len(t.src), plans)
}
