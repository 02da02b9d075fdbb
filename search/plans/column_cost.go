package plans

import (
	"encoding/binary"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/disguise"
)

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

// digits returns how many digits after the point the floating-point numbers of type w at off have; ok is
// false if they are no short decimals.
func (r *recordSample) digits(off, w int) (digits int, ok bool) {
	size := abs(w)
	if size < minDecimal {
		return 0, false
	}
	var x [digitRows]uint64
	n := 0
	for i := 0; i < len(r.spans) && n < digitRows; i += len(r.spans)/digitRows + 1 {
		if s := r.spans[i]; int(s.start)+off+size <= int(s.end) {
			x[n] = fieldNumber(r.b[int(s.start)+off:], w)
			n++
		}
	}
	return disguise.Decimals(x[:n], size)
}

// digitRows is how many numbers tell whether a field is of short decimals. Arbitrary.
const digitRows = 64

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
	size, predictor, float := q.size(), q.predictor%plan.FieldFloat, q.form() == plan.FieldFloat
	var scale *plan.Scale // of decimals
	if q.form() >= plan.FieldDecimal {
		scale = disguise.Decimal(size, (q.form()-plan.FieldDecimal)/plan.FieldFloat)
	}
	unused := 64 - 8*size // bits of a word
	top := uint64(1) << (8*size - 1)
	var alike [256]uint64
	var last, before, lastOther uint64
	for _, s := range r.spans {
		if int(s.start)+q.off+size > int(s.end) {
			continue
		}
		b := r.b[s.start:s.end]
		x := fieldNumber(b[q.off:], q.width)
		var y uint64
		if q.otherWidth != 0 {
			y = fieldNumber(b[q.other:], q.otherWidth)
		}
		key := byte(y)
		if float {
			if x&top != 0 {
				x ^= top - 1
			}
			if y&top != 0 {
				y ^= top - 1
			}
		}
		if scale != nil {
			if x = scale.Swap(x); q.otherWidth != 0 {
				y = scale.Swap(y)
			}
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

// fieldNumber is number for the widths that fields mostly have, faster.
func fieldNumber(b []byte, w int) uint64 {
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
	return number(b, w)
}
