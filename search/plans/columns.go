package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

const (
	maxRecord  = 512      // bytes of a record that is cut into fields
	recordRows = 64       // at least, for columns to be known by
	columnSize = 32 << 10 // bytes of the segment that tell what columns are like

	columnSteps = 32 // that cutting records takes a byte
)

// columns are r's bytes, before they were put into another order, as records of each
// length that the evidence speaks for, whose columns are differenced where that makes
// them simpler.
func (t *trial) columns(ev *evidence, r recipe) (list []recipe) {
	if len(r.fields) > 0 {
		return nil
	}
	bare := r.bare()
	var starts []recipe
	if !slices.Contains(t.cut, r.head) {
		t.cut = append(t.cut, r.head)
		starts = append(starts, recipe{head: r.head})
	}
	if len(bare.ops) > 0 {
		starts = append(starts, bare)
	}
	for _, s := range starts {
		part := t.src[s.head:]
		part = part[:min(len(part), 4*columnSize)]
		streams, err := t.split(part, recipe{ops: s.ops}.plan(len(part)))
		if err != nil {
			continue
		}
		for _, n := range slices.Concat(ev.near, ev.far) {
			if n < 2 || n > maxRecord || n*recordRows > len(part) {
				continue
			}
			if t.enough() {
				break
			}
			t.meter.taken += columnSteps * int64(min(len(part), columnSize))
			q := s
			if q.fields = fieldsOf(streams[0], n); len(q.fields) > 1 {
				list = append(list, q)
			}
		}
	}
	return list
}

// fieldBits is about what a field costs more than being part of another.
const fieldBits = 64

// fieldsOf cuts records of n bytes into fields by what their columns are like: by
// dynamic programming over where fields end.
func fieldsOf(b []byte, n int) (fields []field) {
	rows := min(len(b)/n, max(recordRows, columnSize/n))
	from := (len(b)/n - rows) / 2
	b = b[from*n : (from+rows)*n]
	type cell struct {
		bits float64
		last field
	}
	cells := make([]cell, n+1)
	for k := 1; k <= n; k++ {
		plain, differ := columnBits(b, n, k-1)
		f := field{width: 1, differ: differ < 0.95*plain}
		cells[k] = cell{cells[k-1].bits + min(plain, differ), f}
		if l := cells[k-1].last; l.element != 0 || l.differ != f.differ || k == 1 {
			cells[k].bits += fieldBits
		}
		for _, e := range widths {
			w := max(e, -e)
			if w == 1 || w > k {
				continue
			}
			bits := cells[k-w].bits + elementBits(b, n, k-w, e) + fieldBits
			if bits < cells[k].bits {
				cells[k] = cell{bits, field{w, e, true}}
			}
		}
	}
	for k := n; k > 0; {
		f := cells[k].last
		k -= f.width
		if m := len(fields) - 1; m >= 0 && f.element == 0 && fields[m].element == 0 && fields[m].differ == f.differ {
			fields[m].width++
		} else {
			fields = append(fields, f)
		}
	}
	slices.Reverse(fields)
	return fields
}

// columnBits is about what column k of records of n bytes takes, as it is and
// differenced.
func columnBits(b []byte, n, k int) (plain, differ float64) {
	var c, d [256]int
	last := byte(0)
	for i := k; i < len(b); i += n {
		c[b[i]]++
		d[b[i]-last]++
		last = b[i]
	}
	return entropy(&c, len(b)/n), entropy(&d, len(b)/n)
}

// elementBits is about what elements in the columns from k on take, differenced, with
// zigzag, byte by byte.
func elementBits(b []byte, n, k, element int) (bits float64) {
	w := max(element, -element)
	var counts [8][256]int
	last := uint64(0)
	for i := k; i+w <= len(b); i += n {
		x := uint64(0)
		for j := range w {
			if element > 0 {
				x |= uint64(b[i+j]) << (8 * j)
			} else {
				x = x<<8 | uint64(b[i+j])
			}
		}
		d := (x - last) << (64 - 8*w)
		d = (d<<1 ^ uint64(int64(d)>>63)) >> (64 - 8*w)
		last = x
		for j := range w {
			counts[j][byte(d>>(8*j))]++
		}
	}
	for j := range w {
		bits += entropy(&counts[j], len(b)/n)
	}
	return bits
}

// entropy is that of n bytes counted, in bits of all of them.
func entropy(count *[256]int, n int) float64 {
	sum := 0.0
	for _, c := range count {
		if c > 0 {
			sum += float64(float64(c) * dsl.Log2(float64(n)/float64(c))) // not fused: the same on every machine
		}
	}
	return sum
}
