package text

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Rows whose bytes are checked, and bytes that stand in rows as numbers.

// checksPercent is how many of the rows of a group must have the checksum that is computed. The
// others are printed by other templates. Arbitrary.
const checksPercent = 90

// special returns the pieces of token k of g, the column c, if it is or has a checksum.
func (s *sample) special(g *group, k int, c *column) []piece {
	row := s.rows[g.rows[0]]
	t := g.tokens[0][k]
	before := int(t.start) - 1
	if before < 0 || k+1 < len(g.tokens[0]) && int(t.end) < len(bytes.TrimRight(row, "\r")) {
		return nil
	}
	letters := 0 // of the hexadecimal digits: 1 if they are in lower case
	if slices.ContainsFunc(c.cells, func(cell []byte) bool { return bytes.ContainsAny(cell, "abcdef") }) {
		letters = 1
	}
	if row[before] == '*' && s.holds(g, k, xored) {
		return []piece{{column: c, slot: [...]string{"%*", "%!"}[letters]}}
	}
	for _, f := range hexForms {
		if string(row[:t.start]) == f.mark && sameLength(c) && s.holds(g, k, f.holds) {
			return f.pieces(c, letters)
		}
	}
	if len(row) >= minDigitSum && sameLength(c) && lastDigits(c) >= sumDigits && s.holds(g, k, digitSum) {
		return digitSumPieces(c)
	}
	return nil
}

// holds reports whether the check, of a row up to and with its token k, holds for most rows of g.
func (s *sample) holds(g *group, k int, check func(row []byte) bool) bool {
	good := 0
	for i, r := range g.rows {
		if check(s.rows[r][:g.tokens[i][k].end]) {
			good++
		}
	}
	return good*100 >= len(g.rows)*checksPercent
}

// xored reports whether the two digits at the end of row are the exclusive or of the bytes before,
// but for the first and the last, as in NMEA 0183.
func xored(row []byte) bool {
	n := len(row) - 2
	if n < 2 {
		return false
	}
	sum := byte(0)
	for _, c := range row[1 : n-1] {
		sum ^= c
	}
	return strings.EqualFold(hex.EncodeToString([]byte{sum}), string(row[n:]))
}

// minDigitSum is the length of the shortest row that may end with the sum of its digits, in bytes: the
// lines of two-line elements of satellites have 69. One row in ten ends with it by chance, so that
// some must, with sumDigits different digits.
const minDigitSum, sumDigits = 60, 5

// lastDigits returns how many different bytes the cells of c end with.
func lastDigits(c *column) int {
	seen := map[byte]bool{}
	for _, cell := range c.cells {
		seen[cell[len(cell)-1]] = true
	}
	return len(seen)
}

// digitSum reports whether the last digit of row is the sum of those before, as in two-line elements.
func digitSum(row []byte) bool {
	n := len(row) - 1
	sum := bytes.Count(row[:max(n, 0)], []byte("-"))
	for _, c := range row[:max(n, 0)] {
		if classes[c]&isDigit != 0 {
			sum += int(c - '0')
		}
	}
	return n >= 0 && int(row[n]) == '0'+sum%10
}

// digitSumPieces returns the pieces of c, whose last digit is a sum.
func digitSumPieces(c *column) (list []piece) {
	digits := len(c.cells[0]) - 1
	before, sum := &column{rows: c.rows, tight: true}, &column{rows: c.rows}
	for _, cell := range c.cells {
		before.cells, sum.cells = append(before.cells, cell[:digits]), append(sum.cells, cell[digits:])
	}
	if digits > 0 {
		list = append(list, piece{column: before})
	}
	return append(list, piece{column: sum, slot: "%#"})
}

// A hexForm is a form of rows that are a mark and then bytes in hexadecimal: their number, an address,
// for some a type, data and a checksum.
type hexForm struct {
	mark          string
	address, kind int       // digits
	sum           byte      // of all bytes, modulo 256
	slots         [2]string // of the checksum, in upper and lower case
}

// hexForms are Intel HEX and Motorola's S-records. Those of S0 and S5 to S9 are few.
var hexForms = []hexForm{
	{mark: ":", address: 4, kind: 2, slots: [2]string{"%:", "%;"}},
	{mark: "S1", address: 4, sum: 0xFF, slots: [2]string{"%M", "%m"}},
	{mark: "S2", address: 6, sum: 0xFF, slots: [2]string{"%M", "%m"}},
	{mark: "S3", address: 8, sum: 0xFF, slots: [2]string{"%M", "%m"}},
}

