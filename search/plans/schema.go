package plans

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/disguise"
)

// The fields of records are found from a sample of them: what each byte costs as a column, what
// each number costs from byte to byte, then the fields that cost least together, by dynamic
// programming; last a better predictor of each number.

// A field is a part of a record: bytes, each of which is a column, or a number, from which what a
// predictor expects is subtracted.
type field struct {
	width     int      // bytes, negative if big endian
	predictor int      // plan.FieldBytes and so on
	back      int      // fields from here back to the one that predicts this one; 0 if none does
	factor    [2]int32 // of multiples and scaled numbers
}

// form returns what f's predictor has more than one of integers.
func (f field) form() int { return f.predictor - f.predictor%plan.FieldFloat }

// size returns the bytes of f.
func (f field) size() int { return abs(f.width) }

// numberTypes are the widths of the numbers that fields may be, without a byte.
var numberTypes = [...]int{2, 4, 8, 3, -2, -4, -8, -3}

// A recordSample is some records, in their order.
type recordSample struct {
	b     []byte
	spans []span
}

// A span is where a record starts and ends.
type span struct{ start, end int32 }

// fixedRecords returns the records of n bytes of b, at most maxColumn.
func fixedRecords(b []byte, n int) recordSample {
	r := recordSample{b: b}
	for i := 0; i+n <= len(b) && len(r.spans) < maxColumn; i += n {
		r.spans = append(r.spans, span{int32(i), int32(i + n)})
	}
	return r
}

// longest returns the length of the longest record.
func (r *recordSample) longest() (n int) {
	for _, s := range r.spans {
		n = max(n, int(s.end-s.start))
	}
	return n
}

// whole returns the bytes of r's records from byte off on, n bytes of each that has them.
func (r *recordSample) whole(off, n int) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for _, s := range r.spans {
			if from := int(s.start) + off; from+n <= int(s.end) && !yield(r.b[from:from+n]) {
				return
			}
		}
	}
}

// fieldBits is about what a field costs more than being part of another one: its numbers in the
// plan, and a start without context.
const fieldBits = 16

// A spanCost is what the columns of some bytes of each record cost.
type spanCost struct {
	plain, delta float64                      // of one byte
	numbers      [len(numberTypes)]numberCost // of the numbers that start here
	encoded      [maxNumber + 1]numberCost    // of packed decimals that start here, by their size
}

// A numberCost is what the column of a number costs, predicted by the one before.
type numberCost struct {
	bits float64
	field
}

// consider makes f, at byte off of r's records, what c is of if it costs less than 1 - 1/decimalParts of it.
func (c *numberCost) consider(r *recordSample, f field, off int) {
	if bits := r.numberBits(predicting{field: f, off: off}); bits < c.bits*(1-1.0/decimalParts) {
		*c = numberCost{bits, f}
	}
}

// costs returns the costs of columns at each of the bytes from..to of r's records, of numbers that end at byte end at
// most.
func (t *trial) costs(r *recordSample, from, to, end int) []spanCost {
	list := make([]spanCost, to)
	for off := from; off < to; off++ {
		c := &list[off]
		c.plain, c.delta = r.byteBits(off)
		for k, w := range numberTypes {
			c.numbers[k].bits = math.Inf(1)
			if off+abs(w) <= end && c.plain > fieldBits {
				f := field{width: w, predictor: plan.FieldDelta}
				c.numbers[k] = numberCost{r.numberBits(predicting{field: f, off: off}), f}
				t.meter.steps += digitSteps
				if f, ok := r.inDisguise(off, w); ok {
					c.numbers[k].consider(r, f, off)
				}
			}
		}
		t.meter.steps += int64(len(r.spans)) * columnSteps
	}
	t.packedDecimals(r, list, from)
	return list
}

// inDisguise returns the field at byte off of r's records whose numbers, of type w, stand for others: floating-point
// numbers for short decimals or by a gain, integers by a divisor. ok is false if there is none.
func (r *recordSample) inDisguise(off, w int) (f field, ok bool) {
	f = field{width: w, predictor: plan.FieldDelta}
	var few [digitRows]uint64
	if abs(w) >= minDecimal {
		some := r.some(few[:0], off, w)
		if digits, ok := disguise.Decimals(some, abs(w)); ok {
			f.predictor += plan.FieldDecimal + digits*plan.FieldFloat
			return f, true
		}
		if disguise.Plausible(some, abs(w)) {
			p, q, ok := disguise.Gain(r.consecutive(make([]uint64, 0, gainRows), off, w), abs(w))
			f.predictor, f.factor = f.predictor+plan.FieldScaled, [2]int32{p, q}
			return f, ok
		}
	}
	if !disguise.Votes(r.consecutive(few[:0:disguise.Voters], off, w), abs(w)) {
		return f, false
	}
	p, rest, ok := disguise.Factor(r.consecutive(make([]uint64, 0, factorRows), off, w), abs(w))
	f.predictor, f.factor = f.predictor+plan.FieldMultiple, [2]int32{p, rest}
	return f, ok
}

