package plans

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/plans/internal/series"
)

const (
	// maxChannels have weights of their own. With 32 each they are half of what a plan may
	// have.
	maxChannels = 64

	// cascadeSize is the number of weights per channel of a second adaptive prediction: few
	// adapt fast. +-0 from 4 to 12.
	cascadeSize = 8

	maxLMSElement = 4 // bytes of an element, at most: the format's limit
)

// rates are the shifts of adaptive predictions that are tried: the larger, the slower they
// adapt.
var rates = [...]int{8, 7, 9, 10}

// adaptive returns r with its prediction replaced by a difference from the most similar
// element, and by an adaptive prediction of the difference from neighbours: earlier ones of
// the same channel, of all channels, of the rows above. Which of them, and how fast they
// adapt, is decided by the entropy of the residuals of long excerpts.
func (t *trial) adaptive(ev *evidence, r recipe) []recipe {
	if len(r.ops) == 0 || len(r.fields) > 0 || t.effort.weights == 0 {
		return nil
	}
	start := recipe{lead: r.lead}
	if r.ops[0].Op == dsl.Floats && len(r.ops) > 1 {
		start.ops = r.ops[:1:1] // to numbers of the same order
	}
	by := predictor(r.ops[len(start.ops)])
	size := abs(by.element)
	if size == 0 || size > maxLMSElement || by.lag > maxChannels {
		return nil
	}
	start = start.with(predict(by.element, 0, by.lag, 1))
	shapes := around(by.lag, by.row, t.effort.weights)
	if by.row == 0 && len(ev.far) > 0 && ev.far[0]%size == 0 {
		shapes = append(shapes, around(by.lag, ev.far[0]/size, t.effort.weights)...)
	}
	c := contest{trial: t, least: math.Inf(1)}
	for _, distances := range shapes {
		c.enter(start.with(lms(by, rates[0], distances)))
	}
	if c.best.ops == nil {
		return nil
	}
	for _, rate := range rates[1:] {
		c.enter(start.with(lms(by, rate, c.best.ops[len(start.ops)].List)))
	}
	t.cascade(&c, by, rates[:t.effort.rates])
	t.whitened(&c, recipe{lead: r.lead, ops: start.ops[:len(start.ops)-1]}, by, shapes)
	return []recipe{planes(c.best)}
}

// cascade enters the best recipe of c with another adaptive prediction, of its residuals.
func (t *trial) cascade(c *contest, by neighbour, rates []int) {
	first := c.best
	for _, rate := range rates {
		c.enter(first.with(lms(by, rate, multiples(by.lag, cascadeSize))))
		if by.lag > 1 && 2*by.lag <= t.effort.weights {
			c.enter(first.with(lms(by, rate, multiples(1, 2*by.lag))))
		}
	}
}

// slowRates are the shifts of adaptive predictions of what is nearly noise.
var slowRates = [...]int{10, 11, 12, 13}

// whitened enters r with a linear prediction that is fitted to all of the segment, and with
// one or two adaptive predictions of its residuals, which adapt to what changes. Their inputs
// hardly depend on each other, so that they adapt fast.
func (t *trial) whitened(c *contest, r recipe, by neighbour, shapes [][]int32) {
	x, ok := t.series(r, by.element)
	if !ok || t.effort.taps == 0 {
		return
	}
	sets := [][]int{multiplesOf(by.lag, t.effort.taps)}
	for _, s := range shapes {
		if slices.Max(s) > int32(by.lag*t.effort.taps) {
			var distances []int
			for _, d := range s {
				distances = append(distances, int(d))
			}
			sets = append(sets, distances)
		}
	}
	best := contest{trial: t, least: math.Inf(1)}
	var work series.Work
	for _, distances := range sets {
		if !t.spend(&work) {
			return
		}
		for _, taps := range work.Linear(x, distances, len(distances), (len(distances)+1)/2) {
			if taps != nil {
				best.enter(r.with(weighted(dsl.Predict, by.element, taps)))
			}
		}
	}
	if !t.spend(&work) || best.best.ops == nil {
		return
	}
	start := best.best
	for range 2 {
		for _, n := range [...]int{16, 32} {
			for _, rate := range slowRates {
				if n <= t.effort.weights {
					best.enter(start.with(lms(by, rate, multiples(by.lag, n))))
				}
			}
		}
		start = best.best
	}
	c.enter(best.best)
}

// series returns the elements of type w that r makes of the segment.
func (t *trial) series(r recipe, w int) ([]float64, bool) {
	body := t.src[min(r.lead, len(t.src)):]
	if len(r.ops) > 0 {
		streams, err := t.split(body, recipe{ops: r.ops}.plan(len(body)))
		if err != nil {
			return nil, false
		}
		body = streams[0]
	}
	t.meter.steps += int64(len(body))
	return numbers(body, w), true
}

