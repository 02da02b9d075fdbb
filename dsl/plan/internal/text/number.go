package text

import (
	"bytes"
	"math"
	"math/bits"
)

// Numbers as text.

// maxNumberText is how many characters a number or a time takes at most: a sign, 20 digits and a
// point, or maxSlotWidth, or the parts of a time, each at most four characters.
const maxNumberText = 4 * maxTimeText

// twoDigitText has the two decimal digits of 0 to 99, one after the other.
const twoDigitText = "00010203040506070809" + "10111213141516171819" + "20212223242526272829" + "30313233343536373839" + "40414243444546474849" +
	"50515253545556575859" + "60616263646566676869" + "70717273747576777879" + "80818283848586878889" + "90919293949596979899"

const hexDigits, upperHexDigits = "0123456789abcdef", "0123456789ABCDEF"

// powersOf10[k] is 10^k.
var powersOf10 = func() (p [maxDecimals + 2]uint64) {
	p[0] = 1
	for k := 1; k < len(p); k++ {
		p[k] = 10 * p[k-1]
	}
	return p
}()

// decimalDigits returns how many digits v has.
func decimalDigits(v uint64) int {
	n := bits.Len64(v|1) * 1233 >> 12 // × log10 2, rounded down
	if n < len(powersOf10) && v >= powersOf10[n] {
		n++
	}
	return n
}

// putDecimal writes the last n digits of v to b.
func putDecimal(b []byte, v uint64, n int) {
	b = b[:n]
	for n >= 2 {
		q := v / 100
		k := 2 * (v - 100*q)
		b[n-2], b[n-1] = twoDigitText[k], twoDigitText[k+1]
		v, n = q, n-2
	}
	if n > 0 {
		b[0] = '0' + byte(v%10)
	}
}

// putHex writes the last n digits of v to b.
func putHex(b []byte, v uint64, n int, digits string) {
	for k := n - 1; k >= 0; k-- {
		b[k] = digits[v&15]
		v >>= 4
	}
}

// sign returns v as a two's complement number of s.size bytes.
func (s *slot) sign(v uint64) int64 {
	unused := 64 - 8*uint(s.size)
	return int64(v<<unused) >> unused
}

// print writes the number v of s, a slot with digits, to b, which has room for maxNumberText
// characters, and returns how many it writes.
func (s *slot) print(b []byte, v uint64) (n int) {
	if s.conversion == slotHex || s.conversion == slotUpperHex {
		digits := hexDigits
		if s.conversion == slotUpperHex {
			digits = upperHexDigits
		}
		if s.width == 2 && s.pad == '0' && v < 256 { // a byte, as most are
			b[0], b[1] = digits[v>>4], digits[v&15]
			return 2
		}
		n = max(1, (bits.Len64(v)+3)/4)
		putHex(b, v, n, digits)
		return s.padNumber(b, n)
	}
	if s.conversion == slotSigned {
		if x := s.sign(v); x < 0 {
			b[0], n = '-', 1
			v = -uint64(x)
		}
	}
	if s.decimals == 0 {
		if v < 10 {
			b[n] = '0' + byte(v)
			n++
		} else {
			d := decimalDigits(v)
			putDecimal(b[n:], v, d)
			n += d
		}
		return s.padNumber(b, n)
	}
	d, decimals := decimalDigits(v), int(s.decimals)
	d = max(d-decimals, 1) // before the point
	q := v / powersOf10[decimals]
	putDecimal(b[n:], q, d)
	b[n+d] = '.'
	putDecimal(b[n+d+1:], v-q*powersOf10[decimals], decimals)
	n += d + 1 + decimals
	if s.trim {
		for b[n-1] == '0' {
			n--
		}
		if b[n-1] == '.' {
			n--
		}
	}
	return s.padNumber(b, n)
}

// padNumber pads the n characters of a number in b.
func (s *slot) padNumber(b []byte, n int) int {
	if s.pad == 0 || n >= int(s.width) {
		return n
	}
	w := int(s.width)
	if s.pad == '-' {
		fill(b[n:w], ' ')
		return w
	}
	from := 0
	if s.pad == '0' && b[0] == '-' {
		from = 1 // the sign stays in front
	}
	copy(b[w-n+from:w], b[from:n])
	fill(b[from:w-n+from], s.pad)
	return w
}

