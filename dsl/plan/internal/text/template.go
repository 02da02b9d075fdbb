package text

import (
	"bytes"
	"fmt"
	"math"
	"strings"
)

// Templates: text with slots, which print numbers and text of columns.

// Limits of templates (container/FORMAT.md, section 9), fixed by the format. They are arbitrary, but
// small enough for what a decoder keeps of them to take less than 2 MiB.
const (
	maxSets         = 16      // of templates
	maxSetTemplates = 256     // of a set: the number of one is a byte
	maxTemplates    = 1 << 10 // of all sets
	maxSlots        = 1 << 12 // of all templates
	maxAlikeSlots   = 1 << 7  // slots with the predictor predictAlike
	maxWords        = 1 << 17 // of all columns of words
	maxSlotWidth    = 64      // characters that a slot is padded to
	maxDecimals     = 18      // digits after a point: 10^18 is less than 2^63
	maxSubsecond    = 9       // digits of the fraction of a second
	maxTimeText     = 64      // characters of the parts of a time
	maxOther        = 35      // slots back to the other slot of a predictor
)

// Conversions of slots: how they print a number, or text.
const (
	slotNone     = 0 // nothing: the end of a template
	slotUnsigned = 'u'
	slotSigned   = 'd'
	slotHex      = 'x'
	slotUpperHex = 'X'
	slotCell     = 's' // text
	slotWord     = 'w' // text that the column may have had before
	slotTime     = '['
	slotInstance = '<' // of a template of another set
	slotShown    = 'c' // the bytes of joined slots as characters
	slotChecksum = '*' // a sum of what the row has so far; all of checksums are this one
)

// Predictors of slots: what is expected instead of a number.
const (
	noPredictor   = 0   // nothing: the residuals are the numbers
	predictLast   = '+' // the number before
	predictLine   = '/' // the line through the two before
	predictXor    = '^' // the number before, by exclusive or
	predictBeside = '=' // the number of another slot
	predictStep   = '&' // the number before, as much farther as the other slot went
	predictAlike  = '@' // the last number that came with one like this in the low byte of the other slot
	joinedSlot    = ',' // nothing: the slot shares the column of the one before it
)

// A slot prints a number or text, after the literal text before it.
type slot struct {
	text, textEnd int32 // the literal, within the templates
	conversion    byte
	size          uint8 // bytes of a number; 0 if there is none
	predictor     byte
	pad           byte // a blank: in front; '-': blanks behind; '0': zeros; 0: none
	width         uint8
	decimals      uint8 // digits after the point
	trim          bool  // zeros at the end of a fraction are dropped
	digits        bool  // conversion is u, d, x or X
	set           uint8 // of an instance, from 0
	checksum      uint8 // index of checksums
	joined        uint8 // of a run of joined slots: 1 for the first, 2 for the second, …; else 0
	run           uint8 // slots that share the column; of the first of them
	other         int32 // index of the other slot, or of the first of the run, or of those shown; -1 if there is none
	form          int32 // index of the timeForm
	alike         int32 // index of the table of numbers
}

// hasNumber reports whether s has a column of numbers, or is part of one.
func (s *slot) hasNumber() bool { return s.size > 0 }

// hasCells reports whether s can take text from its cells.
func (s *slot) hasCells() bool {
	return s.conversion == slotCell || s.hasNumber() && s.joined == 0
}

// hasExceptions reports whether a residual of s with all bits set stands for a cell.
func (s *slot) hasExceptions() bool { return s.conversion != slotWord && s.joined == 0 }

// mask returns the bits of the numbers of s: the residual of an exception, too.
func (s *slot) mask() uint64 { return math.MaxUint64 >> (64 - 8*uint(s.size)) }

// A template is slots in a row, the last of which has no conversion: first <= end-1.
type template struct {
	first, end int32 // of templateSet.slots
	set        uint8
}

// A templateSet is the sets of templates that print the rows.
type templateSet struct {
	text      []byte // of the templates, each followed by end
	end       byte
	slots     []slot
	templates []template
	sets      []int32 // the number of the first template of each set, and that of all
	forms     []timeForm
	alike     int // slots with the predictor predictAlike
}

// count returns how many templates set k has.
func (t *templateSet) count(k int) int { return int(t.sets[k+1] - t.sets[k]) }

