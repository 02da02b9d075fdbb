package predictors

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A predictor is one of samples, under trial.
type predictor struct {
	source
	precision         int // bits, of floating point numbers
	fade, every       int // of the window of least squares; 0: none
	own, other, rings int
	filters           [3]filter // the first ones are used
	contexts, values  int       // masks
}

// A filter is one of a cascade; one of no taps is none.
type filter struct{ taps, shift int }

// program returns the canonical program of p.
func (p *predictor) program() *dsl.Program {
	q := &dsl.Program{Nodes: []dsl.Node{p.node()}}
	add := func(n dsl.Node) {
		n.Refs[0] = len(q.Nodes) - 1
		q.Nodes = append(q.Nodes, n)
	}
	if p.precision > 0 {
		add(dsl.Node{Op: dsl.Fixed, Nums: [3]int32{int32(p.precision)}})
	}
	if p.every > 0 {
		add(dsl.Node{Op: dsl.OLS, Nums: [3]int32{int32(p.fade), int32(p.every)}, List: []int32{int32(p.own), int32(p.other), int32(p.rings)}})
	}
	for _, f := range p.filters {
		if f.taps > 0 {
			add(dsl.Node{Op: dsl.NLMS, Nums: [3]int32{int32(f.taps), int32(f.shift)}})
		}
	}
	add(dsl.Node{Op: dsl.Code, Nums: [3]int32{int32(p.contexts), int32(p.values)}})
	q.Out = len(q.Nodes) - 1
	return q
}

// A candidate is a predictor and what the stream takes by it.
type candidate struct {
	predictor
	tried
}

// compare codes the stream's part of a stage by each of list, and returns those that may be used, the best
// first.
func (t *trial) compare(at stage, list []predictor) (best []candidate) {
	byAlign := map[int][]int{}
	var aligns []int
	for i := range list {
		n := list[i].frame()
		if byAlign[n] == nil {
			aligns = append(aligns, n)
		}
		byAlign[n] = append(byAlign[n], i)
	}
	for _, n := range aligns {
		var programs []*dsl.Program
		for _, i := range byAlign[n] {
			programs = append(programs, list[i].program())
		}
		for k, x := range t.try(at, n, programs) {
			if x.size < unusable {
				best = append(best, candidate{list[byAlign[n][k]], x})
			}
		}
	}
	slices.SortStableFunc(best, func(a, b candidate) int { return cmp.Compare(a.price(), b.price()) })
	return best
}

// otherOf returns how many numbers of each other channel least squares may look at: n, or as many as
// there is room for in 40 inputs.
func otherOf(s source, n int) int {
	if s.channels < 2 {
		return 0
	}
	return min(n, 40/(s.channels-1))
}

// around returns how far least squares may look around in the other channels of an image: where there are
// few.
func around(s source) int {
	if s.channels < 2 || s.channels > maxAround {
		return 0
	}
	return 1
}

// maxAround is how many channels an image may have whose others are looked at first. Arbitrary.
const maxAround = 4

// quick returns the predictors of s by which sources are compared, of which all but one restore fastest.
func quick(s source) (list []predictor) {
	p := predictor{source: s, precision: s.precision()}
	mixed := p
	mixed.contexts, mixed.values = startContexts, startValues
	list = append(list, p, mixed)
	if s.row > 0 {
		p.fade, p.every, p.own, p.other, p.rings = 7, 16, 2, around(s), 2
		return append(list, p)
	}
	filtered := p
	filtered.filters[0] = filter{16, 9}
	p.fade, p.every, p.own, p.other = 9, 32, 2, otherOf(s, 1)
	return append(list, filtered, p)
}

// A change is a way to change a predictor.
type change func(p *predictor)

// steps are the changes of a climb: of each row the one that pays most is taken, if any does.
func steps(s source) [][]change {
	window := func(fade, every int) change { return func(p *predictor) { p.fade, p.every = fade, every } }
	inputs := func(own, other, rings int) change {
		return func(p *predictor) { p.own, p.other, p.rings = own, otherOf(s, other), rings }
	}
	cascade := func(f ...filter) change {
		return func(p *predictor) { p.filters = [3]filter{}; copy(p.filters[:], f) }
	}
	least := func(p *predictor) {
		p.own, p.other, p.rings = 16, otherOf(s, 2), 0
		if s.channels > 1 {
			p.own = 4
		}
		if s.row > 0 {
			p.own, p.rings = 4, 3
		}
	}
	start := func(fade, every int) change {
		return func(p *predictor) { least(p); window(fade, every)(p); cascade()(p) }
	}
	var precisions []change
	if s.precision() > 0 {
		for _, bits := range []int{14, 20, 24} {
			precisions = append(precisions, func(p *predictor) { p.precision = bits })
		}
	}
	return [][]change{
		precisions,
		{start(4, 8), start(7, 16), start(9, 32)},
		{window(5, 16), window(5, 8), window(6, 4), window(8, 16), window(9, 16)},
		{inputs(8, 1, 0), inputs(18, 1, 0), inputs(24, 3, 0), inputs(4, 1, 2), inputs(4, 2, 4), inputs(2, 3, 3)},
		{cascade(filter{16, 10}), cascade(filter{32, 11}), cascade(filter{32, 10}, filter{16, 10}), cascade(filter{256, 11}, filter{32, 9}, filter{16, 8})},
	}
}

// The contexts and values that are added to those of a predictor first.
const (
	startContexts = 1 | 2
	startValues   = 1 | 8

	allContexts = 63
	allValues   = 255
)

