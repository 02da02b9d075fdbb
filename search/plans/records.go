package plans

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A framing says how records of several kinds follow each other: each has its length,
// of |element| bytes, at byte at; it has add bytes more. Before the first one are
// start bytes, from end on there is no whole one. With typeLengths, there is a type of one
// byte instead, which says how long its records are.
type framing struct {
	at, element, add int
	typeLengths      *[256]int32
	start, end       int
	records          int
	distinct         int // heads among those looked at
}

const (
	lookedAt  = 400 // records that a framing is judged by
	framings  = 4   // that are tried
	leastEach = 4   // bytes that records have, on average
	leastRow  = 16  // records in the middle

	middleBytes = 2 << 10
	framedBytes = 16 << 10
	findBytes   = 16 << 10 // that records must go on for
)

// length is that of the record that b starts with; 0: there is none.
func (f *framing) length(b []byte) int {
	if f.typeLengths != nil {
		if len(b) <= f.at {
			return 0
		}
		return int(f.typeLengths[b[f.at]])
	}
	size := max(f.element, -f.element)
	if len(b) < f.at+size {
		return 0
	}
	n := 0
	for i := range size {
		if f.element > 0 {
			n |= int(b[f.at+i]) << (8 * i)
		} else {
			n = n<<8 | int(b[f.at+i])
		}
	}
	if n += f.add; n < f.at+size || n > 1<<17 {
		return 0
	}
	return n
}

// lengths sets list[i] to the length of the record that may start at byte i of b,
// without add; a negative one: there is none.
func (f *framing) lengths(list []int32, b []byte) {
	plain := framing{at: f.at, element: f.element, add: f.at + 8}
	for i := range list {
		list[i] = int32(plain.length(b[i:]) - plain.add)
	}
}

// row is the start of the longest row of records whose lengths without add are given,
// and how many it has.
func row(lengths []int32, least, add int32, follow []uint16) (best int, count uint16) {
	for i := len(lengths) - 1; i >= 0; i-- {
		follow[i] = 0
		n := lengths[i] + add
		if n < least {
			continue
		}
		k := uint16(1)
		if next := i + int(n); next < len(lengths) {
			k += follow[next]
		}
		if follow[i] = k; k >= count {
			best, count = i, k
		}
	}
	return best, count
}

// find sets where the records of src end, of which one starts at byte at, and from where
// on they are known, and reports whether they may be most of it.
func (f *framing) find(src []byte, at int) bool {
	f.start = at
	size := max(f.at+max(f.element, -f.element), 2)
	seen := map[uint64]bool{}
	for i := f.start; ; f.records++ {
		n := f.length(src[i:])
		if n == 0 || i+n > len(src) {
			break
		}
		if f.records < lookedAt {
			key := uint64(0)
			for _, c := range src[i:min(i+size, len(src))] {
				key = key<<8 | uint64(c)
			}
			seen[key] = true
		}
		i += n
		f.end = i
	}
	f.distinct = len(seen)
	if f.distinct < 2 || f.distinct*8 >= min(f.records, lookedAt)+64 || (len(src)-f.end)*8 > len(src) {
		return false
	}
	for range leastRow { // the first ones may be false; these lead to true ones
		if f.records > 1 {
			f.start += f.length(src[f.start:])
			f.records--
		}
	}
	return true
}

// extend moves the start back to the first of the records.
func (f *framing) extend(src []byte) {
	// Records from a place to the start, and more than zero, less those after the start
	// that are passed over; 0: none.
	const zero = 1 << 13
	follow := make([]int32, f.start+1)
	after := map[int]int32{} // of the records after the start
	for i, k := f.start, int32(zero); i < f.end && k > 0; k-- {
		after[i] = k
		i += f.length(src[i:])
	}
	best, most := f.start, int32(zero)
	for i := f.start - 1; i >= 0; i-- {
		n := f.length(src[i:])
		if n == 0 {
			continue
		}
		var k int32
		if next := i + n; next >= f.start {
			skipped, ok := after[next]
			if !ok {
				continue
			}
			k = skipped + 1
		} else if follow[next] == 0 {
			continue
		} else {
			k = follow[next] + 1
		}
		if follow[i] = k; k > most {
			best, most = i, k
		}
	}
	f.start, f.records = best, f.records+int(most-zero)
}

// frames are the framings that t.src may have, the most telling first. Within some bytes
// in the middle, the longest row of records is the true one: a wrong start soon leads to
// a length that leads far away.
func (t *trial) frames() (list []framing) {
	src := t.src
	from := len(src) / 2
	part := src[from:min(from+middleBytes, len(src))]
	lengths, follow := make([]int32, len(part)), make([]uint16, len(part))
	for _, element := range [...]int{1, 2, -2, 4, -4} {
		size := max(element, -element)
		for at := 0; at <= min(8-size, 4); at++ {
			if t.stopped() {
				return nil
			}
			f := framing{at: at, element: element}
			f.lengths(lengths, part)
			for add := 0; add <= 12; add++ {
				f := framing{at: at, element: element, add: add}
				best, count := row(lengths, int32(at+size), int32(add), follow)
				if count < leastRow || int(count)*leastEach > len(part) {
					continue
				}
				best += from
				if f.find(src[best:min(len(src), best+findBytes)], 0) {
					f.start = best
					list = append(list, f)
				}
			}
		}
	}
	// Those that tell the fewest heads apart are looked at further, where some records
	// in the middle are shorter by them.
	slices.SortStableFunc(list, func(a, b framing) int {
		return cmp.Or(cmp.Compare(a.end>>8, b.end>>8)*-1, cmp.Compare(a.distinct, b.distinct))
	})
	list = slices.DeleteFunc(list[:min(len(list), 2*framings)], func(f framing) bool {
		return t.stopped() || !f.regular(src) || !t.shorter(f)
	})
	found := list[:0]
	for _, f := range list {
		if t.stopped() {
			return nil
		}
		all := framing{at: f.at, element: f.element, add: f.add}
		if all.find(src, f.start) {
			all.extend(src)
			if (all.end-all.start)*5 >= len(src)*4 {
				found = append(found, all)
			}
		}
	}
	list = found
	slices.SortStableFunc(list, func(a, b framing) int {
		return cmp.Or(cmp.Compare((a.start+len(src)-a.end)>>8, (b.start+len(src)-b.end)>>8), cmp.Compare(a.distinct, b.distinct))
	})
	return list[:min(len(list), framings)]
}

