package text

import (
	"bytes"
	"slices"
)

// A message is too short for a search: its templates are those of the shapes that its rows have, and
// the slots are told by counting.

const (
	// briefShare: rows that are as much as one byte in so many of a message must be of shapes that
	// others are of, too. Arbitrary.
	briefShare = 2

	// Rows that are as much as one byte in marksShare of a message must have the marks of a row before;
	// 1 << knownLog of these are remembered. Arbitrary.
	marksShare, knownLog = 3, 6
)

// Brief returns templates for the message src. ok is false if it promises none. An estimate is of the
// price of a stream, both in bytes.
func Brief(src []byte, estimate func(stream []byte) int) (t Templates, ok bool) {
	end, ok := endOf(src)
	if !ok || !alikeMarks(src, end) {
		return t, false
	}
	f := newFinder(src, end, estimate, prices{}, 0)
	f.brief = true
	groups := f.groups(way{})
	if !f.alike(groups, len(src)) {
		list := f.delimiters()
		if len(list) == 0 {
			return t, false
		}
		if groups = f.groups(way{delimiter: list[0]}); !f.alike(groups, len(src)) {
			return t, false
		}
	}
	return f.templates(groups)
}

// alike reports whether groups of rows are much of size bytes.
func (f *finder) alike(groups []*group, size int) bool {
	sum := 0
	for _, g := range groups {
		if g.loose == 0 {
			for _, r := range g.rows {
				sum += len(f.rows[r]) + 1
			}
		}
	}
	return sum*briefShare >= size
}

// marks says which bytes are marks of a row: no numbers, signs and words.
var marks = func() (is [256]bool) {
	for c := range is {
		is[c] = classes[c]&(isDigit|isLetter) == 0 && bytes.IndexByte([]byte("+-._"), byte(c)) < 0
	}
	return is
}()

// alikeMarks reports whether much of src is rows with the same marks as a row before, or as long as the
// one before, in a nanosecond a byte or two. Blanks in a row are one mark.
func alikeMarks(src []byte, end byte) bool {
	var known [1 << knownLog]uint64
	sum, start, length, h := 0, 0, 0, uint64(hashStart)
	last := end
	for i, c := range src {
		switch {
		case c == end:
			at := &known[h>>(64-knownLog)]
			if n := i - start; n > 0 && (*at == h && h != hashStart || n == length) {
				sum += n + 1
			}
			length, start = i-start, i+1
			*at, h = h, hashStart
		case marks[c] && (c != ' ' || last != ' '):
			h = (h ^ uint64(c)) * hashPrime
		}
		last = c
	}
	return sum*marksShare >= len(src)
}

// briefSlot returns the slot that c seems to take least with: numbers and words are told apart by
// counting, what may be in parts or hexadecimal by prices.
func (f *finder) briefSlot(c *column) string {
	l := lookAt(c.cells)
	pad := ""
	if l.least == l.most {
		pad = l.pad()
	}
	slot, w := "%"+pad+"s", words(l)
	if len(w) > 0 {
		slot = "%" + pad + w[0][1:]
	}
	if l.cells < minRows {
		return slot
	}
	if numbers := l.numbers(pad); numbers != nil {
		slot = briefNumber(c, "%"+numbers[0], w)
	}
	list := []string{slot}
	if l.different > fewWords {
		list = slices.Concat(list, l.halves(), l.hexadecimals(), c.prefixed(l), c.parts(l))
	}
	if len(list) == 1 {
		return slot
	}
	return f.cheapest(c, list)
}

// fewWords is how many words hardly take more than numbers. Arbitrary.
const fewWords = 4

// briefNumber returns the slot that numbers, or words if there are any, take least with.
func briefNumber(c *column, slot string, words []string) string {
	col := tokenColumnOf(c.cells)
	rows := make([]int32, len(c.cells))
	for i := range rows {
		rows[i] = int32(i)
	}
	if col.values == nil {
		return slot
	}
	best, least := slot, int64(0)
	var t tally
	for p, s := range []string{slot, "%+" + slot[1:]} {
		t.reset()
		t.count(col, col, rows, p)
		if bits := t.bits() + t.tableBits(); p == 0 || bits < least {
			best, least = s, bits
		}
	}
	if len(words) > 0 {
		d := &division{order: rows, starts: []int32{0, int32(len(rows))}}
		if d.wordBits(col)+int64(col.different*symbolBits)*logUnit < least {
			return words[0]
		}
	}
	return best
}
