package plans

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl/plan"
)

// TestFindsPackedNumbers is TestFindsTruePlans for records of packed decimals, and of numbers with a factor.
func TestFindsPackedNumbers(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	findsTruePlans(t, 120, []func(*rand.Rand) puzzle{packedRecords, factorRecords})
}

// packedDecimal returns x, in size bytes, as a packed decimal.
func packedDecimal(x int64, size, encoding int) int64 {
	digits, _ := strconv.ParseUint(fmt.Sprint(max(x, -x)), 16, 64)
	switch {
	case encoding == plan.SwappedDigits:
		swapped := uint64(0)
		for k := range size {
			c := digits >> (8 * k) & 0xFF
			swapped |= (c<<4 | c>>4) & 0xFF << (8 * k)
		}
		return int64(swapped)
	case encoding == plan.Digits:
		return int64(digits)
	case x < 0:
		return int64(digits<<4 | 0xD)
	case encoding == plan.SignedDigits:
		return int64(digits<<4 | 0xC)
	}
	return int64(digits<<4 | 0xF)
}

// packedRecords are records with fields of packed decimals, of which few are damaged.
func packedRecords(r *rand.Rand) puzzle {
	columns := someColumns(r, 1+r.IntN(4))
	list := []string{fieldNumbersOf(columns)}
	for range 1 + r.IntN(4) {
		size, encoding := 2+r.IntN(5), r.IntN(4)
		w := -size
		if encoding < plan.SignedDigits && r.IntN(2) == 0 {
			w = size
		}
		most := math.Pow10(min(2*size-1, 3+r.IntN(5)))
		next := wandering(r, 1, most/4)
		offset := int64(0)
		if encoding < plan.SignedDigits {
			offset = int64(most / 2)
		}
		damaged := []int{0, 0, 300}[r.IntN(3)] // one in so many
		columns = append(columns, column{w, true, func() int64 {
			if damaged > 0 && r.IntN(damaged) == 0 {
				return -1
			}
			return packedDecimal(int64(next())+offset, size, encoding)
		}})
		list = append(list, fmt.Sprintf("%d, %d, 0", w, plan.FieldDelta+plan.FieldEncoded+encoding*plan.FieldFloat))
	}
	return recordPuzzle(r, columns, list)
}

// factorRecords are records with fields of integers that have a divisor, or floating-point numbers that have a gain.
func factorRecords(r *rand.Rand) puzzle {
	columns := someColumns(r, 1+r.IntN(4))
	list := []string{fieldNumbersOf(columns)}
	for range 1 + r.IntN(4) {
		w := []int{4, -4}[r.IntN(2)]
		next := wandering(r, 1, math.Exp2(7+8*r.Float64()))
		if r.IntN(2) == 0 {
			p := int64(3 + r.IntN(2000))
			rest := r.Int64N(p)
			columns = append(columns, column{w, true, func() int64 { return int64(next())*p + rest }})
			list = append(list, fmt.Sprintf("0, %d, %d, %d, %d, 0", -p, rest, w, plan.FieldDelta+plan.FieldMultiple))
		} else {
			p, q := int64(1+r.IntN(500)), int64(1+r.IntN(5000))
			columns = append(columns, column{w, true, func() int64 { return floatBits(next()*float64(p)/float64(q), 4) }})
			list = append(list, fmt.Sprintf("0, %d, %d, %d, %d, 0", p, q, w, plan.FieldDelta+plan.FieldScaled))
		}
	}
	return recordPuzzle(r, columns, list)
}

// recordPuzzle is records of columns, whose fields list states.
func recordPuzzle(r *rand.Rand, columns []column, list []string) puzzle {
	head := header(r)
	b := slices.Clone(head)
	for range 2000 + r.IntN(4000) {
		b = appendRecord(b, columns)
	}
	text := strings.Join(list, ", ")
	return puzzle{
		name: fmt.Sprintf("records of %d bytes, after %d bytes: %s", widthOf(columns), len(head), text), data: b,
		truth: []string{afterHeader(len(head), func(a *planText) string { return a.add("columns(%s, [%s])", a.payload(), text) })},
	}
}
