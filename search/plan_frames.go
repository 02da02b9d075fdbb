package search

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A framing says how records of several kinds follow each other: each has its length,
// of |element| bytes, at byte at; it has add bytes more. Before the first one are
// start bytes, from end on there is no whole one.
type framing struct {
	at, element, add int
	start, end       int
	records          int
	distinct         int // heads among those looked at
}

const (
	lookedAt  = 400 // records that a framing is judged by
	framings  = 3   // that are tried
	leastEach = 6   // bytes that records have, on average
)

// length is that of the record that b starts with; 0: there is none.
func (f *framing) length(b []byte) int {
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

// walk follows the records of src and reports whether they go on to its end. Where
// one can't be, the next byte may start one: it takes few until a true one is met.
func (f *framing) walk(src []byte) bool {
	fails, looked, seen := 0, 0, map[uint64]bool{}
	size := max(f.at+max(f.element, -f.element), 2)
	for i := 0; i < len(src); {
		n := f.length(src[i:])
		if n == 0 {
			if len(src)-i < f.at+8 {
				break
			}
			if fails++; fails > 64+f.records/8 {
				return false
			}
			i++
			f.start, f.records, looked = i, 0, 0
			clear(seen)
			continue
		}
		if i+n > len(src) {
			break
		}
		if i >= len(src)/4 && looked < lookedAt { // the first ones often describe the others
			looked++
			key := uint64(0)
			for _, c := range src[i:min(i+size, len(src))] {
				key = key<<8 | uint64(c)
			}
			seen[key] = true
			if len(seen)*8 > looked+64 {
				return false // as many kinds as records
			}
		}
		f.records++
		i += n
		f.end = i
	}
	f.distinct = len(seen)
	covered := f.end - f.start
	return f.records >= 32 && f.distinct > 1 && f.distinct*8 < looked+64 &&
		covered >= f.records*leastEach && covered*5 >= len(src)*4
}

// frames are the framings that src may have, the most telling first.
func frames(src []byte) (list []framing) {
	for _, element := range [...]int{1, 2, -2, 4, -4} {
		size := max(element, -element)
		for at := 0; at <= 8-size && at <= 4; at++ {
			for add := 0; add <= 12; add++ {
				f := framing{at: at, element: element, add: add}
				if f.walk(src) {
					list = append(list, f)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b framing) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.distinct, b.distinct), cmp.Compare(b.end, a.end))
	})
	return list[:min(len(list), framings)]
}

// A layering says what is done with the heads and the bodies of records.
type layering struct {
	head              int  // bytes of a head
	differ, transpose bool // the bodies; the heads
}

// plan is the program for size bytes of records with the given heads.
func (f *framing) plan(l layering, size int) *dsl.Program {
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
	d.Out = d.add(dsl.Node{Op: dsl.Records, Refs: [2]int{heads, body}, Nums: [3]int32{int32(l.head)},
		List: []int32{int32(f.at), int32(f.element), int32(f.add)}})
	if f.end < size {
		d.Out = d.add(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{d.Out, d.state(d.payload(), size-f.end)}})
	}
	if start >= 0 {
		d.Out = d.add(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{start, d.Out}})
	}
	return d.Program.Canonical()
}

// framed returns the best plans of records of several kinds for src.
func (t *trial) framed() []*dsl.Program {
	type priced struct {
		plan *dsl.Program
		cost int
	}
	var list []priced
	for _, f := range frames(t.src) {
		// Judged by a part of the segment, of whole records.
		part := f
		b := t.src[:min(len(t.src), f.start+t.effort.frames)]
		part.start, part.end, part.records = f.start, f.start, 0
		for {
			n := part.length(b[part.end:])
			if n == 0 || part.end+n > len(b) {
				break
			}
			part.end += n
			part.records++
		}
		b = b[:part.end]
		best := layering{}
		least := t.cost(b)
		for head := f.at + max(f.element, -f.element); head <= 8; head++ {
			for _, differ := range [...]bool{false, true} {
				l := layering{head: head, differ: differ, transpose: head > 1}
				streams, err := t.machine.Split(b, part.plan(l, len(b)))
				if err != nil {
					continue
				}
				if c := t.cost(slices.Concat(streams...)); c < least {
					best, least = l, c
				}
			}
		}
		if best.head > 0 {
			list = append(list, priced{f.plan(best, len(t.src)), least * 1024 / len(b)})
		}
	}
	slices.SortStableFunc(list, func(a, b priced) int { return cmp.Compare(a.cost, b.cost) })
	var plans []*dsl.Program
	for _, p := range list[:min(len(list), 2)] {
		plans = append(plans, p.plan)
	}
	return plans
}
