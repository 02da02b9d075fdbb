package describe

import (
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// tryWithout sets what the segment takes without each step of d, as far as there is a budget. The segment may be
// coded at another level, or by predictors: what counts is the share.
func (ds *details) tryWithout(d *detailed, info *codec.SegmentInfo, p *dsl.Program) {
	whole := ds.o.Without(info.Restored, p)
	if whole <= 0 {
		return
	}
	tries := 0
	for i := range d.Nodes {
		n := &d.Nodes[i]
		if n.Size < 0 {
			continue
		}
		size := int64(0)
		if q, ok := plan.Without(p, i); !ok {
			if more, ok := d.grownBy(i, p.Nodes[i].Op); ok {
				size = max(0, whole+more)
			}
		} else if tries < maxTriedWithout && ds.bytesFor.without+len(info.Restored) <= maxWithoutBytes {
			tries++
			ds.bytesFor.without += len(info.Restored)
			size = ds.o.Without(info.Restored, q)
		}
		n.Without = size * info.Coded / whole
	}
}

// grownBy returns by how many bytes a segment grows, as deflate says, if what node i makes is coded as it is, in place of
// the streams below. ok is false if that is unknown, of operations that do nothing to their lists, and if the streams
// serve other nodes, too.
func (d *Detail) grownBy(i int, op dsl.Op) (n int64, ok bool) {
	if op == dsl.Payload || op == dsl.Between || op == dsl.Concatenate || d.Nodes[i].Deflated <= 0 {
		return 0, false
	}
	n = d.Nodes[i].Deflated
	below := make([]bool, i+1)
	below[i] = true
	for k := i; k >= 0; k-- {
		if !below[k] {
			continue
		}
		if d.Nodes[k].Stream >= 0 {
			if d.Nodes[k].Deflated <= 0 {
				return 0, false
			}
			n -= d.Nodes[k].Deflated
		}
		for _, a := range d.Nodes[k].Args {
			below[a] = true
		}
	}
	for k := range d.Nodes {
		for _, a := range d.Nodes[k].Args {
			if inside := k <= i && below[k]; !inside && a < i && below[a] {
				return 0, false
			}
		}
	}
	return n, true
}
