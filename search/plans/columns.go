package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/disguise"
)

const (
	// maxRecord is the length of the longest record that is cut into fields, in bytes. The
	// time to tell its columns apart grows with it. No difference.
	maxRecord = 512

	// minRows is how many records there must be for their columns to be known by. Arbitrary.
	minRows = 64

	// The middle of columnWindow bytes of the segment, or of all of a shorter one, tells what columns are
	// like: one part in columnParts.
	columnWindow, columnParts = 128 << 10, 4
)

// columns returns r, with the bytes in their own order, as records of each length that ev
// suggests, cut into fields; and so the segment as it is, once.
func (t *trial) columns(ev *evidence, r recipe) (list []recipe) {
	if len(r.fields) > 0 {
		return nil
	}
	var starts []recipe
	if !slices.Contains(t.cut, r.lead) {
		t.cut = append(t.cut, r.lead)
		starts = append(starts, recipe{lead: r.lead})
	}
	if bare := r.bare(); len(bare.ops) > 0 {
		starts = append(starts, bare)
	}
	bytes := make([][]byte, len(starts))
	for k, s := range starts {
		part := t.src[s.lead:]
		part = part[:min(len(part), columnWindow)]
		if streams, err := t.split(part, recipe{ops: s.ops}.plan(len(part))); err == nil {
			bytes[k] = streams[0]
		}
	}
	for _, n := range slices.Concat(ev.near, ev.far) { // the most telling lengths first
		for k, s := range starts {
			if n < 2 || n > maxRecord || n*minRows > len(bytes[k]) || t.enough() {
				continue
			}
			if q := t.recordsOf(s, bytes[k], n); len(q.fields) > 1 {
				list = append(list, q)
			}
		}
	}
	return list
}

// recordsOf returns r with its bytes b as records of n bytes, cut into the fields that take the least
// bits. The records begin where no number is cut by their ends.
func (t *trial) recordsOf(r recipe, b []byte, n int) recipe {
	rows := min(len(b)/n, max(minRows, len(b)/columnParts/n), maxColumn)
	from := (len(b)/n - rows) / 2 * n
	records := fixedRecords(b[from:from+rows*n], n)
	longer := records.longer()
	costs := t.costs(&longer, 0, n, n+maxNumber-1)
	costs = append(costs, costs...) // a number that begins in a record may end in the next one
	fields, least := fieldsOf(costs, 0, n)
	skip := 0
	for k := 1; k < min(n, maxNumber) && from+k+rows*n <= len(b); k++ {
		if f, bits := fieldsOf(costs, k, k+n); bits < least-fieldBits-least/phaseParts {
			fields, least, skip = f, bits, k
		}
	}
	records = fixedRecords(b[from+skip:from+skip+rows*n], n)
	r.lead += skip
	r.fields = t.refined(&records, fields, 0)
	return r
}

// longer returns r with records as long as a number that begins in them may reach.
func (r *recordSample) longer() recordSample {
	long := recordSample{b: r.b}
	for _, s := range r.spans {
		long.spans = append(long.spans, span{s.start, min(s.end+maxNumber-1, int32(len(r.b)))})
	}
	return long
}

// phaseParts: records that begin some bytes later must save one part in so many. Arbitrary.
const phaseParts = 100

// maxNumber is the size of the widest number of a field, minDecimal that of the narrowest decimal, in
// bytes.
const maxNumber, minDecimal = 8, 4

// decimalRecords returns the segment as records of a length that ev suggests, with fields that are
// decimals. These are what predictions of bytes see least of.
func (t *trial) decimalRecords(ev *evidence) (list []recipe) {
	if ev == nil || t.effort.weights == 0 {
		return nil
	}
	b := t.src[:min(len(t.src), columnWindow)]
	for _, n := range ev.near[:min(len(ev.near), decimalLengths)] {
		if n <= minDecimal || n > maxRecord || n*minRows > len(b) {
			continue
		}
		t.meter.steps += int64(n * digitSteps)
		r := fixedRecords(b, n)
		r = r.longer()
		for off := range n {
			packed := r.digitByte(off)
			if !(packed.Many && (packed.Pair || packed.Sign != 0)) &&
				!slices.ContainsFunc(numberTypes[:], func(w int) bool { _, ok := r.inDisguise(off, w); return ok }) {
				continue
			}
			if q := t.recordsOf(recipe{}, b, n); slices.ContainsFunc(q.fields, func(f field) bool { return f.form() >= plan.FieldDecimal }) {
				list = append(list, q)
			}
			break
		}
	}
	return list
}

// decimalLengths is how many lengths of records with decimals are tried. Arbitrary.
const decimalLengths = 3

// What a column takes is estimated by an adaptive code: a byte that came c times, of n, has the
// share (c + 1/alphabetUnit) / (n + 256/alphabetUnit). So bytes cost more the fewer there are to
// learn from: those of a column of few, all different, take nearly 8 bits each.

const (
	alphabetUnit = 16

	// maxColumn is the length of the longest column whose bits are counted, in bytes: samples of
	// records have no more.
	maxColumn = 1 << 12

	costUnit = 1 << 10 // of codeCosts, in a bit
)

// codeCosts[0][n] is the logarithm of the divisor of the share of a byte after n others,
// codeCosts[1][c] that of the dividend if c of them are the same, in 1/costUnit.
var codeCosts = func() (costs [2][maxColumn]int32) {
	for n := range maxColumn {
		costs[0][n] = int32(costUnit * dsl.Log2(float64(n)+256.0/alphabetUnit))
		costs[1][n] = int32(costUnit * dsl.Log2(float64(n)+1.0/alphabetUnit))
	}
	return costs
}()

