package text

import (
	"bytes"
	"strings"
)

// A token is a piece of a row.
type token struct {
	start, end int32
	kind       kind
	layout     layout // of a time
}

// A layout of a time: a line of layouts, from 1, and the digits of its fraction; the zero value is
// none.
type layout struct{ line, fraction uint8 }

// String returns the layout as a template has it.
func (l layout) String() string {
	if l.fraction == 0 {
		return layouts[l.line-1]
	}
	return layouts[l.line-1] + "fffffffff"[1:l.fraction]
}

// A kind of token.
type kind byte

const (
	mark  kind = iota // a byte that is none of the others
	blank             // blanks in a row
	value             // letters, digits, underscores and what is no ASCII; or a number
	stamp             // a time
)

// classes of bytes.
const (
	isDigit = 1 << iota
	isLetter
	isHex
	isBlank
)

var classes = func() (c [256]byte) {
	for b := range c {
		switch {
		case '0' <= b && b <= '9':
			c[b] = isDigit | isHex
		case 'a' <= b && b <= 'f', 'A' <= b && b <= 'F':
			c[b] = isLetter | isHex
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', b == '_', b >= 128:
			c[b] = isLetter
		case b == ' ':
			c[b] = isBlank
		}
	}
	return c
}()

// tokens appends the tokens of row to dst.
func tokens(dst []token, row []byte) []token {
	i := 0
	if isRecord(row) {
		dst, i = append(dst, token{start: 0, end: 1}, token{start: 1, end: 2}), 2
	}
	for i < len(row) {
		t := token{kind: mark, start: int32(i)}
		end := i + 1
		afterValue := i > 0 && len(dst) > 0 && dst[len(dst)-1].kind == value && int(dst[len(dst)-1].end) == i
		switch c := classes[row[i]]; {
		case c&isBlank != 0:
			t.kind, end = blank, i+run(row[i:], isBlank)
		case c&(isDigit|isLetter) != 0:
			t.kind = stamp
			if t.layout, end = layoutOf(row, i); t.layout.line == 0 {
				t.kind, end = value, i+valueBytes(row[i:], afterValue || i > 0 && row[i-1] == '.')
			}
		case isAlone(row, i):
			t.kind = value
		case row[i] == '-' && !afterValue && i+1 < len(row) && classes[row[i+1]]&isDigit != 0:
			n := run(row[i+1:], isDigit|isLetter)
			if n == run(row[i+1:], isDigit) {
				t.kind, end = value, i+1+valueBytes(row[i+1:], false)
			}
		}
		t.end = int32(end)
		dst = append(dst, t)
		i = end
	}
	return dst
}

// isAlone reports whether byte i of row is a sign that is all of a cell, such as that of a strand.
func isAlone(row []byte, i int) bool {
	return bytes.IndexByte([]byte("+-.?*"), row[i]) >= 0 &&
		(i == 0 || bytes.IndexByte([]byte("\t,; "), row[i-1]) >= 0) && (i+1 == len(row) || bytes.IndexByte([]byte("\t,; "), row[i+1]) >= 0)
}

// run returns how many bytes at the start of b are of one of the classes.
func run(b []byte, class byte) (n int) {
	for n < len(b) && classes[b[n]]&class != 0 {
		n++
	}
	return n
}

// valueBytes returns the length of the value at the start of b: letters and digits, or a number
// with a fraction. dotted says that what comes before ends a number or in a point, so that this is
// one of several numbers with points between them, such as those of an address.
func valueBytes(b []byte, dotted bool) int {
	n := run(b, isDigit|isLetter)
	if dotted || n != run(b, isDigit) || n+1 >= len(b) || b[n] != '.' {
		return n
	}
	f := run(b[n+1:], isDigit)
	if f == 0 {
		return n
	}
	end := n + 1 + f
	if end < len(b) && (b[end] == '.' && end+1 < len(b) && classes[b[end+1]]&isDigit != 0 || classes[b[end]]&isLetter != 0) {
		return n
	}
	return end
}