// read reads the templates at the start of text, sets[k] of set k, each followed by end. It
// returns what follows them. t keeps text, of which it changes the templates: %% to a per cent sign.
func (t *templateSet) read(text []byte, end byte, sets []int32) (after []byte, err error) {
	*t = templateSet{text: text, end: end, slots: t.slots[:0], templates: t.templates[:0], sets: t.sets[:0], forms: t.forms[:0]}
	pos := 0
	for k, count := range sets {
		t.sets = append(t.sets, int32(len(t.templates)))
		for range count {
			n := bytes.IndexByte(text[pos:], end)
			if n < 0 {
				return nil, fmt.Errorf("template %d has no end", len(t.templates))
			}
			p := templateParser{templateSet: t, pos: pos, stop: pos + n, set: k, sets: len(sets), first: len(t.slots)}
			if err := p.run(); err != nil {
				return nil, fmt.Errorf("template %d: %w", len(t.templates), err)
			}
			t.templates = append(t.templates, template{int32(p.first), int32(len(t.slots)), uint8(k)})
			pos += n + 1
		}
	}
	t.sets = append(t.sets, int32(len(t.templates)))
	t.text = text[:pos]
	return text[pos:], nil
}

// A templateParser reads a template.
type templateParser struct {
	*templateSet
	pos, stop int // of the text
	set, sets int
	first     int  // slot of the template
	checksum  bool // the template has one
}

// maxQuoted is how many bytes of a template an error quotes.
const maxQuoted = 64

// run appends the slots of the template.
func (p *templateParser) run() error {
	start := p.pos
	for {
		s := slot{text: int32(p.pos), predictor: noPredictor, run: 1, other: -1}
		s.textEnd = int32(p.literal())
		if p.pos == p.stop {
			p.slots = append(p.slots, s)
			return nil
		}
		p.pos++
		if err := p.slot(&s); err != nil {
			return fmt.Errorf("%q: %w", p.text[max(start, p.pos-maxQuoted):p.pos], err)
		}
		if len(p.slots)-len(p.templates) == maxSlots {
			return fmt.Errorf("more than %d slots", maxSlots)
		}
		p.slots = append(p.slots, s)
	}
}

// literal moves to the next slot, or to the end of the template. It returns where the text
// before that ends, which then has %% as a per cent sign.
func (p *templateParser) literal() (end int) {
	end = p.pos
	for p.pos < p.stop {
		if p.text[p.pos] == '%' {
			if p.pos+1 == p.stop || p.text[p.pos+1] != '%' {
				break
			}
			p.pos++
		}
		p.text[end] = p.text[p.pos]
		end++
		p.pos++
	}
	return end
}

// next returns the byte at p's position; 0 at the end.
func (p *templateParser) next() byte {
	if p.pos < p.stop {
		return p.text[p.pos]
	}
	return 0
}

// number reads a number of one or two digits, which does not begin with 0; 0 if there is none.
func (p *templateParser) number() (n int) {
	if p.next() == '0' {
		return 0
	}
	for range 2 {
		c := p.next()
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + int(c-'0')
		p.pos++
	}
	return n
}

// slot reads a slot after its per cent sign.
func (p *templateParser) slot(s *slot) error {
	if err := p.predictor(s); err != nil {
		return err
	}
flags:
	for {
		switch c := p.next(); {
		case c == '~' && !s.trim:
			s.trim = true
		case strings.IndexByte("0 -", c) >= 0 && s.pad == 0 && p.pos < p.stop:
			s.pad = c
		default:
			break flags
		}
		p.pos++
	}
	s.width = uint8(p.number())
	if s.width > maxSlotWidth || (s.width > 0) != (s.pad != 0) {
		return fmt.Errorf("a slot of %d characters, want a flag of 0, - or a blank, and at most %d", s.width, maxSlotWidth)
	}
	if p.next() == '.' {
		p.pos++
		if s.decimals = uint8(p.number()); s.decimals == 0 || s.decimals > maxDecimals {
			return fmt.Errorf("a slot of %d decimals, want 1 to %d", s.decimals, maxDecimals)
		}
	}
	if s.trim && s.decimals == 0 {
		return fmt.Errorf("a slot that drops zeros of no decimals")
	}
	if p.pos == p.stop {
		return fmt.Errorf("a slot without a conversion")
	}
	s.conversion = p.text[p.pos]
	if i := checksumOf[s.conversion]; i > 0 {
		s.conversion, s.checksum = slotChecksum, i-1
	}
	p.pos++
	return p.conversion(s)
}

