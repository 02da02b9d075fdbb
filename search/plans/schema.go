package plans

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl/plan"
)

// The fields of records are found from a sample of them: what each byte costs as a column, what
// each number costs from byte to byte, then the fields that cost least together, by dynamic
// programming; last a better predictor of each number.

// A field is a part of a record: bytes, each of which is a column, or a number, from which what a
// predictor expects is subtracted.
type field struct {
	width     int // bytes, negative if big endian
	predictor int // plan.FieldBytes and so on
	back      int // fields from here back to the one that predicts this one; 0 if none does
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
	plain, delta float64                   // of one byte
	numbers      [len(numberTypes)]float64 // of the numbers that start here, less the ones before
	forms        [len(numberTypes)]int     // of these: 0 of integers, or that of decimals
}

// costs returns the costs of columns at each of the bytes from..to of r's records.
func (t *trial) costs(r *recordSample, from, to int) []spanCost {
	list := make([]spanCost, to)
	for off := from; off < to; off++ {
		c := &list[off]
		c.plain, c.delta = r.byteBits(off)
		for k, w := range numberTypes {
			c.numbers[k] = math.Inf(1)
			if off+abs(w) <= to && c.plain > fieldBits {
				c.numbers[k] = r.numberBits(predicting{field: field{width: w, predictor: plan.FieldDelta}, off: off})
				t.meter.steps += digitSteps
				if digits, ok := r.digits(off, w); ok {
					form := plan.FieldDecimal + digits*plan.FieldFloat
					bits := r.numberBits(predicting{field: field{width: w, predictor: plan.FieldDelta + form}, off: off})
					if bits < c.numbers[k]*(1-1.0/decimalParts) {
						c.numbers[k], c.forms[k] = bits, form
					}
				}
			}
		}
		t.meter.steps += int64(len(r.spans)) * columnSteps
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
		best := cell{before.bits + c.plain, field{1, plan.FieldBytes, 0}}
		if end == from+1 || before.last.predictor != plan.FieldBytes {
			best.bits += fieldBits
		}
		if d := before.bits + c.delta + fieldBits; d < best.bits {
			best = cell{d, field{1, plan.FieldDelta, 0}}
		}
		for k, w := range numberTypes {
			start := end - abs(w)
			if start < from {
				continue
			}
			if bits := cells[start].bits + costs[start].numbers[k] + fieldBits; bits < best.bits {
				best = cell{bits, field{w, plan.FieldDelta + costs[start].forms[k], 0}}
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
		q := predicting{field: field{w, predictor, back}, off: offsets[k]}
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

// numbersOf returns the numbers that state fields in a plan.
func numbersOf(fields []field) (list []int32) {
	for _, f := range fields {
		list = append(list, int32(f.width), int32(f.predictor), int32(f.back))
	}
	return list
}
