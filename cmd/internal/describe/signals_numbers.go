package describe

import (
	"fmt"
	"math"

	"github.com/ktzip/ktzip/dsl"
)

// A form says what the bits of a number mean.
type form uint8

const (
	untold form = iota // signed or unsigned: the bytes must tell
	signed
	unsigned
	floating // IEEE 754
	ibm      // floating point of IBM's mainframes
)

// A number says how numbers stand in a list.
type number struct {
	width     int // bytes, 1 to 8; 2 of packed ones
	bigEndian bool
	form      form
	packing   int32 // as packed12 states it; 0 if whole bytes hold numbers
	bits      int   // that a number has, if fewer than its bytes; else 0
}

// elements returns the numbers of an operation's parameter, its bytes, negative for big endian.
func elements(w int32, f form) number {
	return number{width: int(max(w, -w)), bigEndian: w < 0, form: f}
}

// countIn returns how many numbers so many bytes hold.
func (n *number) countIn(size int) int {
	if n.packing != 0 {
		return max(size, 0) / 3 * 2
	}
	return max(size, 0) / n.width
}

// raw returns the bits of the number that begins at off in list, which has it. Packed numbers count as
// their width in off.
func (n *number) raw(list []byte, off int) (x uint64) {
	if n.packing != 0 {
		i := off / n.width
		return n.unpack(list[i/2*3:], i%2)
	}
	for k := range n.width {
		c := uint64(list[off+k])
		if n.bigEndian {
			x = x<<8 | c
		} else {
			x |= c << (8 * k)
		}
	}
	return x
}

// unpack returns the first or the second number of 12 bits of a group of 3 bytes, with its sign.
func (n *number) unpack(group []byte, second int) uint64 {
	x, y, z := uint64(group[0]), uint64(group[1]), uint64(group[2])
	pairs := map[int32][2]uint64{1: {x | y&15<<8, y>>4 | z<<4}, -1: {x<<4 | y>>4, y&15<<8 | z}, 2: {x | y&15<<8, z | y>>4<<8}}
	return uint64(int64(pairs[n.packing][second]<<52) >> 52)
}

// read returns the number that begins at off in list. What is not finite is 0.
func (n *number) read(list []byte, off int) float64 { return n.value(n.raw(list, off)) }

// value returns the number that bits stand for.
func (n *number) value(bits uint64) float64 {
	switch n.form {
	case floating:
		return finite(floatOf(bits, n.width))
	case ibm:
		f := math.Ldexp(float64(bits&(1<<24-1)), 4*(int(bits>>24&127)-64)-24)
		if bits>>31&1 != 0 {
			f = -f
		}
		return f
	case unsigned:
		return float64(bits)
	}
	shift := 64 - 8*n.width
	return float64(int64(bits<<shift) >> shift)
}

func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

// floatOf returns a floating-point number of IEEE 754 of 2, 4 or 8 bytes.
func floatOf(bits uint64, width int) float64 {
	switch width {
	case 2:
		exponent, fraction := int(bits>>10&31), float64(bits&1023)
		f := math.Ldexp(1024+fraction, exponent-25)
		if exponent == 0 {
			f = math.Ldexp(fraction, -24)
		} else if exponent == 31 {
			f = math.Inf(1)
		}
		return math.Copysign(f, 1-2*float64(bits>>15&1))
	case 4:
		return float64(math.Float32frombits(uint32(bits)))
	}
	return math.Float64frombits(bits)
}

// turnRest makes what is left of floating-point numbers, which are predicted as integers, the difference to
// what was expected.
func (s *sampled) turnRest() {
	if s.number.form != floating && s.number.form != ibm {
		return
	}
	for k, left := range s.rest {
		if s.turned != nil && s.turned.Op == dsl.Scaled {
			s.rest[k] = left * float64(s.turned.Nums[1]) / float64(s.turned.Nums[2])
			continue
		}
		ordered := s.turned != nil && s.turned.Op == dsl.Floats
		x := fold(floatBits(s.values[k], s.number.width), s.number.width, ordered)
		expected := fold(x-uint64(int64(left)), s.number.width, ordered)
		s.rest[k] = finite(s.values[k] - finite(floatOf(expected, s.number.width)))
	}
}

// floatBits returns x as a floating-point number of 4 or 8 bytes.
func floatBits(x float64, width int) uint64 {
	if width == 4 {
		return uint64(math.Float32bits(float32(x)))
	}
	return math.Float64bits(x)
}

// fold returns the low bytes of x, if ordered with all bits but the highest inverted if that is 1.
func fold(x uint64, width int, ordered bool) uint64 {
	top := uint64(1) << (8*width - 1)
	x &= top<<1 - 1
	if ordered && x&top != 0 {
		x ^= top - 1
	}
	return x
}

// name names the type, such as int16be.
func (n *number) name() string {
	bits := 8 * n.width
	if n.bits != 0 {
		bits = n.bits
	}
	kind := map[form]string{untold: "int", signed: "int", unsigned: "uint", floating: "float", ibm: "ibm"}[n.form]
	name := fmt.Sprint(kind, bits)
	if n.bigEndian && n.width > 1 {
		name += "be"
	}
	return name
}

// words says it in words, such as 16-bit samples.
func (n *number) words() string {
	bits := 8 * n.width
	if n.bits != 0 {
		bits = n.bits
	}
	switch n.form {
	case floating:
		return fmt.Sprintf("%d-bit floating-point numbers", bits)
	case ibm:
		return fmt.Sprintf("%d-bit floating-point numbers of IBM's mainframes", bits)
	}
	return fmt.Sprintf("%d-bit samples", bits)
}

// sourceForms are the forms of the sources of predictors.
var sourceForms = map[dsl.Op]form{dsl.Signed: signed, dsl.Unsigned: unsigned, dsl.Floating: floating, dsl.IBM: ibm, dsl.Packed12: signed}

// sourceOf returns the numbers of the source n of a predictor; nil if n is none.
func sourceOf(n *dsl.Node) *sampled {
	f, ok := sourceForms[n.Op]
	w, channels, row := int64(n.Nums[0]), int(n.Nums[1]), int(n.Nums[2])
	if !ok || w == 0 || w < -8 || w > 8 || channels < 1 || channels > maxChannels || row < 0 || row > maxRow {
		return nil
	}
	s := &sampled{number: elements(n.Nums[0], f), without: true}
	s.shape = shape{channels: channels, pixel: channels, row: row}
	if n.Op == dsl.Packed12 {
		if w != 1 && w != -1 && w != 2 {
			return nil
		}
		s.number = number{width: 2, form: signed, packing: n.Nums[0], bits: 12}
	}
	if f == floating && s.number.width != 2 && s.number.width != 4 && s.number.width != 8 || f == ibm && s.number.width != 4 {
		return nil
	}
	return s
}
