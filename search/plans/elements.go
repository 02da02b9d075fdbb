package plans

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/series"
)

// The elements of a segment as series of numbers, and linear predictions of them.

// linearOrders are the orders of linear predictions that are tried, up to an effort's taps.
var linearOrders = [...]int{2, 3, 4, 6, 8, 12, 16, 24, 32}

// maxLinearSize is the size of an element, in bytes: sums of products of larger ones are not exact
// enough.
const maxLinearSize = 4

// linear returns r with linear predictions of more coefficients in place of its prediction,
// if it has one. They are fitted by least squares.
func (t *trial) linear(_ *evidence, r recipe) (list []recipe) {
	if len(r.ops) == 0 || len(r.fields) > 0 || r.ops[0].Op != dsl.Predict ||
		slices.ContainsFunc(r.ops, func(n dsl.Node) bool { return n.Op == dsl.LMS }) {
		return nil
	}
	return t.fitted(r)
}

// fitted returns r with linear predictions from more elements at multiples of the distance at
// which its first operation predicts.
func (t *trial) fitted(r recipe) (list []recipe) {
	w, lag := int(r.ops[0].Nums[0]), int(r.ops[0].List[0])
	orders := linearOrders[:]
	for len(orders) > 0 && orders[len(orders)-1] > t.effort.taps {
		orders = orders[:len(orders)-1]
	}
	if abs(w) > maxLinearSize || len(orders) == 0 || t.enough() {
		return nil
	}
	x := numbers(t.src[min(r.lead, len(t.src)):], w)
	var work series.Work
	for _, taps := range work.Linear(x, multiplesOf(lag, slices.Max(orders)), orders...) {
		if taps != nil {
			q := r
			q.ops = slices.Clone(r.ops)
			q.ops[0] = weighted(dsl.Predict, w, taps)
			list = append(list, q)
		}
	}
	t.meter.steps += work.Steps + int64(len(x))
	return list
}

// fitsAs reports whether q and r are linear predictions that are fitted to elements at multiples
// of the same distance, and nothing else predicts.
func (r recipe) fitsAs(q recipe) bool {
	a, b := r.bare().ops, q.bare().ops
	isFit := func(ops []dsl.Node) bool {
		return len(ops) == 1 && ops[0].Op == dsl.Predict && ops[0].Nums[1] == series.Shift && len(ops[0].List) > 0
	}
	return isFit(a) && isFit(b) && a[0].Nums == b[0].Nums && a[0].List[0] == b[0].List[0]
}

// numbers returns the elements of type w of b as signed numbers.
func numbers(b []byte, w int) []float64 {
	size := abs(w)
	x := make([]float64, len(b)/size)
	for i := range x {
		shift := 64 - 8*size
		x[i] = float64(int64(plan.Number(b[i*size:], w)<<shift) >> shift)
	}
	return x
}

// folded returns the operations that fold elements of type w and cut them into bytes.
func folded(w int) []dsl.Node { return []dsl.Node{node(dsl.Zigzag, w), transpose(1, abs(w))} }

