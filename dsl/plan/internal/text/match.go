package text

import "bytes"

// Matching of rows with templates, without a second try of anything:
//
//   - The templates of set 1 are tried in their order, first without exceptions; the first that
//     the row is an instance of wins. Then they are tried with exceptions. A template that is a
//     cell alone counts as an exception: it is tried before the exceptions of those after it.
//   - A number ends with its last digit if the text after it is there. Else a slot ends where that
//     text first occurs, but not before the width that it is padded to. A time is as long as its
//     parts say. The last slot ends with the row. A slot before another one takes its width or, if
//     it has none, the digits that there are; a cell or a word what the slot after it cannot begin
//     with.
//   - The instance of a set at a place is the first that is there and is followed by what follows
//     the slot, without exceptions if there is one. If all templates of the set end with text, it
//     is the first that is there: this is faster, and leaves what follows to the templates tried.

// A found is what a slot of a row is; or, if slot is negative, the number of a template, whose
// slots follow.
type found struct {
	slot      int32 // or -1 less the number of the template
	isCell    bool  // src[from:end] is the cell of a cell or exception
	from, end int32
	number    uint64
}

// A context says what follows a slot: a slot, the text from text to textEnd of the templates, or
// the end of the row.
type context struct {
	text, textEnd int32
	atEnd         bool
}

// maxTries is how many templates are tried for a row at most: sets within sets may take many. Any
// row of 256 templates with instances of as many takes fewer.
const maxTries = 1 << 14

// A matcher matches rows with the templates of a set.
type matcher struct {
	templateSet
	src    []byte        // up to the end of the row
	tries  int           // of templates of the row
	row    int           // where the row begins
	rows   int           // matched before
	starts []byteSet     // of each slot: the bytes that it, with the text before it, may begin with
	closed [maxSets]bool // sets whose templates end with text
	found  []found
	memos  [maxSets]memo
	states []wordState // of the slots
	grams  rowGrams
}

// exceptionEnd returns where the exception at pos ends: before what follows the slot, though that be
// within the width of its numbers.
func (m *matcher) exceptionEnd(s *slot, pos int, next context) int {
	if s.pad == '0' && next.text < next.textEnd {
		if n := bytes.Index(m.src[pos:], m.text[next.text:next.textEnd]); n >= 0 {
			return pos + n
		}
		return -1
	}
	return m.extent(s, pos, next)
}

// match finds what the slots of the row src[row:end] are. It reports whether there is a template.
func (m *matcher) match(row, end int, src []byte) bool {
	m.src, m.row, m.found, m.tries = src[:end], row, m.found[:0], 0
	m.rows++
	m.grams.look(m.src[row:])
	return m.choose(0, row, true, context{atEnd: true}) >= 0
}

// choose finds the first template of set k that an instance at pos is of, and returns where it
// ends, before what follows; -1 if there is none.
func (m *matcher) choose(k, pos int, exceptions bool, next context) (end int) {
	if end = m.try(k, pos, false, next); end < 0 && exceptions {
		end = m.try(k, pos, true, next)
	}
	return end
}

// try is choose for instances that all have no exceptions, or all may have some.
func (m *matcher) try(k, pos int, exceptions bool, next context) (end int) {
	mark := len(m.found)
	for i := m.sets[k]; i < m.sets[k+1]; i++ {
		if k == 0 && m.grams.lacks(i) {
			continue
		}
		t := &m.templates[i]
		if m.tries++; m.tries > maxTries {
			break
		}
		if !m.mayBegin(i, pos, exceptions) || k == 0 && !exceptions && m.isAnyText(t) {
			continue
		}
		m.found = append(m.found[:mark], found{slot: -1 - i})
		if end = m.template(t, pos, exceptions, next); end >= 0 && m.follows(end, next) {
			return end
		}
	}
	m.found = m.found[:mark]
	return -1
}

// isAnyText reports whether t is a cell alone: of the first set it counts as an exception, so that
// other templates are tried with exceptions before it, or after it, as the order says.
func (m *matcher) isAnyText(t *template) bool {
	s := &m.slots[t.first]
	return t.end == t.first+2 && s.conversion == slotCell && s.text == s.textEnd && s.pad == 0 && m.slots[t.first+1].text == m.slots[t.first+1].textEnd
}

