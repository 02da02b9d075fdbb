package plans

import "slices"

const (
	// maxRecord is the length of the longest record that is cut into fields, in bytes. The
	// time to tell its columns apart grows with it. No difference.
	maxRecord = 512

	// minRows is how many records there must be for their columns to be known by. Arbitrary.
	minRows = 64

	// columnBytes is how much of the segment tells what columns are like; it is the middle
	// of columnWindow bytes, and as much a part of fewer. Halved or doubled +-0, 16 % less or 16 % more time.
	columnBytes, columnWindow = 32 << 10, 128 << 10

	// fieldBits is about what a field costs more than being part of another one: its lines in
	// the plan, and a start without context. No difference.
	fieldBits = 64

	// differPercent is the percentage of its entropy that a column may keep at most for its
	// bytes to be differenced: differences also spoil matches. No difference from 90 to 99.
	differPercent = 95
)

// columns returns r, with the bytes in their own order, as records of each length that ev
// suggests, cut into fields; and so the segment as it is, once.
func (t *trial) columns(ev *evidence, r recipe) (list []recipe) {
	if len(r.fields) > 0 {
		return nil
	}
	var starts []recipe
	if !slices.Contains(t.cut, r.lead) {
		t.cut = append(t.cut, r.lead)
		starts = append(starts, recipe{lead: r.lead})
	}
	if bare := r.bare(); len(bare.ops) > 0 {
		starts = append(starts, bare)
	}
	for _, s := range starts {
		part := t.src[s.lead:]
		part = part[:min(len(part), columnWindow)]
		streams, err := t.split(part, recipe{ops: s.ops}.plan(len(part)))
		if err != nil {
			continue
		}
		for _, n := range slices.Concat(ev.near, ev.far) {
			if n < 2 || n > maxRecord || n*minRows > len(part) {
				continue
			}
			if t.enough() {
				break
			}
			t.meter.steps += columnSteps * int64(max(len(part)*columnBytes/columnWindow, minRows*n))
			q := s
			if q.fields = fieldsOf(streams[0], n); len(q.fields) > 1 {
				list = append(list, q)
			}
		}
	}
	return list
}

// fieldsOf returns the fields of the records of n bytes in b that take the least bits, by
// dynamic programming over the bytes at which fields end.
func fieldsOf(b []byte, n int) []field {
	rows := min(len(b)/n, max(minRows, len(b)*columnBytes/columnWindow/n))
	from := (len(b)/n - rows) / 2
	r := recordBytes{b[from*n : (from+rows)*n], n}
	type cell struct {
		bits float64 // of the columns up to here
		last field   // of one byte if it is not an element
	}
	cells := make([]cell, n+1)
	for end := 1; end <= n; end++ {
		before := cells[end-1]
		plain, differences := r.byteBits(end - 1)
		c := cell{before.bits + min(plain, differences), field{width: 1, differ: differences < differPercent/100.0*plain}}
		if end == 1 || !before.last.joins(c.last) {
			c.bits += fieldBits
		}
		for _, e := range elements {
			w := abs(e)
			if w == 1 || w > end {
				continue
			}
			if bits := cells[end-w].bits + r.elementBits(end-w, e) + fieldBits; bits < c.bits {
				c = cell{bits, field{w, e, true}}
			}
		}
		cells[end] = c
	}
	var fields []field // the last one first
	for end := n; end > 0; {
		f := cells[end].last
		end -= f.width
		if k := len(fields) - 1; k >= 0 && f.joins(fields[k]) {
			fields[k].width++
		} else {
			fields = append(fields, f)
		}
	}
	slices.Reverse(fields)
	return fields
}

// joins reports whether f and g, the next field, are one if both are bytes.
func (f field) joins(g field) bool { return f.element == 0 && g.element == 0 && f.differ == g.differ }

// A recordBytes holds whole records of n bytes.
type recordBytes struct {
	b []byte
	n int
}

// byteBits estimates the bits of column k, as it is and differenced.
func (r recordBytes) byteBits(k int) (plain, differences float64) {
	var bytes, diffs [256]int
	last := byte(0)
	for i := k; i < len(r.b); i += r.n {
		c := r.b[i]
		bytes[c]++
		diffs[c-last]++
		last = c
	}
	rows := len(r.b) / r.n
	return entropy(&bytes, rows), entropy(&diffs, rows)
}

// elementBits estimates the bits of the elements of type w that start in column k: of the
// planes of their differences, with zigzag.
func (r recordBytes) elementBits(k, w int) (bits float64) {
	size := abs(w)
	unused := 64 - 8*size // bits of a word
	var counts [8][256]int
	last := uint64(0)
	for i := k; i < len(r.b); i += r.n {
		x := number(r.b[i:], w)
		d := (x - last) << unused
		d = (d<<1 ^ uint64(int64(d)>>63)) >> unused
		last = x
		for j := range size {
			counts[j][byte(d>>(8*j))]++
		}
	}
	for j := range size {
		bits += entropy(&counts[j], len(r.b)/r.n)
	}
	return bits
}
