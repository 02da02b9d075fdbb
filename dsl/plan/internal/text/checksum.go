package text

// Checksums of rows: conversions that print what the bytes before them in the row come to.

// A checksum is a conversion that prints a sum of the row in two digits, or one if they are decimal.
type checksum struct {
	conversion, sum byte
	digits          string
}

// Sums of the bytes that a row has so far.
const (
	xorSum    = iota // NMEA 0183
	hexSum           // Intel HEX
	recordSum        // S-records
	digitSum         // two-line elements of satellites
	sumCount
)

// checksums have hexadecimal digits of either case.
var checksums = [...]checksum{
	{'*', xorSum, upperHexDigits}, {'!', xorSum, hexDigits},
	{':', hexSum, upperHexDigits}, {';', hexSum, hexDigits},
	{'M', recordSum, upperHexDigits}, {'m', recordSum, hexDigits},
	{'#', digitSum, "0123456789"},
}

// checksumOf has the index of the checksum that is a conversion, plus 1; 0 if it is none.
var checksumOf = func() (v [256]uint8) {
	for i, c := range checksums {
		v[c.conversion] = uint8(i + 1)
	}
	return v
}()

// sums has how each sum is taken: without some bytes at the start of the row and at its end, from
// what is the sum of no bytes. add returns a sum with bytes added, and how many it takes: all of b,
// or all but one if it takes pairs. ok is false if there is one that it does not take.
var sums = [sumCount]struct {
	head, tail int
	empty      byte
	add        func(sum byte, b []byte) (_ byte, taken int, ok bool)
}{
	xorSum:    {1, 1, 0, addXor},
	hexSum:    {1, 0, 0, subtractPairs},
	recordSum: {2, 0, 0xFF, subtractPairs},
	digitSum:  {0, 0, 0, addDigits},
}

func addXor(sum byte, b []byte) (_ byte, taken int, ok bool) {
	for _, c := range b {
		sum ^= c
	}
	return sum, len(b), true
}

// subtractPairs subtracts bytes that stand as two hexadecimal digits each.
func subtractPairs(sum byte, b []byte) (_ byte, taken int, ok bool) {
	other := byte(0)
	for ; taken+1 < len(b); taken += 2 {
		high, low := hexValues[b[taken]], hexValues[b[taken+1]]
		other |= high | low
		sum -= high<<4 | low
	}
	return sum, taken, other < 16
}

// addDigits adds decimal digits, modulo 10. A minus sign is 1, any other byte 0.
func addDigits(sum byte, b []byte) (_ byte, taken int, ok bool) {
	n := uint(sum)
	for _, c := range b {
		n += uint(digitValues[c])
	}
	return byte(n % 10), len(b), true
}

// digitValues has what each byte is in a sum of digits.
var digitValues = func() (v [256]byte) {
	for c := byte('0'); c <= '9'; c++ {
		v[c] = c - '0'
	}
	v['-'] = 1
	return v
}()

// A runningSum is a sum of the first bytes of a row. The zero value is that of none.
type runningSum struct {
	sum byte
	end int // of the bytes, within the row; 0 before the first
}

// appendTo appends checksum c of row, the first bytes of which s is of, to b. ok is false if row has
// bytes that the sum does not take.
func (s *runningSum) appendTo(b []byte, c *checksum, row []byte) (_ []byte, ok bool) {
	how := &sums[c.sum]
	if s.end == 0 {
		*s = runningSum{how.empty, how.head}
	}
	if end := len(row) - how.tail; s.end < end {
		sum, taken, ok := how.add(s.sum, row[s.end:end])
		if !ok {
			return b, false
		}
		*s = runningSum{sum, s.end + taken}
	}
	if s.end+how.tail != len(row) && how.tail == 0 {
		return b, false
	}
	if base := byte(len(c.digits)); base > 10 {
		return append(b, c.digits[s.sum/base], c.digits[s.sum%base]), true
	}
	return append(b, c.digits[s.sum]), true
}
