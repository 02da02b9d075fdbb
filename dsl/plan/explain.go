package plan

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan/internal/code"
)

// Explain returns the text of the plan p, which dsl.Parse takes, with comments that say what the
// fields of Columns and Kinds are, the templates of Lines, and the architecture of Branches.
func Explain(p *dsl.Program) string {
	lines := strings.SplitAfter(p.String(), "\n")
	var b strings.Builder
	for i, line := range lines {
		b.WriteString(line)
		if i >= len(p.Nodes) { // the output
			continue
		}
		for _, comment := range comments(&p.Nodes[i]) {
			b.WriteString("  # " + comment + "\n")
		}
	}
	return b.String()
}

// comments returns what the numbers of n say; nothing if n is invalid or of another operation.
func comments(n *dsl.Node) []string {
	switch n.Op {
	case dsl.Columns:
		if fields, err := appendFields(nil, n.List, 0); err == nil {
			return explainFields([]string{fmt.Sprintf("records of %d bytes", recordBytes(n))}, fields)
		}
	case dsl.Kinds:
		if f, err := framingOf(n, nil); err == nil && checkKinds(n) == nil {
			return f.explain()
		}
	case dsl.Lines:
		if n.Text != "" && checkLines(n) == nil {
			return explainLines(n)
		}
	case dsl.Branches:
		if checkBranches(n) == nil {
			return []string{"machine code: " + code.Name(int(n.Nums[0]))}
		}
	}
	return nil
}

// maxExplained is how many templates are explained at most. Arbitrary: a screen or two.
const maxExplained = 100

// explainLines returns a line for each template of n.
func explainLines(n *dsl.Node) []string {
	lines := []string{fmt.Sprintf("%d rows that each end with %s, by templates", n.Nums[1], dsl.Quote(string([]byte{byte(n.Nums[0])})))}
	templates := strings.Split(n.Text, string([]byte{byte(n.Nums[0])}))
	for k, count := range n.List {
		lines = append(lines, fmt.Sprintf("set %d: %d", k+1, count))
		for i := 0; i < int(count) && len(templates) > 0; i++ {
			if len(lines) == maxExplained {
				return append(lines, "…")
			}
			lines = append(lines, "  "+dsl.Quote(templates[0]))
			templates = templates[1:]
		}
	}
	return lines
}

// explainFields appends a line for each field to lines.
func explainFields(lines []string, fields []field) []string {
	for i := range fields {
		f := &fields[i]
		lines = append(lines, strings.TrimRight(fmt.Sprintf("  %4d  %-9s %s", f.offset, f.typeName(), f.predictorName(fields)), " "))
	}
	return lines
}

// typeName names the type of f.
func (f *field) typeName() string {
	switch {
	case f.constant:
		return fmt.Sprintf("constant×%d", f.width)
	case f.predictor == FieldBytes:
		return fmt.Sprintf("bytes×%d", f.width)
	case f.predictor == FieldText:
		return fmt.Sprintf("text×%d", f.width)
	}
	return f.form.name(f.bigEndian)
}

// numberName names a type of numbers, such as int16be.
func numberName(name string, width int, bigEndian bool) string {
	name = fmt.Sprintf("%s%d", name, 8*width)
	if bigEndian && width > 1 {
		name += "be"
	}
	return name
}

// predictorNames has for each predictor of a field what --explain calls it, with the number of the other
// field, and what it expects in words, with the offset of the other field.
var predictorNames = [...]struct{ name, words string }{
	FieldBytes:  {},
	FieldDelta:  {"delta", "the one before"},
	FieldLine:   {"line", "the line through the two before"},
	FieldXor:    {"xor", "the one before"},
	FieldBeside: {"beside field %d", "the field at %d"},
	FieldStep:   {"step with field %d", "the one before and the step at %d"},
	FieldAlike:  {"alike in field %d", "the last one with the same low byte at %d"},
	FieldText:   {},
}

// predictorName says what predicts f, one of these fields.
func (f *field) predictorName(fields []field) string {
	name := predictorNames[f.predictor].name
	if f.predictor < FieldBeside || f.predictor > FieldAlike {
		return name
	}
	other := 0
	for other < len(fields)-1 && fields[other].offset != f.other {
		other++
	}
	return fmt.Sprintf(name, other)
}

