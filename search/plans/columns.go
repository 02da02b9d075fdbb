package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl/plan"
)

const (
	// maxRecord is the length of the longest record that is cut into fields, in bytes. The
	// time to tell its columns apart grows with it. No difference.
	maxRecord = 512

	// minRows is how many records there must be for their columns to be known by. Arbitrary.
	minRows = 64

	// columnBytes is how much of the segment tells what columns are like; it is the middle
	// of columnWindow bytes, and as much a part of fewer.
	columnBytes, columnWindow = 32 << 10, 128 << 10
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
	bytes := make([][]byte, len(starts))
	for k, s := range starts {
		part := t.src[s.lead:]
		part = part[:min(len(part), columnWindow)]
		if streams, err := t.split(part, recipe{ops: s.ops}.plan(len(part))); err == nil {
			bytes[k] = streams[0]
		}
	}
	for _, n := range slices.Concat(ev.near, ev.far) { // the most telling lengths first
		for k, s := range starts {
			if n < 2 || n > maxRecord || n*minRows > len(bytes[k]) || t.enough() {
				continue
			}
			if q := t.recordsOf(s, bytes[k], n); len(q.fields) > 1 {
				list = append(list, q)
			}
		}
	}
	return list
}

// recordsOf returns r with its bytes b as records of n bytes, cut into the fields that take the least
// bits. No decimal is cut by the end of a record.
func (t *trial) recordsOf(r recipe, b []byte, n int) recipe {
	rows := min(len(b)/n, max(minRows, len(b)*columnBytes/columnWindow/n), maxColumn)
	from := (len(b)/n - rows) / 2 * n
	records := fixedRecords(b[from:from+rows*n], n)
	if skip := records.acrossEnd(n); skip > 0 && skip < n && from+skip+rows*n <= len(b) {
		records = fixedRecords(b[from+skip:from+skip+rows*n], n)
		r.lead += skip
	}
	fields, _ := fieldsOf(t.costs(&records, 0, n), 0, n)
	r.fields = t.refined(&records, fields, 0)
	return r
}

// acrossEnd returns how many bytes after the end of a record of n bytes a decimal reaches that begins
// within it; 0 if none does.
func (r *recordSample) acrossEnd(n int) int {
	if n <= minDecimal {
		return 0
	}
	longer := recordSample{b: r.b}
	for _, s := range r.spans {
		longer.spans = append(longer.spans, span{s.start, min(s.end+maxNumber, int32(len(r.b)))})
	}
	for off := max(n-maxNumber+1, 0); off < n; off++ {
		for _, w := range numberTypes {
			if _, ok := longer.digits(off, w); ok && off+abs(w) > n {
				return off + abs(w) - n
			}
		}
	}
	return 0
}

// maxNumber is the size of the widest number of a field, minDecimal that of the narrowest decimal, in
// bytes.
const maxNumber, minDecimal = 8, 4

// decimalRecords returns the segment as records of a length that ev suggests, with fields that are
// decimals. These are what predictions of bytes see least of.
func (t *trial) decimalRecords(ev *evidence) (list []recipe) {
	if ev == nil || t.effort.weights == 0 {
		return nil
	}
	b := t.src[:min(len(t.src), columnWindow)]
	for _, n := range ev.near[:min(len(ev.near), decimalLengths)] {
		if n <= minDecimal || n > maxRecord || n*minRows > len(b) {
			continue
		}
		t.meter.steps += int64(n * digitSteps)
		r := fixedRecords(b, n)
		for off := 0; off+minDecimal <= n; off++ {
			if !slices.ContainsFunc(numberTypes[:], func(w int) bool { _, ok := r.digits(off, w); return ok && off+abs(w) <= n }) {
				continue
			}
			if q := t.recordsOf(recipe{}, b, n); slices.ContainsFunc(q.fields, func(f field) bool { return f.form() >= plan.FieldDecimal }) {
				list = append(list, q)
			}
			break
		}
	}
	return list
}

// decimalLengths is how many lengths of records with decimals are tried. Arbitrary.
const decimalLengths = 3
