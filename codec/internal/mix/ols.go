package mix

import (
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// An ols predicts by least squares over a window that fades: the sums of products of its
// inputs, the normal equations, are gathered in whole numbers, and solved by Cholesky's
// decomposition in whole numbers.
//
// The target counts as one more input, the last: its sums are the right side of the equations,
// and its row of the decomposition is what back substitution starts from.
type ols struct {
	n       int     // inputs
	stride  int     // of rows: above n, a multiple of vectorInts
	every   int     // rows
	fade    uint    // sums lose 2^-fade when solved
	count   int     // rows that are filled
	rows    []int32 // inputs, then the target, |x| < 2^inputBits
	sums    []int64 // of products of i and j: at i*stride + j, for j >= i
	columns []int32 // of the decomposition: element (i, j) at j*stride + i, i >= j
	inverse []int64 // of its diagonal, inverseBits of fraction
	column  []int64 // under way
	weights []int32 // arith.WeightBits of fraction; 0 beyond n
}

const (
	vectorInts  = 4  // a vector has as many elements of 64 bits
	inverseBits = 62 // of fraction
	sumBits     = 60 // sums are scaled to so many
	// Added to the diagonal of sums that are scaled. With 1<<37, a loop of music in floats took
	// 1.4 % more, an ECG 0.1 % less, others the same.
	ridge      = 1 << 32
	leastPivot = ridge >> 2             // below it, the equations have no solution
	maxWeight  = 64 << arith.WeightBits // of the solution, arbitrary
	maxElement = 1<<31 - 1              // of the decomposition
)

// reset begins without knowledge.
func (o *ols) reset(n, every, fade int) {
	o.n, o.every, o.fade, o.count = n, every, uint(fade), 0
	o.stride = (n + vectorInts) &^ (vectorInts - 1)
	o.rows = arith.Zeros(o.rows, every*o.stride)
	o.sums = arith.Zeros(o.sums, o.stride*o.stride)
	o.columns = arith.Zeros(o.columns, o.stride*o.stride)
	o.inverse = arith.Zeros(o.inverse, n)
	o.column = arith.Zeros(o.column, o.stride)
	o.weights = arith.Zeros(o.weights, o.stride)
}

// row returns where the inputs of the prediction under way belong.
func (o *ols) row() []int32 { return o.rows[o.count*o.stride:][:o.stride] }

// predict returns the weighted sum of row, arith.WeightBits of fraction in addition to the inputs'.
func (o *ols) predict() int64 {
	row := o.row()
	if arith.HasAVX2 {
		row[o.n] = 0 // its weight is 0
		return dotAVX2(&o.weights[0], &row[0], len(row))
	}
	return arith.Dot(o.weights[:o.n], row[:o.n])
}

// update learns what was to be predicted.
func (o *ols) update(target int32) {
	o.row()[o.n] = target
	if o.count++; o.count < o.every {
		return
	}
	o.count = 0
	o.addProducts()
	o.solve()
}

// addProducts lets the sums fade, and adds the products of all rows to them.
func (o *ols) addProducts() {
	if arith.HasAVX2 {
		addProductsAVX2(&o.sums[0], &o.rows[0], o.stride, o.every, uint64(o.fade))
	} else {
		o.addProductsPlain()
	}
}

// addProductsPlain is addProducts without vector instructions.
func (o *ols) addProductsPlain() {
	for i := range o.n + 1 {
		sums := o.sums[i*o.stride:][:o.n+1]
		for j := i; j < len(sums); j++ {
			sums[j] -= sums[j] >> o.fade
		}
	}
	for rows := o.rows; len(rows) > 0; rows = rows[o.stride:] {
		row := rows[:o.n+1]
		for i, a := range row {
			sums := o.sums[i*o.stride:][:len(row)]
			for j := i; j < len(row); j++ {
				sums[j] += int64(a) * int64(row[j])
			}
		}
	}
}

// solve finds new weights, or leaves the old ones. Sums are scaled so that the diagonal, and
// with it whatever is computed here, is below 2^sumBits; the decomposition's elements are below
// 2^(sumBits/2).
func (o *ols) solve() {
	top := int64(0)
	for i := range o.n + 1 {
		top = max(top, o.sums[i*o.stride+i])
	}
	if top == 0 {
		return
	}
	scale := uint(max(bits.LeadingZeros64(uint64(top))-(64-sumBits), 0))
	for j := range o.n {
		o.subtractProducts(j, scale)
		pivot := o.column[j] + ridge
		if pivot < leastPivot {
			return
		}
		root := squareRoot(pivot)
		inverse := 1 << inverseBits / root
		o.inverse[j] = inverse
		column := o.columns[j*o.stride:][:o.n+1]
		for i := j + 1; i < len(column); i++ {
			column[i] = int32(min(max(times(o.column[i], inverse), -maxElement), maxElement))
		}
	}
	for i := o.n - 1; i >= 0; i-- {
		o.weights[i] = 0
		column := o.columns[i*o.stride:][:o.stride]
		s := int64(column[o.n]) << arith.WeightBits
		for k := i + 1; k < o.n; k++ {
			s -= int64(column[k]) * int64(o.weights[k])
		}
		o.weights[i] = int32(min(max(times(s, o.inverse[i]), -maxWeight), maxWeight))
	}
}

// subtractProducts sets o.column, from j on, to column j of the sums, scaled, less the products
// of the columns before it.
func (o *ols) subtractProducts(j int, scale uint) {
	if arith.HasAVX2 {
		from := j &^ (vectorInts - 1)
		subtractAVX2(&o.column[from], &o.sums[j*o.stride+from], &o.columns[from], &o.columns[j], o.stride, j, o.stride-from, uint64(scale))
	} else {
		o.subtractProductsPlain(j, scale)
	}
}

// subtractProductsPlain is subtractProducts without vector instructions.
func (o *ols) subtractProductsPlain(j int, scale uint) {
	column := o.column[:o.n+1]
	sums := o.sums[j*o.stride:][:len(column)]
	for i := j; i < len(column); i++ {
		column[i] = sums[i] << scale
	}
	for k := range j {
		before := o.columns[k*o.stride:][:len(column)]
		factor := int64(before[j])
		for i := j; i < len(column); i++ {
			column[i] -= factor * int64(before[i])
		}
	}
}

// times returns the product of x and y >= 0 without inverseBits of fraction.
func times(x, y int64) int64 {
	high, low := bits.Mul64(uint64(x), uint64(y))
	high -= uint64(x>>63) & uint64(y)
	return int64(high<<(64-inverseBits) | low>>inverseBits)
}

// roots[m] is the root of m/256, 8 bits of fraction, for numbers of 8 bits or the last two of
// them 0.
var roots = func() (list [256]uint8) {
	r := 0
	for m := range list {
		for (r+1)*(r+1) <= m<<8 {
			r++
		}
		list[m] = uint8(r)
	}
	return list
}()

// squareRoot returns the root of x >= 2^16 within a few units of 2^-31 of it, by Heron's method.
func squareRoot(x int64) int64 {
	half := (bits.Len64(uint64(x)) + 1) / 2
	r := int64(roots[x>>(2*half-8)]) << (half - 8)
	r = (r + x/r) >> 1
	return (r + x/r) >> 1
}
