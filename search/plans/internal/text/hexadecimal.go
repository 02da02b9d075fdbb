package text

import (
	"bytes"
	"slices"
	"strconv"
)

// Slots for cells of hexadecimal digits.

// hexadecimals returns the slots for hexadecimal digits that fit.
func (l *look) hexadecimals() (list []string) {
	if !l.mostly(l.hex) || l.upper && l.lower || l.mostly(l.digits) && (l.least != l.most || l.most <= maxDecimal && !l.zeros) {
		return nil
	}
	conversion := "x"
	if l.upper {
		conversion = "X"
	}
	if l.least != l.most {
		if l.most > 16 {
			return nil
		}
		return []string{"%" + conversion + strconv.Itoa((l.most+1)/2)}
	}
	if l.most > maxHex {
		return nil
	}
	slots := func(predictor string, width int) (s string) {
		for done := 0; done < l.most; done += width {
			w := min(width, l.most-done)
			s += "%" + predictor + "0" + strconv.Itoa(w) + conversion + strconv.Itoa((w+1)/2)
			if width == 2 {
				predictor = ","
			}
		}
		return s
	}
	list = append(list, slots("", 16))
	if l.most <= 16 {
		list = append(list, slots("+", 16))
	}
	if l.most%2 == 0 && l.most > 2 {
		list = append(list, slots("", 2))
	}
	return list
}

// hexBytes returns slots for the bytes of hexadecimal digits; those that are the same in all cells
// are text.
func (c *column) hexBytes(l look) (list []string) {
	if l.hex != l.cells || l.upper == l.lower || l.least != l.most || l.most%2 != 0 || l.most < 4 || l.most > maxHexBytes || l.cells < leastHexBytes {
		return nil
	}
	conversion := "02x1"
	if l.upper {
		conversion = "02X1"
	}
	plain, delta, slots := "", "", 0
	for i := 0; i < l.most; i += 2 {
		first := string(c.cells[0][i : i+2])
		if slices.ContainsFunc(c.cells, func(cell []byte) bool { return string(cell[i:i+2]) != first }) {
			plain, delta, slots = plain+"%"+conversion, delta+"%+"+conversion, slots+1
		} else {
			plain, delta = plain+first, delta+first
		}
	}
	if slots == l.most/2 {
		return []string{delta}
	}
	return []string{plain, delta}
}

// maxHexBytes is the length of the longest cells, in digits, whose bytes may be slots, each its own,
// and leastHexBytes how many cells must show which of them stay the same. Arbitrary.
const maxHexBytes, leastHexBytes = 16, 3

// maxHex is how many hexadecimal digits a cell may have to be taken as numbers. Arbitrary.
const maxHex = 256

// prefixed returns the slots for cells that are hexadecimal numbers after 0x.
func (c *column) prefixed(l look) (list []string) {
	prefix := []byte("0x")
	if l.least < 3 {
		return nil
	}
	if c.cells[0][1] == 'X' {
		prefix = []byte("0X")
	}
	var rest [][]byte
	for _, cell := range c.cells {
		digits, ok := bytes.CutPrefix(cell, prefix)
		if !ok {
			return nil
		}
		rest = append(rest, digits)
	}
	inner := lookAt(rest)
	for _, slot := range inner.hexadecimals() {
		list = append(list, string(prefix)+slot)
	}
	return list
}
