package plan

import "github.com/ktzip/ktzip/dsl"

// Numbers in other encodings: packed decimals, of a digit in each 4 bits, and floating-point numbers of
// IBM's mainframes. A conversion maps all numbers of a width to all numbers of that width, one to one: those
// that are valid in the encoding to what they stand for, the others, in an order that is easily counted, to
// what is left. So each bit pattern is exact, and the length stays.

// Encodings of Converted; a field has one if FieldConverted + FieldFloat × encoding is added to its predictor.
const (
	Digits        = 0 // packed decimals, the first digit in the high 4 bits of a byte
	SwappedDigits = 1 // packed decimals, the first digit in the low 4 bits of a byte
	SignedDigits  = 2 // packed decimals, then C for plus or D for minus in the lowest 4 bits
	PlainDigits   = 3 // the same, with F for plus
	IBMFloat      = 4 // of 4 bytes; becomes the number of IEEE 754
	encodings     = 5
)

const (
	digitBits = 4
	maxDigits = 2 * maxElement // of a number
	minusCode = 0xD
)

// invalidDigits[n] is how many patterns of n × 4 bits are no decimals.
var invalidDigits = func() (others [maxDigits]uint64) {
	decimals := uint64(1)
	for n := range maxDigits {
		others[n] = 1<<(digitBits*n) - decimals
		decimals *= 10
	}
	return others
}()

// A conversion is an encoding of the numbers of a width.
type conversion struct {
	encoding int
	unused   uint // bits of a word
	digits   int
	values   uint64 // numbers from 0 on that digits stand for
	plus     uint64 // the sign of what is not negative
}

// newConversion returns the conversion of numbers of width bytes in an encoding.
func newConversion(width, encoding int) (c conversion, err error) {
	if encoding < 0 || encoding >= encodings || encoding == IBMFloat && width != 4 || width < 1 || width > maxElement {
		return c, invalid("numbers of %d bytes in encoding %d, want 0 to %d, the last one of 4 bytes", width, encoding, encodings-1)
	}
	c = conversion{encoding: encoding, unused: uint(64 - 8*width), digits: 2 * width, plus: 0xC}
	if encoding == SignedDigits || encoding == PlainDigits {
		c.digits--
	}
	if encoding == PlainDigits {
		c.plus = 0xF
	}
	c.values = 1
	for range c.digits {
		c.values *= 10
	}
	return c, nil
}

// split returns the number that x stands for.
func (c *conversion) split(x uint64) uint64 {
	switch c.encoding {
	case IBMFloat:
		return x&ibmSign | fromIBM(x&^ibmSign)
	case SignedDigits, PlainDigits:
		return c.splitSigned(x) << c.unused >> c.unused
	case SwappedDigits:
		x = swapDigits(x)
	}
	y, ok := rankDigits(x, c.digits)
	if !ok {
		y += c.values
	}
	return y
}

// join undoes split.
func (c *conversion) join(y uint64) (x uint64) {
	switch c.encoding {
	case IBMFloat:
		return y&ibmSign | toIBM(y&^ibmSign)
	case SignedDigits, PlainDigits:
		return c.joinSigned(y)
	}
	if y < c.values {
		x = digitsOf(y)
	} else {
		x = otherDigits(y-c.values, c.digits)
	}
	if c.encoding == SwappedDigits {
		x = swapDigits(x)
	}
	return x
}

// splitSigned is split of digits with a sign. The others are, in this order: what are no digits, with the sign
// plus, then minus; minus 0; and all with other signs.
func (c *conversion) splitSigned(x uint64) uint64 {
	sign, x := x&0xF, x>>digitBits
	y, ok := rankDigits(x, c.digits)
	others := invalidDigits[c.digits]
	switch {
	case sign == c.plus && ok:
		return y
	case sign == minusCode && ok && y > 0:
		return -y
	case sign == c.plus:
		return c.values + y
	case sign == minusCode && !ok:
		return c.values + others + y
	case sign == minusCode:
		return c.values + 2*others
	}
	if sign > minusCode { // which comes after C and before F
		sign--
	}
	if sign >= c.plus {
		sign--
	}
	return c.values + 2*others + 1 + sign<<(digitBits*c.digits) + x
}

// joinSigned undoes splitSigned.
func (c *conversion) joinSigned(y uint64) uint64 {
	others := invalidDigits[c.digits]
	if minus := -y << c.unused >> c.unused; y < c.values {
		return digitsOf(y)<<digitBits | c.plus
	} else if minus < c.values {
		return digitsOf(minus)<<digitBits | minusCode
	}
	switch y -= c.values; {
	case y < others:
		return otherDigits(y, c.digits)<<digitBits | c.plus
	case y < 2*others:
		return otherDigits(y-others, c.digits)<<digitBits | minusCode
	case y == 2*others:
		return minusCode
	}
	y -= 2*others + 1
	sign, x := y>>(digitBits*c.digits), y&(1<<(digitBits*c.digits)-1)
	if sign >= min(c.plus, minusCode) {
		sign++
	}
	if sign >= max(c.plus, minusCode) {
		sign++
	}
	return x<<digitBits | sign
}

// swapDigits exchanges the high and the low 4 bits of each byte.
func swapDigits(x uint64) uint64 {
	const low = 0x0F0F0F0F0F0F0F0F
	return x&low<<digitBits | x>>digitBits&low
}