// predictor reads the predictor of a slot, with its other slot.
func (p *templateParser) predictor(s *slot) error {
	c := p.next()
	if strings.IndexByte("+/^=&@,", c) < 0 || p.pos == p.stop {
		return nil
	}
	p.pos++
	s.predictor = c
	switch s.predictor {
	case predictBeside, predictStep:
	case predictAlike:
		if s.alike = int32(p.alike); p.alike == maxAlikeSlots {
			return fmt.Errorf("more than %d slots that are alike to others", maxAlikeSlots)
		}
		p.alike++
	default:
		return nil
	}
	back := strings.IndexByte("123456789abcdefghijklmnopqrstuvwxyz", p.next()) + 1
	if back == 0 || p.pos == p.stop {
		return fmt.Errorf("a predictor without another slot, want 1 to 9 or a to z")
	}
	p.pos++
	for k := len(p.slots) - 1; k >= p.first; k-- {
		if p.slots[k].hasNumber() {
			if back--; back == 0 {
				s.other = int32(k)
				return nil
			}
		}
	}
	return fmt.Errorf("another slot before the first one")
}

// conversion reads what follows the conversion of a slot, and checks it. It is one function
// because it is one list of cases: each conversion with what it may have.
func (p *templateParser) conversion(s *slot) error {
	numeric := false // has digits
	switch s.conversion {
	case slotUnsigned, slotSigned, slotHex, slotUpperHex:
		numeric = true
		s.digits = true
	case slotCell, slotWord:
	case slotTime:
		if err := p.time(s); err != nil {
			return err
		}
	case slotInstance:
		n := p.number()
		if p.next() != '>' || n < p.set+2 || n > p.sets {
			return fmt.Errorf("an instance of set %d in set %d, want a later one of %d", n, p.set+1, p.sets)
		}
		p.pos++
		s.set = uint8(n - 1)
	case slotChecksum:
		if p.checksum {
			return fmt.Errorf("two checksums")
		}
		p.checksum = true
	case slotShown:
		if err := p.shown(s); err != nil {
			return err
		}
	default:
		return fmt.Errorf("no such conversion: %q", s.conversion)
	}
	if numeric || s.conversion == slotWord || s.conversion == slotTime {
		c := p.next()
		most := byte('8')
		if s.conversion == slotWord {
			most = '2'
		}
		if c < '1' || c > most {
			return fmt.Errorf("a number of %q bytes, want 1 to %c", c, most)
		}
		s.size = c - '0'
		p.pos++
	}
	isText := s.conversion == slotCell || s.conversion == slotWord
	switch {
	case s.size == 0 && s.predictor != noPredictor:
		return fmt.Errorf("a predictor of what is not a number")
	case s.pad != 0 && !numeric && !isText, s.pad == '0' && isText:
		return fmt.Errorf("flags of a slot that has none")
	case s.decimals > 0 && s.conversion != slotUnsigned && s.conversion != slotSigned:
		return fmt.Errorf("decimals of a slot that has none")
	}
	if s.size > 0 && s.other >= 0 && s.predictor != predictAlike && p.slots[s.other].size != s.size {
		return fmt.Errorf("a slot of %d bytes that is predicted by one of %d bytes", s.size, p.slots[s.other].size)
	}
	if s.predictor == joinedSlot {
		return p.join(s)
	}
	return nil
}

// shown sets which joined slots s shows: the last ones before it.
func (p *templateParser) shown(s *slot) error {
	for k := len(p.slots) - 1; k >= p.first; k-- {
		if before := &p.slots[k]; before.joined > 0 {
			s.other = int32(k) - int32(before.joined) + 1
			return nil
		}
	}
	return fmt.Errorf("characters of joined slots, of which there are none")
}

// join makes s, a joined slot, part of the run that ends with the slot before it.
func (p *templateParser) join(s *slot) error {
	canJoin := func(s *slot) bool { return s.digits && s.conversion != slotSigned && s.size == 1 }
	k := len(p.slots) - 1
	if k < p.first || !canJoin(s) || !canJoin(&p.slots[k]) || p.slots[k].joined == 0 && p.slots[k].predictor != noPredictor {
		return fmt.Errorf("a joined slot, want unsigned numbers of a byte without predictors, one after the other")
	}
	lead := int32(k)
	if p.slots[k].joined > 1 {
		lead = p.slots[k].other
	}
	first := &p.slots[lead]
	if first.run == math.MaxUint8 {
		return fmt.Errorf("more than %d joined slots", math.MaxUint8)
	}
	first.run, first.joined = first.run+1, 1
	s.joined, s.other, s.predictor = first.run, lead, noPredictor
	return nil
}