// mayBegin reports whether an instance of template i may begin at pos.
func (m *matcher) mayBegin(i int32, pos int, exceptions bool) bool {
	if exceptions && m.slots[m.templates[i].first].text == m.slots[m.templates[i].first].textEnd {
		return true
	}
	f := &m.starts[m.templates[i].first]
	if pos == len(m.src) {
		return *f == allBytes
	}
	return f.has(m.src[pos])
}

// follows reports whether what follows is at pos, unless that is a slot.
func (m *matcher) follows(pos int, next context) bool {
	if next.atEnd {
		return pos == len(m.src)
	}
	return bytes.HasPrefix(m.src[pos:], m.text[next.text:next.textEnd])
}

// template returns where an instance of t at pos ends, what follows aside; -1 if there is none.
func (m *matcher) template(t *template, pos int, exceptions bool, next context) int {
	for i := t.first; i < t.end; i++ {
		s := &m.slots[i]
		if s.text < s.textEnd {
			if !bytes.HasPrefix(m.src[pos:], m.text[s.text:s.textEnd]) {
				return -1
			}
			pos += int(s.textEnd - s.text)
		}
		if s.conversion == slotNone {
			continue
		}
		after := next
		if n := &m.slots[i+1]; n.text < n.textEnd || i+2 < t.end {
			after = context{text: n.text, textEnd: n.textEnd}
		}
		if pos = m.slot(i, pos, exceptions, after); pos < 0 {
			return -1
		}
	}
	return pos
}

// slot returns where slot i ends if it is at pos; -1 if it is not there.
func (m *matcher) slot(i int32, pos int, exceptions bool, next context) int {
	s := &m.slots[i]
	switch s.conversion {
	case slotInstance:
		return m.instance(int(s.set), pos, exceptions, next)
	case slotChecksum:
		return m.checksum(s, pos)
	case slotShown:
		return m.shown(s, pos)
	case slotCell, slotWord:
		return m.textSlot(i, pos, next)
	}
	end, v, ok := m.number(s, pos, next)
	if ok {
		m.found = append(m.found, found{slot: i, number: v, from: int32(pos), end: int32(end)})
		return end
	}
	if !exceptions || s.joined > 0 {
		return -1
	}
	if end = m.exceptionEnd(s, pos, next); end < 0 {
		return -1
	}
	f := found{slot: i, from: int32(pos), end: int32(end), isCell: true}
	if v, ok := m.parse(s, m.src[pos:end]); ok {
		f.number, f.isCell = v, false
	}
	m.found = append(m.found, f)
	return end
}

// parse returns the number of s that prints text.
func (m *matcher) parse(s *slot, text []byte) (v uint64, ok bool) {
	if s.conversion != slotTime {
		return s.parse(text)
	}
	x, ok := m.forms[s.form].parse(text)
	v = uint64(x) & s.mask()
	return v, ok && s.sign(v) == x
}

// number finds a number of s at pos that is followed by what follows.
func (m *matcher) number(s *slot, pos int, next context) (end int, v uint64, ok bool) {
	switch isSlot := !next.atEnd && next.text == next.textEnd; {
	case s.conversion == slotTime:
		end = pos + m.forms[s.form].size
	case next.atEnd:
		end = len(m.src)
	case isSlot && s.width > 0:
		end = pos + int(s.width)
	default:
		if end = s.numberEnd(m.src, pos); !m.follows(end, next) {
			end = m.extent(s, pos, next)
		}
	}
	if end < pos || end > len(m.src) || !m.follows(end, next) {
		return 0, 0, false
	}
	v, ok = m.parse(s, m.src[pos:end])
	return end, v, ok
}

// mayPrint reports whether c may be in a number of s, a slot with digits.
func (s *slot) mayPrint(c byte) bool {
	switch {
	case isDigit(c), c == '.' && s.decimals > 0, c == '-' && s.conversion == slotSigned:
		return true
	case s.conversion == slotHex:
		return c >= 'a' && c <= 'f'
	case s.conversion == slotUpperHex:
		return c >= 'A' && c <= 'F'
	}
	return false
}

