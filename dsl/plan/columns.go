package plan

import (
	"encoding/binary"

	"github.com/ktzip/ktzip/dsl"
)

// Columns of records: each record is a row of fields, each field has a type and a predictor, and
// a column holds what a field is in all records, less what the predictor expects.

// Predictors of a field.
const (
	FieldBytes  = 0 // nothing: a column for each byte
	FieldDelta  = 1 // the field in the record before
	FieldLine   = 2 // the line through the two before
	FieldXor    = 3 // the record before, by exclusive or
	FieldBeside = 4 // another field of the same record
	FieldStep   = 5 // the record before, as much farther as the other field went
	FieldAlike  = 6 // the last record that is like this one in the low byte of another field
	FieldText   = 7 // nothing: the field's bytes stay together

	// FieldFloat is added to a predictor of floating-point numbers.
	FieldFloat = 16
)

// fieldNumbers is how many numbers state a field: width, predictor, and how many fields back the
// other one is.
const fieldNumbers = 3

// A field is a part of each record.
type field struct {
	width     int // bytes
	bigEndian bool
	float     bool
	predictor int
	offset    int // in the record
	other     int // offset of the other field, if the predictor has one
	// The type of the other field.
	otherWidth     int
	otherBigEndian bool
}

// isNumber reports whether f is coded as numbers.
func (f *field) isNumber() bool { return f.predictor != FieldBytes && f.predictor != FieldText }

// appendFields appends to dst the fields that list states, of records whose fields start at byte
// offset.
func appendFields(dst []field, list []int32, offset int) ([]field, error) {
	if len(list)%fieldNumbers != 0 {
		return dst, invalid("a list of %d numbers, want %d for each field", len(list), fieldNumbers)
	}
	first := len(dst)
	for ; len(list) > 0; list = list[fieldNumbers:] {
		f, err := fieldOf(list)
		if err != nil {
			return dst, err
		}
		if back := int(list[2]); back > 0 {
			k := len(dst) - back
			if k < first {
				return dst, invalid("a field that is predicted by the one %d before it, which is none", back)
			}
			o := &dst[k]
			if o.width > maxElement || f.predictor != FieldAlike && o.width != f.width {
				return dst, invalid("a field of %d bytes that is predicted by one of %d bytes", f.width, o.width)
			}
			f.other, f.otherWidth, f.otherBigEndian = o.offset, o.width, o.bigEndian
		}
		f.offset = offset
		if offset += f.width; offset > dsl.FullPlanned {
			return dst, invalid("records of more than %d bytes", dsl.FullPlanned)
		}
		dst = append(dst, f)
	}
	return dst, nil
}

// maxElement is the width of the widest number, in bytes.
const maxElement = 8

// fieldOf returns the field that the first numbers of list state, without its place and the
// other field.
func fieldOf(list []int32) (f field, err error) {
	w, p := list[0], list[1]
	if p >= FieldFloat {
		f.float, p = true, p-FieldFloat
	}
	f.width, f.bigEndian, f.predictor = int(max(w, -w)), w < 0, int(p)
	switch {
	case p < FieldBytes || p > FieldText || f.float && !f.isNumber():
		return f, invalid("predictor %d of a field, want %d to %d, or %d more for floats", list[1], FieldBytes, FieldText, FieldFloat)
	case w == 0 || w > dsl.FullPlanned || w < -maxElement || f.isNumber() && w > maxElement:
		return f, invalid("a field of %d bytes, want 1 to %d, or negative for big endian", w, maxElement)
	case w < 0 && !f.isNumber():
		return f, invalid("a field of %d bytes that is no number", w)
	case (list[2] > 0) != (p == FieldBeside || p == FieldStep || p == FieldAlike) || list[2] < 0:
		return f, invalid("predictor %d and the field %d before", p, list[2])
	}
	return f, nil
}

func checkColumns(n *dsl.Node) error {
	if len(n.List) == 0 {
		return invalid("records without fields")
	}
	_, err := appendFields(nil, n.List, 0)
	return err
}

// recordBytes returns the length of the records of n, an operation of checked columns.
func recordBytes(n *dsl.Node) (size int) {
	for k := 0; k < len(n.List); k += fieldNumbers {
		size += int(max(n.List[k], -n.List[k]))
	}
	return size
}

// columns is row.run of Columns. Bytes after the last whole record stay at the end.
func columns(m *Machine, n *dsl.Node, l lists) (err error) {
	if m.fields, err = appendFields(m.fields[:0], n.List, 0); err != nil {
		return err
	}
	records, cols := l.result, l.args[0]
	size := recordBytes(n)
	r := rowSet{count: len(records) / size, stride: size}
	for k := range m.fields {
		cols = m.column(&m.fields[k], &r, records, cols)
	}
	m.direction.move(records[r.count*size:], cols)
	return nil
}

// A rowSet says where records are.
type rowSet struct {
	count  int
	stride int    // from one to the next, if they follow each other
	spans  []byte // otherwise: where each starts and ends, in 4 bytes each
}

const spanBytes = 8 // of a record in rowSet.spans

