package describe

import (
	"slices"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// Limits of what is shown of a segment. They keep its signals and images below some 120 KB of JSON, or 160 KB if
// nearly all numbers of the signals have 8 bytes.
const (
	maxSignals   = 4
	maxImages    = 3
	maxShown     = 8192 // numbers of all signals, with what is left of them: some 6 bytes each
	maxPixels    = 84_000
	fewestPixels = 42_000 // bytes of all images if there are signals, too; else maxPixels. 4/3 as many in base64
	minSampled   = 512    // bytes of numbers; fewer show nothing
)

// views are the numbers that a segment's plan and predictors find in it: what signals and images show.
type views struct {
	plan    *dsl.Program
	layout  *plan.Layout
	signals []*sampled
	images  []*sampled
	wishes  map[int][]wish // of the list of each node
	shapes  map[shapeKey]shape
}

// A sampled is a list of numbers that stand in a list of a plan, of which some are shown.
type sampled struct {
	node    int
	number  number
	skip    int // bytes of the list before the first number
	shape   shape
	without bool // nothing predicts the numbers: there is no residual
	seen    bool

	count   int   // numbers
	lines   int   // frames, or rows
	stride  int   // bytes from a line to the next
	offsets []int // of a signal: bytes from the start of a frame to each channel
	back    int   // bytes from a number to the one before it in its channel, or row

	start  int       // the first frame or row that is shown
	frames int       // of a signal, shown; of an image: rows that the shown ones are chosen from
	shown  int       // channels
	grid   grid      // of an image
	bitmap bitmap    // the same
	turned *dsl.Node // what makes floating-point numbers of those that are predicted
	seam   int       // of an image: bytes before the first row
	values []float64 // shown
	bits   []float64 // of a signal: that a sample of each channel shown costs; nil if that is unknown
	rest   []float64 // what is left of them after prediction
}

// A wish is an element of a list that becomes a number.
type wish struct {
	off    int // bytes
	number number
	into   *float64
}

// newViews looks at the numbers of a segment, which its plan makes of streams. The result holds nothing of
// these. Views of a segment whose plan cannot be executed show nothing.
func newViews(info *codec.SegmentInfo, streams [][]byte) *views {
	v := &views{plan: info.Plan, wishes: map[int][]wish{}, shapes: map[shapeKey]shape{}}
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
	if !v.look(found, len(info.Restored), streams) {
		v.signals, v.images = nil, nil
	}
	for _, s := range slices.Concat(v.signals, v.images) {
		s.turnRest()
		s.bitmap = s.bitmapOf(info.Restored)
	}
	v.wishes, v.shapes = nil, nil
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
	channels := 0
	for _, s := range v.signals {
		channels += s.plotted()
	}
	for _, s := range v.signals {
		s.fitSignal(maxShown * s.plotted() / channels)
	}
	most := maxPixels
	if len(v.signals) > 0 {
		most = fewestPixels
	}
	for _, s := range v.images {
		s.fitImage(most / len(v.images))
	}
}

// choose chooses those of found that are shown: the longest ones.
func (v *views) choose(found []*sampled) {
	largestFirst(found, func(s **sampled) int { return (*s).count * (*s).number.width })
	for _, s := range found {
		switch {
		case s.isImage() && len(v.images) < maxImages:
			v.images = append(v.images, s)
		case !s.isImage() && len(v.signals) < maxSignals:
			v.signals = append(v.signals, s)
		}
	}
	v.share()
}

// look sees the lists of the plan: those whose rows only they can tell, those of the numbers that are shown,
// and those of what is left of these. It reports whether it could.
func (v *views) look(found []*sampled, size int, streams [][]byte) bool {
	var m plan.Machine
	colored := slices.ContainsFunc(found, (*sampled).maybeColored)
	if colored && m.Lists(size, v.plan, streams, func(i int, list []byte) {
		for _, s := range found {
			if s.node == i && s.maybeColored() {
				s.findRow(list[s.skip:])
			}
		}
	}) != nil {
		return false
	}
	v.choose(found)
	for _, visit := range []func(i int, list []byte){v.see, v.grant} {
		if len(v.signals)+len(v.images) > 0 && m.Lists(size, v.plan, streams, visit) != nil {
			return false
		}
	}
	return true
}

// see looks at the list of node i, if it has numbers.
func (v *views) see(i int, list []byte) {
	for _, s := range slices.Concat(v.signals, v.images) {
		if s.node != i || s.seen {
			continue
		}
		s.seen = true
		v.show(s, list)
	}
}

// grant grants the wishes of the list of node i.
func (v *views) grant(i int, list []byte) {
	for _, w := range v.wishes[i] {
		*w.into = w.number.read(list, w.off)
	}
	delete(v.wishes, i)
}

// show sets the values of s, and wishes to see what is left of them.
func (v *views) show(s *sampled, list []byte) {
	numbers := list[s.skip:]
	s.tell(numbers)
	if s.isImage() {
		s.findSeam(numbers)
	}
	s.start = s.busyStretch(numbers)
	var at []int // bytes
	if s.isImage() {
		at = s.chooseImage()
	} else {
		at = s.chooseSignal()
	}
	s.values, s.rest = make([]float64, len(at)), make([]float64, len(at))
	predicted := false
	for k, off := range at {
		s.values[k] = s.number.read(numbers, off)
		if !s.without {
			predicted = v.wish(s, k, off) || predicted
		}
	}
	if !predicted {
		s.rest = nil
	}
}

// wish wishes to see what is left of value k of s, which stands at off. It reports whether anything predicts it.
func (v *views) wish(s *sampled, k, off int) bool {
	p := v.below(place{node: s.node, off: off, bigEndian: s.number.bigEndian}, s.number.width)
	left := number{width: s.number.width, bigEndian: p.bigEndian, form: signed}
	v.wishes[p.node] = append(v.wishes[p.node], wish{p.off, left, &s.rest[k]})
	s.turned = p.turned
	return p.predicted
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