// numberEnd returns the end of what may be a number of s, a slot with digits, at pos.
func (s *slot) numberEnd(src []byte, pos int) int {
	start := pos
	for s.pad == ' ' && pos < len(src) && src[pos] == ' ' {
		pos++
	}
	if s.conversion == slotSigned && pos < len(src) && src[pos] == '-' {
		pos++
	}
	for point := false; pos < len(src) && src[pos] != '-' && s.mayPrint(src[pos]); pos++ {
		if src[pos] == '.' {
			if point {
				break
			}
			point = true
		}
	}
	for s.pad == '-' && pos < len(src) && pos < start+int(s.width) && src[pos] == ' ' {
		pos++
	}
	return pos
}

// extent returns where a slot at pos ends if what it prints is not known; -1 if what follows it
// is nowhere.
func (m *matcher) extent(s *slot, pos int, next context) int {
	switch {
	case next.atEnd:
		return len(m.src)
	case next.text < next.textEnd:
		return m.find(s, pos, m.text[next.text:next.textEnd])
	case s.conversion == slotTime:
		return m.upTo(pos + m.forms[s.form].size)
	case s.width > 0:
		return m.upTo(pos + int(s.width))
	case s.digits:
		return s.numberEnd(m.src, pos)
	}
	return len(m.src)
}

// find returns where text first occurs after pos, but not within the padding of s; -1 if it does
// not occur.
func (m *matcher) find(s *slot, pos int, text []byte) int {
	for n := 0; s.pad == ' ' && n < int(s.width) && pos < len(m.src) && m.src[pos] == ' '; n++ {
		pos++
	}
	if from := pos + int(s.width); (s.pad == '-' || s.pad == '0') && from <= len(m.src) {
		pos = from
	}
	if n := bytes.Index(m.src[pos:], text); n >= 0 {
		return pos + n
	}
	return -1
}

// upTo returns end if the row is as long; else -1.
func (m *matcher) upTo(end int) int {
	if end > len(m.src) {
		return -1
	}
	return end
}

// textSlot returns where the text or word of slot i ends if it is at pos.
func (m *matcher) textSlot(i int32, pos int, next context) int {
	s := &m.slots[i]
	end := m.extent(s, pos, next)
	if end == len(m.src) && !next.atEnd && s.width == 0 { // a slot follows: what it may begin with ends this one
		end = m.beginning(i+1, pos)
	}
	if end < 0 {
		return -1
	}
	text := m.src[pos:end]
	if s.pad != 0 {
		switch {
		case len(text) < int(s.width):
			return -1
		case len(text) > int(s.width):
		case s.pad == '-':
			text = bytes.TrimRight(text, " ")
		default:
			text = bytes.TrimLeft(text, " ")
			pos = end - len(text)
		}
	}
	if s.conversion == slotWord && !m.states[i].takes(text, len(m.found)) {
		return -1
	}
	m.found = append(m.found, found{slot: i, from: int32(pos), end: int32(pos + len(text)), isCell: true})
	return end
}

// beginning returns the first place from pos on where slot i may begin; the end of the row if it
// may begin anywhere, or nowhere.
func (m *matcher) beginning(i int32, pos int) int {
	f := &m.starts[i]
	if *f == allBytes {
		return len(m.src)
	}
	for pos < len(m.src) && !f.has(m.src[pos]) {
		pos++
	}
	return pos
}

// checksum returns the end of the checksum s if it is at pos.
func (m *matcher) checksum(s *slot, pos int) int {
	var sum runningSum
	var digits [2]byte
	text, ok := sum.appendTo(digits[:0], &checksums[s.checksum], m.src[m.row:pos])
	if !ok || !bytes.HasPrefix(m.src[pos:], text) {
		return -1
	}
	return pos + len(text)
}

// shown returns the end of the characters of the joined slots that s shows if they are at pos.
func (m *matcher) shown(s *slot, pos int) int {
	run := int(m.slots[s.other].run)
	first := len(m.found) - 1
	for m.found[first].slot != s.other {
		first--
	}
	if run > len(m.src)-pos {
		return -1
	}
	for i, f := range m.found[first:][:run] {
		if m.src[pos+i] != characters[byte(f.number)] {
			return -1
		}
	}
	return pos + run
}
