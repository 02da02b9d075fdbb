package text

import (
	"bytes"
	"fmt"
)

// The instance of a template prints its literal text and its slots, each from its column.

// instance prints the next instance of set k.
func (p *Printer) instance(k int) error {
	number := int(p.sets[k])
	if p.count(k) > 1 {
		number += int(p.s[p.numbers[k]])
		p.numbers[k]++
	}
	t := &p.templates[number]
	if p.trace != nil {
		return p.trace.instance(number)
	}
	return p.slotsFrom(t.first, t.end)
}

// slotsFrom prints the slots from first to end, each after the text before it. It is one function because it is one
// list of cases: the conversions.
func (p *Printer) slotsFrom(first, end int32) (err error) {
	cursors := p.cursors[first:end]
	for i := range cursors {
		s, c := &p.slots[int(first)+i], &cursors[i]
		if n := int(s.textEnd - s.text); n > 0 {
			if n > len(p.dst)-p.pos {
				return errLongRows(len(p.dst))
			}
			copy(p.dst[p.pos:p.pos+n], p.t[s.text:s.textEnd])
			p.pos += n
		}
		switch s.conversion {
		case slotNone:
		case slotInstance:
			err = p.instance(int(s.set))
		case slotCell:
			err = p.cell(s, c)
		case slotWord:
			v := p.number(s, c, c.residual(p.s, s.size))
			p.note(s, c, v)
			err = p.word(s, c, v)
		case slotTime:
			r := c.residual(p.s, s.size)
			if r == s.mask() {
				err = p.exception(s, c)
				break
			}
			v := p.number(s, c, r)
			p.note(s, c, v)
			err = p.time(s, v)
		case slotChecksum:
			err = p.checksum(s.checksum)
		case slotShown:
			err = p.shown(s)
		default:
			r := c.residual(p.s, s.size)
			switch {
			case s.joined > 0:
				c.last = r
				err = p.decimal(s, r)
			case r == s.mask():
				err = p.exception(s, c)
			default:
				v := p.number(s, c, r)
				p.note(s, c, v)
				err = p.decimal(s, v)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// exception prints the next cell of c instead of a number of s, which stays as it is.
func (p *Printer) exception(s *slot, c *cursor) error {
	p.note(s, c, c.last)
	return p.cell(nil, c)
}

// decimal prints the number v of s, a slot with digits.
func (p *Printer) decimal(s *slot, v uint64) error {
	if b := p.dst[p.pos:]; len(b) >= maxNumberText {
		p.pos += s.print(b, v)
		return nil
	}
	return p.write(p.scratch[:s.print(p.scratch[:], v)])
}

// time prints the time v of s.
func (p *Printer) time(s *slot, v uint64) error {
	f := &p.forms[s.form]
	b := p.dst[p.pos:]
	if len(b) < maxNumberText {
		b = p.scratch[:]
	}
	if !f.print(b, s.sign(v), &p.dates[s.form]) {
		return fmt.Errorf("a time of %d that %q does not print", s.sign(v), f.parts)
	}
	if len(p.dst)-p.pos < maxNumberText {
		return p.write(b[:f.size])
	}
	p.pos += f.size
	return nil
}

// residual returns the next one of the column, of size bytes.
func (c *cursor) residual(s []byte, size uint8) (r uint64) {
	r = uint64(s[c.pos])
	at, plane := int(c.pos), int(c.plane)
	for k := 1; k < int(size); k++ {
		at += plane
		r |= uint64(s[at]) << (8 * k)
	}
	c.pos += c.step
	return r
}

// unzigzag returns 0, -1, 1, -2, … for 0, 1, 2, 3, ….
func unzigzag(r uint64) uint64 { return r>>1 ^ -(r & 1) }

// number returns the number of s whose residual is r.
func (p *Printer) number(s *slot, c *cursor, r uint64) uint64 {
	switch s.predictor {
	case noPredictor:
		if s.conversion != slotSigned {
			return r
		}
		r = unzigzag(r)
	case predictXor:
		return r ^ c.last
	default:
		r = p.expected(s, c) + unzigzag(r)
	}
	return r & s.mask()
}

// expected returns what the predictor of s expects, predictXor and noPredictor aside.
func (p *Printer) expected(s *slot, c *cursor) uint64 {
	switch s.predictor {
	case predictLine:
		return 2*c.last - c.before
	case predictBeside:
		return p.cursors[s.other].last
	case predictStep:
		return c.last + p.cursors[s.other].last - c.lastOther
	case predictAlike:
		return p.alike[s.alike][byte(p.cursors[s.other].last)]
	}
	return c.last
}

// note notes the number v of s for its predictor and others.
func (p *Printer) note(s *slot, c *cursor, v uint64) {
	c.before, c.last = c.last, v
	switch s.predictor {
	case predictStep:
		c.lastOther = p.cursors[s.other].last
	case predictAlike:
		p.alike[s.alike][byte(p.cursors[s.other].last)] = v
	}
}

// cell prints the next cell of c, padded as s says; s is nil for the cell of an exception.
func (p *Printer) cell(s *slot, c *cursor) error {
	t := p.t[c.cells:c.cellsEnd]
	n := bytes.IndexByte(t, p.end)
	if n < 0 {
		return fmt.Errorf("a row that takes a cell where there is none")
	}
	c.cells += int32(n) + 1
	if s == nil {
		return p.write(t[:n])
	}
	return p.padded(s, t[:n])
}

// word prints word v of c, padded as s says. The word after those that there were is new.
func (p *Printer) word(s *slot, c *cursor, v uint64) error {
	if v > uint64(c.known-c.words) || int32(v) >= c.wordsEnd-c.words {
		return fmt.Errorf("word %d of a column, of %d that were before", v, c.known-c.words)
	}
	k := c.words + int32(v)
	if k == c.known {
		c.known++
	}
	from, end := p.words[k], c.cellsEnd
	if k+1 < c.wordsEnd {
		end = p.words[k+1]
	}
	return p.padded(s, p.t[from:end-1])
}

// padded prints text, padded as s says.
func (p *Printer) padded(s *slot, text []byte) error {
	blanks := int(s.width) - len(text)
	if blanks <= 0 {
		return p.write(text)
	}
	if int(s.width) > len(p.dst)-p.pos {
		return errLongRows(len(p.dst))
	}
	b := p.dst[p.pos : p.pos+int(s.width)]
	if s.pad == '-' {
		copy(b, text)
		fill(b[len(text):], ' ')
	} else {
		fill(b[:blanks], ' ')
		copy(b[blanks:], text)
	}
	p.pos += len(b)
	return nil
}

// write prints text.
func (p *Printer) write(text []byte) error {
	if len(text) > len(p.dst)-p.pos {
		return errLongRows(len(p.dst))
	}
	p.pos += copy(p.dst[p.pos:], text)
	return nil
}

// characters has how each byte is shown: itself, or a point if ASCII has no character for it.
var characters = func() (v [256]byte) {
	for c := range v {
		v[c] = '.'
		if c >= ' ' && c <= '~' {
			v[c] = byte(c)
		}
	}
	return v
}()

// shown prints the bytes of the joined slots that s shows.
func (p *Printer) shown(s *slot) error {
	run := p.cursors[s.other:][:p.slots[s.other].run]
	if len(run) > len(p.dst)-p.pos {
		return errLongRows(len(p.dst))
	}
	for i := range run {
		p.dst[p.pos+i] = characters[byte(run[i].last)]
	}
	p.pos += len(run)
	return nil
}

// checksum prints checksum i of the row.
func (p *Printer) checksum(i uint8) error {
	c := &checksums[i]
	text, ok := p.sums[c.sum].appendTo(p.scratch[:0], c, p.dst[p.row:p.pos])
	if !ok {
		return fmt.Errorf("a checksum of a row with other than hexadecimal digits before it")
	}
	return p.write(text)
}