// A columnCode counts the bytes of a column and what they cost.
type columnCode struct {
	count [256]uint16
	cost  int64 // less what codeCosts[0] says; 1/costUnit
}

// add adds a byte, at most maxColumn in all.
func (k *columnCode) add(c byte) {
	k.cost -= int64(codeCosts[1][k.count[c]])
	k.count[c]++
}

// bits returns what the n bytes added take.
func (k *columnCode) bits(n int) float64 {
	return float64(k.cost+divisorSums[min(n, maxColumn)]) / costUnit
}

// divisorSums[n] is the sum of codeCosts[0][:n].
var divisorSums = func() (sums [maxColumn + 1]int64) {
	for n, c := range codeCosts[0] {
		sums[n+1] = sums[n] + int64(c)
	}
	return sums
}()

// byteBits estimates the bits of the bytes at off, as they are and less the ones before.
func (r *recordSample) byteBits(off int) (plain, delta float64) {
	var bytes, deltas columnCode
	last, n := byte(0), 0
	for _, s := range r.spans {
		i := int(s.start) + off
		if i >= int(s.end) {
			continue
		}
		c := r.b[i]
		bytes.add(c)
		deltas.add(c - last)
		last = c
		if n++; n == maxColumn {
			break
		}
	}
	return bytes.bits(n), deltas.bits(n)
}

// A predicting is a field at byte off of records, which the one at byte other predicts if its
// predictor looks at one.
type predicting struct {
	field
	off, other int
	otherWidth int
}

// digitByte says what the byte at off of r's records may be in packed decimals.
func (r *recordSample) digitByte(off int) disguise.DigitByte {
	var x [digitRows]uint64
	var column [digitRows]byte
	list := r.some(x[:0], off, 1)
	for i, c := range list {
		column[i] = byte(c)
	}
	return disguise.Digits(column[:len(list)])
}

// some appends to x, up to its capacity, numbers of type w at off of records from everywhere.
func (r *recordSample) some(x []uint64, off, w int) []uint64 {
	for i := 0; i < len(r.spans) && len(x) < cap(x); i += len(r.spans)/cap(x) + 1 {
		if s := r.spans[i]; int(s.start)+off+abs(w) <= int(s.end) {
			x = append(x, plan.Number(r.b[int(s.start)+off:], w))
		}
	}
	return x
}

// consecutive appends to x, up to its capacity, numbers of type w at off of records in a row.
func (r *recordSample) consecutive(x []uint64, off, w int) []uint64 {
	for _, s := range r.spans[max(len(r.spans)-cap(x), 0)/2:] {
		if int(s.start)+off+abs(w) <= int(s.end) && len(x) < cap(x) {
			x = append(x, plan.Number(r.b[int(s.start)+off:], w))
		}
	}
	return x
}

// How many numbers tell whether a field is of short decimals, and whether it has a gain or a divisor. Arbitrary.
const digitRows, factorRows, gainRows = 64, 1024, maxColumn

// numberBits estimates the bits of what the predictor of q leaves.
func (r *recordSample) numberBits(q predicting) (bits float64) {
	var codes [8]columnCode
	n := r.predict(q, func(x uint64) {
		for k := range q.size() {
			codes[k].add(byte(x >> (8 * k)))
		}
	})
	for k := range q.size() {
		bits += codes[k].bits(n)
	}
	return bits
}

// residuals returns what the predictor of q leaves of the numbers, for each record that has one,
// up to maxColumn.
func (r *recordSample) residuals(q predicting) (list []uint64) {
	r.predict(q, func(x uint64) { list = append(list, x) })
	return list
}

// predict calls leaves with what the predictor of q leaves of each number, and returns how many
// there are, at most maxColumn.
func (r *recordSample) predict(q predicting, leaves func(x uint64)) (n int) {
	size, predictor := q.size(), q.predictor%plan.FieldFloat
	form, err := plan.NewForm(q.form()/plan.FieldFloat, size, q.factor)
	if err != nil {
		panic(err) // fields are valid
	}
	var pair [2]uint64
	unused := 64 - 8*size // bits of a word
	var alike [256]uint64
	var last, before, lastOther uint64
	for _, s := range r.spans {
		if int(s.start)+q.off+size > int(s.end) {
			continue
		}
		b := r.b[s.start:s.end]
		x := plan.Number(b[q.off:], q.width)
		var y uint64
		if q.otherWidth != 0 {
			y = plan.Number(b[q.other:], q.otherWidth)
		}
		key := byte(y)
		if q.form() != 0 {
			pair = [2]uint64{x, y}
			form.Split(pair[:])
			x, y = pair[0], pair[1]
		}
		expected := last
		switch predictor {
		case plan.FieldLine:
			expected = 2*last - before
		case plan.FieldBeside:
			expected = y
		case plan.FieldStep:
			expected = last + y - lastOther
		case plan.FieldAlike:
			expected = alike[key]
			alike[key] = x
		}
		residual := x ^ expected
		if predictor != plan.FieldXor {
			d := (x - expected) << unused
			residual = (d<<1 ^ uint64(int64(d)>>63)) >> unused
		}
		before, last, lastOther = last, x, y
		leaves(residual)
		if n++; n == maxColumn {
			break
		}
	}
	return n
}