// packedDecimals sets what columns of packed decimals cost at each of the bytes from..len(list) of r's records.
func (t *trial) packedDecimals(r *recordSample, list []spanCost, from int) {
	kinds := make([]disguise.DigitByte, len(list))
	for off := from; off < len(list); off++ {
		kinds[off] = r.digitByte(off)
	}
	for off := from; off < len(list); off++ {
		plain, many := 0.0, false // bits of the bytes by themselves; whether some have many values
		for size := 1; size <= maxNumber && off+size <= len(list); size++ {
			last := off + size - 1
			plain += min(list[last].plain, list[last].delta)
			many = many || kinds[last].Many
			c := &list[off].encoded[size]
			if c.bits = plain; many {
				for _, f := range encodedFields(size, kinds[last]) {
					c.consider(r, f, off)
					t.meter.steps += int64(len(r.spans)) * numberSteps
				}
			}
			if !kinds[last].Pair {
				break
			}
		}
	}
}

// encodedFields returns the fields of packed decimals of size bytes that may end with a byte of kind d.
func encodedFields(size int, d disguise.DigitByte) (list []field) {
	add := func(w, encoding int) {
		list = append(list, field{width: w, predictor: plan.FieldDelta + plan.FieldEncoded + encoding*plan.FieldFloat})
	}
	if d.Sign != 0 {
		add(-size, d.Sign)
	}
	if d.Pair {
		for _, encoding := range []int{plan.Digits, plan.SwappedDigits} {
			if add(-size, encoding); size > 1 {
				add(size, encoding)
			}
		}
	}
	return list
}

// columns returns the columns of fields, which start at byte off, then the bytes of each record
// after the last field that it has.
func (r *recordSample) columns(fields []field, off int) (b []byte) {
	offsets := make([]int, len(fields)+1)
	offsets[0] = off
	for k, f := range fields {
		start := offsets[k]
		offsets[k+1] = start + f.size()
		if f.predictor == plan.FieldBytes {
			for i := start; i < offsets[k+1]; i++ {
				for c := range r.whole(i, 1) {
					b = append(b, c[0])
				}
			}
			continue
		}
		q := predicting{field: f, off: start}
		if f.back > 0 {
			q.other, q.otherWidth = offsets[k-f.back], fields[k-f.back].width
		}
		numbers := r.residuals(q)
		for j := range f.size() {
			for _, x := range numbers {
				b = append(b, byte(x>>(8*j)))
			}
		}
	}
	for _, s := range r.spans {
		n := int(s.end - s.start)
		k := 0
		for k < len(fields) && offsets[k+1] <= n {
			k++
		}
		if k < len(fields) && fields[k].predictor == plan.FieldBytes {
			continue
		}
		if offsets[k] < n {
			b = append(b, r.b[int(s.start)+offsets[k]:s.end]...)
		}
	}
	return b
}

// fieldsOf returns the fields of the bytes from..to that cost the least bits, and these.
func fieldsOf(costs []spanCost, from, to int) (fields []field, bits float64) {
	type cell struct {
		bits float64 // of the fields up to here
		last field
	}
	cells := make([]cell, to+1)
	for end := from + 1; end <= to; end++ {
		before, c := cells[end-1], &costs[end-1]
		best := cell{before.bits + c.plain, field{width: 1, predictor: plan.FieldBytes}}
		if end == from+1 || before.last.predictor != plan.FieldBytes {
			best.bits += fieldBits
		}
		if d := before.bits + c.delta + fieldBits; d < best.bits {
			best = cell{d, field{width: 1, predictor: plan.FieldDelta}}
		}
		for k, w := range numberTypes {
			start := end - abs(w)
			if start < from {
				continue
			}
			if c := &costs[start].numbers[k]; cells[start].bits+c.bits+fieldBits < best.bits {
				best = cell{cells[start].bits + c.bits + fieldBits, c.field}
			}
		}
		for size := 1; size <= min(maxNumber, end-from); size++ {
			start := end - size
			if c := &costs[start].encoded[size]; c.width != 0 && cells[start].bits+c.bits*(1-1.0/encodedParts)+fieldBits < best.bits {
				best = cell{cells[start].bits + c.bits*(1-1.0/encodedParts) + fieldBits, c.field}
			}
		}
		cells[end] = best
	}
	for end := to; end > from; {
		f := cells[end].last
		end -= f.size()
		fields = append(fields, f)
	}
	slices.Reverse(fields)
	return fields, cells[to].bits
}

