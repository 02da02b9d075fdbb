package plans

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// image returns n bytes as devices have them: numbers that walk, zeros, and noise.
func image(r *rand.Rand, n int) []byte {
	var b []byte
	for len(b) < n {
		switch r.IntN(3) {
		case 0:
			b = append(b, walks(r, 20+r.IntN(200), 2, 1+r.IntN(3), 1+r.IntN(60))...)
		case 1:
			b = append(b, make([]byte, r.IntN(100))...)
		default:
			b = append(b, randomBytes(r, r.IntN(100))...)
		}
	}
	return b[:n]
}

// joinedBytes returns slots of n bytes that go on from row to row.
func joinedBytes(n int, conversion, gap string) string {
	list := []string{"%" + conversion}
	for range n - 1 {
		list = append(list, "%,"+conversion)
	}
	return strings.Join(list, gap)
}

// hexDump is what tools such as xxd and hexdump print.
func hexDump(r *rand.Rand) textPuzzle {
	p := newPage(r)
	perRow, perGroup := oneOf(r, 8, 16, 16, 32), oneOf(r, 1, 1, 2, 4)
	verb, form := "%02x", "02x1"
	if r.IntN(3) == 0 {
		verb, form = "%02X", "02X1"
	}
	address := oneOf(r, "%08x: ", "%08x  ", "%06x ", "")
	withText := r.IntN(2) == 0
	data := image(r, min(p.most*perRow, mostText/4))
	for i := 0; i+perRow <= len(data); i += perRow {
		row := ""
		if address != "" {
			row = fmt.Sprintf(address, i)
		}
		for k, c := range data[i : i+perRow] {
			if k > 0 && k%perGroup == 0 {
				row += " "
			}
			row += fmt.Sprintf(verb, c)
		}
		if withText {
			row += "  |" + strings.Map(func(c rune) rune {
				if c < ' ' || c > '~' {
					return '.'
				}
				return c
			}, latin(data[i:i+perRow])) + "|"
		}
		p.add(row)
	}
	text := ""
	if address != "" {
		text = fmt.Sprintf("%%+%sx4%s", address[1:3], address[4:])
	}
	for k := range perRow {
		if k > 0 && k%perGroup == 0 {
			text += " "
		}
		if k == 0 {
			text += "%" + form
		} else {
			text += "%," + form
		}
	}
	if withText {
		text += "  |%s" // a cell ends where what follows it first occurs
	}
	p.template(text)
	return p.puzzle("dump of %d bytes a row, in groups of %d, as text %t", perRow, perGroup, withText)
}

