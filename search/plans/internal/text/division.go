package text

import "math"

// A division says in which order rows stand, and where the parts of them begin and end.
type division struct{ order, starts []int32 }

// divisionBy divides rows by the words of c; the last part has the rare ones. It is nil if there
// are too many.
func divisionBy(c *tokenColumn) *division {
	counts := make([]int32, c.different)
	for _, w := range c.words {
		counts[w]++
	}
	d := &division{order: make([]int32, len(c.words)), starts: []int32{0}}
	at := make([]int32, c.different)
	sum := int32(0)
	for w, n := range counts {
		if n >= minRows {
			at[w] = sum
			sum += n
			d.starts = append(d.starts, sum)
		}
	}
	if len(d.starts) < 2 || len(d.starts) > splitValues+1 || int(sum)*2 < len(c.words) {
		return nil
	}
	rare := sum
	if int(sum) < len(c.words) {
		d.starts = append(d.starts, int32(len(c.words)))
	}
	if len(d.starts) < 3 {
		return nil
	}
	for i, w := range c.words {
		if counts[w] >= minRows {
			d.order[at[w]] = int32(i)
			at[w]++
		} else {
			d.order[rare] = int32(i)
			rare++
		}
	}
	return d
}

// bits returns about what c takes if each part is a column of its own, in 1/logUnit of a bit.
//
// Large parts have codes of their own if that takes less, and slots of their own.
func (d *division) bits(c, before *tokenColumn) int64 {
	common := d.wordBits(c)
	if c.values == nil || !d.samePrefixes(c) {
		return common
	}
	other := c
	if before != nil && before.values != nil {
		other = before
	}
	var all, few [predictors]tally
	var t tally
	constants, own := 0, int64(0)
	for p := range len(d.starts) - 1 {
		rows := d.part(p)
		switch {
		case c.isConstant(rows):
			constants++
		case len(rows) < ownCode:
			for o := range few {
				few[o].count(c, other, rows, o)
			}
		default:
			least := int64(math.MaxInt64)
			for o := range all {
				t.reset()
				t.count(c, other, rows, o)
				all[o].add(&t)
				least = min(least, t.bits()+t.tableBits())
			}
			own += least
		}
	}
	shared, rest := int64(math.MaxInt64), int64(math.MaxInt64)
	for o := range all {
		rest = min(rest, few[o].bits())
		if own > 0 {
			all[o].add(&few[o])
			shared = min(shared, all[o].bits())
		}
	}
	return min(common, min(shared, own+rest)+int64(constants*wordBits)*logUnit)
}

// samePrefixes reports whether the numbers of each part stand behind the same.
func (d *division) samePrefixes(c *tokenColumn) bool {
	if c.prefixes == nil {
		return true
	}
	for p := range len(d.starts) - 1 {
		rows := d.part(p)
		for _, i := range rows {
			if c.prefixes[i] != c.prefixes[rows[0]] {
				return false
			}
		}
	}
	return true
}

// part returns the rows of part p.
func (d *division) part(p int) []int32 { return d.order[d.starts[p]:d.starts[p+1]] }

// wordBits returns what c takes as words.
func (d *division) wordBits(c *tokenColumn) int64 {
	counts := make([]int, c.different+1) // the last one is of new words
	local, seen := make([]int32, c.different), make([]int32, c.different)
	total, words, slots := 0, 0, 0
	for p := range len(d.starts) - 1 {
		rows := d.part(p)
		if c.isConstant(rows) {
			words++
			continue
		}
		total += len(rows)
		slots++
		n := int32(0)
		for _, i := range rows {
			w := c.words[i]
			if seen[w] == int32(p+1) {
				counts[local[w]]++
				continue
			}
			seen[w], local[w] = int32(p+1), n
			n++
			counts[c.different]++
		}
		words += int(n)
	}
	return nlog(total) - nlogs(counts) + int64((words-c.different)*wordBits+c.letters*letterBits+slots*slotBits)*logUnit
}

// isConstant reports whether all rows have the same word.
func (c *tokenColumn) isConstant(rows []int32) bool {
	for _, i := range rows {
		if c.words[i] != c.words[rows[0]] {
			return false
		}
	}
	return true
}
