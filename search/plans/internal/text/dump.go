package text

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Dumps: rows that show bytes, in hexadecimal or in decimal, such as those of xxd, hexdump and od,
// arrays in C, Intel HEX and S-records. Their slots are joined, so that the bytes come out as they were.

const (
	// DumpGlimpse is how much of a text tells whether it may be a dump, and dumpBytes how much tells its
	// templates. Arbitrary.
	DumpGlimpse, dumpBytes = 4 << 10, 64 << 10

	// leastShown and mostShown are how many bytes a row of a dump has: with fewer it may be other
	// numbers, such as a time, and more cannot be joined. Records with a checksum may have leastData.
	leastShown, leastData, mostShown = 8, 4, 255

	// dumpPercent is how much of a text the rows of a dump must be. Arbitrary.
	dumpPercent = 50

	// shownPercent is how much of a row of a dump shows bytes, apart from addresses and characters: 44
	// in hexdump -C. Arbitrary.
	shownPercent = 40

	// dumpForms is how many templates the rows of a dump have at most. Arbitrary.
	dumpForms = 16

	// maxGap is how many bytes may be between two bytes of a row. Arbitrary.
	maxGap = 8
)

// A notation is how a byte, or some, are written.
type notation byte

const (
	noNotation  notation = iota
	plainHex             // two digits each: ff, ffff
	prefixedHex          // 0xff, 0xffff
	decimalByte          // 255
)

// shown is what shows bytes in a row, from byte start on.
type shown struct {
	notation   notation
	start, end int
	digits     int      // of an item; of decimalByte 0
	items      []string // without the prefix
	gaps       []string // between them
}

// count returns how many bytes s shows.
func (s *shown) count() int { return len(s.items) * max(s.digits, 2) / 2 }

// drop takes the last item from s, which has several.
func (s *shown) drop() {
	n := len(s.items) - 1
	s.end -= len(s.items[n]) + len(s.gaps[n-1]) + len(s.notation.prefix())
	s.items, s.gaps = s.items[:n], s.gaps[:n-1]
}

// bytes returns what s shows.
func (s *shown) bytes() (list []byte) {
	for _, item := range s.items {
		if s.notation == decimalByte {
			v := 0
			fmt.Sscan(item, &v)
			list = append(list, byte(v))
			continue
		}
		for k := 0; k < len(item); k += 2 {
			v := 0
			fmt.Sscanf(item[k:min(k+2, len(item))], "%x", &v)
			list = append(list, byte(v))
		}
	}
	return list
}

// prefix returns what is before the digits of an item.
func (n notation) prefix() string {
	if n == prefixedHex {
		return "0x"
	}
	return ""
}

// item returns the digits of an item at the start of row; "" if there is none.
func (n notation) item(row []byte) string {
	row, ok := bytes.CutPrefix(row, []byte(n.prefix()))
	k := run(row, isDigit|isLetter)
	digits := row[:k]
	switch {
	case !ok || k == 0 || k < len(row) && row[k] == '.':
		return ""
	case n == decimalByte:
		if k > 3 || run(digits, isDigit) < k || k > 1 && digits[0] == '0' || k == 3 && string(digits) > "255" {
			return ""
		}
	case run(digits, isHex) < k || k%2 > 0 && (n == plainHex || k > 1):
		return ""
	}
	return string(digits)
}

// showsAt returns what shows bytes in row from byte i on.
func (n notation) showsAt(row []byte, i int) *shown {
	s := &shown{notation: n, start: i, end: i}
	for {
		item := n.item(row[i:])
		width := max(len(item), 2)
		if n == decimalByte {
			width = 0
		}
		gap := string(row[s.end:i])
		if item == "" || len(s.items) > 0 && width != s.digits || len(s.gaps) > 0 && strings.Trim(gap, " ") != strings.Trim(s.gaps[0], " ") {
			break
		}
		if len(s.items) > 0 {
			s.gaps = append(s.gaps, gap)
		}
		s.digits, s.items = width, append(s.items, item)
		s.end = i + len(n.prefix()) + len(item)
		i = s.end
		for i < len(row) && i < s.end+maxGap && bytes.IndexByte([]byte(" \t,:;-"), row[i]) >= 0 {
			i++
		}
		if i == s.end {
			break
		}
	}
	return s
}

