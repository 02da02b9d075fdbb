package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/series"
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
	strong  bool     // it leaves far fewer bits than there are
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

// jointly returns recipes that predict the elements from near ones and from those about each far
// distance of which an excerpt has many.
func (t *trial) jointly(e *typed) (list []recipe) {
	if e == nil || e.element == 1 { // signed, as recipes have it, bytes of images jump
		return nil
	}
	list = append(list, recipe{lead: e.lead, ops: folded(e.element)})
	sets := [][]int{e.around}
	for _, d := range e.far {
		if d*abs(e.element)*distanceShare > t.effort.windowBytes || d <= e.near {
			continue
		}
		set := slices.Clone(e.around)
		for _, back := range [...]int{d, d + e.near, d - e.near, 2 * d, 2*d + e.near} {
			if !slices.Contains(set, back) {
				set = append(set, back)
			}
		}
		sets = append(sets, set)
	}
	var work series.Work
	for _, set := range sets {
		if !t.spend(&work) {
			break
		}
		if taps := work.Linear(e.x, set, len(set))[0]; taps != nil {
			list = append(list, planes(recipe{lead: e.lead, ops: []dsl.Node{weighted(dsl.Predict, e.element, taps)}}))
		}
	}
	t.spend(&work)
	return list
}

// layers returns the layers of e.
func (t *trial) layers(e *typed) (list []*layer) {
	if e == nil {
		return nil
	}
	for _, find := range [...]func(*typed) *layer{t.channels, t.distant} {
		if l := find(e); l != nil {
			l.strong = l.bits < e.bits*strongLayer/100
			list = append(list, l)
		}
	}
	return list
}

// layered returns the plans of layers that may be shorter than plans.
func (t *trial) layered(layers []*layer, plans []*dsl.Program) (list []*dsl.Program) {
	if len(layers) == 0 || t.enough() {
		return nil
	}
	if len(plans) == 0 {
		plans = append(plans, dsl.Identity())
	}
	least := int64(unpriced)
	for _, p := range plans[:min(len(plans), maxCompared)] {
		least = min(least, t.wholeSize(p))
	}
	for _, l := range layers {
		if t.enough() {
			break
		}
		parts, ok := t.partsOf(l)
		if !ok {
			continue
		}
		size := l.bytes(parts)
		detour := int64(layerDetour)
		if l.strong {
			detour = strongDetour
		}
		if !within(size, least, detour) {
			continue
		}
		plans := make([]*dsl.Program, len(parts))
		var settled []part // with simple plans than which a search found hardly better ones
		for k, p := range parts {
			simple := *p
			if !slices.ContainsFunc(settled, simple.isLike) && !p.refine(t, len(parts)-k) {
				settled = append(settled, simple)
			}
			plans[k] = p.plan
		}
		if p := l.plan(len(t.src), plans); p != nil {
			list = append(list, p)
		}
	}
	return list
}

// A part is one of those into which a layer divides a segment, with the shortest plan that is known.
type part struct {
	trial *trial
	plan  *dsl.Program
	size  int64 // by plan, in bytes
}

// partsOf returns the parts into which l divides the segment, with simple plans.
func (t *trial) partsOf(l *layer) (list []*part, ok bool) {
	parts, ok := t.divide(l)
	for _, b := range parts {
		p := &part{trial: t.ofPart(b, l.element, len(parts), 100)}
		p.plan = p.trial.simply()
		p.size = p.trial.wholeSize(p.plan)
		list = append(list, p)
	}
	return list, ok
}

// bytes returns what l takes by the plans of its parts.
func (l *layer) bytes(parts []*part) (size int64) {
	for _, p := range parts {
		size += p.size + partBytes
	}
	return size
}

// isLike reports whether p and q have plans of the same operations, by which about as many of their
// bytes are left.
func (p part) isLike(q part) bool {
	same := func(a, b dsl.Node) bool { return a.Op == b.Op }
	return slices.EqualFunc(p.plan.Nodes, q.plan.Nodes, same) &&
		within(p.size*int64(len(q.trial.src)), q.size*int64(len(p.trial.src)), likeParts) &&
		within(q.size*int64(len(p.trial.src)), p.size*int64(len(q.trial.src)), likeParts)
}

// refine looks for a shorter plan of p, one of n parts that may take the steps that t has left. It
// reports whether there is one.
func (p *part) refine(t *trial, n int) bool {
	simple := p.size
	p.trial.limit = t.limit
	p.trial.stage(100/int64(n), func() {
		for _, q := range p.trial.uniformPlans(nil) {
			if size := p.trial.wholeSize(q); size < p.size {
				p.plan, p.size = q, size
			}
		}
	})
	return saves(p.size, simple, minSaving)
}

