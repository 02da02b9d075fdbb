package plan

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Numbers of fields of Columns and Kinds, less what a predictor expects.

// runNumbers is how many numbers are copied at a time: their arrays stay in the first cache.
const runNumbers = 256

// A numberRun is consecutive numbers of a field, and those of the other field that its predictor takes.
type numberRun struct{ own, others [runNumbers]uint64 }

// A past is what a predictor knows of the records before.
type past struct {
	last, before uint64 // numbers of the field
	lastOther    uint64
	alike        *alikeTable
}

// numbers copies between the number f of the records of r and col: a plane of the least
// significant bytes of what the predictor leaves, then the next plane, ….
func (m *Machine) numbers(f *field, r *rowSet, records, col []byte) {
	m.alike.begin()
	p := past{alike: &m.alike}
	other := f.otherField()
	for first := 0; first < r.count; first += runNumbers {
		n := min(runNumbers, r.count-first)
		numbers, others := m.number.own[:n], m.number.others[:n]
		if f.predictor >= FieldBeside {
			other.load(others, r, first, records)
		}
		if m.direction.joins() {
			loadPlanes(numbers, col[first:], r.count, f.width)
			p.join(f, numbers, others)
			f.store(numbers, r, first, records)
		} else {
			f.load(numbers, r, first, records)
			p.split(f, numbers, others)
			storePlanes(numbers, col[first:], r.count, f.width)
		}
	}
}

// otherField returns the field that f's predictor takes, if it takes one.
func (f *field) otherField() field {
	other := field{width: f.width, bigEndian: f.otherBigEndian, form: f.form, offset: f.other}
	if f.predictor == FieldAlike { // the low byte
		other = field{width: 1, offset: f.other}
		if f.otherBigEndian {
			other.offset += f.otherWidth - 1
		}
	}
	return other
}

// expected returns what f's predictor expects, given the number of the other field.
func (p *past) expected(f *field, other uint64) uint64 {
	switch f.predictor {
	case FieldLine:
		return 2*p.last - p.before
	case FieldBeside:
		return other
	case FieldStep:
		return p.last + other - p.lastOther
	case FieldAlike:
		return p.alike.last(byte(other))
	}
	return p.last
}

// add notes the number x of f and that of the other field.
func (p *past) add(f *field, x, other uint64) {
	if f.predictor == FieldAlike {
		p.alike.set(byte(other), x)
	}
	p.before, p.last, p.lastOther = p.last, x, other
}

// join makes the numbers of f from what its predictor leaves.
func (p *past) join(f *field, numbers, others []uint64) {
	unused := 64 - 8*f.width // bits
	if f.predictor == FieldDelta {
		last := p.last
		for i, x := range numbers {
			last += x>>1 ^ -(x & 1)
			numbers[i] = last
		}
		p.last = last
		return
	}
	for i, x := range numbers {
		expected := p.expected(f, others[i])
		if f.predictor == FieldXor {
			x ^= expected
		} else {
			x = expected + (x>>1 ^ -(x & 1))
		}
		x = x << unused >> unused
		numbers[i] = x
		p.add(f, x, others[i])
	}
}

// split undoes join.
func (p *past) split(f *field, numbers, others []uint64) {
	unused := 64 - 8*f.width // bits
	if f.predictor == FieldDelta {
		last := p.last
		for i, x := range numbers {
			d := int64((x - last) << unused)
			numbers[i], last = uint64(d<<1^d>>63)>>unused, x
		}
		p.last = last
		return
	}
	for i, x := range numbers {
		expected := p.expected(f, others[i])
		residual := x ^ expected
		if f.predictor != FieldXor {
			d := int64((x - expected) << unused)
			residual = uint64(d<<1^d>>63) >> unused
		}
		numbers[i] = residual
		p.add(f, x, others[i])
	}
}

