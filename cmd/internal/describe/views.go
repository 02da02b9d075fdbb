package describe

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// Limits of what is shown of a segment. They keep its signals and images below some 120 KB of JSON.
const (
	maxSignals   = 4
	maxImages    = 3
	maxShown     = 8192 // numbers of all signals, with what is left of them: some 6 bytes each
	maxPixels    = 84_000
	fewestPixels = 54_000   // bytes of all images if there are signals, too; else maxPixels. 4/3 as many in base64
	minSampled   = 512      // bytes of numbers; fewer show nothing
	maxPrepared  = 32 << 20 // bytes of lists of lines of a plan that are looked at, all together
)

// views are the numbers that a segment's plan and predictors find in it: what signals and images show.
type views struct {
	plan    *dsl.Program
	layout  *plan.Layout
	signals []*sampled
	images  []*sampled
	wishes  map[int][]wish // of the list of each node
	shapes  map[shapeKey]shape
	budget  int // bytes of lists that may still be looked at
}

// A sampled is a list of numbers that stand in a list of a plan, of which some are shown.
type sampled struct {
	node    int
	number  number
	skip    int // bytes of the list before the first number
	shape   shape
	without bool // nothing predicts the numbers: there is no residual
	seen    bool

	count  int       // numbers
	start  int       // the first frame or row that is shown
	frames int       // of a signal, shown; of an image: rows that the shown ones are chosen from
	shown  int       // channels
	grid   grid      // of an image
	values []float64 // shown
	rest   []float64 // what is left of them after prediction
}

// A wish is an element of a list that becomes a number.
type wish struct {
	off    int // bytes
	number number
	into   *float64
}

// newViews looks at the numbers of a segment. The result holds nothing of info. Views of a segment whose plan
// cannot be executed show nothing.
func newViews(info *codec.SegmentInfo) *views {
	v := &views{plan: info.Plan, wishes: map[int][]wish{}, shapes: map[shapeKey]shape{}, budget: maxPrepared}
	if v.plan == nil {
		v.plan = dsl.Identity()
	}
	var err error
	if v.layout, err = plan.NewLayout(v.plan, len(info.Restored)); err != nil {
		return v
	}
	found := v.find()
	for _, s := range v.sources(info.Groups) {
		if !v.above(found, s) {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(a, b *sampled) int { return cmp.Compare(b.count*b.number.width, a.count*a.number.width) })
	for _, s := range found {
		switch {
		case s.isImage() && len(v.images) < maxImages:
			v.images = append(v.images, s)
		case !s.isImage() && len(v.signals) < maxSignals:
			v.signals = append(v.signals, s)
		}
	}
	v.share()
	if len(v.signals)+len(v.images) == 0 {
		return v
	}
	streams, err := info.Streams()
	m := new(plan.Machine)
	for range 2 { // what is left of numbers stands in lists that are seen before those of the numbers
		if err == nil {
			err = m.Lists(len(info.Restored), v.plan, streams, v.see)
		}
	}
	if err != nil {
		v.signals, v.images = nil, nil
	}
	return v
}

// above reports whether numbers of a chain stand for those of s, a stream. If nothing predicts them in the
// plan, the stream's shape is theirs.
func (v *views) above(chains []*sampled, s *sampled) bool {
	for _, c := range chains {
		covered := make([]bool, len(v.plan.Nodes))
		covered[c.node] = true
		for i := c.node; i >= 0; i-- {
			if n := &v.plan.Nodes[i]; covered[i] {
				for k := range n.Op.Lists() {
					covered[n.Refs[k]] = true
				}
			}
		}
		if !covered[s.node] {
			continue
		}
		p := v.below(place{node: c.node}, c.number.width)
		if p.node == s.node && !p.predicted && s.number.width == c.number.width {
			c.shape = s.shape
		}
		return true
	}
	return false
}

// share divides what may be shown among the signals and among the images.
func (v *views) share() {
	for _, s := range v.signals {
		s.fitSignal(maxShown / len(v.signals))
	}
	most := maxPixels
	if len(v.signals) > 0 {
		most = fewestPixels
	}
	for _, s := range v.images {
		s.fitImage(most / len(v.images))
	}
}

// see looks at the list of node i. The lists below come after it.
func (v *views) see(i int, list []byte) {
	for _, s := range slices.Concat(v.signals, v.images) {
		if s.node != i || s.seen || len(list) > v.budget {
			continue
		}
		s.seen = true
		v.budget -= len(list)
		v.show(s, list)
	}
	for _, w := range v.wishes[i] {
		if w.off+w.number.width <= len(list) {
			*w.into = w.number.read(list[w.off:], 0)
		}
	}
	delete(v.wishes, i)
}

// show sets the values of s, and wishes to see what is left of them.
func (v *views) show(s *sampled, list []byte) {
	numbers := list[s.skip:]
	s.number.tell(numbers, max(s.shape.channels, s.shape.pixel, 1))
	var at []int // numbers
	if s.isImage() {
		at = s.chooseImage(numbers)
	} else {
		at = s.chooseSignal(numbers)
	}
	s.values, s.rest = make([]float64, len(at)), make([]float64, len(at))
	predicted := false
	for k, n := range at {
		s.values[k] = s.number.read(numbers, n)
		if s.without {
			continue
		}
		p := v.below(place{node: s.node, off: n * s.number.width, bigEndian: s.number.bigEndian}, s.number.width)
		predicted = predicted || p.predicted
		left := number{width: s.number.width, bigEndian: p.bigEndian, form: signed}
		v.wishes[p.node] = append(v.wishes[p.node], wish{p.off, left, &s.rest[k]})
	}
	if !predicted {
		s.rest = nil
	}
}

// sources returns the streams of groups whose predictors say that they are numbers.
func (v *views) sources(groups []codec.GroupInfo) (found []*sampled) {
	first := 0 // stream
	for _, g := range groups {
		if s := v.source(&g, first); s != nil {
			found = append(found, s)
		}
		first += len(g.Streams)
	}
	return found
}

// source returns the longest stream of g, whose first one is number first, if the predictor of g says that
// it is numbers; else nil.
func (v *views) source(g *codec.GroupInfo, first int) *sampled {
	if g.Predictor == nil || len(g.Predictor.Nodes) == 0 || len(g.Streams) == 0 {
		return nil
	}
	s := sourceOf(&g.Predictor.Nodes[0])
	if s == nil {
		return nil
	}
	longest, before, off := 0, int64(0), int64(0)
	for k, stream := range g.Streams {
		if k == 0 || stream.Size > g.Streams[longest].Size {
			longest, before = k, off
		}
		off += stream.Size
	}
	for i := range v.plan.Nodes {
		if n := &v.plan.Nodes[i]; n.Op == dsl.Payload && int(n.Nums[0]) == first+longest && v.layout.Size(i) >= 0 {
			s.node = i
			// The numbers begin with the group, and with the frame or row.
			unit := int64(max(s.shape.channels, s.shape.row) * s.number.width)
			if s.number.packing != 0 {
				unit = 3 * max(unit/4, 1)
			}
			s.skip = int((unit - before%unit) % unit)
			s.count = s.number.countIn(v.layout.Size(i) - s.skip)
			if s.skip < v.layout.Size(i) && v.layout.Size(i) >= minSampled {
				return s
			}
		}
	}
	return nil
}
