package plans

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// A bytesText prints bytes as text.
type bytesText struct {
	name string
	text func(r *rand.Rand, b []byte) string
}

// rowsOfBytes returns b in rows of n bytes, each printed by row.
func rowsOfBytes(b []byte, n int, row func(off int, b []byte) string) string {
	var text strings.Builder
	for off := 0; off < len(b); off += n {
		text.WriteString(row(off, b[off:min(off+n, len(b))]) + "\n")
	}
	return text.String()
}

var bytesTexts = []bytesText{
	{"xxd", func(r *rand.Rand, b []byte) string {
		return rowsOfBytes(b, 16, func(off int, b []byte) string {
			row := fmt.Sprintf("%08x:", off)
			for i, c := range b {
				if i%2 == 0 {
					row += " "
				}
				row += fmt.Sprintf("%02x", c)
			}
			return row
		})
	}},
	{"od", func(r *rand.Rand, b []byte) string {
		return rowsOfBytes(b, 16, func(off int, b []byte) string { return fmt.Sprintf("%07o % x", off, b) })
	}},
	{"C in hexadecimal", func(r *rand.Rand, b []byte) string {
		return "static const uint8_t " + name(r) + "[] = {\n" + rowsOfBytes(b, 12, func(_ int, b []byte) string {
			return "  0x" + strings.ReplaceAll(fmt.Sprintf("% x", b), " ", ", 0x") + ","
		}) + "};\n"
	}},
	{"C in decimal", func(r *rand.Rand, b []byte) string {
		return "unsigned char " + name(r) + "[] = {\n" + rowsOfBytes(b, 16, func(_ int, b []byte) string {
			return "  " + strings.Trim(strings.ReplaceAll(fmt.Sprint(b), " ", ", "), "[]") + ","
		}) + "};\n"
	}},
	{"Intel HEX", func(r *rand.Rand, b []byte) string {
		return rowsOfBytes(b, 16, func(off int, b []byte) string {
			row := append([]byte{byte(len(b)), byte(off >> 8), byte(off), 0}, b...)
			sum := byte(0)
			for _, c := range row {
				sum -= c
			}
			return fmt.Sprintf(":%X", append(row, sum))
		})
	}},
	{"S-records", func(r *rand.Rand, b []byte) string {
		return rowsOfBytes(b, 32, func(off int, b []byte) string {
			row := append([]byte{byte(len(b) + 5), 8, byte(off >> 16), byte(off >> 8), byte(off)}, b...)
			sum := byte(0xFF)
			for _, c := range row {
				sum -= c
			}
			return fmt.Sprintf("S3%X", append(row, sum))
		})
	}},
	{"hexadecimal in lines", func(r *rand.Rand, b []byte) string {
		return rowsOfBytes(b, 32, func(_ int, b []byte) string { return fmt.Sprintf("%x", b) })
	}},
	{"MIME", func(r *rand.Rand, b []byte) string {
		return "Content-Transfer-Encoding: base64\r\n\r\n" + strings.ReplaceAll(string(inLines(base64.StdEncoding.EncodeToString(b), 76)), "\n", "\r\n")
	}},
	{"PEM", func(r *rand.Rand, b []byte) string {
		return "-----BEGIN DATA-----\n" + string(inLines(base64.StdEncoding.EncodeToString(b), 64)) + "-----END DATA-----\n"
	}},
	{"JSON", func(r *rand.Rand, b []byte) string {
		return fmt.Sprintf(`{"name":"%s","size":%d,"data":"%s"}`, name(r), len(b), base64.StdEncoding.EncodeToString(b))
	}},
}

// rowsPrice is what the rows of a text may take beside its bytes, in bytes: addresses, templates.
const rowsPrice = 400

// formStep: without -full one form in so many is tried, with one kind of data.
const formStep = 3

// TestFindsPlansInText wants the bytes that text stands for to have plans of their own: each text must
// come within 5 % of the true plan of its bytes on 90 % of them.
func TestFindsPlansInText(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	const level = 6
	draws := []func(*rand.Rand) puzzle{channels, table, picture, decimals, framedRecords, func(r *rand.Rand) puzzle {
		list := machines()
		return program(r, &list[r.IntN(len(list))])
	}}
	n := 0
	found := 0
	for k, form := range bytesTexts {
		if *only != "" && *only != form.name {
			continue
		}
		for i, draw := range draws {
			if !*full && (k%formStep > 0 || (i+k)%len(draws) > 0) {
				continue
			}
			r := rand.New(rand.NewPCG(uint64(10*k+i), 2026))
			p := draw(r)
			best := p.best(t)
			text := form.text(r, p.data)
			got, _, program := bestPlan(t, level, []byte(text))
			n++
			if got*100 <= best*105+100*rowsPrice {
				found++
				continue
			}
			t.Logf("%s, %s, of %d bytes: %d bytes, %d by the true plan (+%d %%); found\n%.1500v", form.name, p.name, len(text), got, best, got*100/best-100, program)
		}
	}
	t.Logf("within 5 %% of the true plan: %d of %d", found, n)
	if found*10 < n*9 && found < n-1 {
		t.Errorf("within 5 %% of the true plan: %d of %d, want 90 %%", found, n)
	}
}