const (
	// predictorSaving is what another predictor must save over the number before, in bits.
	predictorSaving = 24

	// decimalParts: decimals must save one part in so many of the bits of integers. Arbitrary.
	decimalParts = 16

	// encodedParts: packed decimals cost one part in so many less than it seems: in few records bytes of 100 values
	// seem to cost less than those of 256, if they hold as much.
	encodedParts = 8

	// fewBits are the bits of a number from which on another predictor is looked for. Arbitrary.
	fewBits = 0.25

	// besideParts: a predictor that looks at another field must save one part in so many: it spoils
	// what repeats. At 64 ex.bag is 1.5 % larger.
	besideParts = 16

	// maxBack is how many fields back the one may be that predicts a field. Arbitrary.
	maxBack = 8
)

// refined returns fields, of the bytes from off on, with the best predictor of each number, and
// with neighbouring bytes joined.
func (t *trial) refined(r *recordSample, fields []field, off int) []field {
	fields = slices.Clone(fields)
	offsets := make([]int, len(fields))
	wanted := make([]bool, len(fields)) // as they are, by a field that they predict
	for k := range fields {
		offsets[k] = off
		off += fields[k].size()
		if t.enough() {
			continue
		}
		t.betterPredictor(r, fields, offsets, k)
		if back := fields[k].back; back > 0 {
			wanted[k-back] = true
		}
	}
	return joined(fields, wanted)
}

// betterPredictor gives field k of fields, which start at offsets, the predictor that leaves the
// least bits.
func (t *trial) betterPredictor(r *recordSample, fields []field, offsets []int, k int) {
	f := fields[k]
	w := f.width
	var least float64 // bits
	if f.predictor == plan.FieldBytes {
		least, _ = r.byteBits(offsets[k])
	} else {
		least = r.numberBits(predicting{field: f, off: offsets[k]})
	}
	if least < max(2*predictorSaving, fewBits*float64(len(r.spans))) {
		return
	}
	try := func(predictor, back int) {
		q := predicting{field: field{width: w, predictor: predictor, back: back, factor: f.factor}, off: offsets[k]}
		if back > 0 {
			q.other, q.otherWidth = offsets[k-back], fields[k-back].width
		}
		t.meter.steps += int64(len(r.spans)) * numberSteps
		if bits := r.numberBits(q); bits < least-predictorSaving-least*float64(min(back, 1))/besideParts {
			fields[k], least = q.field, bits
		}
	}
	form := f.form()
	if f.predictor != plan.FieldBytes {
		try(plan.FieldLine+form, 0)
		try(plan.FieldXor+form, 0)
		if f.size() >= 4 && form == 0 {
			try(plan.FieldDelta+plan.FieldFloat, 0)
		}
	}
	for back := 1; back <= min(k, maxBack); back++ {
		o := fields[k-back]
		if o.size() == f.size() {
			try(plan.FieldBeside+form, back)
			try(plan.FieldStep+form, back)
		}
		if o.size() <= 2 {
			try(plan.FieldAlike+form, back)
		}
	}
}

// joined returns fields with neighbouring bytes joined that nothing refers to.
func joined(fields []field, wanted []bool) (list []field) {
	place := make([]int, len(fields)) // in list
	open := false                     // the last of list may be joined
	for k, f := range fields {
		if f.predictor == plan.FieldBytes && open && !wanted[k] {
			list[len(list)-1].width++
			place[k] = len(list) - 1
			continue
		}
		if f.back > 0 {
			f.back = len(list) - place[k-f.back]
		}
		place[k] = len(list)
		list = append(list, f)
		open = f.predictor == plan.FieldBytes && !wanted[k]
	}
	return list
}

// fieldNumbers is how many numbers state a field, or its factor.
const fieldNumbers = 3

// numbersOf returns the numbers that state fields in a plan.
func numbersOf(fields []field) (list []int32) {
	for _, f := range fields {
		if f.factor != [2]int32{} {
			list = append(list, 0, f.factor[0], f.factor[1])
		}
		list = append(list, int32(f.width), int32(f.predictor), int32(f.back))
	}
	return list
}
