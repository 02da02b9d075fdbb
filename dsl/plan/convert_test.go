package plan

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// decimalsUpTo returns how many patterns of n × 4 bits up to x are decimals: as many as up to the highest decimal
// that is not above x.
func decimalsUpTo(x uint64, n int) (count uint64) {
	above := true // what follows is 9 at most
	for k := n - 1; k >= 0; k-- {
		d := x >> (4 * k) & 0xF
		if above = above && d <= 9; !above {
			d = 9
		}
		count = 10*count + d
	}
	return count + 1
}

// slowOther returns the pattern of n × 4 bits that is no decimal and has y such patterns below it.
func slowOther(y uint64, n int) (x uint64) {
	for bit := uint64(1) << (4*n - 1); bit > 0; bit >>= 1 {
		if below := x + bit - 1; below+1-decimalsUpTo(below, n) <= y { // it is not below x + bit
			x += bit
		}
	}
	return x
}

// slowEncoded returns the pattern of width bytes in encoding k for y.
func slowEncoded(width, k int, y uint64) (x uint64) {
	n := 2 * width
	if k == IBMFloat {
		return y&(1<<31) | slowIBM(y&(1<<31-1))
	}
	if k == SignedDigits || k == PlainDigits {
		return slowSigned(width, map[int]uint64{SignedDigits: 0xC, PlainDigits: 0xF}[k], y)
	}
	if values := powers(n); y < values {
		x, _ = strconv.ParseUint(fmt.Sprint(y), 16, 64)
	} else {
		x = slowOther(y-values, n)
	}
	if k == SwappedDigits {
		swapped := uint64(0)
		for i := range width {
			b := x >> (8 * i) & 0xFF
			swapped |= (b<<4 | b>>4) & 0xFF << (8 * i)
		}
		x = swapped
	}
	return x
}

// powers returns 10^n.
func powers(n int) (x uint64) {
	x = 1
	for range n {
		x *= 10
	}
	return x
}

func slowSigned(width int, plus, y uint64) uint64 {
	n, unused := 2*width-1, 64-8*width
	values := powers(n)
	sign, v := plus, y
	if v >= values {
		sign, v = 0xD, -y<<unused>>unused
	}
	if v < values {
		x, _ := strconv.ParseUint(fmt.Sprint(v), 16, 64)
		return x<<4 | sign
	}
	y -= values
	for _, sign := range []uint64{plus, 0xD} {
		if others := 1<<(4*n) - values; y >= others {
			y -= others
		} else {
			return slowOther(y, n)<<4 | sign
		}
	}
	if y == 0 {
		return 0xD
	}
	y--
	for sign := range uint64(16) {
		if sign != plus && sign != 0xD {
			if y < 1<<(4*n) {
				return y<<4 | sign
			}
			y -= 1 << (4 * n)
		}
	}
	panic("more patterns than there are")
}

// slowIBM returns the number of IBM without a sign for y, by floating-point arithmetic.
func slowIBM(y uint64) uint64 {
	isIBM := func(e uint64) bool { return e >= 3 && e < 255 }
	zeros := func(e uint64) uint64 { return 1 << ((2 - e) % 4) }
	if e, f := y>>23, y&(1<<23-1); isIBM(e) && f%zeros(e) == 0 {
		v, digits := float64(math.Float32frombits(uint32(y))), 0
		for ; v >= 1; digits++ {
			v /= 16
		}
		for ; v < 1.0/16; digits-- {
			v *= 16
		}
		return uint64(64+digits)<<24 | uint64(v*(1<<24))
	}
	others := uint64(0) // below y
	for e := range y >> 23 {
		if others += 1 << 23; isIBM(e) {
			others -= 1 << 23 / zeros(e)
		}
	}
	e, f := y>>23, y&(1<<23-1)
	if others += f; isIBM(e) {
		others -= (f + zeros(e) - 1) / zeros(e)
	}
	for e := range uint64(128) {
		n := uint64(1 << 24)
		if e >= 34 && e <= 96 {
			n = 1 << 20
		}
		if others < n {
			return e<<24 | others
		}
		others -= n
	}
	panic("more numbers than there are")
}

// encodedNumbers returns numbers of width bytes of which many are valid in some encoding.
func encodedNumbers(width int, s sampler) (list []uint64) {
	unused := 64 - 8*width
	if width <= 2 {
		for x := range 1 << (8 * width) {
			list = append(list, uint64(x))
		}
		return list
	}
	for range 3000 {
		x := s.Uint64() >> s.IntN(64)
		digits, _ := strconv.ParseUint(fmt.Sprint(s.Uint64N(powers(2*width-1))), 16, 64)
		ibm := uint64(s.IntN(2)<<31 | (30+s.IntN(70))<<24 | s.IntN(1<<24))
		for _, v := range []uint64{x, -x, digits, digits<<4 | 0xC, digits<<4 | 0xD, digits<<4 | uint64(s.IntN(16)), digits ^ 0xF<<s.IntN(60), ibm} {
			list = append(list, v<<unused>>unused)
		}
	}
	return list
}

