package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// elements are the types of numbers that are tried, by their bytes: little endian, then big
// endian as negative numbers.
var elements = [...]int{1, 2, 4, 8, -2, -4, -8}

func abs(x int) int { return max(x, -x) }

// predictions returns the ways to predict elements from those at the distances of ev.
func predictions(ev *evidence) (list []recipe) {
	add := func(ops ...dsl.Node) { list = append(list, recipe{ops: ops}) }
	for _, w := range elements {
		size := abs(w)
		for _, near := range ev.near {
			if near%size != 0 {
				continue
			}
			n := near / size
			add(predict(w, 0, n, 1))
			if size > 1 || near == ev.near[0] {
				add(predict(w, 0, n, 2, 2*n, -1))
				add(node(dsl.ScanXor, w, n))
			}
			if size >= 4 {
				add(node(dsl.Floats, w), predict(w, 0, n, 1))
			}
			if size > 2 { // pixels are smaller
				continue
			}
			for _, far := range ev.far {
				if far%size != 0 || far <= 2*near {
					continue
				}
				row := far / size
				add(node(dsl.Paeth, w, n, row))
				add(node(dsl.Median, w, n, row))
				add(predict(w, 0, n, 1, row, 1, n+row, -1))
			}
		}
		for _, far := range ev.far {
			if far%size == 0 {
				add(predict(w, 0, far/size, 1))
			}
		}
	}
	return list
}

// planes returns r with its residuals cut into bytes, all lowest ones first: a plane of
// bytes for each. Zigzag makes the other planes of small residuals nearly constant.
func planes(r recipe) recipe {
	w := int(r.ops[len(r.ops)-1].Nums[0])
	if w == 1 {
		return r.with(node(dsl.Zigzag, 1))
	}
	return r.with(node(dsl.Zigzag, w), transpose(1, abs(w)))
}

// layouts returns r with its residuals in other orders.
func layouts(ev *evidence, r recipe) (list []recipe) {
	if len(r.fields) > 0 {
		return nil
	}
	bare := r.bare()
	w := 1
	if len(bare.ops) > 0 {
		w = int(bare.ops[len(bare.ops)-1].Nums[0])
	}
	size := abs(w)
	starts := []recipe{bare}
	if size > 1 {
		folded := bare.with(node(dsl.Zigzag, w))
		starts = append(starts, folded)
		list = append(list, folded, bare.with(transpose(1, size)))
	}
	for _, s := range starts {
		for _, n := range slices.Concat(ev.near, ev.far) {
			if n > 1 && n != size {
				list = append(list, s.with(transpose(1, n)))
			}
			if size > 1 && n > size && n%size == 0 {
				list = append(list, s.with(transpose(size, n/size)))
			}
		}
	}
	return list
}

// leadSaving is what a lead must save over a shorter one, one part in so many: most
// differences between leads are noise. No difference.
const leadSaving = 100

// leads returns how many bytes come before the first element, for each size of elements:
// the lead with which the simplest prediction of these takes least.
func (t *trial) leads(ev *evidence) (lead [9]int) {
	s := t.narrow(t.sample, glimpse, roughly)
	for _, w := range elements {
		size := abs(w)
		k := slices.IndexFunc(ev.near, func(n int) bool { return n%size == 0 })
		if size == 1 || k < 0 {
			continue
		}
		n := ev.near[k] / size
		least := int64(unpriced)
		if w < 0 { // little endian elements come before, and may have set a lead
			r := planes(recipe{lead: lead[size], ops: []dsl.Node{predict(-w, 0, n, 1)}})
			least = t.price(r, s)
		}
		r := planes(recipe{ops: []dsl.Node{predict(w, 0, n, 1)}})
		for r.lead = range size {
			if cost := t.price(r, s); saves(cost, least, leadSaving) {
				lead[size], least = r.lead, cost
			}
		}
	}
	return lead
}

// rowShift is by how many elements a row is tried to be longer or shorter: the row before is
// much like the next even if it is a little out of place, so evidence is often wrong by few.
// +-0 from 1 to 5.
const rowShift = 3

// rows returns r with its rows some elements longer or shorter, if it has any.
func rows(_ *evidence, r recipe) (list []recipe) {
	if len(r.ops) == 0 {
		return nil
	}
	for by := -rowShift; by <= rowShift; by++ {
		n, ok := withRow(r.ops[0], by)
		if by == 0 || !ok {
			continue
		}
		q := r
		q.ops = slices.Clone(r.ops)
		q.ops[0] = n
		list = append(list, q)
	}
	return list
}

// withRow returns n, a prediction by the row before, with a row longer by some elements. It
// reports whether it has a row and the row can be.
func withRow(n dsl.Node, by int) (_ dsl.Node, ok bool) {
	switch {
	case n.Op == dsl.Paeth || n.Op == dsl.Median:
		n.Nums[2] += int32(by)
		return n, n.Nums[2] >= 1
	case isPlane(n):
		n.List = slices.Clone(n.List)
		n.List[2] += int32(by)
		n.List[4] += int32(by)
		return n, n.List[2] >= 1
	}
	return n, false
}

// isPlane reports whether n predicts an element by the plane through three neighbours.
func isPlane(n dsl.Node) bool { return n.Op == dsl.Predict && n.Nums[1] == 0 && len(n.List) == 6 }

const (
	// maxColumns is how many columns a layout of a whole segment may have. Arbitrary.
	maxColumns = 256

	// layoutBytes is what another column costs: the codes that deflate describes for it.
	layoutBytes = 64
)

// wholeLayout returns r with its residuals in columns that take less in all of the segment,
// if there are any. A column of a sample is shorter than what deflate has codes for, so that
// the sample does not tell: ECG is 5 % shorter in 24 columns, which one search of 8 found.
func (t *trial) wholeLayout(r recipe, ev *evidence) (recipe, bool) {
	bare := r.bare()
	if len(r.fields) > 0 || len(bare.ops) == 0 || t.enough() {
		return r, false
	}
	w := int(bare.ops[len(bare.ops)-1].Nums[0])
	folded := bare.with(node(dsl.Zigzag, w))
	streams, err := t.split(t.src, folded.plan(len(t.src)))
	if err != nil {
		return r, false
	}
	residuals := streams[len(streams)-1]
	now := 1
	if last := r.ops[len(r.ops)-1]; last.Op == dsl.Transpose && last.Nums[0] == 1 {
		now = int(last.Nums[1])
	}
	best, least := now, t.inColumns(residuals, now)
	least -= least / minSaving
	for _, n := range slices.Concat(ev.near, ev.far) {
		if n < 2 || n == now || n%abs(w) != 0 || n > maxColumns {
			continue
		}
		if size := t.inColumns(residuals, n); size < least {
			best, least = n, size
		}
	}
	return folded.with(transpose(1, best)), best != now
}

// inColumns estimates what the bytes of b take in n columns, in bytes: their entropy.
func (t *trial) inColumns(b []byte, n int) int64 {
	t.meter.steps += entropySteps * int64(len(b))
	counts := make([][256]int, n)
	for len(b) >= n {
		for k, c := range b[:n] {
			counts[k][c]++
		}
		b = b[n:]
	}
	bits := 0.0
	for k := range counts {
		rows := 0
		for _, c := range counts[k] {
			rows += c
		}
		bits += entropy(&counts[k], rows)
	}
	return int64(bits/8) + int64(n*layoutBytes)
}
