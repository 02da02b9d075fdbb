package text

import (
	"bytes"
	"slices"
)

// A message is too short for a search, and low levels have no time for one: templates are those of the
// shapes that rows have, and most slots are told by counting. It takes 0.1 us a byte on a core of an
// AMD EPYC (November 2026), a tenth of what comparing takes.

const (
	// briefShare: rows that are as much as one byte in so many of a text must be of shapes that others are
	// of, too. Arbitrary.
	briefShare = 2

	// Rows are alike if those that are alikePercent of a text have the marks of a row before, among some
	// 1 << knownLog; or led by the same marks, leadMarks of them, if what has these is ledPercent of it.
	// Of texts that gain by templates most have 60 to 99 percent, of books and source code 0 to 50.
	alikePercent, leadMarks, ledPercent, knownLog = 40, 6, 20, 8
)

// Brief returns templates for src without comparing ways to divide its rows. ok is false if it promises
// none. An estimate is of the price of a stream, both in bytes.
func Brief(src []byte, estimate func(stream []byte) int) (t Templates, ok bool) {
	end, ok := endOf(src)
	if !ok {
		return t, false
	}
	f := newFinder(src, end, estimate, prices{}, 0)
	f.brief = true
	ways := []way{{}}
	for _, d := range f.delimiters() {
		ways = append(ways, way{delimiter: d})
	}
	if len(ways) == 1 && !lookAtMarks(src, end).alike {
		return t, false
	}
	for _, w := range ways[:min(len(ways), briefWays)] {
		if t, ok = f.briefTemplates(w, len(src)); ok {
			break
		}
	}
	if !f.aligned() {
		return t, ok
	}
	fixed, isFixed := f.briefTemplates(way{fixed: true}, len(src))
	switch {
	case !isFixed:
		return t, ok
	case !ok:
		return fixed, true
	}
	a, _ := priceOf(src, t, estimate)
	if b, ok := priceOf(src, fixed, estimate); ok && b*fixedSaving <= a*(fixedSaving-1) {
		return fixed, true
	}
	return t, true
}

// briefTemplates returns the templates of w for size bytes of rows; ok is false if they are not of many.
func (f *finder) briefTemplates(w way, size int) (t Templates, ok bool) {
	if groups := f.groups(w); f.alike(groups, minRows)*briefShare >= size {
		return f.templates(groups)
	}
	return t, false
}

// aligned reports whether most rows are of one length, with blanks that cells are padded with.
func (f *finder) aligned() bool {
	counts := map[int]int{}
	padded := 0
	for _, row := range f.rows {
		counts[len(row)]++
		if bytes.Contains(row, []byte("  ")) {
			padded++
		}
	}
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	return most*100 >= len(f.rows)*usualPercent && padded*2 > len(f.rows)
}

// marks says which bytes are marks of a row: no numbers, signs and words.
var marks = func() (is [256]bool) {
	for c := range is {
		is[c] = classes[c]&(isDigit|isLetter) == 0 && bytes.IndexByte([]byte("+-._"), byte(c)) < 0
	}
	return is
}()

// A marksLook says whether rows are alike by their marks, or by their first ones.
type marksLook struct{ alike, led bool }

// A marksTable is hashes of marks that rows have had.
type marksTable [1 << knownLog]uint64

// seen reports whether t has h, and puts it there.
func (t *marksTable) seen(h uint64) bool {
	at := &t[h>>(64-knownLog)]
	known := *at == h
	*at = h
	return known
}

// lookAtMarks looks at the rows of src, each of which ends with end, in a nanosecond or two a byte. A row
// without marks is like the one before if it is as long. Blanks in a row are one mark.
func lookAtMarks(src []byte, end byte) marksLook {
	var rows, leads marksTable
	alike, led := 0, 0 // bytes
	start, length, h, count, last := 0, 0, uint64(hashStart), 0, end
	for i, c := range src {
		switch {
		case c == end:
			n := i - start
			if known := rows.seen(h); n > 0 && (known && h != hashStart || n == length) {
				alike += n + 1
			}
			start, length, h, count = i+1, n, hashStart, 0
		case marks[c] && (c != ' ' || last != ' '):
			h = (h ^ uint64(c)) * hashPrime
			if c > ' ' {
				if count++; count == leadMarks && leads.seen(h) {
					led += i - start
				}
			}
		}
		last = c
	}
	return marksLook{alike*100 >= len(src)*alikePercent, led*100 >= len(src)*ledPercent}
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

const (
	// briefWays is how many ways to divide rows are tried, until one makes groups of most of them. Arbitrary.
	briefWays = 2

	// fixedSaving is what places must save, one part in so many of what the other way takes: an estimate
	// prefers them for some dumps. Arbitrary.
	fixedSaving = 8
)

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
