package mix

const (
	kindLog   = 12 // of kinds that are told apart
	lastKept  = 4  // records of each kind that are looked at
	maxLength = 1 << 21
	headKind  = 0
)

// A framer follows the records of the bytes that it is given.
type framer struct {
	p     *Frame
	start int       // of the record under way
	end   int       // of it, once its length is known
	head  int       // bytes of the head; at least 1 if there are heads
	kind  uint32    // hash of its kind; 0 while the head is not over
	kinds [2]uint32 // of the records before
	count int       // of records

	before  int               // the start of the record before
	lasts   [lastKept]int32   // starts of the records of this kind before, + 1
	recents [][lastKept]int32 // the same of each kind
}

const never = 1 << 62

func (f *framer) reset(p *Frame) {
	f.p = p
	recents := zeros(f.recents, 1<<kindLog)
	*f = framer{p: p, recents: recents, end: p.First}
	f.head = p.Head
	if p.Length == 0 && p.Head == 0 {
		f.end = never
	}
}

// at moves to byte i, which is after b[:i].
func (f *framer) at(b []byte, i int) {
	if i == f.end {
		f.next(i)
	}
	if i == f.start+f.head && i >= f.p.First && f.kind == headKind {
		f.headOver(b[f.start:i])
		if f.end == i {
			f.next(i)
		}
	}
}

// next begins a record at i.
func (f *framer) next(i int) {
	f.kinds = [2]uint32{f.kind, f.kinds[0]}
	f.before, f.start, f.kind, f.lasts = f.start, i, headKind, [lastKept]int32{}
	f.end = never
	f.count++
}

// headOver finds the kind and the end of the record with this head.
func (f *framer) headOver(head []byte) {
	kind := uint32(1)
	if f.p.Length > 0 {
		f.end = f.start + f.p.Length
	} else {
		f.end = f.start + f.length(head)
		for _, k := range f.p.Keys {
			kind = mixed(kind, uint32(head[k]))
		}
	}
	f.kind = kind | 1
	r := &f.recents[f.kind>>(32-kindLog)]
	f.lasts = *r
	copy(r[1:], f.lasts[:])
	r[0] = int32(f.start) + 1
}

func (f *framer) length(head []byte) int {
	p := f.p
	n, x := 0, head[p.At:]
	switch e := p.Element; {
	case e == 0:
		for _, t := range p.Types {
			if t.Byte == int(x[0]) && t.From <= f.count-1 {
				n = t.Length
			}
		}
		return max(n, p.Head)
	case e == 16:
		n = int(x[0]&127) + 1
		if x[0] > 127 {
			n += int(x[1]&127)<<7 + 1
		}
	case e > 0:
		for k := range e {
			n |= int(x[k]) << (8 * k)
		}
	default:
		for k := range -e {
			n = n<<8 | int(x[k])
		}
	}
	n = n*p.Unit + p.Plus
	n = (n + p.Align - 1) / p.Align * p.Align
	return max(min(n, maxLength), p.Head)
}

// mixed returns a hash of h and v.
func mixed(h, v uint32) uint32 {
	h = (h ^ v*0x9E3779B1) * 0x85EBCA6B
	return h ^ h>>15
}