// regular reports whether the lengths of records in the middle vary less than bytes do.
func (f *framing) regular(src []byte) bool {
	b := src[f.start:min(len(src), f.start+framedBytes)]
	var lengths, all [256]int
	for _, c := range b {
		all[c]++
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
	return records > 0 && entropy(&lengths, records)/float64(records) < 0.9*entropy(&all, len(b))/float64(len(b))
}

// shorter reports whether what is in the middle is shorter by its records.
func (t *trial) shorter(f framing) bool {
	b := t.src[f.start:min(len(t.src), f.start+framedBytes)]
	plain := roughly(b)
	for more := range 2 { // a type may follow
		l := layering{head: f.at + max(f.element, -f.element) + more}
		part := (framing{at: f.at, element: f.element, add: f.add}).from(b, 0, l.head)
		streams, err := t.split(b, part.plan(l, len(b)))
		if err == nil && roughly(slices.Concat(streams...))*16 < plain*15 {
			return true
		}
	}
	return false
}

// A layering says what is done with the heads and the bodies of records.
type layering struct {
	head              int  // bytes of a head
	differ, transpose bool // the bodies; the heads
}

// plan is the program for size bytes of records with the given heads.
func (f framing) plan(l layering, size int) *dsl.Program {
	d := &draft{}
	start := -1
	if f.start > 0 {
		start = d.state(d.payload(), f.start)
	}
	heads := d.payload()
	if l.transpose {
		heads = d.add(dsl.Node{Op: dsl.Transpose, Refs: [2]int{heads}, Nums: [3]int32{1, int32(l.head)}})
	}
	heads = d.state(heads, f.records*l.head)
	body := d.payload()
	if l.differ {
		body = d.add(dsl.Node{Op: dsl.ScanAdd, Refs: [2]int{body}})
	}
	list := []int32{int32(f.at), int32(f.element), int32(f.add)}
	if f.typeLengths != nil {
		for kind, n := range f.typeLengths {
			if n > 0 {
				list = append(list, int32(kind), n)
			}
		}
	}
	d.Out = d.add(dsl.Node{Op: dsl.Records, Refs: [2]int{heads, body}, Nums: [3]int32{int32(l.head)}, List: list})
	if f.end < size {
		d.Out = d.add(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{d.Out, d.state(d.payload(), size-f.end)}})
	}
	if start >= 0 {
		d.Out = d.add(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{start, d.Out}})
	}
	return d.Program.Canonical()
}

// from returns f with as many of the records of src as are whole, from the first one
// on that starts at or after byte at and after which none is shorter than head.
func (f framing) from(src []byte, at, head int) framing {
	i := f.start
	f.records = 0
	for i < len(src) {
		n := f.length(src[i:])
		if n == 0 || i+n > len(src) {
			break
		}
		if i < at || n < head {
			f.start, f.records = i+n, 0
		} else {
			f.records++
		}
		i += n
	}
	f.end = i
	return f
}

// kinds is the number of different heads of the records of src.
func (f *framing) kinds(src []byte, head int) int {
	seen := map[string]bool{}
	for i := f.start; i < f.end; i += f.length(src[i:]) {
		seen[string(src[i:min(i+head, len(src))])] = true
	}
	return len(seen)
}

// framed returns the best plans of records of several kinds for src.
func (t *trial) framed() []*dsl.Program {
	type priced struct {
		plan  *dsl.Program
		share int64 // of what an excerpt takes without, over 1024
	}
	var found []priced
	list := t.frames()
	if f, ok := typed(t.src); ok {
		list = append(list, f)
	}
	for _, f := range list {
		if t.stopped() {
			return nil
		}
		// Judged by an excerpt: what comes first often describes the rest.
		at := f.from(t.src, len(t.src)/3, 0).start
		b := t.src[at:min(len(t.src), at+t.effort.frames)]
		plain := t.coded(b)
		t.worth(plain)
		for head := f.at + max(f.element, -f.element, 1); head <= 8; head++ {
			if f.typeLengths != nil && head > f.at+1 {
				break // they may be shorter
			}
			whole := f.from(t.src, 0, head)
			if whole.start > len(t.src)/4 {
				break // many records are shorter
			}
			part := (framing{at: f.at, element: f.element, add: f.add, typeLengths: f.typeLengths}).from(b, 0, head)
			if part.kinds(b, head)*8 > part.records {
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
				if c := t.coded(slices.Concat(streams...)); c < least {
					best, least = l, c
				}
			}
			if best.head > 0 {
				found = append(found, priced{whole.plan(best, len(t.src)), least * 1024 / plain})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b priced) int { return cmp.Compare(a.share, b.share) })
	var plans []*dsl.Program
	for _, p := range found[:min(len(found), 2)] {
		plans = append(plans, p.plan)
	}
	return plans
}
