package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A recipe is a way to take a segment apart: the operations in the order in which they do
// so, which is from the plan's output down, then the fields into which the records of the
// result are cut.
type recipe struct {
	lead   int // bytes before the first element; they are a stream of their own
	ops    []dsl.Node
	fields []field // of a record; nil if the result is in one piece
	cost   int64   // in bytes, of the sample
	sample *sample // that cost is of; nil if there is no cost
}

// isPlain reports whether r leaves everything as it is.
func (r *recipe) isPlain() bool { return len(r.ops)+len(r.fields) == 0 }

// with returns r with more operations.
func (r recipe) with(ops ...dsl.Node) recipe {
	r.ops = append(slices.Clip(r.ops), ops...)
	return r
}

// bare returns r without what only puts bytes into another order.
func (r recipe) bare() recipe {
	bare := recipe{lead: r.lead}
	for _, n := range r.ops {
		if n.Op != dsl.Zigzag && n.Op != dsl.Transpose {
			bare.ops = append(bare.ops, n)
		}
	}
	return bare
}

// refold returns r with its residuals folded by zigzag if they are not, and unfolded if they are;
// ok is false if it has none.
func (r recipe) refold() (q recipe, ok bool) {
	bare := r.bare()
	k := len(bare.ops)
	if k == 0 || len(r.fields) > 0 {
		return r, false
	}
	order := r.ops[k:]
	q = bare
	if len(order) > 0 && order[0].Op == dsl.Zigzag {
		return q.with(order[1:]...), true
	}
	return q.with(node(dsl.Zigzag, int(bare.ops[k-1].Nums[0]))).with(order...), true
}

// recordSize returns the bytes of the records that r cuts into fields; 1 if there are none.
func (r *recipe) recordSize() int {
	n := 0
	for _, f := range r.fields {
		n += f.size()
	}
	return max(n, 1)
}

// leadAt returns how many bytes come before the first element or record of an excerpt at
// byte off. Excerpts start with whole elements, records may have any length.
func (r *recipe) leadAt(off int) int {
	if n := r.recordSize(); n > 1 {
		return ((r.lead-off)%n + n) % n
	}
	return r.lead
}

// bits estimates the bits of r's plan. They are about what the parts take in the plans of
// real files.
func (r *recipe) bits() int64 {
	const perField, perOp, perNumber = 12, 24, 20
	bits := perField * len(r.fields)
	for _, n := range r.ops {
		bits += perOp + perNumber*len(n.List)
	}
	return int64(bits)
}

// sameOps reports whether a and b do the same.
func sameOps(a, b []dsl.Node) bool {
	return slices.EqualFunc(a, b, func(x, y dsl.Node) bool {
		if x.Op == dsl.ScanXor && y.Op == dsl.ScanXor { // of any elements, at the same distance
			return xorDistance(x) == xorDistance(y)
		}
		return x.Op == y.Op && x.Nums == y.Nums && slices.Equal(x.List, y.List)
	})
}

// xorDistance returns how far apart the bytes are of which n takes the exclusive or.
func xorDistance(n dsl.Node) int { return abs(int(n.Nums[0])) * int(n.Nums[1]) }

// plan returns the program of r for a segment of size bytes.
func (r recipe) plan(size int) *dsl.Program {
	d := &draft{}
	lead := d.stream(r.lead)
	d.Out = d.payload()
	if len(r.fields) > 0 {
		d.Out = d.add(dsl.Node{Op: dsl.Columns, List: numbersOf(r.fields)}, d.Out)
	}
	for _, n := range slices.Backward(r.ops) {
		d.Out = d.add(n, d.Out)
	}
	return d.concatenate(lead, d.Out)
}