// predictorWords says what f is expected to be; "" if nothing predicts it.
func (f *field) predictorWords() string {
	words := predictorNames[f.predictor].words
	if f.predictor < FieldBeside || f.predictor > FieldAlike {
		return words
	}
	return fmt.Sprintf(words, f.other)
}

// lessWords says what remains of f after prediction; "" if nothing predicts it.
func (f *field) lessWords() string {
	switch words := f.predictorWords(); {
	case words == "":
		return ""
	case f.predictor == FieldXor:
		return "xor " + words
	default:
		return "less " + words
	}
}

// explain returns lines that say how long records are, and which fields each kind has.
func (f *framing) explain() []string {
	lines := []string{fmt.Sprintf("records with heads of %d bytes: %s", f.headBytes, f.lengthName())}
	fieldsOf := func(key uint32) []field {
		s := f.schemaOf(key)
		fields, _ := appendFields(nil, s.list, f.headBytes) // they are valid
		return fields
	}
	if f.element == 0 {
		for k := 0; k < len(f.types)/typeNumbers; k++ {
			t, fields := f.types[k*typeNumbers:], fieldsOf(uint32(k))
			lines = append(lines, fmt.Sprintf("kind %d: type %d from record %d on, %d bytes, %d fields", k, t[0], t[2], t[1], len(fields)))
			lines = explainFields(lines, fields)
		}
		return lines
	}
	for _, s := range f.schemas {
		name := fmt.Sprintf("kind %d (%0*x)", uint32(s.key), 2*len(f.keys), uint32(s.key))
		if s.key == otherKinds {
			name = "other kinds"
		}
		fields, _ := appendFields(nil, s.list, f.headBytes)
		lines = explainFields(append(lines, fmt.Sprintf("%s: %d fields", name, len(fields))), fields)
	}
	return lines
}

// lengthName says how a head states the length and the kind of its record.
func (f *framing) lengthName() string {
	if f.element == 0 {
		return fmt.Sprintf("type at %d", f.pos)
	}
	width, bigEndian := f.element, f.element < 0
	s := fmt.Sprintf("length at %d, ", f.pos)
	if f.element == varintElement {
		s += "varint of what follows it"
	} else {
		s += numberName("int", max(width, -width), bigEndian)
	}
	if f.unit > 1 {
		s += fmt.Sprintf(" × %d", f.unit)
	}
	if f.added != 0 {
		s += fmt.Sprintf(" %+d", f.added)
	}
	if f.align > 1 {
		s += fmt.Sprintf(", padded to multiples of %d", f.align)
	}
	if len(f.keys) > 0 {
		s += ", kind at " + strings.Trim(strings.ReplaceAll(fmt.Sprint(f.keys), " ", ", "), "[]")
	}
	return s
}

// Words of records and their fields.

func fieldsWords(n, _ *dsl.Node) string {
	return fmt.Sprintf("records of %s in %s, a column for each", plural(sum(n.List), "byte"), plural(len(n.List), "field"))
}

func columnsWords(n, _ *dsl.Node) string {
	fields, _ := appendFields(nil, n.List, 0) // they are valid
	predicted := 0
	for i := range fields {
		if fields[i].isNumber() {
			predicted++
		}
	}
	text := "records of " + plural(recordBytes(n), "byte")
	switch {
	case predicted == 0:
		return text + ", column by column"
	case predicted == len(fields):
		return text + ", each field predicted"
	}
	return fmt.Sprintf("%s with %s, %d of them predicted", text, plural(len(fields), "field"), predicted)
}

// headByte names byte k of a head.
func headByte(k int32) string {
	if k == 0 {
		return "their first byte"
	}
	return fmt.Sprintf("byte %d of their heads", k)
}

func recordsWords(n, _ *dsl.Node) string {
	f, _ := frameOf(n) // it is valid
	if f.element == 0 {
		return fmt.Sprintf("records of several kinds, told apart by %s", headByte(int32(f.pos)))
	}
	return fmt.Sprintf("records that state their length at byte %d, those with the same %s together", f.pos, plural(f.headBytes, "byte"))
}