const (
	maxCompared = 2 // plans that a layer is compared with
	// layerDetour is what a layer whose parts have simple plans may take more than other plans,
	// one part in so many: better plans of the parts save about that.
	layerDetour = 24
	// A layer that leaves at most strongLayer percent of the bits may take more, one part in
	// strongDetour: parts that are unlike have plans that are not simple. veg.las is 10 % longer
	// otherwise.
	strongLayer, strongDetour = 75, 6
	// partBytes is about what the plan of a part takes, in bytes.
	partBytes = 24
	// likeParts: two parts are alike if one takes no more than the other by one part in so many.
	likeParts = 8
	// Simple plans of a part are compared in simpleExcerpts excerpts of simpleBytes. Arbitrary.
	simpleExcerpts, simpleBytes = 4, 8 << 10
	// minPartWindow is the least size of an excerpt of a part, in bytes. Arbitrary.
	minPartWindow = 8 << 10
)

// wholeSize returns what all of the segment takes by p, in bytes.
func (t *trial) wholeSize(p *dsl.Program) int64 {
	streams, err := t.split(t.src, p)
	if err != nil {
		return unpriced
	}
	return t.codedSize(slices.Concat(streams...), t.coder)
}

// ofPart returns a trial of b, one of n parts of elements of type w, which may take up to percent of
// the steps that t has left: a shorter search, since there are several.
func (t *trial) ofPart(b []byte, w, n, percent int) *trial {
	e := *t.effort
	e.windowBytes, e.firstBytes, e.longBytes = max(e.windowBytes/n, minPartWindow), max(e.firstBytes/n, minPartWindow), max(e.longBytes/n, 2*minPartWindow)
	e.kept, e.plans = max(e.kept/n, 2), 1
	part := t.inner(&e, b, t.coder, percent)
	part.element = w
	return part
}

// simply returns the plan of the least entropy, in excerpts, among simple predictions of the segment's
// elements.
func (t *trial) simply() *dsl.Program {
	start := recipe{ops: []dsl.Node{predict(t.element, 0, 1, 1)}}
	size := abs(t.element)
	list := []recipe{{ops: folded(t.element)}, planes(start)}
	if size > 1 {
		list = append(list, recipe{ops: []dsl.Node{transpose(1, size)}},
			recipe{ops: []dsl.Node{predict(1, 0, size, 1), transpose(1, size)}})
	}
	for _, r := range t.fitted(start) {
		list = append(list, planes(r))
	}
	if ev := t.evidence(); ev != nil && len(ev.far) > 0 && ev.far[0]%size == 0 {
		list = append(list, planes(recipe{ops: []dsl.Node{node(dsl.Median, t.element, 1, ev.far[0]/size)}}))
	}
	look := excerpt{0, t.src}.spread(simpleExcerpts, simpleBytes)
	var best recipe
	least := t.entropy(best, look)
	for _, r := range list {
		if bits := t.entropy(r, look); bits < least {
			best, least = r, bits
		}
	}
	return best.plan(len(t.src))
}

// channels returns the layer that predicts interleaved channels of elements from each other and
// divides them into planes; nil if none saves enough.
func (t *trial) channels(e *typed) (best *layer) {
	var work series.Work
	least := e.bits * (1 - 1.0/layerSaving)
	for _, n := range e.lags {
		if n < 2 || n > maxPlanes {
			continue
		}
		for phase := 0; phase == 0 || phase < n && n <= maxPhases; phase++ {
			l := t.planar(e, n, phase, &work, true)
			if l == nil || !t.spend(&work) { // the channels are not alike in any phase
				break
			}
			if l.bits < least {
				best, least = l, l.bits
			} else if phase == 0 && l.bits > e.bits {
				break // another phase is hardly better
			}
		}
	}
	if best != nil {
		best = t.planar(e, best.planes, (best.lead-e.lead)/abs(e.element), &work, false)
	}
	t.spend(&work)
	return best
}

// planar returns the layer of elements in n channels, of which the first starts at element phase;
// nil if they do not predict each other.
func (t *trial) planar(e *typed, n, phase int, work *series.Work, quickly bool) *layer {
	lead := e.lead + phase*abs(e.element)
	channels := make([][]float64, n)
	for i, v := range t.sampled(lead, e.element, n) {
		channels[i%n] = append(channels[i%n], v)
	}
	list, bits := work.Mix(channels, quickly)
	if list == nil {
		return nil
	}
	l := &layer{lead: lead, element: e.element, planes: n, bits: bits, node: weighted(dsl.Mix, e.element, list)}
	rows := (len(t.src) - lead) / (n * abs(e.element))
	for k := range n {
		l.ends = append(l.ends, (k+1)*rows)
	}
	return l
}

// distant returns the layer that predicts elements from a far distance; nil if none saves enough.
func (t *trial) distant(e *typed) (best *layer) {
	var work series.Work
	for _, d := range e.far {
		if !t.spend(&work) {
			return nil
		}
		list, with, without := work.Far(e.x, e.around, d)
		if list != nil && with < without*(1-1.0/layerSaving) && (best == nil || with < best.bits) {
			best = &layer{
				lead: e.lead, element: e.element, planes: 1, bits: with,
				node: weighted(dsl.Predict, e.element, list), ends: []int{d, len(e.x)},
			}
		}
	}
	t.spend(&work)
	return best
}