// isRecord reports whether row is an S-record.
func isRecord(row []byte) bool {
	if len(row) < minSRecord || row[0] != 'S' || classes[row[1]]&isDigit == 0 {
		return false
	}
	digits := bytes.TrimRight(row[2:], "\r")
	return len(digits)%2 == 0 && run(digits, isHex) == len(digits)
}

// minSRecord is the length of the shortest S-record, in bytes.
const minSRecord = 2 + 2 + 4 + 2

// least returns how many digits a row without data has.
func (f *hexForm) least() int { return 2 + f.address + f.kind + 2 }

// holds reports whether row is of the form f and has its checksum.
func (f *hexForm) holds(row []byte) bool {
	digits, ok := bytes.CutPrefix(row, []byte(f.mark))
	if !ok || len(digits) < f.least() {
		return false
	}
	b, err := hex.DecodeString(string(digits))
	sum := byte(0)
	for _, c := range b {
		sum += c
	}
	return err == nil && sum == f.sum
}

// A hexField is a part of the rows of a hexForm.
type hexField struct {
	width      int // digits
	slots      string
	isConstant bool // in rows of a length and type
}

// fields returns the parts of rows with so many bytes of data; letters is the case of their letters.
func (f *hexForm) fields(data, letters int) []hexField {
	x := [...]string{"X1", "x1"}[letters]
	list := []hexField{
		{2, "%02" + x, true},
		{f.address, fmt.Sprintf("%%+0%d%c%d", f.address, x[0], f.address/2), false},
		{f.kind, "%02" + x, true},
	}
	if data > 0 {
		list = append(list, hexField{2 * data, "%02" + x + strings.Repeat("%,02"+x, data-1), false})
	}
	return append(list, hexField{2, f.slots[letters], false})
}

// pieces returns the pieces of c, digits of rows of one length; letters is the case of their letters.
func (f *hexForm) pieces(c *column, letters int) (list []piece) {
	from := 0
	for _, x := range f.fields((len(c.cells[0])-f.least())/2, letters) {
		part := &column{rows: c.rows}
		for _, cell := range c.cells {
			part.cells = append(part.cells, cell[from:from+x.width])
		}
		if from += x.width; part.isConstant() && from < len(c.cells[0]) {
			list = append(list, piece{text: string(part.cells[0])})
		} else {
			list = append(list, piece{column: part, slot: x.slots})
		}
	}
	return list
}

// minJoined is how many numbers of a byte in a row are bytes that go on from row to row. Arbitrary.
const minJoined = 4

// join joins the slots of t that are numbers of a byte, if that takes less.
func (f *finder) join(t *template) {
	joined := append([]piece(nil), t.pieces...)
	count, last := 0, false
	for k, p := range joined {
		if p.column == nil {
			continue
		}
		if !isByte(p.slot) {
			last = false
			continue
		}
		at := strings.IndexByte(p.slot, '%')
		plain := strings.TrimLeft(p.slot[at+1:], "+/")
		if last {
			plain = "," + plain
			count++
		}
		joined[k].slot = p.slot[:at+1] + plain
		last = true
	}
	if count+1 < minJoined {
		return
	}
	other := &template{pieces: joined, rows: t.rows}
	if f.rowsPrice(other, t) < f.rowsPrice(t, t) {
		t.pieces = joined
	}
}

// isByte reports whether slot prints a number of a byte, or some that are joined.
func isByte(slot string) bool {
	ends := strings.HasSuffix(slot, "u1") || strings.HasSuffix(slot, "x1") || strings.HasSuffix(slot, "X1")
	return ends && strings.Count(slot, "%") == 1+strings.Count(slot, "%,")
}

// rowsPrice returns what the first rows of t take with the template m.
func (f *finder) rowsPrice(m, t *template) int {
	var text []byte
	for _, r := range t.numbers {
		if len(text) >= columnBytes {
			break
		}
		text = append(append(text, f.rows[r]...), f.end)
	}
	price, ok := f.priceWith(text, m.text(), f.end)
	if !ok {
		return len(text)
	}
	return price
}