// rankDigits returns the number of which x are the n digits; if they are none, ok is false and y is
// how many less than x are none.
func rankDigits(x uint64, n int) (y uint64, ok bool) {
	below := uint64(0)
	for k := n - 1; k >= 0; k-- {
		d := x >> (digitBits * k) & 0xF
		if d > 9 {
			return below + 10*invalidDigits[k] + x&(1<<(digitBits*(k+1))-1) - 10<<(digitBits*k), false
		}
		y, below = 10*y+d, below+d*invalidDigits[k]
	}
	return y, true
}

// digitsOf returns the digits of y.
func digitsOf(y uint64) (x uint64) {
	for k := 0; y > 0; k += digitBits {
		x, y = x|y%10<<k, y/10
	}
	return x
}

// otherDigits returns the pattern that is none of n digits and has y such patterns below it.
func otherDigits(y uint64, n int) (x uint64) {
	for k := n - 1; ; k-- {
		if most := 10 * invalidDigits[k]; y >= most {
			return x + 10<<(digitBits*k) + y - most
		}
		x, y = x|y/invalidDigits[k]<<(digitBits*k), y%invalidDigits[k]
	}
}

// An IBM number is 0.f × 16^(e - 64), with a sign, 7 bits of e and 24 bits of f. If the first digit
// of f, base 16, is not 0, f has z = 0 to 3 leading zeros, and the number is one of IEEE 754 with the exponent
// E = 4 (e - 64) + 126 - z, and z zeros at its end. These are exchanged if E is not too small or too large.
const (
	ibmSign          = 1 << 31
	ibmFirst, ibmEnd = 34, 97 // of e
	ieeeFirst        = 3      // the least E of ibmFirst
	ibmFractions     = 1 << 24
	ibmNormal        = 1 << 20 // the least f that begins with another digit than 0
	ieeeFractions    = 1 << 23
	// othersOfDigit are the numbers of IEEE 754 for an e that do not have their zeros at the end, by z: 0, 4, 6, 7.
	othersOfDigit = (4 + 6 + 7) * ibmNormal
)

// fromIBM returns the number without a sign for x.
func fromIBM(x uint64) uint64 {
	e, f := x/ibmFractions, x%ibmFractions
	switch {
	case e < ibmFirst:
		return otherIEEE(x)
	case e >= ibmEnd:
		return otherIEEE(x - (ibmEnd-ibmFirst)*(ibmFractions-ibmNormal))
	case f < ibmNormal:
		return otherIEEE(ibmFirst*ibmFractions + (e-ibmFirst)*ibmNormal + f)
	}
	z := uint64(0)
	for f < ieeeFractions {
		f, z = 2*f, z+1
	}
	return (4*(e-ibmFirst)+ieeeFirst+3-z)*ieeeFractions + f - ieeeFractions
}

// toIBM undoes fromIBM.
func toIBM(y uint64) uint64 {
	exponent, f := y/ieeeFractions, y%ieeeFractions
	if exponent < ieeeFirst {
		return otherIBM(y)
	}
	digit, z := (exponent-ieeeFirst)/4, 3-(exponent-ieeeFirst)%4
	before := uint64(ieeeFirst*ieeeFractions) + digit*othersOfDigit
	if digit >= ibmEnd-ibmFirst { // only one E is left
		return otherIBM(before + f)
	}
	if zeros := f & (1<<z - 1); zeros != 0 {
		for k := uint64(3); k > z; k-- {
			before += (8 - 8>>k) * ibmNormal
		}
		return otherIBM(before + f>>z*(1<<z-1) + zeros - 1)
	}
	return (ibmFirst+digit)*ibmFractions + (f+ieeeFractions)>>z
}

// otherIBM returns the number of IBM of which y others are below it, among those that are not exchanged.
func otherIBM(y uint64) uint64 {
	switch {
	case y < ibmFirst*ibmFractions:
		return y
	case y < ibmFirst*ibmFractions+(ibmEnd-ibmFirst)*ibmNormal:
		y -= ibmFirst * ibmFractions
		return (ibmFirst+y/ibmNormal)*ibmFractions + y%ibmNormal
	}
	return y + (ibmEnd-ibmFirst)*(ibmFractions-ibmNormal)
}

// otherIEEE is otherIBM for numbers of IEEE 754.
func otherIEEE(y uint64) uint64 {
	if y < ieeeFirst*ieeeFractions {
		return y
	}
	y -= ieeeFirst * ieeeFractions
	digit, y := y/othersOfDigit, y%othersOfDigit
	exponent := ieeeFirst + 4*digit
	if digit >= ibmEnd-ibmFirst {
		return exponent*ieeeFractions + y
	}
	z := uint64(3)
	for ; y >= (8-8>>z)*ibmNormal; z-- {
		y -= (8 - 8>>z) * ibmNormal
		exponent++
	}
	each := uint64(1)<<z - 1
	return exponent*ieeeFractions + y/each<<z + y%each + 1
}

func checkConverted(n *dsl.Node) error {
	if err := checkElement(n); err != nil {
		return err
	}
	_, err := newConversion(int(max(n.Nums[0], -n.Nums[0])), int(n.Nums[1]))
	return err
}

// converted is row.run of Converted.
func converted(m *Machine, n *dsl.Node, l lists) error {
	c, err := newConversion(int(max(n.Nums[0], -n.Nums[0])), int(n.Nums[1]))
	if err != nil {
		return err
	}
	if m.direction == joining {
		mapElements(l.result, int(n.Nums[0]), c.join)
	} else {
		mapElements(l.result, int(n.Nums[0]), c.split)
	}
	return nil
}
