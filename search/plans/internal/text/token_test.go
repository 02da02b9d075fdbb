package text

import (
	"strings"
	"testing"
	"time"
)

// cutTokens returns the tokens of row, with a bar between them; times are in brackets.
func cutTokens(row string) string {
	var list []string
	for _, t := range tokens(nil, []byte(row)) {
		text := row[t.start:t.end]
		if t.kind == stamp {
			text = "[" + text + "]"
		}
		list = append(list, text)
	}
	return strings.Join(list, "|")
}

// TestTokens cuts rows into numbers, words, blanks and marks.
func TestTokens(t *testing.T) {
	for row, want := range map[string]string{
		"":                         "",
		"a_b c1":                   "a_b| |c1",
		"12,-3.50;x":               "12|,|-3.50|;|x",
		"   7":                     "   |7",
		"a-1":                      "a|-|1",
		"10.1.2.30":                "10|.|1|.|2|.|30",
		"at 12:34:56, ok":          "at| |[12:34:56]|,| |ok",
		"[2026-11-27 20:31:05.25]": "[|[2026-11-27 20:31:05.25]|]",
		"Nov  7 01:02:03 host":     "[Nov  7 01:02:03]| |host",
		"99:99:99":                 "99|:|99|:|99",
	} {
		if got := cutTokens(row); got != want {
			t.Errorf("%q: %q, want %q", row, got, want)
		}
	}
}

// TestTokensAreTheRow takes the tokens of rows: together they are the row.
func TestTokensAreTheRow(t *testing.T) {
	for _, row := range []string{"", " ", "a=1.5e-7, b=.5 c=5. 1.2.3 -", "x\x00\xff\t-5-", "2026-01-02T03:04:05.123456789Z", "0x1F %d %%"} {
		end := 0
		for _, k := range tokens(nil, []byte(row)) {
			if int(k.start) != end || k.end <= k.start {
				t.Errorf("%q: a token at %d to %d, after %d bytes", row, k.start, k.end, end)
			}
			end = int(k.end)
		}
		if end != len(row) {
			t.Errorf("%q: tokens of %d bytes", row, end)
		}
	}
}

// goLayouts are parts of layouts as package time has them.
var goLayouts = strings.NewReplacer("Y", "2006", "y", "06", "m", "01", "d", "02", "e", "_2", "b", "Jan", "a", "Mon", "H", "15", "M", "04", "S", "05", "f", "000")

// TestLayoutsOfTimes prints times in each layout: they are found in the layout, or in an earlier one
// that prints them as well.
func TestLayoutsOfTimes(t *testing.T) {
	for k, text := range layouts {
		for _, at := range []time.Time{time.Date(2026, 11, 27, 20, 31, 59, 123e6, time.UTC), time.Date(1999, 1, 3, 1, 2, 3, 45e6, time.UTC)} {
			format := strings.ReplaceAll(goLayouts.Replace(text), ",000", ",\x00")
			row := strings.ReplaceAll(at.Format(format), "\x00", at.Format(".000")[1:])
			l, end := layoutOf([]byte(row), 0)
			if l.line == 0 || end != len(row) {
				t.Errorf("%s: %q is a time up to byte %d, want all", text, row, end)
				continue
			}
			if int(l.line) > k+1 {
				t.Errorf("%s: %q is taken for %s", text, row, l)
			}
			if strings.Contains(text, "f") && l.fraction != 3 {
				t.Errorf("%s: %q has a fraction of %d digits, want 3", text, row, l.fraction)
			}
		}
	}
}

