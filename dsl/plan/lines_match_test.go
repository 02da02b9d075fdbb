package plan

import (
	"fmt"
	"strings"
	"testing"
)

// rowText says by which templates row is printed, and of what: the values of their slots.
func rowText(t *testing.T, row, templates string, sets []int) string {
	t.Helper()
	values, unmatched, err := LinesValues([]byte(row), templates, '\n', sets)
	if err != nil {
		t.Fatalf("%q: %v", templates, err)
	}
	if unmatched > 0 {
		return "none"
	}
	var list []string
	for _, v := range values {
		for k := range max(len(v.Values), len(v.Cells)) {
			switch isException := v.Exceptions != nil && v.Exceptions[k]; {
			case v.Conversion == 's' || v.Conversion == 'w' || isException:
				list = append(list, fmt.Sprintf("%d:%q", v.Template, v.Cells[k]))
			default:
				list = append(list, fmt.Sprintf("%d:%d", v.Template, v.Values[k]))
			}
		}
	}
	return strings.Join(list, " ")
}

// TestRowsMatch has rows, templates, and what of which template the row is taken for.
func TestRowsMatch(t *testing.T) {
	for _, c := range []struct {
		row, templates string
		sets           []int
		want           string
	}{
		// The first template without exceptions, then the first with them; a cell alone is one.
		{"12", "%s\n%u1\n", nil, `1:12`},
		{"x", "%s\n%u1\n", nil, `0:"x"`},
		{"x", "%u1\n%s\n", nil, `0:"x"`},
		{"300", "%u1\n%u2\n", nil, `1:300`},
		{"a,b", "%u1,%u1\n%s\n", nil, `0:"a" 0:"b"`},
		{"a b", "%u1,%u1\n%s\n", nil, `1:"a b"`},
		{"a b", "%u1,%u1\nc%s\n", nil, `none`},
		{"", "%u1\n%s\n", nil, `0:""`},
		// A slot ends where the text after it first occurs.
		{"a: b: c", "%s: %s\n", nil, `0:"a" 0:"b: c"`},
		{"1201", "%u1201\n", nil, `0:1`},
		{"10x5", "%u10x%u1\n", nil, `0:1 0:5`},
		{"-5--6", "%d1-%d1\n", nil, `0:251 0:250`},
		{"1.50.", "%.2u1.\n", nil, `0:150`},
		{"ab", "%s%s\n", nil, `0:"ab" 0:""`},
		{"eth0", "%s%u1\n", nil, `0:"eth" 0:0`},
		{"at 12:30", "%s%[H:M]2\n", nil, `0:"at " 0:750`},
		{"from -7C", "%s%<2>\n%d1C\n", []int{1, 1}, `0:"from " 1:249`},
		// Padding belongs to its slot.
		{"   12 x", "% 5u1 %s\n", nil, `0:12 0:"x"`},
		{"12    x", "%-5u1 %s\n", nil, `0:12 0:"x"`},
		{"a     b", "%-5s %s\n", nil, `0:"a" 0:"b"`},
		{"    a b", "% 5s %s\n", nil, `0:"a" 0:"b"`},
		{"a b   c", "%-5s %s\n", nil, `0:"a b" 0:"c"`},
		{"00000000", "%04X200%02X1\n", nil, `0:0 0:0`},
		{"0012345", "%04u2%03u2\n", nil, `0:12 0:345`},
		{"  1 22333", "% 3u2% 3u2% 3u2\n", nil, `0:1 0:22 0:333`},
		{"abc", "%-5s\n", nil, `none`},
		{"-,x", "%05u1,%s\n", nil, `0:"-" 0:"x"`},
		{"      x", "% 3u1 %s\n", nil, `0:"   " 0:"  x"`},
		// What no number prints is an exception.
		{"007", "%u1\n", nil, `0:"007"`}, {"-0", "%d1\n", nil, `0:"-0"`}, {"-128", "%d1\n", nil, `0:128`}, {"-129", "%d1\n", nil, `0:"-129"`},
		{"+1", "%d1\n", nil, `0:"+1"`}, {"1.5", "%.2u1\n", nil, `0:"1.5"`}, {"1.50", "%~.2u2\n", nil, `0:"1.50"`}, {"1.5", "%~.2u2\n", nil, `0:150`},
		{"1.", "%~.2u2\n", nil, `0:"1."`}, {".5", "%~.2u2\n", nil, `0:".5"`}, {"FF", "%x1\n", nil, `0:"FF"`}, {"ff", "%x1\n", nil, `0:255`},
		{"18446744073709551615", "%u8\n", nil, `0:18446744073709551615`}, {"18446744073709551616", "%u8\n", nil, `0:"18446744073709551616"`},
		{"2024-02-30", "%[Y-m-d]3\n", nil, `0:"2024-02-30"`}, {"2024-02-29", "%[Y-m-d]3\n", nil, `0:19782`}, {"24:00", "%[H:M]2\n", nil, `0:"24:00"`},
		{"Fri 2024-02-29", "%[a Y-m-d]3\n", nil, `0:"Fri 2024-02-29"`}, {"Thu 2024-02-29", "%[a Y-m-d]3\n", nil, `0:19782`}, {"9999-12-31", "%[Y-m-d]2\n", nil, `0:"9999-12-31"`},
		{"2500-01-01 00:00:00.000000000", "%[Y-m-d H:M:S.fffffffff]8\n", nil, `0:"2500-01-01 00:00:00.000000000"`}, {"Feb 29", "%[b d]2\n", nil, `0:59`},
		// Joined slots have none.
		{"1.2.3", "%u1.%,u1.%,u1\n", nil, `0:1 0:2 0:3`}, {"1.2.300", "%u1.%,u1.%,u1\n", nil, `none`},
		// Checksums must be right.
		{"$AB*03", "$%s*%*\n", nil, `0:"AB"`}, {"$AB*04", "$%s*%*\n", nil, `none`}, {":0102FD", ":%02X1%02X1%:\n", nil, `0:1 0:2`}, {":0102FC", ":%02X1%02X1%:\n", nil, `none`},
		// An instance is the first that is there, if its set ends with text; else what follows it counts.
		{"a bc", "%<2> c\n%<2>c\na\na b\n", []int{2, 2}, `none`}, {"a bc", "%<2> c\n%<2>c\na b\na\n", []int{2, 2}, ``},
		{"a-b c", "%<2> %s\n%s\n%s-%s\n", []int{1, 2}, `0:"c" 1:"a-b"`},
		{"a1b", "%<2>b\na%u1\n", []int{1, 1}, `1:1`},
		{"axb", "%<2>b\na%u1\n", []int{1, 1}, `1:"x"`},
	} {
		if c.sets == nil {
			c.sets = []int{strings.Count(c.templates, "\n")}
		}
		if got := rowText(t, c.row, c.templates, c.sets); got != c.want {
			t.Errorf("%q by %q: %s, want %s", c.row, c.templates, got, c.want)
		}
	}
}