// loadPlanes sets numbers from planes of count bytes each, the least significant ones first.
func loadPlanes(numbers []uint64, planes []byte, count, width int) {
	for i, c := range planes[:len(numbers)] {
		numbers[i] = uint64(c)
	}
	for k := 1; k < width; k++ {
		planes = planes[count:]
		for i, c := range planes[:len(numbers)] {
			numbers[i] |= uint64(c) << (8 * k)
		}
	}
}

// storePlanes undoes loadPlanes.
func storePlanes(numbers []uint64, planes []byte, count, width int) {
	for k := range width {
		plane := planes[k*count:][:len(numbers)]
		for i, x := range numbers {
			plane[i] = byte(x >> (8 * k))
		}
	}
}

// load sets numbers to those of f in the records of r from number first on; as what they stand for
// (Form).
func (f *field) load(numbers []uint64, r *rowSet, first int, records []byte) {
	for i := range numbers {
		at := records[r.at(first+i)+f.offset:]
		switch f.width {
		case 1:
			numbers[i] = uint64(at[0])
		case 2:
			numbers[i] = uint64(binary.LittleEndian.Uint16(at))
		case 4:
			numbers[i] = uint64(binary.LittleEndian.Uint32(at))
		case 8:
			numbers[i] = binary.LittleEndian.Uint64(at)
		default:
			x := uint64(0)
			for k, c := range at[:f.width] {
				x |= uint64(c) << (8 * k)
			}
			numbers[i] = x
		}
	}
	f.order(numbers)
	f.form.Split(numbers)
}

// store undoes load. It changes numbers.
func (f *field) store(numbers []uint64, r *rowSet, first int, records []byte) {
	f.form.join(numbers)
	f.order(numbers)
	for i, x := range numbers {
		at := records[r.at(first+i)+f.offset:]
		switch f.width {
		case 1:
			at[0] = byte(x)
		case 2:
			binary.LittleEndian.PutUint16(at, uint16(x))
		case 4:
			binary.LittleEndian.PutUint32(at, uint32(x))
		case 8:
			binary.LittleEndian.PutUint64(at, x)
		default:
			for k := range at[:f.width] {
				at[k] = byte(x >> (8 * k))
			}
		}
	}
}

// order reverses the bytes of numbers if they are big endian in records.
func (f *field) order(numbers []uint64) {
	if f.bigEndian {
		unused := 64 - 8*f.width // bits
		for i, x := range numbers {
			numbers[i] = bits.ReverseBytes64(x) >> unused
		}
	}
}