// weighted returns the prediction of elements of type w by a list of package series.
func weighted(op dsl.Op, w int, list []int32) dsl.Node {
	n := node(op, w, series.Shift)
	n.List = list
	return n
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

// A typed is the elements of a segment that are alike.
type typed struct {
	lead, element int
	lag           int       // elements back to the one that is most alike
	near          int       // elements back to the one of the same channel
	bits          float64   // of an element, predicted from those at multiples of the lag
	x             []float64 // all elements
	lags          []int     // distances at which the same channel may be
	around        []int     // distances in the same channel and of the row before
	far           []distant // where elements are alike
}

// A distant is a far distance at which elements are alike.
type distant struct {
	back   int
	near   int   // elements back to the one of the same channel, once what is alike is taken away
	around []int // as of typed, by that
}

const (
	typedExcerpts = 8       // of a segment, to which predictions are fitted
	typedBytes    = 6 << 10 // of an excerpt
	typedShare    = 3       // at most one part in so many of a segment is in excerpts
	minFrames     = 768     // frames that are in excerpts, if there are so many: three runs of a fit
	typedLags     = 4       // near distances that are looked at, of the evidence

	// narrowerSaving is what narrower elements must save of the bits, one part in so many: the
	// bytes of a number are hardly worse predicted by themselves if the higher ones are constant.
	narrowerSaving = 16

	maxPhases = 4  // channels up to which each is tried as the first one
	maxPlanes = 16 // channels that are predicted from each other

	// layerSaving is what a layer must save of the bits of elements, one part in so many.
	layerSaving = 40

	minTyped = 2048 // elements, at least

	// minSurveyed is the size in bytes of the shortest segment in which far distances are looked
	// for: in others evidence reaches far enough. At 64 KiB a third of hourly data is 20 % larger.
	minSurveyed = maxFar
	farLeast    = 16 // bytes of a far distance, at least: nearer ones are those of channels
)

// sampled returns elements of the segment of type w after lead, from several places, which are
// whole frames of n.
func (t *trial) sampled(lead, w, n int) (x []float64) {
	frame := n * abs(w)
	body := t.src[min(lead, len(t.src)):]
	body = body[:len(body)/frame*frame]
	size := min(typedBytes, max(len(body)/typedShare, min(len(body), minFrames*frame))/typedExcerpts)
	for _, e := range (excerpt{0, body}).spread(typedExcerpts, size/frame*frame) {
		off := e.off / frame * frame
		x = append(x, elementsOf(body[off:off+len(e.b)/frame*frame], w)...)
	}
	t.meter.steps += int64(len(x))
	return x
}

// survey returns the elements of the segment, of the type that is predicted best, with the
// distances that tell; nil if there are none.
func (t *trial) survey() *typed {
	if t.effort.weights == 0 {
		return nil
	}
	ev := t.evidence()
	if ev == nil {
		return nil
	}
	var work series.Work
	e := t.elementType(ev, &work)
	if e == nil || len(t.src)-e.lead < minTyped*abs(e.element) {
		return nil
	}
	e.x = elementsOf(t.src[e.lead:], e.element)
	e.lags = lagsOf(ev, abs(e.element))
	e.around = e.nearby(ev, e.near)
	if !t.spend(&work) {
		return nil
	}
	if len(t.src) >= minSurveyed {
		for _, d := range work.Distances(e.x, farLeast/abs(e.element)) {
			near, ok := work.Nearest(e.x, e.lags, d)
			if !ok {
				near = e.near
			}
			e.far = append(e.far, distant{d, near, e.nearby(ev, near)})
		}
	}
	t.meter.steps += int64(len(e.x))
	t.spend(&work)
	return e
}

// spend counts the steps of work and reports whether more may be done.
func (t *trial) spend(work *series.Work) bool {
	t.meter.steps += work.Steps
	work.Steps = 0
	return !t.enough()
}

// elementType returns the type of elements that are predicted best; nil if none are.
func (t *trial) elementType(ev *evidence, work *series.Work) *typed {
	best := &typed{}
	least := math.Inf(1) // bits of a byte
	for _, w := range [...]int{4, -4, 2, -2, 1} {
		size := abs(w)
		saving := 1 - 1.0/leadSaving
		if best.element != 0 && size < abs(best.element) {
			saving = 1 - 1.0/narrowerSaving
		}
		for lead := range size {
			x := t.sampled(lead, w, 1)
			for _, lag := range append(lagsOf(ev, size), rowsOf(ev, size)...) {
				if len(x) < minTyped || lag > len(x)/2 {
					continue
				}
				if bits := work.Differences(x, lag, minTyped) / float64(minTyped*size); bits < least*saving {
					least = bits
					best = &typed{lead: lead, element: w, lag: lag}
				}
			}
		}
	}
	if best.element == 0 || !t.spend(work) {
		return nil
	}
	x := t.sampled(best.lead, best.element, 1)
	best.bits = math.Inf(1)
	least = best.bits
	for _, lag := range append(lagsOf(ev, abs(best.element)), rowsOf(ev, abs(best.element))...) {
		bits, ok := work.Own(x, lag)
		if ok && bits < best.bits {
			best.bits, best.lag = bits, lag
		}
		if ok && lag <= maxPlanes && bits < least {
			least, best.near = bits, lag
		}
	}
	if best.near == 0 {
		return nil
	}
	return best
}

// lagsOf returns the distances of elements of size bytes at which the same channel may be.
func lagsOf(ev *evidence, size int) []int {
	list := []int{1, 2, 3, 4}
	for _, near := range ev.near[:min(len(ev.near), typedLags)] {
		if near%size == 0 && !slices.Contains(list, near/size) {
			list = append(list, near/size)
		}
	}
	return list
}

// rowsOf returns the far distances of elements of size bytes. What has a day's period may be told by
// nothing else.
func rowsOf(ev *evidence, size int) (list []int) {
	for _, far := range ev.far {
		if far%size == 0 {
			list = append(list, far/size)
		}
	}
	return list
}

// nearby returns the distances of elements in the same channel, near back, and of the row before.
func (e *typed) nearby(ev *evidence, near int) []int {
	size, row := abs(e.element), 0
	if e.lag > maxPlanes {
		row = e.lag
	} else if len(ev.far) > 0 && ev.far[0]%size == 0 {
		row = ev.far[0] / size
	}
	if row <= 2*near {
		return []int{near, 2 * near, 3 * near}
	}
	return []int{near, 2 * near, row, row + near, row - near}
}