// samples tries predictors of samples: it climbs from the best sources, climbed of them and maybe another.
func (t *trial) samples(climbed int) {
	t.within(t.left-t.left/wholeShare, func() { t.climbs(climbed) })
	if len(t.last) == 0 {
		return
	}
	x := slices.MinFunc(t.last, func(a, b tried) int { return cmp.Compare(a.price(), b.price()) })
	if whole := t.ask([]sample{{part: middle(t.Bytes, mostWhole, windowAlign), program: x.program}})[0]; whole.size < unusable {
		t.rescale(whole.size, x.size)
	}
}

// wholeShare: one part in so many of the time of a climb is for coding all of a stream by what is found.
// Arbitrary.
const wholeShare = 6

// climbs is samples, but for what all of the stream takes.
func (t *trial) climbs(climbed int) {
	t.sizes[short] = t.fit(35, climbTrials, climbTime, leastPart, t.sizes[short])
	t.sizes[long] = t.fit(60, finalTrials, climbTime, t.sizes[short], t.sizes[long])
	var tops []candidate
	for _, p := range t.origins(climbed, keptOrigins) {
		best := t.climb(p)
		q := best.predictor
		q.contexts, q.values = q.contexts|startContexts, q.values|startValues
		tops = append(tops, t.better(best.predictor, []predictor{best.predictor, q}))
	}
	slices.SortStableFunc(tops, func(a, b candidate) int { return cmp.Compare(a.price(), b.price()) })
	for _, x := range tops {
		if x.size < unusable && x.price()-x.price()/closeTops <= tops[0].price() {
			t.masked(x)
		}
	}
}

// A climb takes about climbTrials trials of a short part and finalTrials of a long one, by programs that
// take climbTime nanoseconds a byte: of recordings and images 40 to 90, 20 to 60, 200 to 500 ns. Arbitrary.
const climbTrials, finalTrials, climbTime = 60, 30, 300

// closeTops: a source goes on to contexts if its filters leave at most one part in so many more than
// those of the best. Arbitrary.
const closeTops = 32

// finalists is how many of the changes of a row are compared by more of the stream. Arbitrary.
const finalists = 2

// climb improves p, all but its masks, one step after the other.
func (t *trial) climb(p predictor) candidate {
	rows := steps(p.source)
	for _, row := range rows[:mixedFrom] {
		p = t.better(p, changed(p, row)).predictor
	}
	p = t.mixed(p, changed(p, rows[mixedFrom]))
	best := candidate{p, tried{size: unusable}}
	for _, row := range rows[mixedFrom:] {
		best = t.better(best.predictor, changed(best.predictor, row))
	}
	return best
}

// changed returns p and what the changes of a row make of it.
func changed(p predictor, row []change) []predictor {
	list := []predictor{p}
	for _, change := range row {
		q := p
		if change(&q); q.source.row == 0 {
			q.rings = 0
		}
		if !slices.Contains(list, q) {
			list = append(list, q)
		}
	}
	return list
}

// mixedFrom is the row of a climb, of windows, before which it is decided whether the rest is compared with
// contexts and values.
const mixedFrom = 1

// mixed returns p, with contexts and values if these save much of the best of list: numbers that are rarely
// used mislead those that choose filters without them.
func (t *trial) mixed(p predictor, list []predictor) predictor {
	without := t.compare(short, list)
	var mixed []predictor
	for _, q := range list {
		q.contexts, q.values = startContexts, startValues
		mixed = append(mixed, q)
	}
	with := t.compare(short, mixed)
	if len(with) > 0 && len(without) > 0 && with[0].size+without[0].size/misleading <= without[0].size {
		return with[0].predictor
	}
	return p
}

// misleading: contexts and values must save one part in so many. Of 16-bit speech and ECG they save less, of
// images and of a song at a tenth of its loudness more. Arbitrary.
const misleading = 16

// better returns the best of list: of those that are close to the best by a short part of the stream the
// one that is by a long one. If p is in list, it is always one of these.
func (t *trial) better(p predictor, list []predictor) candidate {
	final := []predictor{p}
	for _, x := range t.compare(short, list) {
		if len(final) <= finalists && x.predictor != p {
			final = append(final, x.predictor)
		}
	}
	if all := t.compare(long, final); len(all) > 0 {
		return all[0]
	}
	return candidate{p, tried{size: unusable}}
}

// masked improves the masks of p: values that do not pay are left out, then contexts and values are added in
// the order of what each saves alone, as long as they pay.
func (t *trial) masked(p candidate) candidate {
	var fewer []predictor
	for left := range startValues + 1 {
		if q := p.predictor; left&startValues == left {
			q.values &^= left
			fewer = append(fewer, q)
		}
	}
	p = t.better(p.predictor, fewer)
	with := p.predictor
	with.contexts |= startContexts
	var list []predictor
	for k := range bits.Len(allContexts) {
		if q := with; q.contexts>>k&1 == 0 {
			q.contexts |= 1 << k
			list = append(list, q)
		}
	}
	for k := range bits.Len(allValues) {
		if q := with; q.values>>k&1 == 0 {
			q.values |= 1 << k
			list = append(list, q)
		}
	}
	best, missed := p, 0
	for _, x := range t.compare(short, list) {
		q := best.predictor
		q.contexts |= x.contexts
		q.values |= x.values
		if y := t.compare(long, []predictor{q}); len(y) > 0 && y[0].price() < best.price() {
			best, missed = y[0], 0
		} else if missed++; missed > maxMissed {
			break
		}
	}
	return best
}

// maxMissed is how many masks in a row may not pay before no other one is tried. Arbitrary.
const maxMissed = 2
