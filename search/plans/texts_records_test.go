package plans

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// sRecords is Motorola's S-records of bytes, with gaps between the addresses of some.
func sRecords(r *rand.Rand) textPuzzle {
	p := newPage(r)
	kind, perRow := 1+r.IntN(3), oneOf(r, 16, 16, 28, 32)
	digits, x := 2+2*kind, "X"
	if p.rare(4) {
		x = "x"
		p.trait("lower case")
	}
	record := func(kind, digits, address int, data []byte) {
		row := fmt.Sprintf("%02"+x+"%0*"+x+"%"+x, digits/2+len(data)+1, digits, address, data)
		sum := 0
		for i := 0; i < len(row); i += 2 {
			b := 0
			fmt.Sscanf(row[i:i+2], "%x", &b)
			sum += b
		}
		p.add(fmt.Sprintf("S%d%s%02"+x, kind, row, 255-sum%256))
	}
	if r.IntN(2) == 0 {
		record(0, 4, 0, []byte(name(r)+".mot"))
	}
	address := r.IntN(1<<(8*min(kind, 2))) &^ 15
	data := image(r, min(p.most*perRow, mostText/3, 50_000))
	for len(data) > 0 && address+perRow < 1<<(4*digits) {
		n := min(perRow, len(data))
		if p.rare(100) {
			n = min(1+r.IntN(perRow), n) // the end of a section
		}
		record(kind, digits, address, data[:n])
		data, address = data[n:], address+n
		if n < perRow || p.rare(100) {
			address += 16 * r.IntN(200)
		}
	}
	record(10-kind, digits, 0, nil)
	p.template(fmt.Sprintf("S%d%02"+x+"%%+0%d%s%d%s%s", kind, digits/2+perRow+1, digits, x, digits/2, joinedBytes(perRow, "02"+x+"1", ""), map[string]string{"X": "%M", "x": "%m"}[x]))
	p.anyRow()
	return p.puzzle("S%d records of %d bytes a row", kind, perRow)
}

// orbits is two-line elements of satellites.
func orbits(r *rand.Rand) textPuzzle {
	p := newPage(r)
	withSum := func(row string) string {
		sum := strings.Count(row, "-")
		for _, c := range row {
			if c >= '0' && c <= '9' {
				sum += int(c - '0')
			}
		}
		return row + fmt.Sprint(sum%10)
	}
	number, set := 1+r.IntN(50_000), r.IntN(900)
	year := fmt.Sprintf("%02d", r.IntN(30))
	for !p.full() {
		number += 1 + r.IntN(3)
		set = max(1, min(998, set+r.IntN(7)-3))
		day := 250 + 3*r.Float64()
		p.add(withSum(fmt.Sprintf("1 %05dU 98067A   %s%012.8f  .%08d  00000-0  %05d-3 0  %3d", number, year, day, r.IntN(100_000), 10_000+r.IntN(90_000), 100+set%900)))
		p.add(withSum(fmt.Sprintf("2 %05d %8.4f %8.4f %07d %8.4f %8.4f %11.8f%05d", number, 51+r.Float64(), 360*r.Float64(), r.IntN(20_000),
			360*r.Float64(), 360*r.Float64(), 15+0.1*r.Float64(), 10_000+r.IntN(1000))))
	}
	p.template("1 %+05u2U 98067A   " + year + "%012.8u8  .%08u4  00000-0  %05u4-3 0  %+03u2%#")
	p.template("2 %+05u2  %.4u4 % 8.4u4 %07u4 % 8.4u4 % 8.4u4 %011.8u8%05u2%#")
	return p.puzzle("two-line elements")
}
