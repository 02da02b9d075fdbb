package records

import "math/bits"

// A view is what contexts and experts see of the byte that comes next. Bytes that there are not
// are 0. A byte above another one stands in the same column, in the record of the same kind
// before; while a head is not over, in the record before.
type view struct {
	place  uint32 // a hash of the kind and the column, in a head of the kinds before
	column uint32 // a hash of the kind and the column
	before uint32 // the kind of the record before

	rows  int              // how many bytes above there are
	up    [lastKept]uint32 // the byte above, the one above that, …
	upW   [lastKept]uint32 // the bytes to the left of those
	upWW  [lastKept]uint32 // and of those
	w, ww uint32           // the bytes before
	past  uint64           // the eight bytes before, the last one in the lowest bits

	old, oldW, oldWW uint32 // this column in the record before, of whatever kind

	next  uint32 // how the byte to the right of that above differs from the one above it
	after uint32 // what followed the last two bytes before

	guess uint32               // what the byte is, probably
	d     [lastKept - 1]uint32 // how the bytes above differ from those above them
	dw    uint32               // how the byte before differs from the one above it
	dww   uint32               // the same of the one before that
	side  uint32               // whether it is less (0), the same, or more (2)
}

// maxColumn is the last column that is told apart.
const maxColumn = 4000

// columnBits is the logarithm of the columns of all kinds that are told apart.
const (
	columnBits = 14
	columns    = 1 << columnBits
	columnSize = 16 // bytes of a column in memory
	followed   = 1 << 16
)

// look sets the view of byte i of b.
func (m *Machine) look(b []byte, i int) {
	f, v := &m.framer, &m.view
	f.move(b, i)
	column := i - f.start
	*v = view{before: f.before, past: v.past << 8}
	if i > 0 {
		v.past |= uint64(b[i-1])
	}
	at := func(k int) uint32 {
		if k < 0 {
			return 0
		}
		return uint32(b[k])
	}
	above := func(k, start int) {
		a := start + column
		v.up[k], v.upW[k], v.upWW[k] = at(a), at(a-1), at(a-2)
		v.rows = k + 1
	}
	if f.kind != 0 {
		for k, s := range f.lasts {
			if s == 0 {
				break
			}
			above(k, int(s)-1)
		}
		if v.rows > 0 && int(f.lasts[0])+column < i {
			v.next = at(int(f.lasts[0])+column) - v.up[1]
			if v.rows > 1 {
				v.next += v.up[1] - at(int(f.lasts[1])+column)
			}
		}
	} else if f.count > 1 {
		above(0, f.last)
	}
	v.w, v.ww = at(i-1), at(i-2)
	if k := f.last + column; k < f.start {
		v.old, v.oldW, v.oldWW = at(k), at(k-1), at(k-2)
	}
	v.column = columnHash(f, column)
	v.place = v.column
	if f.kind == 0 {
		v.place = hashed(hashed(f.before, f.older), v.column)
		if column > 0 {
			v.place = hashed(v.place, v.w)
		}
	}
	v.dw, v.dww, v.side = (v.w-v.upW[0])&255, (v.ww-v.upWW[0])&255, 1
	for k := range v.d {
		v.d[k] = (v.up[k] - v.up[k+1]) & 255
	}
	if v.w < v.upW[0] {
		v.side = 0
	} else if v.w > v.upW[0] {
		v.side = 2
	}
	v.after = uint32(m.followed[v.w|v.ww<<8])
}

// columnHash returns a hash of the kind of the record under way and a column of it.
func columnHash(f *framer, column int) uint32 {
	if f.count == 0 {
		column = 0
	}
	return hashed(f.kind, uint32(min(column, maxColumn)))
}

// sizeClass returns the sign and the size of a difference, 4 bits.
func sizeClass(d uint32) uint32 {
	v := int8(d)
	size := uint32(bits.Len8(uint8(max(v, -v))))
	if v < 0 {
		size += 8
	}
	return size & 15
}
