package text

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// predictors is how many there are of numbers: none, the number before, another one of the row.
const predictors = 3

// ownCode is how many rows a part with a code of its own has, and symbolBits what a symbol takes in
// the table of the code, in bits. Arbitrary.
const ownCode, symbolBits = 64, 5

// A tally counts the bytes of numbers, those of each place.
type tally struct {
	bytes             [8][256]int32
	rows, slots, size int
}

// reset forgets what t has counted.
func (t *tally) reset() {
	clear(t.bytes[:t.size])
	t.rows, t.slots, t.size = 0, 0, 0
}

// count counts c in rows by a predictor.
func (t *tally) count(c, other *tokenColumn, rows []int32, predictor int) {
	t.rows, t.slots = t.rows+len(rows), t.slots+1
	last := int64(0)
	unit, otherUnit := c.unit(rows), other.unit(rows)
	for _, i := range rows {
		x := c.values[i] / unit
		switch predictor {
		case 1:
			x, last = x-last, x
		case 2:
			if other != c {
				x -= other.values[i] / otherUnit
			}
		}
		z := uint64(x<<1 ^ x>>63)
		for b := 0; z > 0; b++ {
			t.bytes[b][byte(z)]++
			t.size = max(t.size, b+1)
			z >>= 8
		}
	}
}

// unit returns what the numbers of rows are multiples of: a power of ten, by their fractions.
func (c *tokenColumn) unit(rows []int32) int64 {
	if c.fractions == nil {
		return 1
	}
	most, all := uint8(0), uint8(0)
	for _, i := range rows {
		most = max(most, c.fractions[i])
	}
	all = slices.Max(c.fractions)
	return int64(pow10(int(all - most)))
}

// add adds what u has counted.
func (t *tally) add(u *tally) {
	for b := range u.size {
		for c, n := range u.bytes[b] {
			t.bytes[b][c] += n
		}
	}
	t.rows, t.slots, t.size = t.rows+u.rows, t.slots+u.slots, max(t.size, u.size)
}

// bits returns what the numbers take, in 1/logUnit of a bit.
func (t *tally) bits() (sum int64) {
	for b := range t.size {
		zeros := t.rows
		for _, n := range t.bytes[b] {
			if zeros -= int(n); n > 1 {
				sum -= nlog(int(n))
			}
		}
		zeros += int(t.bytes[b][0])
		sum += nlog(t.rows) - nlog(zeros) + nlog(int(t.bytes[b][0]))
	}
	return sum + int64(t.slots)*slotBits*logUnit
}

// tableBits returns what the tables of codes for the numbers take.
func (t *tally) tableBits() int64 {
	n := 0
	for b := range t.size {
		for _, c := range t.bytes[b] {
			if c > 0 {
				n += symbolBits
			}
		}
	}
	return int64(n) * logUnit
}

// logUnit is the unit of nlog in parts of a bit.
const logUnit = 1 << 10

func nlog(n int) int64 {
	if n < len(fewLogs) {
		return fewLogs[n]
	}
	return logOf(n)
}

// fewLogs are those of small numbers.
var fewLogs = func() *[1 << 11]int64 {
	list := new([1 << 11]int64)
	for n := 2; n < len(list); n++ {
		list[n] = logOf(n)
	}
	return list
}()

func logOf(n int) int64 {
	return int64(float64(n) * dsl.Log2(float64(n)) * logUnit)
}

func nlogs(counts []int) (sum int64) {
	for _, n := range counts {
		sum += nlog(n)
	}
	return sum
}