// A contest finds the recipe of the least entropy.
type contest struct {
	trial *trial
	best  recipe
	least float64 // bits
}

// enter makes r the best if its entropy is the least so far. It does nothing once the search
// has reached its limit.
func (c *contest) enter(r recipe) {
	if c.trial.enough() {
		return
	}
	if bits := c.trial.entropy(planes(r), c.trial.long.excerpts); bits < c.least {
		c.best, c.least = r, bits
	}
}

// entropyPart is how many bytes are taken to be of the same distribution: a lower plane and
// a higher one are not. No difference if halved or doubled.
const entropyPart = 16 << 10

// entropy returns about how many bits the residuals of excerpts take by the recipe r:
// infinite if r does not fit them or the search is stopped.
func (t *trial) entropy(r recipe, excerpts []excerpt) (bits float64) {
	body := r
	body.lead = 0
	for _, e := range excerpts {
		b := e.b[min(r.lead, len(e.b)):]
		streams, err := t.split(b, body.plan(len(b)))
		if err != nil {
			return math.Inf(1)
		}
		for _, s := range streams {
			t.meter.steps += entropySteps * int64(len(s))
			for part := range slices.Chunk(s, min(entropyPart, len(s)/2+1)) {
				var count [256]int
				for _, c := range part {
					count[c]++
				}
				bits += entropy(&count, len(part))
			}
		}
	}
	return bits
}

// A neighbour says which elements predict an element.
type neighbour struct {
	element int // type; 0 if nothing predicts
	lag     int // elements back to the nearest one
	row     int // elements back to the one in the row before; 0 if there is none
}

// predictor returns what n predicts an element from.
func predictor(n dsl.Node) neighbour {
	w := int(n.Nums[0])
	switch {
	case n.Op == dsl.Paeth || n.Op == dsl.Median:
		return neighbour{w, int(n.Nums[1]), int(n.Nums[2])}
	case isPlane(n):
		return neighbour{w, int(n.List[0]), int(n.List[2])}
	case n.Op == dsl.Predict && len(n.List) > 0:
		return neighbour{w, int(n.List[0]), 0}
	}
	return neighbour{}
}

// lms returns an adaptive prediction from the elements at distances, with weights for each
// channel of by.
func lms(by neighbour, rate int, distances []int32) dsl.Node {
	n := node(dsl.LMS, by.element, by.lag, rate)
	n.List = distances
	return n
}

// multiplesOf returns the distances lag, 2 lag, … n lag.
func multiplesOf(lag, n int) (list []int) {
	for k := range n {
		list = append(list, (k+1)*lag)
	}
	return list
}

// multiples returns the distances lag, 2 lag, … n lag.
func multiples(lag, n int) (list []int32) {
	for k := range n {
		list = append(list, int32((k+1)*lag))
	}
	return list
}

// around returns sets of at most n distances, for elements whose nearest is lag before them
// and which have a row before, row elements back, unless that is 0.
func around(lag, row, n int) [][]int32 {
	if row > 2*lag {
		return aroundPixel(lag, row, n)
	}
	var sets [][]int32
	for _, k := range [...]int{8, 16, 32} { // the same channel
		if k <= n {
			sets = append(sets, multiples(lag, k))
		}
	}
	if lag == 1 {
		return sets
	}
	last := 0
	for _, k := range [...]int{lag, lag + lag/2, 2 * lag, 3 * lag, min(8*lag, n)} { // all channels
		if k > last && k >= lag && k <= n {
			sets = append(sets, multiples(1, k))
		}
		last = k
	}
	return sets
}

// aroundPixel returns sets of at most n distances around a pixel of lag elements.
func aroundPixel(lag, row, n int) (sets [][]int32) {
	if cross := multiples(1, 2*lag); lag > 1 { // two pixels before, three above, all colours
		for k := -lag; k <= lag; k++ { // in runs, which take the least time
			cross = append(cross, int32(row+k))
		}
		if len(cross) <= n {
			sets = append(sets, cross)
		}
	}
	// Three before, five above, three two rows above, of the same colour.
	list := multiples(lag, min(3, n/3))
	for k := -min(2, n/5); k <= min(2, n/5); k++ {
		list = append(list, int32(row+k*lag))
	}
	if n >= 11 {
		for k := -1; k <= 1; k++ {
			list = append(list, int32(2*row+k*lag))
		}
	}
	return append(sets, list)
}