// Number returns the number of type w, 1 to 8 bytes or negative for big endian, that b starts with, unsigned.
func Number(b []byte, w int) (x uint64) {
	switch w {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(b))
	case -2:
		return uint64(binary.BigEndian.Uint16(b))
	case 4:
		return uint64(binary.LittleEndian.Uint32(b))
	case -4:
		return uint64(binary.BigEndian.Uint32(b))
	case 8:
		return binary.LittleEndian.Uint64(b)
	case -8:
		return binary.BigEndian.Uint64(b)
	}
	for k := range w {
		x |= uint64(b[k]) << (8 * k)
	}
	for k := range -w {
		x = x<<8 | uint64(b[k])
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

// Forms of the numbers of fields: what they stand for. The predictor of a field has FieldFloat × the
// form added.

// The numbers of forms.
const (
	formInteger = 0
	formFloat   = 1                         // in the order of floating-point numbers
	formDecimal = FieldDecimal / FieldFloat // to formDecimal + MaxDecimals
	formEncoded = FieldEncoded / FieldFloat // to formEncoded + encodings - 1
	formScaled  = FieldScaled / FieldFloat
	formFactor  = FieldMultiple / FieldFloat
	forms       = formFactor + 1
)

// A Form is what the numbers of a field of a width stand for.
type Form struct {
	number     int
	scale      Scale
	conversion conversion
	multiple   multiple
	width      int // bytes
}

// NewForm returns the form with a number, of fields of width bytes, with the factor that the plan states
// before the field; both numbers are 0 if it states none.
func NewForm(number, width int, factor [2]int32) (f Form, err error) {
	f = Form{number: number, width: width}
	if stated := factor != [2]int32{}; stated != (number == formScaled || number == formFactor) {
		return f, invalid("numbers of form %d and the factor %d, %d before them", number, factor[0], factor[1])
	}
	switch {
	case number < 0 || number >= forms:
		return f, invalid("numbers of form %d, want 0 to %d", number, forms-1)
	case number == formFactor:
		f.multiple, err = newMultiple(width, factor[0], factor[1])
	case number == formScaled:
		f.scale, err = NewScale(width, factor[0], factor[1])
	case number >= formEncoded:
		f.conversion, err = newConversion(width, number-formEncoded)
	case number >= formDecimal:
		f.scale, err = NewScale(width, 1, powersOfTen[number-formDecimal])
	}
	return f, err
}

// powersOfTen are those with up to MaxDecimals zeros.
var powersOfTen = [MaxDecimals + 1]int32{
	1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
}

// Split makes of numbers, whose bits beyond the width may be anything if there are any, what they stand for.
func (f *Form) Split(numbers []uint64) {
	unused := 64 - 8*f.width // bits
	switch {
	case f.number == formInteger:
	case f.number == formFloat:
		f.flip(numbers)
	case f.number == formFactor:
		for i, x := range numbers {
			numbers[i] = f.multiple.split(x << unused >> unused)
		}
	case f.number < formEncoded || f.number == formScaled:
		f.swap(numbers)
	default:
		for i, x := range numbers {
			numbers[i] = f.conversion.split(x << unused >> unused)
		}
	}
}

// join undoes Split.
func (f *Form) join(numbers []uint64) {
	unused := 64 - 8*f.width // bits
	switch {
	case f.number < formEncoded || f.number == formScaled:
		f.Split(numbers)
	case f.number == formFactor:
		for i, x := range numbers {
			numbers[i] = f.multiple.join(x << unused >> unused)
		}
	default:
		for i, x := range numbers {
			numbers[i] = f.conversion.join(x << unused >> unused)
		}
	}
}

// flip inverts all bits of each number but the highest of f's width if that is 1.
func (f *Form) flip(numbers []uint64) {
	top := 8*f.width - 1 // bit
	for i, x := range numbers {
		x = x << (63 - top) >> (63 - top)
		numbers[i] = x ^ -(x>>top)>>(64-top)
	}
}

// swap makes integers of floating-point numbers, or these of integers.
func (f *Form) swap(numbers []uint64) {
	unused := 64 - 8*f.width // bits
	for i, x := range numbers {
		numbers[i] = f.scale.Swap(x << unused >> unused)
	}
}

// isFloat reports whether the numbers are floating-point numbers.
func (f *Form) isFloat() bool {
	return f.number == formFloat || f.number == formScaled || f.number >= formDecimal && f.number < formEncoded || f.number == formEncoded+IBMFloat
}

// name names numbers of form f. Those without a sign in plans are named as if they had one.
func (f *Form) name(bigEndian bool) string {
	switch {
	case f.number == formInteger:
		return numberName("int", f.width, bigEndian)
	case f.number == formFloat:
		return numberName("float", f.width, bigEndian)
	case f.number == formFactor:
		return fmt.Sprintf("%s×%d", numberName("int", f.width, bigEndian), f.multiple.p)
	case f.number == formScaled && f.scale.p > 1:
		return fmt.Sprintf("%s×%d/%d", numberName("float", f.width, bigEndian), f.scale.p, f.scale.q)
	case f.number < formEncoded || f.number == formScaled: // integers divided by a power of ten, or another number
		return fmt.Sprintf("%s/%d", numberName("float", f.width, bigEndian), f.scale.q)
	}
	name := [encodings]string{"digits", "swapped digits", "signed digits", "digits with F", "ibm float"}[f.conversion.encoding]
	return numberName(name, f.width, bigEndian)
}
