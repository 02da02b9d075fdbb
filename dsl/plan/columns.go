package plan

import (
	"encoding/binary"
	"math"

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
	// FieldDecimal + FieldFloat × k is added to a predictor of floating-point numbers that stand for
	// integers / 10^k, 0 <= k <= MaxDecimals.
	FieldDecimal = 32

	// MaxDecimals is how many digits after the point the numbers of a field may have: an
	// integer of 32 bits has no larger power of ten.
	MaxDecimals = 9

	// FieldEncoded + FieldFloat × k is added to a predictor of numbers in the encoding k.
	FieldEncoded = FieldDecimal + FieldFloat*(MaxDecimals+1)
	// FieldScaled is added to a predictor of floating-point numbers that stand for p / q times
	// integers, FieldMultiple of integers that are r more than p times one. The factor is stated before the field.
	FieldScaled   = FieldEncoded + FieldFloat*encodings
	FieldMultiple = FieldScaled + FieldFloat
)

// fieldNumbers is how many numbers state a field: width, predictor, and how many fields back the
// other one is; or the factor of the next field: 0, and two numbers.
const fieldNumbers = 3

// A field is a part of each record.
type field struct {
	width     int // bytes
	bigEndian bool
	form      Form // of a number
	predictor int
	offset    int  // in the record
	constant  bool // of bytes, in a Schema: they are the same in all records
	other     int  // offset of the other field, if the predictor has one
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
	var factor [2]int32
	for ; len(list) > 0; list = list[fieldNumbers:] {
		if list[0] == 0 {
			if factor != [2]int32{} || len(list) == fieldNumbers || list[1] == 0 {
				return dst, invalid("the factor %d, %d, want another one before a field", list[1], list[2])
			}
			factor = [2]int32(list[1:])
			continue
		}
		f, err := fieldOf(list, factor)
		if err != nil {
			return dst, err
		}
		factor = [2]int32{}
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

// fieldOf returns the field that the first numbers of list state, with a factor before them, without its place and the
// other field.
func fieldOf(list []int32, factor [2]int32) (f field, err error) {
	w, p := list[0], list[1]
	form := max(p, 0) / FieldFloat
	p -= form * FieldFloat
	f.width, f.bigEndian, f.predictor = int(max(w, -w)), w < 0, int(p)
	switch {
	case p < FieldBytes || p > FieldText || form > 0 && !f.isNumber():
		return f, invalid("predictor %d of a field, want %d to %d, or multiples of %d more for floats", list[1], FieldBytes, FieldText, FieldFloat)
	case w == 0 || w > dsl.FullPlanned || w < -maxElement || f.isNumber() && w > maxElement:
		return f, invalid("a field of %d bytes, want 1 to %d, or negative for big endian", w, maxElement)
	case w < 0 && !f.isNumber():
		return f, invalid("a field of %d bytes that is no number", w)
	case (list[2] > 0) != (p == FieldBeside || p == FieldStep || p == FieldAlike) || list[2] < 0:
		return f, invalid("predictor %d and the field %d before", p, list[2])
	}
	f.form, err = NewForm(int(form), f.width, factor)
	return f, err
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
	least  int    // bytes of the shortest, if there are spans
}

const spanBytes = 8 // of a record in rowSet.spans

// span returns where record i starts and ends, if there are spans.
func (r *rowSet) span(i int) (start, end int) {
	s := binary.LittleEndian.Uint64(r.spans[spanBytes*i:])
	return int(uint32(s)), int(s >> 32)
}

// at returns where record i starts.
func (r *rowSet) at(i int) int {
	if r.spans == nil {
		return i * r.stride
	}
	return int(binary.LittleEndian.Uint32(r.spans[spanBytes*i:]))
}

// keep drops the records that have less than n bytes.
func (r *rowSet) keep(n int) {
	if r.spans == nil || n <= r.least {
		return
	}
	kept, least := 0, math.MaxInt
	for i := range r.count {
		if start, end := r.span(i); end-start >= n {
			copy(r.spans[spanBytes*kept:], r.spans[spanBytes*i:][:spanBytes])
			kept, least = kept+1, min(least, end-start)
		}
	}
	r.count, r.least = kept, least
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

// What a run of columns of bytes has.
const (
	runConstant = iota // the same in all records
	runText            // characters of ASCII
	runBinary
)

const (
	minConstantRun = 4  // bytes: a shorter one is part of a number or a text. Arbitrary
	minTextRun     = 3  // bytes: a shorter one may be chance. Arbitrary
	minRunRecords  = 8  // that tell what a column has. Arbitrary
	maxOddRecords  = 64 // one of so many records of text may have other bytes. Arbitrary
)

// A byteRun is consecutive columns of bytes.
type byteRun struct {
	nature, width, records int
	cost                   uint64
	filled, digits         int  // records whose byte in the last column is no blank, or a digit
	begins                 bool // a text, after another one
}

// beginsAfter reports whether the column r seems to begin a field, after one of the text o: where numbers at the right of
// their fields end, or words at the left of theirs begin.
func (r *byteRun) beginsAfter(o *byteRun) bool {
	change := r.filled - o.filled
	return change < -r.records/2 && o.digits > o.filled/2 || change > r.records/2 && r.digits < r.filled/2 && o.width > 1
}

// addBytes adds the field of bytes f as runs of columns that have constants, text or other bytes.
func (k *KindOf) addBytes(f *field, r *rowSet, x *Made) {
	var runs []byteRun
	for i := range f.width {
		off := f.offset + i
		if r.keep(off + 1); r.count == 0 {
			break
		}
		b := r.column(off, x)
		n := len(runs)
		if n > 0 && b.nature == runText {
			b.begins = runs[n-1].nature == runText && b.beginsAfter(&runs[n-1])
		}
		if n == maxSchemaFields { // what follows is not divided
			runs[n-1].join(&b)
			runs[n-1].nature = runBinary
		} else if n > 0 && runs[n-1].nature == b.nature && !b.begins {
			runs[n-1].join(&b)
		} else {
			runs = append(runs, b)
		}
	}
	part := field{offset: f.offset}
	for _, b := range joinRuns(runs) {
		part.width, part.constant, part.predictor = b.width, b.nature == runConstant, FieldBytes
		if b.nature == runText {
			part.predictor = FieldText
		}
		k.addField(&part, r, b.records, b.cost, x.List)
		part.offset += b.width
	}
}

// join appends the columns of o to r.
func (r *byteRun) join(o *byteRun) {
	r.width, r.records, r.cost = r.width+o.width, max(r.records, o.records), r.cost+o.cost
	r.filled, r.digits = o.filled, o.digits
}

// joinRuns joins runs that are too short to tell what they have with those before or after them.
func joinRuns(runs []byteRun) (joined []byteRun) {
	for i := range runs {
		b := &runs[i]
		if b.nature == runText && b.width < minTextRun && !b.begins && (i == len(runs)-1 || !runs[i+1].begins) {
			b.nature = runBinary
		}
	}
	for i := range runs {
		b := runs[i]
		short := b.nature == runConstant && b.width < minConstantRun
		switch n := len(joined); {
		case n > 0 && (short && joined[n-1].nature != runConstant || b.nature == joined[n-1].nature && !b.begins):
			joined[n-1].join(&b)
		case n > 0 && joined[n-1].nature == runConstant && joined[n-1].width < minConstantRun: // the first one
			joined[n-1].join(&b)
			joined[n-1].nature = b.nature
		default:
			joined = append(joined, b)
		}
	}
	return joined
}

// column returns the run of the column of bytes at offset in the records of r. A few may have no text: a header
// that came before.
func (r *rowSet) column(offset int, x *Made) byteRun {
	b := byteRun{nature: runBinary, width: 1, records: r.count, cost: r.cost(offset, 1, x.Costs)}
	first, others, binary := x.List[r.at(0)+offset], 0, 0
	for i := range r.count {
		c := x.List[r.at(i)+offset]
		if c != first {
			others++
		}
		if !isText(c) {
			binary++
		}
		if c != ' ' && c != 0 {
			b.filled++
		}
		if c >= '0' && c <= '9' {
			b.digits++
		}
	}
	switch {
	case r.count < minRunRecords:
	case others == 0:
		b.nature = runConstant
	case binary <= r.count/maxOddRecords:
		b.nature = runText
	}
	return b
}

// isText reports whether c is a character of ASCII.
func isText(c byte) bool { return c >= ' ' && c <= '~' }