// latin returns b as text, a character for each byte.
func latin(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

// cArray is an array of bytes or numbers in C.
func cArray(r *rand.Rand) textPuzzle {
	p := newPage(r)
	perRow, indent := oneOf(r, 8, 10, 12, 16, 20), oneOf(r, "  ", "\t", "    ", "")
	gap := oneOf(r, ", ", ", ", ",")
	data := image(r, min(p.most*perRow, mostText/6))
	verb, slot := "0x%02x", "0x%s02x1"
	switch r.IntN(4) {
	case 0:
		verb, slot = "0x%02X", "0x%s02X1"
	case 1:
		verb, slot = "%d", "%su1"
	case 2:
		verb, slot = "%3d", "%s 3u1"
	}
	p.add("const unsigned char " + name(r) + "[] = {")
	for i := 0; i < len(data); i += perRow {
		var list []string
		for _, c := range data[i:min(i+perRow, len(data))] {
			list = append(list, fmt.Sprintf(verb, c))
		}
		row := indent + strings.Join(list, gap)
		if i+perRow < len(data) {
			row += strings.TrimRight(gap, " ")
		}
		p.add(row)
	}
	p.add("};")
	slots := []string{fmt.Sprintf(slot, "%")}
	for range perRow - 1 {
		slots = append(slots, fmt.Sprintf(slot, "%,"))
	}
	p.template(indent + strings.Join(slots, gap) + strings.TrimRight(gap, " "))
	p.anyRow()
	return p.puzzle("C array, %d a row as %q", perRow, verb)
}

// nmea is sentences of a satellite receiver, with checksums.
func nmea(r *rand.Rand) textPuzzle {
	p := newPage(r)
	p.eol = oneOf(r, "\r", "\r", "")
	seconds, lat, lon, alt, speed, course := float64(r.IntN(86_400)), 1+80*r.Float64(), 1+170*r.Float64(), 500*r.Float64(), 10*r.Float64(), 360*r.Float64()
	date := fmt.Sprintf("%02d%02d%02d", 1+r.IntN(28), 1+r.IntN(12), r.IntN(30))
	step := oneOf(r, 0.1, 0.2, 1, 1, 5)
	withSatellites := r.IntN(2) == 0
	degrees := func(x float64, width int) string {
		return fmt.Sprintf("%0*.4f", width, math.Floor(x)*100+math.Min(60*(x-math.Floor(x)), 59.9999))
	}
	sentence := func(s string) {
		x := byte(0)
		for _, c := range []byte(s) {
			x ^= c
		}
		p.add(fmt.Sprintf("$%s*%02X", s, x))
	}
	var satellites [8][4]int
	for k := range satellites {
		satellites[k] = [4]int{1 + r.IntN(32), r.IntN(90), r.IntN(360), 10 + r.IntN(40)}
	}
	for i := 0; !p.full(); i++ {
		seconds = math.Mod(seconds+step, 86_400)
		lat, lon, alt = lat+speed*1e-6*step, lon+speed*1.4e-6*step, alt+0.2*r.NormFloat64()
		speed, course = math.Abs(speed+0.1*r.NormFloat64()), math.Mod(course+360+2*r.NormFloat64(), 360)
		s := int(seconds)
		at := fmt.Sprintf("%02d%02d%02d.%d0", s/3600, s/60%60, s%60, int(10*(seconds-float64(s))))
		sentence(fmt.Sprintf("GPGGA,%s,%s,N,%s,E,1,%02d,%.1f,%.1f,M,46.9,M,,", at, degrees(lat, 9), degrees(lon, 10), 7+r.IntN(3), 0.8+0.1*float64(r.IntN(5)), alt))
		sentence(fmt.Sprintf("GPRMC,%s,A,%s,N,%s,E,%.2f,%.2f,%s,,,A", at, degrees(lat, 9), degrees(lon, 10), speed, course, date))
		if withSatellites && i%5 == 0 {
			for n := range 2 {
				text := fmt.Sprintf("GPGSV,2,%d,08", n+1)
				for k := range 4 {
					x := &satellites[4*n+k]
					x[3] = max(10, min(50, x[3]+r.IntN(3)-1))
					text += fmt.Sprintf(",%02d,%02d,%03d,%02d", x[0], x[1], x[2], x[3])
				}
				sentence(text)
			}
		}
	}
	p.template("$GPGGA,%+[HMS.ff]4,%+.4u4,N,%+010.4u4,E,1,%02u1,%.1u1,%+.1d4,M,46.9,M,,*%*")
	p.template("$GPRMC,%+[HMS.ff]4,A,%+.4u4,N,%+010.4u4,E,%+.2u2,%+.2u4," + date + ",,,A*%*")
	if withSatellites {
		for n := range 2 {
			text := fmt.Sprintf("$GPGSV,2,%d,08", n+1)
			for k := range 4 {
				x := &satellites[4*n+k]
				text += fmt.Sprintf(",%02d,%02d,%03d,%%+02u1", x[0], x[1], x[2])
			}
			p.template(text + "*%*")
		}
	}
	p.anyRow()
	return p.puzzle("NMEA sentences every %.1f s, with satellites %t", step, withSatellites)
}

// intelHex is records of bytes with addresses and checksums.
func intelHex(r *rand.Rand) textPuzzle {
	p := newPage(r)
	perRow := oneOf(r, 16, 16, 32)
	record := func(kind byte, address int, data []byte) {
		b := append([]byte{byte(len(data)), byte(address >> 8), byte(address), kind}, data...)
		sum := byte(0)
		for _, c := range b {
			sum -= c
		}
		p.add(fmt.Sprintf(":%X%02X", b, sum))
	}
	base := r.IntN(0x1000) << 16
	data := image(r, min(p.most*perRow, mostText/3))
	for i := 0; i < len(data); i += perRow {
		if i&0xFFFF == 0 {
			record(4, 0, []byte{byte(base >> 24), byte(base >> 16)})
			base += 1 << 16
		}
		record(0, i&0xFFFF, data[i:min(i+perRow, len(data))])
	}
	record(1, 0, nil)
	p.template(fmt.Sprintf(":%02X%%+04X200%s%%:", perRow, joinedBytes(perRow, "02X1", "")))
	p.anyRow()
	return p.puzzle("Intel HEX of %d bytes a row", perRow)
}

// A canFrame is frames of one identifier.
type canFrame struct {
	id       int
	data     []byte
	counters []int // places of bytes that count
	walks    []int // of those that walk
}

// frames returns frames of some identifiers.
func frames(r *rand.Rand) (list []*canFrame) {
	for _, id := range r.Perm(2048)[:3+r.IntN(25)] {
		f := &canFrame{id: id, data: randomBytes(r, 1+r.IntN(8))}
		for k := range f.data {
			switch r.IntN(4) {
			case 0:
				f.counters = append(f.counters, k)
			case 1:
				f.walks = append(f.walks, k)
			}
		}
		list = append(list, f)
	}
	return list
}

// next makes the data that of the next frame.
func (f *canFrame) next(r *rand.Rand) {
	for _, k := range f.counters {
		f.data[k]++
	}
	for _, k := range f.walks {
		f.data[k] += byte(r.IntN(5) - 2)
	}
}

// slots returns the slots of the bytes, with a gap between them; those that stay are text.
func (f *canFrame) slots(gap string) string {
	list := make([]string, len(f.data))
	for k, c := range f.data {
		list[k] = fmt.Sprintf("%02X", c)
	}
	for _, k := range append(append([]int(nil), f.counters...), f.walks...) {
		list[k] = "%+02X1"
	}
	return strings.Join(list, gap)
}

// canLog is frames of a bus of a car, as candump or a CANalyzer writes them: identifiers at periods
// of their own.
func canLog(r *rand.Rand) textPuzzle {
	p := newPage(r)
	all := frames(r)
	isDump := r.IntN(2) == 0
	due, period := make([]int64, len(all)), make([]int64, len(all))
	at := int64(r.IntN(1_000_000))
	if isDump {
		at += 1_436_509_052_000_000
	}
	for k := range due {
		period[k] = oneOf[int64](r, 10, 20, 50, 100) * 1000
		due[k] = at + r.Int64N(period[k])
	}
	for !p.full() {
		k := 0
		for i := range due {
			if due[i] < due[k] {
				k = i
			}
		}
		at = max(at+1, due[k]+r.Int64N(200))
		due[k] += period[k]
		f := all[k]
		f.next(r)
		if isDump {
			p.add(fmt.Sprintf("(%d.%06d) can0 %03X#%X", at/1_000_000, at%1_000_000, f.id, f.data))
		} else {
			p.add(fmt.Sprintf("%4d.%06d 1  %-15s Rx   d %d % X", at/1_000_000, at%1_000_000, strconv.FormatInt(int64(f.id), 16), len(f.data), f.data))
		}
	}
	head := p.set("")
	p.sets[1][0] = "%+ 11.6u5 1  "
	if isDump {
		p.sets[1][0] = "(%+.6u7) can0 "
	}
	for _, f := range all {
		if isDump {
			p.template(fmt.Sprintf("%s%03X#%s", head, f.id, f.slots("")))
		} else {
			p.template(fmt.Sprintf("%s%-15s Rx   d %d %s", head, strconv.FormatInt(int64(f.id), 16), len(f.data), f.slots(" ")))
		}
	}
	return p.puzzle("frames of %d identifiers, as candump %t", len(all), isDump)
}
