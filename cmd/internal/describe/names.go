package describe

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/ktzip/ktzip/dsl/plan"
)

// Names of the slots of templates, as the text around them tells: a key before the slot, the head of its column, or
// its number among fields.

const (
	separators = ",;\t|" // of fields
	maxSlotKey = 40      // bytes of a name. Arbitrary
)

// slotNames returns a name for each slot of t, "" of those that have none. head is the first row of the text.
func slotNames(t *plan.TemplateOf, head string) []string {
	names, literals := make([]string, len(t.Slots)), literalsOf(t)
	separator := separatorOf(literals)
	if separator == "" {
		return wordNames(literals, names)
	}
	heads := strings.Split(strings.TrimSuffix(head, "\r"), separator)
	first, _, _ := strings.Cut(literals[0], separator)
	field := 0
	for k := range t.Slots {
		field += strings.Count(literals[k], separator)
		names[k] = keyBefore(literals[k])
		switch {
		case names[k] != "":
		case field < len(heads) && isHead(heads, &t.Slots[k], field):
			names[k] = strings.Trim(strings.TrimSpace(heads[field]), `"`)
		case field > 0 && isKey(strings.TrimLeft(first, "$!# ")) && len(first) <= maxSlotKey:
			names[k] = fmt.Sprintf("%s, field %d", first, field+1)
		}
	}
	return names
}

// wordNames numbers those of slots without a key, given what stands before each, by the words before them.
func wordNames(literals, names []string) []string {
	words, inside := 1, false // inside a word
	for k := range names {
		for _, c := range literals[k] {
			if !unicode.IsSpace(c) {
				inside = true
			} else if inside {
				words, inside = words+1, false
			}
		}
		inside = true
		if names[k] = keyBefore(literals[k]); names[k] == "" && len(strings.Fields(strings.Join(literals, "x"))) > 1 {
			names[k] = fmt.Sprintf("word %d", words)
		}
	}
	return names
}

// literalsOf returns the text of t before each slot, and that after the last one.
func literalsOf(t *plan.TemplateOf) (list []string) {
	text := t.Text
	for k := range t.Slots {
		at := 0
		for !strings.HasPrefix(text[at:], t.Slots[k].Text) || strings.HasPrefix(text[at:], "%%") { // a literal % is two
			step := 1
			if strings.HasPrefix(text[at:], "%%") {
				step = 2
			}
			if at += step; at >= len(text) {
				return append(list, make([]string, len(t.Slots)+1-k)...)
			}
		}
		list = append(list, strings.ReplaceAll(text[:at], "%%", "%"))
		text = text[at+len(t.Slots[k].Text):]
	}
	return append(list, strings.ReplaceAll(text, "%%", "%"))
}

// separatorOf returns what separates fields in literals; "" if nothing does.
func separatorOf(literals []string) string {
	best, most := "", 0
	for _, c := range separators {
		count := 0
		for _, text := range literals {
			count += strings.Count(text, string(c))
		}
		if count > most {
			best, most = string(c), count
		}
	}
	return best
}

// keyBefore returns the key that literal ends with, such as of "key": or key=; "" if there is none.
func keyBefore(literal string) string {
	text := strings.TrimRight(literal, "\" ")
	if !strings.HasSuffix(text, ":") && !strings.HasSuffix(text, "=") {
		return ""
	}
	text = strings.TrimRight(text[:len(text)-1], "\" ")
	start := len(text)
	for start > 0 && isKey(text[start-1:]) {
		start--
	}
	if start == len(text) || len(text)-start > maxSlotKey || unicode.IsDigit(rune(text[start])) {
		return ""
	}
	return text[start:]
}

// isKey reports whether text has letters, digits and marks of names alone, and at least one.
func isKey(text string) bool {
	for _, c := range text {
		if c >= unicode.MaxASCII || !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return text != ""
}

// isHead reports whether heads are names of columns, and the slot prints something else in that field.
func isHead(heads []string, s *plan.SlotOf, field int) bool {
	for _, h := range heads {
		h = strings.Trim(strings.TrimSpace(h), `"`)
		if h == "" || len(h) > maxSlotKey || !unicode.IsLetter([]rune(h)[0]) {
			return false
		}
	}
	others := 0
	for _, v := range s.Samples {
		if v != heads[field] {
			others++
		}
	}
	return len(heads) > 1 && others > 0
}

// What looks like floating-point numbers of 32 bits, with the low byte first: magnitudes of measured things, and integers
// far apart. Arbitrary.
const (
	leastFloat, mostFloat = 1e-6, 1e6
	leastFloats           = 3       // that are not 0
	floatsApart           = 1 << 22 // the integers that are their bits
)

// floatSamples returns integers of 32 bits, as text, as the floating-point numbers that have the same bits; nil unless
// they look like these.
func floatSamples(integers []string) (floats []string) {
	low, high, count := int64(math.MaxInt64), int64(math.MinInt64), 0
	for _, text := range integers {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil
		}
		x := math.Float32frombits(uint32(n))
		if size := math.Abs(float64(x)); size >= leastFloat && size <= mostFloat {
			count++
			low, high = min(low, n), max(high, n)
		} else if n != 0 {
			return nil
		}
		floats = append(floats, strconv.FormatFloat(float64(x), 'g', 6, 32))
	}
	if count < leastFloats || high-low < floatsApart {
		return nil
	}
	return floats
}
