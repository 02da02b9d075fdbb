package text

import (
	"bytes"
	"encoding/hex"
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
	switch before := int(t.start) - 1; {
	case before < 0 || k+1 < len(g.tokens[0]) && int(t.end) < len(bytes.TrimRight(row, "\r")):
	case row[before] == '*' && s.holds(g, k, xored):
		return []piece{{column: c, slot: "%*"}}
	case before == 0 && row[before] == ':' && sameLength(c) && s.holds(g, k, summed):
		return s.hexRecord(c)
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
	var sum [1]byte
	if n < 2 {
		return false
	}
	for _, c := range row[1 : n-1] {
		sum[0] ^= c
	}
	return strings.ToUpper(hex.EncodeToString(sum[:])) == string(row[n:])
}

// summed reports whether the bytes of row, hexadecimal after its first character, have the sum 0,
// as in Intel HEX.
func summed(row []byte) bool {
	if len(row) < 1+minHexRecord || bytes.ContainsAny(row, "abcdef") {
		return false
	}
	b, err := hex.DecodeString(string(row[1:]))
	sum := byte(0)
	for _, c := range b {
		sum += c
	}
	return err == nil && sum == 0
}

// minHexRecord is the length of the shortest record of Intel HEX, without its colon, in characters:
// count, address, type, data and checksum have 2, 4, 2, 2 each for a byte, and 2.
const minHexRecord = 2 + 4 + 2 + 2

// hexRecord returns the pieces of c, records of Intel HEX of one length.
func (s *sample) hexRecord(c *column) (list []piece) {
	data := (len(c.cells[0]) - minHexRecord) / 2
	add := func(width int, slot string) {
		part := &column{rows: c.rows}
		for i, cell := range c.cells {
			part.cells = append(part.cells, cell[:width])
			c.cells[i] = cell[width:]
		}
		list = append(list, piece{column: part, slot: slot})
	}
	cells := c.cells
	c.cells = append([][]byte(nil), cells...)
	add(2, "%02X1")
	add(4, "%+04X2")
	add(2, "%02X1")
	if data > 0 {
		add(2*data, "%02X1"+strings.Repeat("%,02X1", data-1))
	}
	add(2, "%:")
	c.cells = cells
	for k, p := range list[:len(list)-1] {
		if p.column.isConstant() {
			list[k] = piece{text: string(p.column.cells[0])}
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
