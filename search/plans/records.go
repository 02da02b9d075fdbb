package plans

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Records of several kinds, each with its length in its head, are cut into heads and bodies.

// The framings that are tried. What is here without a reason is arbitrary.
const (
	maxLengthOff = 4  // bytes in a head before its length: a mark
	maxHeadField = 8  // bytes in a head up to the end of its length
	maxAdd       = 12 // bytes of a record that its length does not count: head, checksum
	maxFramings  = 4  // framings that are tried on all of the segment

	// sameBytes is by how little framings may end apart for that not to count: a record or so.
	sameBytes = 256
)

// What a framing must pass, in this order.
const (
	middleBytes = 2 << 10 // length of the middle, in which there must be …
	minRun      = 16      // … so many records in a row, since fewer are chance, …
	meanLength  = 4       // … and at most one per so many bytes

	chainBytes  = 16 << 10 // bytes for which records must follow each other
	framedBytes = 16 << 10 // bytes by which regularPercent and framedSaving are judged

	// regularPercent is the most that the entropy of the lengths may be, in percent of that
	// of the bytes: the lengths of a false framing are any bytes.
	regularPercent = 90
	// framedSaving is what the bytes must save by their records, one part in so many.
	framedSaving = 16
	// framedPercent is the least share of the segment that is records.
	framedPercent = 80
)

