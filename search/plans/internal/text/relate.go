package text

import (
	"bytes"
	"strings"
)

// Slots that other slots of the row tell about: a name that goes with a number, a value that
// continues the last one of the same name, an end that lies behind a start.

const (
	// relateBytes is how many bytes of two columns are looked at, relateOthers how many other slots of
	// each kind are tried for a slot, the nearest ones. Arbitrary.
	relateBytes, relateOthers = 12 << 10, 4

	// A relation must save one part in relateSaving of a column, and leastSaving bytes. A column that
	// is less than one part in relateShare of its template's is not looked at. Arbitrary.
	relateSaving, leastSaving, relateShare = 8, 16, 48

	// keyWords is how many words a column may have whose lowest bytes tell them apart.
	keyWords = 256

	// between stands between the cells of two columns.
	between = '\x1f'
)

// relate makes slots of t depend on others where that takes less.
func (f *finder) relate(t *template) {
	prices := make([]int, len(t.pieces))
	sum, rows := 0, t.rows
	for _, p := range t.pieces {
		if isNumber(p) {
			rows = min(rows, relateRows(p.column.cells))
		}
	}
	for k, p := range t.pieces {
		if isNumber(p) {
			prices[k] = f.columnPrice(p.column, p.slot, rows)
			sum += prices[k]
		}
	}
	for k, p := range t.pieces {
		if !isNumber(p) || prices[k]*relateShare < sum || prices[k] < 4*leastSaving {
			continue
		}
		f.related(t, k, prices[k], rows)
	}
}

// related makes piece k of t, which takes price now, depend on another slot that tells about it.
func (f *finder) related(t *template, k, price, rows int) {
	least := price - max(leastSaving, price/relateSaving)
	plain := withoutPredictor(t.pieces[k].slot)
	best, key, keySlot := "", 0, ""
	keys, peers, back := 0, 0, 0
	for o := k - 1; o >= 0 && (keys < relateOthers || peers < relateOthers); o-- {
		other := t.pieces[o]
		slot, predictors := other.slot, []string(nil)
		switch {
		case other.column == nil || !isNumber(other) && slot != "%s":
			back += numbersIn(other)
			continue
		case slot == "%s" && keys < relateOthers && isKey(other.column):
			slot = "%w1"
			predictors = append(predictors, "@")
			keys++
		case slot == "%s":
			continue
		default:
			if keys < relateOthers && (strings.HasSuffix(slot, "w1") || !strings.HasSuffix(slot, "w2") && isKey(other.column)) {
				keys++
				predictors = append(predictors, "@")
			}
			if sizeOf(slot) == sizeOf(plain) && peers < relateOthers && !strings.Contains(plain, "w") {
				peers++
				predictors = append(predictors, "=", "&")
			}
			back++
		}
		at := back
		if other.slot == "%s" {
			at++ // it becomes a number
		}
		if len(predictors) == 0 || at > len(backs) {
			continue
		}
		if strings.ContainsRune("@=&", rune(slot[1])) {
			slot = withoutOther(slot)
		}
		now := other.slot
		if now != "%s" {
			now = slot
		}
		base := f.columnPrice(other.column, now, rows)
		for _, p := range predictors {
			pair := "%" + p + "1" + plain[1:]
			got, fits := f.pairPrice(other.column, t.pieces[k].column, slot, pair, rows)
			if fits && got-base < least {
				least = got - base
				best, key, keySlot = "%"+p+backs[at-1:at]+plain[1:], o, slot
			}
		}
	}
	if best == "" {
		return
	}
	t.pieces[k].slot = best
	if t.pieces[key].slot == "%s" {
		t.pieces[key].slot = keySlot
		f.renumber(t, key, k)
	}
}

// isKey reports whether c has few enough words to be a key.
func isKey(c *column) bool {
	l := lookAt(c.cells)
	return l.different <= keyWords && l.different*4 <= l.cells
}

// renumber adds the number of the slot at key to those between the slots before it and those after
// it that depend on them; but not the slot of piece k, which knows it.
func (f *finder) renumber(t *template, key, k int) {
	for i := key + 1; i < len(t.pieces); i++ {
		p := &t.pieces[i]
		if i == k || p.column == nil || len(p.slot) < 3 || !strings.ContainsRune("@=&", rune(p.slot[1])) {
			continue
		}
		at := strings.IndexByte(backs, p.slot[2]) + 1
		between := 0
		for _, q := range t.pieces[key+1 : i] {
			between += numbersIn(q)
		}
		if at > between && at < len(backs) {
			p.slot = p.slot[:2] + backs[at:at+1] + p.slot[3:]
		} else if at > between {
			p.slot = withoutOther(p.slot)
		}
	}
}

// withoutOther returns the slot without its predictor and the place of the other slot.
func withoutOther(slot string) string { return "%" + slot[3:] }

// numbersIn returns how many slots with numbers p consists of.
func numbersIn(p piece) int {
	if !hasNumber(p) {
		return 0
	}
	return strings.Count(strings.ReplaceAll(p.slot, "%%", ""), "%")
}

// backs are the digits that say how many slots before one the other is.
const backs = "123456789abcdefghijklmnopqrstuvwxyz"

// columnPrice returns what the first rows cells of c take in the slot.
func (f *finder) columnPrice(c *column, slot string, rows int) int {
	var text []byte
	for _, cell := range c.cells[:rows] {
		text = append(append(text, cell...), '\n')
	}
	price, ok := f.priceWith(text, slot, '\n')
	if !ok {
		return len(text)
	}
	return price
}

// relateRows returns how many of cells are looked at.
func relateRows(cells [][]byte) int {
	size := 0
	for i, cell := range cells {
		if size += len(cell) + 1; size > relateBytes {
			return i
		}
	}
	return len(cells)
}

// pairPrice returns what the first rows cells of a and b take together.
func (f *finder) pairPrice(a, b *column, slotA, slotB string, rows int) (int, bool) {
	var text []byte
	for i := range rows {
		if bytes.IndexByte(a.cells[i], between) >= 0 {
			return 0, false
		}
		text = append(append(append(append(text, a.cells[i]...), between), b.cells[i]...), '\n')
	}
	return f.priceWith(text, slotA+string(between)+slotB, '\n')
}

// hasNumber reports whether p is made of slots with numbers, among others.
func hasNumber(p piece) bool {
	return p.column != nil && !strings.HasSuffix(p.slot, "s") && p.slot != "%*" && p.slot != "%:" && !strings.HasPrefix(p.slot, "%<")
}

// isNumber reports whether p is one slot with a number, not joined to others.
func isNumber(p piece) bool {
	return hasNumber(p) && p.slot[0] == '%' && strings.Count(p.slot, "%") == 1 && !strings.HasPrefix(p.slot, "%,")
}

// withoutPredictor returns slot without its predictor.
func withoutPredictor(slot string) string { return "%" + strings.TrimLeft(slot[1:], "+/") }

// sizeOf returns the digit of the size of a slot's number.
func sizeOf(slot string) byte { return slot[len(slot)-1] }