// shows returns what shows most bytes in row; nil if that is too few or too many.
func shows(row []byte) (best *shown) {
	for i := 0; i < len(row); {
		end := i + 1
		if c := classes[row[i]]; c&(isDigit|isLetter) != 0 {
			end = i + run(row[i:], isDigit|isLetter)
			for n := plainHex; n <= decimalByte; n++ {
				s := n.showsAt(row, i)
				if len(s.items) > 0 {
					end = max(end, s.end)
					if best == nil || s.count() > best.count() {
						best = s
					}
				}
			}
		}
		i = end
	}
	if best == nil || best.count() < leastShown || best.count() > mostShown || (best.end-best.start)*100 < len(row)*shownPercent {
		return nil
	}
	return best
}

// characters returns b as the last column of dumps has it.
func characters(b []byte) []byte {
	list := slices.Clone(b)
	for i, c := range b {
		if c < ' ' || c > '~' {
			list[i] = '.'
		}
	}
	return list
}

// showsCharacters cuts s to the bytes that row shows as characters, too, after them. It returns where
// these are; -1 if there are none.
func (s *shown) showsCharacters(row []byte) int {
	c := *s
	list := characters(s.bytes())
	for c.count() >= leastShown {
		if at := bytes.Index(row[c.end:], list[:c.count()]); at >= 0 {
			*s = c
			return c.end + at
		}
		if len(c.items) == 1 {
			break
		}
		c.drop()
	}
	return -1
}

// A dumpStyle is what all rows of a dump have in common.
type dumpStyle struct {
	letters string // the conversion of hexadecimal digits: x or X
	short   bool   // hexadecimal digits after 0x may be one
	padded  bool   // decimal numbers have blanks in front
}

// template returns the template of row, which has s.
func (y *dumpStyle) template(row []byte, s *shown) string {
	at := s.showsCharacters(row)
	text, joined := y.before(y.gap(row[:s.start], s, 0)), ""
	for i, item := range s.items {
		if i > 0 {
			text += escape(y.gap([]byte(s.gaps[i-1]), s, i))
		}
		text += s.notation.prefix()
		for range max(s.digits, 2) / 2 {
			text += "%" + joined + y.slot(s, len(item))
			joined = ","
		}
	}
	tail := row[s.end:]
	switch {
	case at >= 0:
		return text + escape(row[s.end:at]) + "%c" + escape(row[at+s.count():])
	case len(tail) <= maxGap && run(tail, isDigit|isLetter) == 0:
		return text + escape(tail)
	}
	return text + "%s"
}

// gap returns what is before item i of s, less the blanks to which its number is padded.
func (y *dumpStyle) gap(before []byte, s *shown, i int) []byte {
	if s.notation == decimalByte && y.padded {
		return before[:max(len(before)-decimalWidth+len(s.items[i]), 0)]
	}
	return before
}

// slot returns the slot of a byte of s, without its per cent sign.
func (y *dumpStyle) slot(s *shown, digits int) string {
	switch {
	case s.notation == decimalByte && y.padded:
		return " 3u1"
	case s.notation == decimalByte:
		return "u1"
	case y.short && s.notation == prefixedHex && digits <= 2:
		return y.letters + "1"
	}
	return "02" + y.letters + "1"
}

// decimalWidth is the width of a byte in decimal.
const decimalWidth = 3

// before returns the template of what comes before the bytes of a row: an address, and text.
func (y *dumpStyle) before(text []byte) string {
	for i := 0; i < len(text); {
		n := run(text[i:], isDigit|isLetter)
		if n >= leastAddress && n <= mostAddress && run(text[i:], isHex) == n {
			return escape(text[:i]) + fmt.Sprintf("%%+0%d%s%d", n, y.letters, (n+1)/2) + escape(text[i+n:])
		}
		i += max(n, 1)
	}
	return escape(text)
}

