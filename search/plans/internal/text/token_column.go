package text

import "bytes"

// A tokenColumn is token k of some rows of a group, as words and as numbers.
type tokenColumn struct {
	k         int
	words     []uint16 // the numbers of the texts, in the order in which they first occur
	compound  int      // which of the row's
	different int
	letters   int          // of different words
	values    []int64      // nil if these are no numbers
	fractions []uint8      // how many digits of fractions they have; nil if none has any
	prefixes  []uint16     // what the numbers stand behind; nil if nothing
	before    *tokenColumn // the one before; nil if there is none
	whole     int64        // what it takes, in 1/logUnit of a bit
}

// tokenColumn returns token k of rows of g.
func (s *sample) tokenColumn(g *group, k int, rows []int) *tokenColumn {
	cells := make([][]byte, len(rows))
	for n, i := range rows {
		cells[n] = s.text(g, i, k)
	}
	c := tokenColumnOf(cells)
	c.k = k
	return c
}

// tokenColumnOf returns a token that has cells.
func tokenColumnOf(cells [][]byte) *tokenColumn {
	known := map[string]uint16{}
	c := &tokenColumn{words: make([]uint16, len(cells))}
	var texts [][]byte
	for n, text := range cells {
		x, ok := known[string(text)]
		if !ok {
			x = uint16(len(known))
			known[string(text)] = x
			texts = append(texts, text)
			c.letters += len(text)
		}
		c.words[n] = x
	}
	if c.different = len(known); c.different < 2 {
		return c
	}
	numbers, fractions, prefixes := numbersOf(texts)
	if numbers == nil {
		return c
	}
	c.values = make([]int64, len(cells))
	for n, x := range c.words {
		c.values[n] = numbers[x]
	}
	if fractions != nil {
		c.fractions = make([]uint8, len(cells))
		for n, x := range c.words {
			c.fractions[n] = fractions[x]
		}
	}
	if prefixes != nil {
		c.prefixes = make([]uint16, len(cells))
		for n, x := range c.words {
			c.prefixes[n] = prefixes[x]
		}
	}
	return c
}

// numbersOf returns the numbers that texts are, decimal or hexadecimal; or, if they end with digits,
// these and the numbers of what is before them. Decimals are in units of the longest fraction; with
// them are the lengths of their fractions.
func numbersOf(texts [][]byte) (list []int64, fractions []uint8, prefixes []uint16) {
	l := look{}
	for _, t := range texts {
		l.cells++
		l.number(t)
	}
	list = make([]int64, len(texts))
	switch {
	case l.mostly(l.digits+l.decimals) && l.whole+l.fraction < maxDecimal:
		for i, t := range texts {
			list[i] = decimalOf(t, l.fraction)
		}
		if l.fraction == 0 {
			return list, nil, nil
		}
		fractions = make([]uint8, len(texts))
		for i, t := range texts {
			if n := bytes.IndexByte(t, '.'); n >= 0 {
				fractions[i] = uint8(min(len(t)-n-1, l.fraction)) // of what is no number, anything
			}
		}
		return list, fractions, nil
	case l.mostly(l.hex):
		for i, t := range texts {
			for _, c := range t {
				list[i] = list[i]<<4 | int64(c&15) + int64(c>>6)*9
			}
		}
		return list, nil, nil
	}
	known := map[string]uint16{}
	prefixes = make([]uint16, len(texts))
	for i, t := range texts {
		n := len(t)
		for n > 0 && classes[t[n-1]]&isDigit != 0 {
			n--
		}
		if n == len(t) || len(t)-n >= maxDecimal {
			return nil, nil, nil
		}
		x, ok := known[string(t[:n])]
		if !ok {
			x = uint16(len(known))
			known[string(t[:n])] = x
		}
		list[i], prefixes[i] = decimalOf(t[n:], 0), x
	}
	return list, nil, prefixes
}

// decimalOf returns text as a number in units of so many digits of a fraction; anything if it is none.
func decimalOf(text []byte, fraction int) (v int64) {
	done := -1 // digits of the fraction
	for _, c := range text {
		switch {
		case c == '.':
			done = 0
		case classes[c]&isDigit != 0:
			v = v*10 + int64(c-'0')
			if done >= 0 {
				done++
			}
		}
	}
	v *= int64(pow10(fraction - max(done, 0)))
	if len(text) > 0 && text[0] == '-' {
		return -v
	}
	return v
}
