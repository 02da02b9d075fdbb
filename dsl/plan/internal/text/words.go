package text

import (
	"bytes"
	"fmt"
	"strings"
)

// Templates in words.

// A Template is a template as text, and its slots.
type Template struct {
	Set   int // from 0
	Text  string
	Slots []Slot
}

// A Slot is a slot of a template.
type Slot struct {
	Text  string // such as %+u2
	Words string // what it prints, such as "a number, less the one before"
}

// Templates returns the templates at the start of text, of shape r, in their order.
func Templates(text []byte, r Shape) (list []Template, err error) {
	if err := CheckSets(r.Sets); err != nil {
		return nil, err
	}
	var t templateSet
	if _, err := t.read(bytes.Clone(text), r.End, r.Sets); err != nil {
		return nil, err
	}
	from := 0
	for i := range t.templates {
		f := &t.templates[i]
		end := from + bytes.IndexByte(text[from:], r.End)
		x := Template{Set: int(f.set), Text: string(text[from:end])}
		for k := f.first; k < f.end-1; k++ {
			s := &t.slots[k]
			start := int(s.textEnd) + bytes.Count(t.text[s.text:s.textEnd], []byte("%")) // each is two in text
			x.Slots = append(x.Slots, Slot{string(text[start:t.slots[k+1].text]), t.words(s)})
		}
		list, from = append(list, x), end+1
	}
	return list, nil
}

// conversionWords say what conversions print.
var conversionWords = map[byte]string{
	slotUnsigned: "a number",
	slotSigned:   "a number with a sign",
	slotHex:      "a number in hexadecimal digits",
	slotUpperHex: "a number in hexadecimal digits",
	slotCell:     "any text",
	slotWord:     "a word that may repeat",
	slotTime:     "a time",
	slotInstance: "what a template of set %d prints",
	slotShown:    "the bytes before it as characters",
	slotChecksum: "a checksum of the row",
}

// predictorWords say what is expected instead of a number.
var predictorWords = map[byte]string{
	predictLast:   ", less the one before",
	predictLine:   ", less what the two before lead to",
	predictXor:    ", xor the one before",
	predictBeside: ", less the number %s",
	predictStep:   ", less the one before, moved as the number %s",
	predictAlike:  ", less the last one with the same number %s",
}

// words says what s prints.
func (t *templateSet) words(s *slot) string {
	w := conversionWords[s.conversion]
	if s.conversion == slotInstance {
		w = fmt.Sprintf(w, s.set+1)
	}
	if s.decimals > 0 {
		w += fmt.Sprintf(" with %d decimals", s.decimals)
		if s.decimals == 1 {
			w = strings.TrimSuffix(w, "s")
		}
	}
	p := predictorWords[s.predictor]
	if s.other >= 0 && strings.Contains(p, "%s") {
		p = fmt.Sprintf(p, t.place(s))
	}
	return w + p
}

// place says which number the other slot of s has: how many of its template's before s it is.
func (t *templateSet) place(s *slot) string {
	back := 0
	for k := range t.slots {
		if &t.slots[k] == s {
			break
		}
		if k >= int(s.other) && t.slots[k].hasNumber() {
			back++
		}
	}
	if back == 1 {
		return "before it"
	}
	return fmt.Sprintf("%d before it", back)
}