// TestShapes groups rows: numbers and words may be others, all else may not.
func TestShapes(t *testing.T) {
	s := rowsOf([]byte("a 1\nb 2.5\nc: 3\nd 2026-01-02\ne   77\nf\nf: x"), '\n')
	var got []string
	for _, g := range s.shapes(s.all(), s.tokens(s.all())) {
		var rows []string
		for _, r := range g.rows {
			rows = append(rows, string(s.rows[r]))
		}
		got = append(got, strings.Join(rows, "+"))
	}
	const want = "a 1+b 2.5+e   77|c: 3+f: x|d 2026-01-02|f"
	if got := strings.Join(got, "|"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestChecksums tells rows with checksums from others.
func TestChecksums(t *testing.T) {
	for _, c := range []struct{ row, checksum string }{
		{"$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47", "xor"},
		{"$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*48", ""},
		{":10010000214601360121470136007EFE09D2190140", ":"},
		{":10010000214601360121470136007EFE09D2190141", ""},
		{":10010000214601360121470136007efe09d2190140", ":"},
		{":00000001FF", ":"},
		{"S1137AF00A0A0D0000000000000000000000000061", "S1"},
		{"S1137AF00A0A0D0000000000000000000000000062", ""},
		{"S2147AF0000A0A0D00000000000000000000000060F1", ""},
		{"S20801020304050607DC", ""},
		{"S20800010203040506E2", "S2"},
		{"S30d0800002809880786068101829a", "S3"},
		{"S0030000FC", ""},
		{"1 25544U 98067A   08265.51782528 -.00002182  00000-0 -11606-4 0  2939", "digits"},
		{"2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537", "digits"},
		{"2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563538", ""},
		{"*", ""},
		{"", ""},
	} {
		got := ""
		for _, f := range hexForms {
			if f.holds([]byte(c.row)) {
				got += f.mark
			}
		}
		if xored([]byte(c.row)) {
			got += "xor"
		}
		if len(c.row) >= minDigitSum && digitSum([]byte(c.row)) {
			got += "digits"
		}
		if got != c.checksum {
			t.Errorf("%q: %q, want %q", c.row, got, c.checksum)
		}
	}
}

// TestRowsEndWith names the byte that ends rows.
func TestRowsEndWith(t *testing.T) {
	for _, c := range []struct {
		text string
		end  byte
		ok   bool
	}{
		{strings.Repeat("a,b\n", 20), '\n', true},
		{strings.Repeat("a,b\r\n", 20), '\n', true},
		{strings.Repeat("a,b\r", 20), '\r', true},
		{"[" + strings.Repeat(`{"a":1},`, 20) + "]\n", '}', true},
		{strings.Repeat("word ", 200), 0, false},
		{"", 0, false},
		{strings.Repeat(strings.Repeat("x", 3*maxRow)+"\n", 9), 0, false},
	} {
		if end, ok := endOf([]byte(c.text)); end != c.end || ok != c.ok {
			t.Errorf("%.20q: %q %t, want %q %t", c.text, end, ok, c.end, c.ok)
		}
	}
}

// TestSampleIsRows takes samples of a text: whole rows, from its beginning to its end.
func TestSampleIsRows(t *testing.T) {
	var b strings.Builder
	for k := range 5000 {
		b.WriteString(strings.Repeat("x", k%7) + string(rune('a'+k/200)) + "\n")
	}
	all := map[string]bool{}
	for row := range strings.SplitSeq(b.String(), "\n") {
		all[row] = true
	}
	for _, size := range []int{100, 1000, 5000} {
		got := string(Sample([]byte(b.String()), size))
		if len(got) > size || len(got) < size/2 {
			t.Errorf("a sample of %d bytes, want up to %d", len(got), size)
		}
		if !strings.Contains(got, "a\n") || !strings.Contains(got, "y\n") {
			t.Errorf("a sample of %d bytes without the beginning, or without the end", size)
		}
		for row := range strings.SplitSeq(got, "\n") {
			if !all[row] {
				t.Errorf("a sample of %d bytes has the row %q", size, row)
			}
		}
	}
	if got := Sample([]byte("short"), 100); string(got) != "short" {
		t.Errorf("a sample of a short text: %q", got)
	}
}
