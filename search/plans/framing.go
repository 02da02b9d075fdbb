package plans

// A framing says how records of several kinds follow each other. The head of each record has
// its length or, with typeLengths, a type that says its length.
//
// The records of a segment start at byte start and end at byte end. They follow each other
// without gaps.
type framing struct {
	off         int // of the length in the head, in bytes; of the type with typeLengths
	element     int // type of the length; 0 with typeLengths
	add         int // bytes of a record that its length does not count
	typeLengths *[256]int32

	start, end int
	records    int
	heads      int // different heads among the first records
}

// Limits of framings. Arbitrary.
const (
	maxFramedLength = 1 << 17 // bytes of a record: longer ones are too few for a plan to pay

	headsLookedAt = 400 // records whose heads are compared
	headRecords   = 8   // least number of records for each different head, …
	rareRecords   = 64  // … if there were so many more: some kinds are rare
	maxAfter      = 8   // after the last record there is less than 1/maxAfter of the segment

	// doubtfulRecords at the start may be false ones, which yet lead to true ones.
	doubtfulRecords = 16
)

// withoutRecords returns f without its records.
func (f framing) withoutRecords() framing {
	return framing{off: f.off, element: f.element, add: f.add, typeLengths: f.typeLengths}
}

// lengthEnd returns where the length in a head ends, or the type.
func (f *framing) lengthEnd() int { return f.off + max(abs(f.element), 1) }

// length returns the length of the record that b starts with; 0 if there is none.
func (f *framing) length(b []byte) int {
	end := f.lengthEnd()
	if len(b) < end {
		return 0
	}
	if f.typeLengths != nil {
		return int(f.typeLengths[b[f.off]])
	}
	x := number(b[f.off:], f.element)
	if x > maxFramedLength {
		return 0
	}
	if n := int(x) + f.add; n >= end && n <= maxFramedLength {
		return n
	}
	return 0
}

// find sets where the records of src end, of which one starts at byte start, and from where
// on they are true. It reports whether they may be most of src.
func (f *framing) find(src []byte, start int) bool {
	f.start = start
	head := max(f.lengthEnd(), 2)
	seen := map[uint64]bool{}
	for i := f.start; ; f.records++ {
		n := f.length(src[i:])
		if n == 0 || i+n > len(src) {
			break
		}
		if f.records < headsLookedAt {
			seen[number(src[i:], -min(head, len(src)-i))] = true
		}
		i += n
		f.end = i
	}
	f.heads = len(seen)
	if f.heads < 2 || f.heads*headRecords >= min(f.records, headsLookedAt)+rareRecords ||
		(len(src)-f.end)*maxAfter > len(src) {
		return false
	}
	for range doubtfulRecords {
		if f.records > 1 {
			f.start += f.length(src[f.start:])
			f.records--
		}
	}
	return true
}

// extend moves the start back to the first of the records: the longest chain of records that
// leads to one of those known.
func (f *framing) extend(src []byte) {
	// A chain from byte i has chain[i] records up to the start, and more than zero; less
	// those after the start that it passes over. chain[i] is 0 if none of them is met.
	const zero = 1 << 13
	chain := make([]int32, f.start+1)
	known := map[int]int32{} // chain of the records from the start on
	for i, k := f.start, int32(zero); i < f.end && k > 0; k-- {
		known[i] = k
		i += f.length(src[i:])
	}
	best, most := f.start, int32(zero)
	for i := f.start - 1; i >= 0; i-- {
		n := f.length(src[i:])
		if n == 0 {
			continue
		}
		k := int32(0)
		if next := i + n; next >= f.start {
			k = known[next]
		} else {
			k = chain[next]
		}
		if k == 0 {
			continue
		}
		if chain[i] = k + 1; k+1 > most {
			best, most = i, k+1
		}
	}
	f.start, f.records = best, f.records+int(most-zero)
}

// from returns f with as many of the records of src as are whole, from the first one that
// starts at byte off or later and after which none is shorter than head.
func (f framing) from(src []byte, off, head int) framing {
	i := f.start
	f.records = 0
	for i < len(src) {
		n := f.length(src[i:])
		if n == 0 || i+n > len(src) {
			break
		}
		if i < off || n < head {
			f.start, f.records = i+n, 0
		} else {
			f.records++
		}
		i += n
	}
	f.end = i
	return f
}

// kinds returns the number of different heads of the records of src.
func (f *framing) kinds(src []byte, head int) int {
	seen := map[string]bool{}
	for i := f.start; i < f.end; i += f.length(src[i:]) {
		seen[string(src[i:min(i+head, len(src))])] = true
	}
	return len(seen)
}

// A runs finds the longest run of records in b for many framings.
type runs struct {
	b       []byte
	lengths []int32  // of the record that may start at each byte, without add; noRecord if none may
	count   []uint16 // records that follow each other from each byte on
}

func newRuns(b []byte) *runs { return &runs{b, make([]int32, len(b)), make([]uint16, len(b))} }

// noRecord is less than any length, whatever is added.
const noRecord = -1 << 16

// read reads the lengths of type w at byte off of each head.
func (r *runs) read(off, w int) {
	for i := range r.lengths {
		r.lengths[i] = noRecord
		if at := i + off; at+abs(w) <= len(r.b) {
			if n := number(r.b[at:], w); n <= maxFramedLength {
				r.lengths[i] = int32(n)
			}
		}
	}
}

// longest returns the start of the longest run of records of at least least bytes, each add
// bytes longer than its length says, and how many it has.
func (r *runs) longest(least, add int) (start, count int) {
	for i := len(r.lengths) - 1; i >= 0; i-- {
		r.count[i] = 0
		n := int(r.lengths[i]) + add
		if n < least {
			continue
		}
		k := uint16(1)
		if next := i + n; next < len(r.lengths) {
			k += r.count[next]
		}
		if r.count[i] = k; int(k) >= count {
			start, count = i, int(k)
		}
	}
	return start, count
}
