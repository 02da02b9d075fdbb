package predictors

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A predictor is one under trial.
type predictor struct {
	source
	precision         int // bits, of floating point numbers
	fade, every       int // of the window of least squares; 0: none
	own, other, rings int
	filters           [][2]int // taps and shift of each
	contexts, values  int      // masks
}

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
		add(dsl.Node{Op: dsl.NLMS, Nums: [3]int32{int32(f[0]), int32(f[1])}})
	}
	add(dsl.Node{Op: dsl.Code, Nums: [3]int32{int32(p.contexts), int32(p.values)}})
	q.Out = len(q.Nodes) - 1
	return q
}

// A tried is a predictor that coded the sample.
type tried struct {
	predictor
	size, time int // bytes; nanoseconds a byte to restore
}

// A trial codes a part of a stream by predictors.
type trial struct {
	part    []byte
	slowest int // nanoseconds a byte to restore
	cost    func(part []byte, p *dsl.Program) (size, time int)
	all     []tried
}

// try codes the part by p; ok is false if that is not allowed.
func (t *trial) try(p predictor) (x tried, ok bool) {
	size, time := t.cost(t.part, p.program())
	if size < 0 || time > t.slowest {
		return x, false
	}
	x = tried{p, size, time}
	t.all = append(t.all, x)
	return x, true
}

// fast returns the predictors of s by which sources are compared, and which restore fastest.
func fast(s source) predictor {
	p := predictor{source: s, precision: s.precision()}
	switch {
	case s.row > 0:
		p.fade, p.every, p.own, p.other, p.rings = 7, 16, 2, around(s), 2
	case s.channels > 1:
		p.fade, p.every, p.own, p.other = 9, 32, 2, otherOf(s, 1)
	default:
		p.filters = [][2]int{{16, 9}}
	}
	return p
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

// A change is a way to change a predictor.
type change func(p *predictor)

// steps are the changes of a climb: of each row the one that saves most is taken, if any does.
func steps(s source) [][]change {
	window := func(fade, every int) change { return func(p *predictor) { p.fade, p.every = fade, every } }
	inputs := func(own, other, rings int) change {
		return func(p *predictor) { p.own, p.other, p.rings = own, otherOf(s, other), rings }
	}
	cascade := func(f ...[2]int) change { return func(p *predictor) { p.filters = f } }
	contexts := func(mask int) change { return func(p *predictor) { p.contexts |= mask } }
	values := func(mask int) change { return func(p *predictor) { p.values |= mask } }
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
		{cascade([2]int{16, 10}), cascade([2]int{32, 11}), cascade([2]int{32, 10}, [2]int{16, 10}), cascade([2]int{256, 11}, [2]int{32, 9}, [2]int{16, 8})},
		{contexts(3), contexts(7), contexts(1 | 16), contexts(31), contexts(63)},
		{values(1), values(3), values(2 | 8), values(15), values(255)},
	}
}

// climb improves p, which took part of the trial, one step after the other.
func (t *trial) climb(p tried) tried {
	for _, row := range steps(p.source) {
		best := p
		for _, change := range row {
			q := p.predictor
			change(&q)
			if q.source.row == 0 {
				q.rings = 0
			}
			if x, ok := t.try(q); ok && x.size < best.size {
				best = x
			}
		}
		p = best
	}
	return p
}

// front returns, of all that was tried, what is shorter than all that restores faster, the shortest
// first.
func (t *trial) front() (list []*dsl.Program) {
	slices.SortStableFunc(t.all, func(a, b tried) int {
		if a.size != b.size {
			return a.size - b.size
		}
		return a.time - b.time
	})
	fastest := math.MaxInt
	for k := range t.all {
		if x := &t.all[k]; x.time < fastest {
			fastest = x.time
			list = append(list, x.program())
		}
	}
	return list
}