// at returns where record i starts.
func (r *rowSet) at(i int) int {
	if r.spans == nil {
		return i * r.stride
	}
	return int(binary.LittleEndian.Uint32(r.spans[spanBytes*i:]))
}

// keep drops the records that have less than n bytes.
func (r *rowSet) keep(n int) {
	if r.spans == nil {
		return
	}
	kept := 0
	for i := range r.count {
		s := binary.LittleEndian.Uint64(r.spans[spanBytes*i:])
		if int(s>>32)-int(uint32(s)) >= n {
			binary.LittleEndian.PutUint64(r.spans[spanBytes*kept:], s)
			kept++
		}
	}
	r.count = kept
}

// column copies between the field f of the records of r that have it, and the start of cols. It
// returns the remaining cols.
func (m *Machine) column(f *field, r *rowSet, records, cols []byte) []byte {
	if f.predictor == FieldBytes {
		for k := 0; k < f.width && r.count > 0; k++ {
			r.keep(f.offset + k + 1)
			col := cols[:r.count]
			cols = cols[r.count:]
			if m.direction == joining {
				for i, c := range col {
					records[r.at(i)+f.offset+k] = c
				}
			} else {
				for i := range col {
					col[i] = records[r.at(i)+f.offset+k]
				}
			}
		}
		return cols
	}
	r.keep(f.offset + f.width)
	size := f.width * r.count
	col := cols[:size]
	if f.isNumber() {
		m.numbers(f, r, records, col)
		return cols[size:]
	}
	for i := range r.count {
		off := r.at(i) + f.offset
		m.direction.move(records[off:off+f.width], col[i*f.width:(i+1)*f.width])
	}
	return cols[size:]
}

// numbers copies between the number f of the records of r and col: a plane of the least
// significant bytes of what the predictor leaves, then the next plane, ….
func (m *Machine) numbers(f *field, r *rowSet, records, col []byte) {
	m.alike.begin()
	var last, before, lastOther uint64
	unused := 64 - 8*f.width // bits of a word
	for i := range r.count {
		start := r.at(i)
		at := records[start+f.offset:][:f.width]
		other, expected := uint64(0), last
		switch f.predictor {
		case FieldLine:
			expected = 2*last - before
		case FieldBeside:
			other = f.read(records[start+f.other:][:f.width], f.otherBigEndian)
			expected = other
		case FieldStep:
			other = f.read(records[start+f.other:][:f.width], f.otherBigEndian)
			expected = last + other - lastOther
		case FieldAlike:
			other = uint64(records[start+f.other])
			if f.otherBigEndian {
				other = uint64(records[start+f.other+f.otherWidth-1])
			}
			expected = m.alike.last(byte(other))
		}
		var x uint64
		if m.direction == joining {
			residual := uint64(0)
			for k := range f.width {
				residual |= uint64(col[k*r.count+i]) << (8 * k)
			}
			if f.predictor == FieldXor {
				x = residual ^ expected
			} else {
				x = expected + (residual>>1 ^ -(residual & 1))
			}
			x = x << unused >> unused
			f.write(at, x)
		} else {
			x = f.read(at, f.bigEndian)
			residual := x ^ expected
			if f.predictor != FieldXor {
				d := int64((x - expected) << unused)
				residual = uint64(d<<1^d>>63) >> unused
			}
			for k := range f.width {
				col[k*r.count+i] = byte(residual >> (8 * k))
			}
		}
		if f.predictor == FieldAlike {
			m.alike.set(byte(other), x)
		}
		before, last, lastOther = last, x, other
	}
}

// read returns the number that b has; that of a float keeps the order of the floats.
func (f *field) read(b []byte, bigEndian bool) (x uint64) {
	if bigEndian {
		for _, c := range b {
			x = x<<8 | uint64(c)
		}
	} else {
		for k, c := range b {
			x |= uint64(c) << (8 * k)
		}
	}
	if f.float {
		x = f.flip(x)
	}
	return x
}

// write makes b the number x of f; it undoes read.
func (f *field) write(b []byte, x uint64) {
	if f.float {
		x = f.flip(x)
	}
	if f.bigEndian {
		for k := range b {
			b[len(b)-1-k] = byte(x >> (8 * k))
		}
		return
	}
	for k := range b {
		b[k] = byte(x >> (8 * k))
	}
}

// flip inverts all bits of x but the highest of f's width if that is 1.
func (f *field) flip(x uint64) uint64 {
	top := uint64(1) << (8*f.width - 1)
	if x&top != 0 {
		x ^= top - 1
	}
	return x
}

// An alikeTable has the last number for each low byte of another field; 0 before there is one.
type alikeTable struct {
	numbers [256]uint64
	rounds  [256]uint32 // in which the number was set
	round   uint32
}

// begin empties t.
func (t *alikeTable) begin() {
	if t.round++; t.round == 0 {
		*t = alikeTable{round: 1}
	}
}

func (t *alikeTable) last(key byte) uint64 {
	if t.rounds[key] != t.round {
		return 0
	}
	return t.numbers[key]
}

func (t *alikeTable) set(key byte, x uint64) { t.numbers[key], t.rounds[key] = x, t.round }
