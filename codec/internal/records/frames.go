package records

import "github.com/ktzip/ktzip/codec/internal/arith"

const (
	kindBits    = 12
	keptKinds   = 1 << kindBits // that are told apart, by a hash
	lastKept    = 4             // records of each kind that are looked at
	keptRecords = 64            // of whatever kind, in which a place is looked for
)

// A framer follows records.
type framer struct {
	p     *Frame
	start int // of the record under way
	end   int // of the record, once its length is known
	head  int // bytes of a head
	count int // records that began

	// kind is a hash of the record's kind, odd; 0 while its head is not over, or if it has none.
	kind   uint32
	before uint32            // the kind of the record before
	older  uint32            // the kind of the one before that
	last   int               // the start of the record before
	lasts  [lastKept]int32   // starts of the records of this kind before, the last one first, and 1
	starts [][lastKept]int32 // the same of every kind; when a head is over its record is the first

	recent     [keptRecords]record // of which the head is over, the last one at classified-1
	classified int

	lengths [256]int32 // of types, at this record
	types   int        // of those stated, that count
}

// A record is where a record began, and the place of its kind in starts.
type record struct {
	start int32
	kind  uint16
}

// never is the end of a record that has none.
const never = 1<<31 - 1

// reset begins without records.
func (f *framer) reset(p *Frame) {
	starts := arith.Zeros(f.starts, keptKinds)
	*f = framer{p: p, starts: starts, head: p.Head, end: p.First}
	if p.Length == 0 && p.Head == 0 {
		f.end = never
	}
}

// move moves to byte i, which is after b[:i].
func (f *framer) move(b []byte, i int) {
	if i == f.end {
		f.begin(i)
	}
	if f.kind == 0 && f.count > 0 && i == f.start+f.head {
		f.classify(b[f.start:i])
		if i == f.end { // there is only a head
			f.begin(i)
		}
	}
}

// begin begins a record at byte i.
func (f *framer) begin(i int) {
	f.older, f.before, f.kind = f.before, f.kind, 0
	f.last, f.start, f.end = f.start, i, never
	f.lasts = [lastKept]int32{}
	f.count++
}

// classify finds the end and the kind of the record under way.
func (f *framer) classify(head []byte) {
	p, kind := f.p, uint32(1)
	if p.Length > 0 {
		f.end = f.start + p.Length
	} else {
		f.end = f.start + f.length(head)
		for _, k := range p.Keys {
			kind = hashed(kind, uint32(head[k]))
		}
	}
	f.kind = kind | 1
	place := f.kind >> (32 - kindBits)
	s := &f.starts[place]
	f.lasts = *s
	copy(s[1:], f.lasts[:])
	s[0] = int32(f.start) + 1
	f.recent[f.classified%keptRecords] = record{int32(f.start), uint16(place)}
	f.classified++
}

// length returns the length of the record with this head.
func (f *framer) length(head []byte) int {
	p, n, x := f.p, int64(0), head[f.p.At:]
	switch e := p.Element; {
	case e == 0:
		return int(max(f.lengthOf(x[0]), int64(p.Head)))
	case e == VarintElement:
		n = int64(x[0]&127) + 1
		if x[0] > 127 {
			n += int64(x[1])<<7 + 1
		}
	case e > 0:
		for k := range e {
			n |= int64(x[k]) << (8 * k)
		}
	default:
		for _, v := range x[:-e] {
			n = n<<8 | int64(v)
		}
	}
	n = n*int64(p.Unit) + int64(p.Plus)
	n = (n + int64(p.Align) - 1) / int64(p.Align) * int64(p.Align)
	return int(max(min(n, maxRecord), int64(p.Head)))
}

// lengthOf returns the length of the record under way if it is of this type; 0 if there is none.
func (f *framer) lengthOf(typ byte) int64 {
	for list := f.p.Types; f.types < len(list) && list[f.types].From < f.count; f.types++ {
		f.lengths[list[f.types].Byte] = int32(list[f.types].Length)
	}
	return int64(f.lengths[typ])
}

// find returns the record in which byte i stands, and which of its kind it is, 0 the last one; ok
// is false if it is not one of those kept.
func (f *framer) find(i int) (r record, which int, ok bool) {
	for n := 1; n <= min(f.classified, keptRecords); n++ {
		r = f.recent[(f.classified-n)%keptRecords]
		if int(r.start) > i {
			continue
		}
		for which, s := range f.starts[r.kind] {
			if s == r.start+1 {
				return r, which, true
			}
		}
		break
	}
	return r, 0, false
}

// hashed returns a hash of h and v.
func hashed(h, v uint32) uint32 {
	h = (h*0x9E3779B1 ^ v) * 0x85EBCA6B
	return h ^ h>>15
}