// TestConversionsAreOneToOne takes all numbers of 1 and 2 bytes, and some wider ones.
func TestConversionsAreOneToOne(t *testing.T) {
	s := newSampler(6)
	for width := 1; width <= maxElement; width++ {
		for k := range encodings {
			c, err := newConversion(width, k)
			if (err != nil) != (k == IBMFloat && width != 4) {
				t.Fatalf("encoding %d of %d bytes: %v", k, width, err)
			}
			if err != nil {
				continue
			}
			for i, x := range encodedNumbers(width, s) {
				y := c.split(x)
				if unused := 64 - 8*width; y<<unused>>unused != y || c.join(y) != x {
					t.Fatalf("encoding %d of %d bytes: %#x becomes %#x, joined %#x", k, width, x, y, c.join(y))
				}
				if i%32 > 0 && width > 1 {
					continue
				}
				if want := slowEncoded(width, k, x); c.join(x) != want {
					t.Fatalf("encoding %d of %d bytes: %#x becomes %#x, want %#x", k, width, x, c.join(x), want)
				}
			}
		}
	}
}

// TestConversionsAreWhatTheyStandFor converts numbers that a person can read.
func TestConversionsAreWhatTheyStandFor(t *testing.T) {
	for _, c := range []struct {
		width, encoding int
		x               uint64
		want            int64
	}{
		{1, Digits, 0x59, 59}, {1, Digits, 0x5A, 100 + 5*6 - 256}, {4, Digits, 0x00123456, 123456}, {2, SwappedDigits, 0x4321, 3412},
		{3, SignedDigits, 0x12345C, 12345}, {3, SignedDigits, 0x12345D, -12345}, {3, PlainDigits, 0x12345F, 12345}, {2, PlainDigits, 0x001D, -1},
		{4, IBMFloat, 0x42640000, int64(math.Float32bits(100))}, {4, IBMFloat, 0xC276A000, int64(int32(math.Float32bits(-118.625)))},
	} {
		v, err := newConversion(c.width, c.encoding)
		if err != nil {
			t.Fatal(err)
		}
		unused := 64 - 8*c.width
		if got := int64(v.split(c.x)<<unused) >> unused; got != c.want {
			t.Errorf("%#x of %d bytes in encoding %d: %d, want %d", c.x, c.width, c.encoding, got, c.want)
		}
	}
}

// TestFormsRefused lays out fields with forms and factors that there are none of.
func TestFormsRefused(t *testing.T) {
	const delta = FieldDelta
	for _, list := range [][]int32{
		{3, delta + FieldEncoded + FieldFloat*IBMFloat, 0}, {-2, delta + FieldEncoded + FieldFloat*IBMFloat, 0}, {4, delta + FieldMultiple + FieldFloat, 0},
		{4, delta + FieldScaled, 0}, {4, delta + FieldMultiple, 0}, {0, 3, 0, 4, delta, 0}, {0, 1, 3, 0, 1, 3, 4, delta + FieldScaled, 0}, {0, 3, 0},
		{4, delta, 0, 0, 3, 0}, {0, 0, 3, 4, delta + FieldScaled, 0}, {0, 1, 3, 2, delta + FieldScaled, 0}, {0, 1, 0, 4, delta + FieldScaled, 0},
		{0, 1, 0, 4, delta + FieldMultiple, 0}, {0, 200, 0, 1, delta + FieldMultiple, 0}, {0, 3, 3, 2, delta + FieldMultiple, 0}, {0, math.MinInt32, 0, 8, delta + FieldMultiple, 0},
		{2, FieldBytes + FieldEncoded, 0}, {2, FieldText + FieldScaled, 0}, {9, delta + FieldEncoded, 0}, {math.MinInt32, delta + FieldEncoded, 0}, {4, math.MaxInt32, 0},
	} {
		if _, err := NewLayout(chain(oneStream, 1, of(dsl.Node{Op: dsl.Columns, List: list})), 100); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("%v: %v", list, err)
		}
	}
	for _, nums := range [][3]int32{{3, 0}, {2, IBMFloat}, {8, IBMFloat}, {4, -1}, {4, encodings}, {math.MinInt32, 0}} {
		if _, err := NewLayout(chain(oneStream, 1, of(dsl.Node{Op: dsl.Converted, Nums: nums})), 100); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("%v: %v", nums, err)
		}
	}
}