// fill sets all bytes of b to c.
func fill(b []byte, c byte) {
	for i := range b {
		b[i] = c
	}
}

// parse returns the number of s, a slot with digits, that prints text; ok is false if there is none.
func (s *slot) parse(text []byte) (v uint64, ok bool) {
	if s.pad != 0 {
		if text, ok = s.unpad(text); !ok {
			return 0, false
		}
	}
	if s.conversion == slotHex || s.conversion == slotUpperHex {
		v, ok = parseHex(text, s.conversion == slotUpperHex)
		return v, ok && v <= s.mask()
	}
	negative := s.conversion == slotSigned && len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	if s.decimals == 0 {
		v, ok = parseDecimal(text)
	} else {
		v, ok = s.parseFraction(text)
	}
	switch half := s.mask()/2 + 1; {
	case !ok:
		return 0, false
	case s.conversion == slotUnsigned:
		return v, v <= s.mask()
	case negative:
		return -v & s.mask(), v > 0 && v <= half
	default:
		return v, v < half
	}
}

// unpad returns text without its padding; ok is false if s pads to nothing like that.
func (s *slot) unpad(text []byte) (t []byte, ok bool) {
	if len(text) != int(s.width) {
		return text, len(text) > int(s.width)
	}
	switch s.pad {
	case ' ':
		return bytes.TrimLeft(text, " "), true
	case '-':
		return bytes.TrimRight(text, " "), true
	}
	from := 0
	if text[0] == '-' {
		from = 1
	}
	n := from
	for n+1 < len(text) && text[n] == '0' && text[n+1] != '.' {
		n++
	}
	if from == 0 {
		return text[n:], true
	}
	var b [maxSlotWidth]byte // the sign, and what remains
	b[0] = '-'
	return b[:1+copy(b[1:], text[n:])], true
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// parseDecimal returns the number of which text is the shortest form.
func parseDecimal(text []byte) (v uint64, ok bool) {
	if len(text) == 0 || len(text) > 20 || text[0] == '0' && len(text) > 1 {
		return 0, false
	}
	for _, c := range text {
		if !isDigit(c) || v > math.MaxUint64/10 {
			return 0, false
		}
		d := uint64(c - '0')
		if v = 10*v + d; v < d {
			return 0, false
		}
	}
	return v, true
}

// parseFraction returns how many units of the last decimal of s text is.
func (s *slot) parseFraction(text []byte) (v uint64, ok bool) {
	point := bytes.IndexByte(text, '.')
	fraction := []byte(nil)
	if point < 0 {
		point = len(text)
	} else {
		fraction = text[point+1:]
	}
	n := len(fraction)
	switch {
	case n > int(s.decimals), n < int(s.decimals) && !s.trim, s.trim && point < len(text) && (n == 0 || fraction[n-1] == '0'):
		return 0, false
	}
	if v, ok = parseDecimal(text[:point]); !ok || v > math.MaxUint64/powersOf10[s.decimals] {
		return 0, false
	}
	v *= powersOf10[s.decimals]
	low := uint64(0)
	for _, c := range fraction {
		if !isDigit(c) {
			return 0, false
		}
		low = 10*low + uint64(c-'0')
	}
	low *= powersOf10[int(s.decimals)-n]
	return v + low, v+low >= v
}

// parseHex returns the number of which text is the shortest form.
func parseHex(text []byte, upper bool) (v uint64, ok bool) {
	if len(text) == 0 || len(text) > 16 || text[0] == '0' && len(text) > 1 {
		return 0, false
	}
	for _, c := range text {
		d := hexValue(c, upper)
		if d > 15 {
			return 0, false
		}
		v = v<<4 | uint64(d)
	}
	return v, true
}

// hexValues has the number that each hexadecimal digit, in upper case or lower, stands for; more
// than 15 if a byte is none.
var hexValues = func() (v [256]byte) {
	for c := range v {
		v[c] = min(hexValue(byte(c), true), hexValue(byte(c), false))
	}
	return v
}()

// hexValue returns the number that c is as a hexadecimal digit, in upper case or lower; more than
// 15 if it is none.
func hexValue(c byte, upper bool) byte {
	if isDigit(c) {
		return c - '0'
	}
	first := byte('a')
	if upper {
		first = 'A'
	}
	if c -= first; c < 6 {
		return c + 10
	}
	return 255
}