// leastAddress and mostAddress are how many digits an address has. Arbitrary.
const leastAddress, mostAddress = 3, 16

// styleOf returns the style of what rows have, some of which have nothing.
func styleOf(list []*shown) (y dumpStyle) {
	upper, lower, padded, others := 0, 0, 0, 0
	for _, s := range list {
		switch {
		case s == nil:
		case s.notation == decimalByte && s.isPadded():
			padded++
		case s.notation == decimalByte:
			others++
		default:
			for _, item := range s.items {
				if strings.ContainsAny(item, "ABCDEF") {
					upper++
				} else if strings.ContainsAny(item, "abcdef") {
					lower++
				}
				y.short = y.short || len(item) == 1
			}
		}
	}
	y.letters, y.padded = "x", padded > others
	if upper > lower {
		y.letters = "X"
	}
	return y
}

// isPadded reports whether the numbers of s, of several lengths, take the same width.
func (s *shown) isPadded() bool {
	least, most := decimalWidth, 0
	for i, gap := range s.gaps {
		item := s.items[i+1]
		blanks := len(gap) - len(strings.TrimRight(gap, " "))
		if i > 0 && blanks+len(item) != most {
			return false
		}
		most, least = blanks+len(item), min(least, len(item))
	}
	return most >= decimalWidth && least < decimalWidth
}

// recordTemplate returns the template of row if that is a record of Intel HEX or an S-record with data,
// and how many bytes of data it has.
func recordTemplate(row []byte) (text string, data int) {
	digits := bytes.TrimRight(row, "\r")
	letters := 0
	if bytes.ContainsAny(digits, "abcdef") {
		letters = 1
	}
	for _, f := range hexForms {
		data = (len(digits) - len(f.mark) - f.least()) / 2
		if data < leastData || data > mostShown || !f.holds(digits) {
			continue
		}
		text, at := f.mark, len(f.mark)
		for _, x := range f.fields(data, letters) {
			if x.isConstant {
				text += string(row[at : at+x.width])
			} else {
				text += x.slots
			}
			at += x.width
		}
		return text + string(row[len(digits):]), data
	}
	return "", 0
}

// Dump returns templates for src if most of it is a dump, whose bytes they join.
func Dump(src []byte) (t Templates, ok bool) {
	if _, ok := dump(Sample(src, DumpGlimpse)); !ok {
		return t, false
	}
	return dump(Sample(src, dumpBytes))
}

// dump is Dump for all of b.
func dump(b []byte) (t Templates, ok bool) {
	end, ok := endOf(b)
	if !ok {
		return t, false
	}
	rows := rowsOf(b, end).rows
	list := make([]*shown, len(rows))
	for i, row := range rows {
		list[i] = shows(row)
	}
	style := styleOf(list)
	type form struct{ rows, size, shown int }
	forms := map[string]*form{}
	for i, row := range rows {
		text, n := recordTemplate(row)
		if text == "" {
			if list[i] == nil {
				continue
			}
			text = style.template(row, list[i])
			n = list[i].count()
		}
		f := forms[text]
		if f == nil {
			f = &form{shown: n}
			forms[text] = f
		}
		f.rows, f.size = f.rows+1, f.size+len(row)+1
	}
	texts := slices.SortedFunc(maps.Keys(forms), func(a, b string) int {
		return cmp.Or(cmp.Compare(forms[b].size, forms[a].size), cmp.Compare(a, b))
	})
	size := 0
	texts = slices.DeleteFunc(texts[:min(dumpForms, len(texts))], func(s string) bool { return forms[s].rows < minRows })
	for _, s := range texts {
		size += forms[s].size
	}
	if size*100 < len(b)*dumpPercent {
		return t, false
	}
	// A cell at the end may show bytes: rows with more of them are tried first.
	slices.SortStableFunc(texts, func(a, b string) int { return cmp.Compare(forms[b].shown, forms[a].shown) })
	t = Templates{End: end, Sets: []int{len(texts) + 1}}
	for _, s := range append(texts, "%s") {
		t.Text += s + string(end)
	}
	return t, true
}