func kindsWords(n, _ *dsl.Node) string {
	f, _ := framingOf(n, nil) // it is valid
	if f.element == 0 {
		return f.words(len(f.types) / typeNumbers)
	}
	if len(f.keys) == 0 {
		return f.words(1)
	}
	return f.words(1) + fmt.Sprintf(", %s with fields of their own", plural(len(f.schemas), "kind"))
}

// words says what records of so many kinds are, and what tells the kinds and lengths.
func (f *framing) words(kinds int) string {
	if f.element == 0 {
		return fmt.Sprintf("records of %s, told apart by %s", plural(kinds, "kind"), headByte(int32(f.pos)))
	}
	text := "records "
	if kinds > 1 {
		text += fmt.Sprintf("of %d kinds ", kinds)
	}
	text += fmt.Sprintf("that state their length at byte %d", f.pos)
	if len(f.keys) == 0 {
		return text
	}
	if len(f.keys) == 1 && int(f.keys[0]) == f.pos {
		return text + ", which tells their kind"
	}
	var keys []string
	for _, k := range f.keys {
		keys = append(keys, fmt.Sprint(k))
	}
	return text + " and their kind at byte " + strings.Join(keys, " and ")
}

// maxFieldsWords is about how many bytes the words of fields have at most: a line or two.
const maxFieldsWords = 160

// fieldsText says what the fields of a Columns are; "" of other operations.
func fieldsText(n *dsl.Node) string {
	if n.Op != dsl.Columns {
		return ""
	}
	fields, err := appendFields(nil, n.List, 0)
	if err != nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("fields: ")
	for i := range fields {
		f := &fields[i]
		text := f.typeName()
		if expected := f.predictorWords(); expected != "" {
			text += " less " + expected
		}
		if b.Len()+len(text) > maxFieldsWords {
			return fmt.Sprintf("%s; %d more", &b, len(fields)-i)
		}
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "at %d %s", f.offset, text)
	}
	return b.String()
}

// maxValueBytes is how many bytes of a field that is no number are shown as hexadecimal digits. Arbitrary.
const maxValueBytes = 12

// value returns the number of f that is b, as text.
func (f *field) value(b []byte, unsigned bool) string {
	w := f.width
	if f.bigEndian {
		w = -w
	}
	x := []uint64{Number(b, w)}
	if f.form.number >= formEncoded && f.form.number < formScaled {
		f.form.Split(x)
	}
	switch isFloat := f.form.isFloat(); {
	case isFloat && f.width == 4:
		return strconv.FormatFloat(float64(math.Float32frombits(uint32(x[0]))), 'g', -1, 32)
	case isFloat && f.width == 8:
		return strconv.FormatFloat(math.Float64frombits(x[0]), 'g', -1, 64)
	case isFloat:
		return hex.EncodeToString(b)
	case unsigned:
		return strconv.FormatUint(x[0], 10)
	}
	unused := 64 - 8*f.width // bits
	return strconv.FormatInt(int64(x[0]<<unused)>>unused, 10)
}

// bytesTexts returns bytes as text: as characters of ASCII, with a dot for each other byte, if they are text or most are
// characters, without zeros and blanks at both ends; else as hexadecimal digits of the first ones.
func bytesTexts(values [][]byte, areText bool) (texts []string) {
	characters, others := 0, 0
	for _, b := range values {
		for _, c := range b {
			if isText(c) {
				characters++
			} else if c != 0 {
				others++
			}
		}
	}
	asText := areText || characters >= minTextRun*len(values) && characters/3 >= others // three of four
	for _, b := range values {
		more := ""
		if !asText {
			if len(b) > maxValueBytes {
				b, more = b[:maxValueBytes], "…"
			}
			texts = append(texts, hex.EncodeToString(b)+more)
			continue
		}
		b = bytes.Trim(b, " \x00")
		if len(b) > maxSample {
			b, more = b[:maxSample], "…"
		}
		var t strings.Builder
		for _, c := range b {
			if isText(c) {
				t.WriteByte(c)
			} else {
				t.WriteRune('·')
			}
		}
		texts = append(texts, t.String()+more)
	}
	return texts
}
