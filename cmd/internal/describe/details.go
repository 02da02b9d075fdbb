package describe

import (
	"hash/maphash"
	"strconv"
	"strings"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// Limits of details. All are arbitrary.
const (
	maxLine   = 400      // bytes of a line, and of its words
	maxText   = 32 << 10 // bytes of a plan
	maxWords  = 4 << 10  // bytes of what a plan says
	maxDetail = 500_000  // bytes of a detail
	maxKnown  = 1 << 14  // plans that are remembered
	maxFilled = 1 << 11  // details that are made, also of segments that later share the detail of a neighbour

	maxTried        = 8        // details with what deflate makes of lists, and of the segment without a step
	maxTriedBytes   = 16 << 20 // of their segments
	maxDeflated     = 64 << 20 // bytes of their lists
	maxTriedWithout = 16       // steps of each
	maxWithoutBytes = 64 << 20 // of the segments that were coded without a step: some 6 s
)

// A detailed is a Detail that is a candidate for the Report.
type detailed struct {
	Detail
	tables   *tabled
	weight   int   // bytes of its JSON, at most
	coded    int64 // of the segment
	distinct bool  // the first one with its plan and predictors
	listed   bool
}

// before reports whether d is listed rather than o.
func (d *detailed) before(o *detailed) bool {
	if d.distinct != o.distinct {
		return d.distinct
	}
	return d.coded > o.coded
}

// details chooses the details that a Report lists: those of distinct plans first, then those of segments
// that take most.
type details struct {
	o        *Options
	list     []*detailed
	bytes    int // that they take
	known    map[uint64]bool
	seed     maphash.Seed
	tried    int
	bytesFor struct{ segments, lists, without int } // that were tried
	added    int                                    // segments with a plan or a predictor
	filled   int                                    // details that were made
	machine  *plan.Machine
}

func newDetails(o *Options, m *plan.Machine) details {
	return details{o: o, machine: m, known: map[uint64]bool{}, seed: maphash.MakeSeed()}
}

// begin returns a detail of a segment; nil if there is nothing to say, or no room for it.
func (ds *details) begin(info *codec.SegmentInfo) *detailed {
	if len(info.Groups) == 0 {
		return nil
	}
	ds.added++
	d := &detailed{coded: info.Coded, distinct: ds.isNew(info), listed: true}
	last := ds.last()
	if ds.filled == maxFilled || last != nil && ds.bytes+last.weight > detailBytes && !d.before(last) {
		return nil
	}
	ds.filled++
	return d
}

// add completes d, which begin returned and which has the tables of the segment, and lists it. It returns nil if there
// is no room for it.
func (ds *details) add(d *detailed, info *codec.SegmentInfo, costs segmentCosts) *detailed {
	ds.fill(d, info, costs)
	if d.weight = d.Detail.weigh(); d.weight > maxDetail {
		d.Tables, d.Texts, d.Signals, d.Images = nil, nil, nil, nil
		d.weight = d.Detail.weigh()
	}
	for ds.bytes+d.weight > detailBytes {
		last := ds.last()
		if last == nil || !d.before(last) {
			return nil
		}
		ds.drop(last)
	}
	ds.list = append(ds.list, d)
	ds.bytes += d.weight
	return d
}

// isNew reports whether no segment before had the same plan and predictors.
func (ds *details) isNew(info *codec.SegmentInfo) bool {
	var h maphash.Hash
	h.SetSeed(ds.seed)
	if info.Plan != nil {
		h.WriteString(info.Plan.String())
	}
	for _, g := range info.Groups {
		h.WriteByte('\n')
		if g.Predictor != nil {
			h.WriteString(g.Predictor.String())
		}
	}
	key := h.Sum64()
	if ds.known[key] || len(ds.known) == maxKnown {
		return false
	}
	ds.known[key] = true
	return true
}

// last returns the detail that is left out first; nil if there is none.
func (ds *details) last() (last *detailed) {
	for _, d := range ds.list {
		if last == nil || last.before(d) {
			last = d
		}
	}
	return last
}

// drop leaves d out.
func (ds *details) drop(d *detailed) {
	for k := range ds.list {
		if ds.list[k] == d {
			ds.list = append(ds.list[:k], ds.list[k+1:]...)
			break
		}
	}
	ds.bytes -= d.weight
	*d = detailed{}
}

// fill sets what d says of the segment, whose tables it has.
func (ds *details) fill(d *detailed, info *codec.SegmentInfo, costs segmentCosts) {
	p := info.Plan
	if p == nil {
		p = dsl.Identity()
	}
	d.Out = p.Out
	d.Words = clipAll(SegmentWords(info), maxWords)
	d.Text = clip(plan.Explain(p), maxText)
	d.Nodes = nodesOf(p)
	ds.measure(d, info, p, costs.content)
	d.Groups = groupParts(info.Groups, plan.Streams(info.Plan, int(info.Size)))
	d.tables.end()
}

// clipAll returns the lines that have at most n bytes together.
func clipAll(lines []string, n int) []string {
	for k, line := range lines {
		if n -= len(line); n < 0 {
			return append(lines[:k:k], "…")
		}
	}
	return lines
}

// nodesOf returns the nodes of p, without what their lists say.
func nodesOf(p *dsl.Program) (nodes []Node) {
	lines := strings.Split(p.String(), "\n")
	for i := range p.Nodes {
		n := &p.Nodes[i]
		node := Node{Name: "sequence_" + strconv.Itoa(i+1), Line: clip(lines[i], maxLine), Words: clip(plan.Words(p, i), maxLine), Stream: -1, Size: -1}
		node.Args = append([]int{}, n.Refs[:n.Op.Lists()]...)
		if n.Op == dsl.Payload {
			node.Stream = int(n.Nums[0])
		}
		nodes = append(nodes, node)
	}
	return nodes
}

// measure sets the sizes of the lists of d and, as far as there is a budget, what deflate makes of them and
// what the segment takes without a step.
func (ds *details) measure(d *detailed, info *codec.SegmentInfo, p *dsl.Program, streams [][]byte) {
	try := d.distinct && ds.tried < maxTried && ds.bytesFor.segments+len(info.Restored) <= maxTriedBytes
	if try {
		ds.tried++
		ds.bytesFor.segments += len(info.Restored)
	}
	if l, err := plan.NewLayout(p, len(info.Restored)); err == nil { // as before
		for i := range d.Nodes {
			d.Nodes[i].Size = int64(l.Size(i))
		}
	}
	if try && ds.o.Deflate != nil {
		// The streams made the segment: there is no error.
		ds.machine.Lists(len(info.Restored), p, streams, func(i int, list []byte) {
			if n := &d.Nodes[i]; n.Deflated == 0 && ds.bytesFor.lists+len(list) <= maxDeflated {
				ds.bytesFor.lists += len(list)
				n.Deflated = int64(ds.o.Deflate(list))
			}
		})
	}
	if try && ds.o.Without != nil && info.Plan != nil {
		ds.tryWithout(d, info, p)
	}
}

// groupParts returns what the Report says of groups, whose streams have these words.
func groupParts(groups []codec.GroupInfo, words []string) (list []GroupPart) {
	first := 0
	for _, g := range groups {
		part := GroupPart{Raw: g.Raw, First: first}
		for _, s := range g.Streams {
			stream := Stream{Bytes: s.Size, Bits: s.Cost.Bits()}
			if k := first + len(part.Streams); k < len(words) {
				stream.Words = words[k]
			}
			part.Streams = append(part.Streams, stream)
		}
		first += len(g.Streams)
		if g.Predictor != nil {
			lines := strings.Split(g.Predictor.String(), "\n")
			for i := range g.Predictor.Nodes {
				c := Component{Line: clip(lines[i], maxLine), Words: clip(ComponentWords(&g.Predictor.Nodes[i]), maxLine)}
				if i < len(g.Worth) {
					c.Worth = g.Worth[i]
				}
				part.Predictor = append(part.Predictor, c)
			}
		}
		list = append(list, part)
	}
	return list
}
