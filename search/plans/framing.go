package plans

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/dsl/plan"
)

// A framing says how records of several kinds follow each other, without gaps. The head of each
// has its length or, with types, a type that says its length.
type framing struct {
	off     int // of the length in the head, in bytes; of the type with types
	element int // type of the length; 0 with types
	unit    int // bytes that the length counts in
	add     int // bytes of a record that its length does not count
	align   int // a record is padded to a multiple of so many bytes
	head    int // bytes of a head, which no record is shorter than; 0 before they are chosen
	types   []typeLength
	keys    []int // bytes of the head that tell kinds apart

	spans []span // of the records of the segment
}

// A typeLength says how long the records of a type are, from the record with a number on.
type typeLength struct{ kind, length, from int32 }

// Limits of framings. Arbitrary.
const (
	maxFramedLength = 1 << 17 // bytes of a record: longer ones are too few for a plan to pay
	maxAfter        = 8       // after the last record there is less than 1/maxAfter of the segment

	// doubtfulRecords at the start may be false ones, which yet lead to true ones.
	doubtfulRecords = 16

	// densePercent is the most that records before those known may take if they had their mean
	// length, in percent: more are false, such as those in a run of zeros.
	densePercent = 150
)

// lengthEnd returns where the length in a head ends, or the type.
func (f *framing) lengthEnd() int { return f.off + lengthBytes(f.element) }

// leastLength returns how many bytes a record has at least.
func (f *framing) leastLength() int { return max(f.lengthEnd(), f.head) }

// varint is the element of a length of 7 bits a byte, in one or two bytes (container/FORMAT.md,
// section 9).
const varint = 16

// lengthBytes returns how many bytes of a head have a length of type element, or a type if that is
// 0.
func lengthBytes(element int) int {
	if element == varint {
		return 2
	}
	return max(abs(element), 1)
}

// statedLength returns the length of type element that b starts with; the bytes of a varint count.
func statedLength(b []byte, element int) uint64 {
	if element != varint {
		return plan.Number(b, element)
	}
	if b[0] < 128 {
		return uint64(b[0]) + 1
	}
	if b[1] >= 128 {
		return maxFramedLength + 1
	}
	return uint64(b[0]&127) | uint64(b[1])<<7 + 2
}

// length returns the length of the record that b starts with; 0 if there is none.
func (f *framing) length(b []byte) int {
	least := f.leastLength()
	if len(b) < least {
		return 0
	}
	if f.element == 0 {
		return f.typeLength(b[f.off])
	}
	x := statedLength(b[f.off:], f.element)
	if x > maxFramedLength {
		return 0
	}
	n := int(x)*f.unit + f.add
	n = (n + f.align - 1) / f.align * f.align
	if n >= least && n <= maxFramedLength {
		return n
	}
	return 0
}

// typeLength returns the length of the records of a type, which never changes; 0 if there are none.
func (f *framing) typeLength(kind byte) int {
	for _, t := range f.types {
		if t.kind == int32(kind) {
			return int(t.length)
		}
	}
	return 0
}

// chain returns the records that follow each other from byte start of src on.
func (f *framing) chain(src []byte, start int) (spans []span) {
	for i := start; i < len(src); {
		n := f.length(src[i:])
		if n == 0 || i+n > len(src) {
			break
		}
		spans = append(spans, span{int32(i), int32(i + n)})
		i += n
	}
	return spans
}

// whole returns f with the records of src, of which one starts at byte start: those after it, and
// the longest chain of records that leads to one of these. ok is false if they end early.
func (f framing) whole(src []byte, start int) (_ framing, ok bool) {
	f.spans = f.chain(src, start)
	if len(f.spans) == 0 || (len(src)-int(f.spans[len(f.spans)-1].end))*maxAfter > len(src) {
		return f, false
	}
	f.spans = f.spans[min(doubtfulRecords, len(f.spans)-1):]
	start = int(f.spans[0].start)
	const zero = 1 << 13 // so that chain[i] is 0 if no known record is met
	// From byte i a chain has chain[i] records up to the start, and zero; less those after the
	// start that it passes over.
	chain := make([]int32, start+1)
	known := map[int]int32{}
	for k, s := range f.spans[:min(len(f.spans), zero-1)] {
		known[int(s.start)] = zero - int32(k)
	}
	mean := f.bytes() / len(f.spans)
	best, most := start, int32(zero)
	for i := start - 1; i >= 0; i-- {
		n := f.length(src[i:])
		if n == 0 {
			continue
		}
		k := int32(0)
		if next := i + n; next >= start {
			k = known[next]
		} else {
			k = chain[next]
		}
		if k == 0 {
			continue
		}
		chain[i] = k + 1
		records, size := int(k+1-zero), start-i
		if k+1 > most && int64(records-doubtfulRecords)*int64(mean)*100 <= int64(size)*densePercent {
			best, most = i, k+1
		}
	}
	f.spans = f.chain(src, best)
	return f, true
}

// bytes returns how many bytes f's records have together.
func (f *framing) bytes() int {
	if len(f.spans) == 0 {
		return 0
	}
	return int(f.spans[len(f.spans)-1].end - f.spans[0].start)
}

// shortest returns the length of the shortest record.
func (f *framing) shortest() int {
	s := slices.MinFunc(f.spans, func(a, b span) int { return cmp.Compare(a.end-a.start, b.end-b.start) })
	return int(s.end - s.start)
}

// regular reports whether the lengths of f's records vary less than bytes, by the entropy of both.
func (f *framing) regular(src []byte) bool {
	var lengths, bytes [256]int
	records, total := 0, 0
	for _, s := range f.middle(framedBytes) {
		lengths[byte(s.end-s.start)]++
		records++
		for _, c := range src[s.start:s.end] {
			bytes[c]++
			total++
		}
	}
	return records > 1 &&
		entropy(&lengths, records)/float64(records) < regularPercent/100.0*entropy(&bytes, total)/float64(total)
}

// middle returns records in a row from the middle of the segment, of about size bytes.
func (f *framing) middle(size int) []span {
	total := f.bytes()
	if total <= size {
		return f.spans
	}
	from := int(f.spans[0].start) + (total-size)/2
	k, _ := slices.BinarySearchFunc(f.spans, from, func(s span, off int) int { return cmp.Compare(int(s.start), off) })
	n, _ := slices.BinarySearchFunc(f.spans, from+size, func(s span, off int) int { return cmp.Compare(int(s.start), off) })
	return f.spans[k:n]
}

// What a framing must pass. What is here without a reason is arbitrary.
const (
	framedBytes = 16 << 10 // bytes by which regularPercent is judged

	// regularPercent is the most that the entropy of the lengths may be, in percent of that
	// of the bytes: the lengths of a false framing are any bytes.
	regularPercent = 90
	// framedPercent is the least share of the segment that is records.
	framedPercent = 80
)