// layouts are those of times that are looked for, in the order of the attempts: longer ones first.
// An f stands for one or more digits of a fraction.
var layouts = []string{
	"Y-m-d H:M:S.f", "Y-m-d H:M:S,f", "Y-m-d H:M:S", "Y-m-d H:M",
	"Y-m-dTH:M:S.f", "Y-m-dTH:M:S", "Y-m-dTH:M",
	"Y/m/d H:M:S.f", "Y/m/d H:M:S", "Y/m/d H:M",
	"Y-m-d-H.M.S.f", "Y.m.d H:M:S", "Y-m-d", "Y/m/d", "Y.m.d",
	"d/b/Y:H:M:S", "d b Y H:M:S", "d-b-Y H:M:S", "d b Y", "d-b-Y",
	"d.m.Y H:M:S", "d.m.Y H:M", "d.m.Y",
	"m/d/Y H:M:S", "m/d/Y H:M", "m/d/Y", "d/m/Y H:M:S", "d/m/Y H:M", "d/m/Y",
	"a b e H:M:S Y", "a b d H:M:S Y", "a, d b Y H:M:S",
	"b e H:M:S", "b d H:M:S", "b d, Y",
	"m-d H:M:S.f", "m-d H:M:S",
	"H:M:S.f", "H:M:S,f", "H:M:S", "H:M",
}

// names of months and days in layouts.
var (
	months = []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
	days   = []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
)

// layoutOf returns the layout of the time at byte i of row, and where it ends.
func layoutOf(row []byte, i int) (l layout, end int) {
	b := row[i:]
	if i > 0 && classes[row[i-1]]&(isDigit|isLetter) != 0 || len(b) < 5 {
		return l, i
	}
	begins := run(b, isDigit)
	if begins == 0 {
		begins = run(b, isLetter)
	}
	if begins < 2 || begins > 4 || begins >= len(b) {
		return l, i
	}
	for k, text := range layouts {
		if begins != beginning(text[0]) || b[begins] != text[1] {
			continue
		}
		n, fraction := timeBytes(b, text)
		if strings.HasSuffix(text, ",f") && (fraction != 3 || n < len(b) && b[n] == '.') {
			continue // a number after a comma
		}
		if n > 0 && (n == len(b) || classes[b[n]]&isDigit == 0) {
			return layout{uint8(k + 1), uint8(fraction)}, i + n
		}
	}
	return l, i
}

// beginning returns how many letters or digits a time begins with, whose layout begins with part.
func beginning(part byte) int {
	switch part {
	case 'Y':
		return 4
	case 'a', 'b':
		return 3
	}
	return 2
}

// timeBytes returns how many bytes at the start of b the layout takes, 0 if they are no such time,
// and how many digits its fraction has.
func timeBytes(b []byte, layout string) (n, fraction int) {
	for k := range len(layout) {
		rest := b[n:]
		switch c := layout[k]; c {
		case 'Y':
			if len(rest) < 4 || run(rest[:4], isDigit) < 4 || rest[0] != '1' && rest[0] != '2' {
				return 0, 0
			}
			n += 4
		case 'm', 'd', 'y', 'H', 'M', 'S':
			if len(rest) < 2 || run(rest[:2], isDigit) < 2 {
				return 0, 0
			}
			v := int(rest[0]-'0')*10 + int(rest[1]-'0')
			if least, most := partRange(c); v < least || v > most {
				return 0, 0
			}
			n += 2
		case 'e':
			if len(rest) < 2 || rest[0] != ' ' && classes[rest[0]]&isDigit == 0 || classes[rest[1]]&isDigit == 0 {
				return 0, 0
			}
			n += 2
		case 'b', 'a':
			names := months
			if c == 'a' {
				names = days
			}
			if !startsWithOneOf(rest, names) {
				return 0, 0
			}
			n += 3
		case 'f':
			if fraction = min(run(rest, isDigit), 9); fraction == 0 {
				return 0, 0
			}
			n += fraction
		default:
			if len(rest) == 0 || rest[0] != c {
				return 0, 0
			}
			n++
		}
	}
	return n, fraction
}

// partRange returns the least and the most value of a part of two digits.
func partRange(part byte) (least, most int) {
	switch part {
	case 'm':
		return 1, 12
	case 'd':
		return 1, 31
	case 'H':
		return 0, 23
	case 'M', 'S':
		return 0, 59
	}
	return 0, 99
}

func startsWithOneOf(b []byte, names []string) bool {
	for _, n := range names {
		if len(b) >= len(n) && string(b[:len(n)]) == n {
			return true
		}
	}
	return false
}