// framings returns the framings that the segment may have, the most telling first. In the
// middle of the segment, the longest run of records is the true one: a wrong start soon
// leads to a length that leads far away.
func (t *trial) framings() (list []framing) {
	for _, f := range t.framingsOfMiddle() {
		if t.stopped() {
			return nil
		}
		whole := f.withoutRecords()
		if whole.find(t.src, f.start) {
			whole.extend(t.src)
			if (whole.end-whole.start)*100 >= len(t.src)*framedPercent {
				list = append(list, whole)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b framing) int {
		outside := func(f framing) int { return (f.start + len(t.src) - f.end) / sameBytes }
		return cmp.Or(cmp.Compare(outside(a), outside(b)), cmp.Compare(a.heads, b.heads))
	})
	return list[:min(len(list), maxFramings)]
}

// framingsOfMiddle returns the framings that the middle of the segment may have, each with
// the start of a record there. Those are first that go on longest with the fewest heads.
func (t *trial) framingsOfMiddle() (list []framing) {
	from := len(t.src) / 2
	part := t.src[from:min(from+middleBytes, len(t.src))]
	runs := newRuns(part)
	for _, w := range [...]int{1, 2, -2, 4, -4} {
		for off := 0; off <= min(maxHeadField-abs(w), maxLengthOff); off++ {
			if t.stopped() {
				return nil
			}
			runs.read(off, w)
			for add := 0; add <= maxAdd; add++ {
				f := framing{off: off, element: w, add: add}
				start, count := runs.longest(f.lengthEnd(), add)
				if count < minRun || count*meanLength > len(part) {
					continue
				}
				start += from
				if f.find(t.src[start:min(len(t.src), start+chainBytes)], 0) {
					f.start = start
					list = append(list, f)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b framing) int {
		return cmp.Or(cmp.Compare(b.end/sameBytes, a.end/sameBytes), cmp.Compare(a.heads, b.heads))
	})
	list = list[:min(len(list), 2*maxFramings)]
	return slices.DeleteFunc(list, func(f framing) bool { return t.stopped() || !f.regular(t.src) || !t.shorter(f) })
}

// regular reports whether the lengths of the records after f's start vary less than bytes.
func (f *framing) regular(src []byte) bool {
	b := src[f.start:min(len(src), f.start+framedBytes)]
	var lengths, bytes [256]int
	for _, c := range b {
		bytes[c]++
	}
	records := 0
	for i := 0; i < len(b); records++ {
		n := f.length(b[i:])
		if n == 0 {
			break
		}
		lengths[byte(n)]++
		i += n
	}
	return records > 0 &&
		entropy(&lengths, records)/float64(records) < regularPercent/100.0*entropy(&bytes, len(b))/float64(len(b))
}

// shorter reports whether the bytes after f's start take less as records.
func (t *trial) shorter(f framing) bool {
	b := t.src[f.start:min(len(t.src), f.start+framedBytes)]
	plain := int64(estimate(b))
	for typeBytes := range 2 { // a type may follow the length
		l := layering{head: f.lengthEnd() + typeBytes}
		part := f.withoutRecords().from(b, 0, l.head)
		streams, err := t.split(b, part.plan(l, len(b)))
		if err == nil && saves(int64(estimate(slices.Concat(streams...))), plain, framedSaving) {
			return true
		}
	}
	return false
}

// A layering says what is done with the heads and the bodies of records.
type layering struct {
	head      int  // bytes of a head
	differ    bool // the bodies are differenced, byte by byte
	transpose bool // the heads are transposed
}

// plan returns the program for size bytes of f's records.
func (f framing) plan(l layering, size int) *dsl.Program {
	d := &draft{}
	start := d.stream(f.start)
	heads := d.payload()
	if l.transpose {
		heads = d.add(transpose(1, l.head), heads)
	}
	heads = d.state(heads, f.records*l.head)
	bodies := d.payload()
	if l.differ {
		bodies = d.add(dsl.Node{Op: dsl.ScanAdd}, bodies)
	}
	n := node(dsl.Records, l.head)
	n.List = []int32{int32(f.off), int32(f.element), int32(f.add)}
	if f.typeLengths != nil {
		for kind, length := range f.typeLengths {
			if length > 0 {
				n.List = append(n.List, int32(kind), length)
			}
		}
	}
	records := d.add(n, heads, bodies)
	return d.concatenate(start, records, d.stream(size-f.end))
}

// Limits of plans for a framing. Arbitrary.
const (
	maxHead      = 8 // bytes of a head
	maxFramed    = 2 // plans proposed for a segment
	leadingShare = 4 // records must start in the first 1/leadingShare of the segment
	excerptShare = 3 // the excerpt starts after the first 1/excerptShare
	kindRecords  = 8 // least mean number of records with the same head
)

// A pricedPlan is a plan and what an excerpt takes by it.
type pricedPlan struct {
	plan  *dsl.Program
	share int64 // of what the excerpt takes without it, in 1/1024
}

// recordPlans returns the best plans for records of several kinds.
func (t *trial) recordPlans() (plans []*dsl.Program) {
	list := t.framings()
	if f, ok := typeFraming(t.src); ok {
		list = append(list, f)
	}
	var found []pricedPlan
	for _, f := range list {
		if t.stopped() {
			return nil
		}
		found = append(found, t.layerings(f)...)
	}
	slices.SortStableFunc(found, func(a, b pricedPlan) int { return cmp.Compare(a.share, b.share) })
	for _, p := range found[:min(len(found), maxFramed)] {
		plans = append(plans, p.plan)
	}
	return plans
}

// layerings returns the best plan of the framing f for each length of heads that saves
// something. They are judged by an excerpt that is not at the start, where the other records
// are often described.
func (t *trial) layerings(f framing) (found []pricedPlan) {
	off := f.from(t.src, len(t.src)/excerptShare, 0).start
	b := t.src[off:min(len(t.src), off+t.effort.frameBytes)]
	plain := t.codedSize(b, t.coder)
	t.setLimit(plain)
	most := maxHead
	if f.typeLengths != nil {
		most = f.lengthEnd() // records may be that short
	}
	for head := f.lengthEnd(); head <= most; head++ {
		whole := f.from(t.src, 0, head)
		if whole.start > len(t.src)/leadingShare {
			break // many records are shorter
		}
		part := f.withoutRecords().from(b, 0, head)
		if part.kinds(b, head)*kindRecords > part.records {
			break // longer heads tell apart what is alike
		}
		best, least := layering{}, plain
		for _, differ := range [...]bool{false, true} {
			if t.enough() {
				break
			}
			l := layering{head: head, differ: differ, transpose: head > 1}
			streams, err := t.split(b, part.plan(l, len(b)))
			if err != nil {
				continue
			}
			if cost := t.codedSize(slices.Concat(streams...), t.coder); cost < least {
				best, least = l, cost
			}
		}
		if best.head > 0 {
			found = append(found, pricedPlan{whole.plan(best, len(t.src)), least * 1024 / plain})
		}
	}
	return found
}
