package plans

import (
	"slices"
)

const (
	// maxRecord is the length of the longest record that is cut into fields, in bytes. The
	// time to tell its columns apart grows with it. No difference.
	maxRecord = 512

	// minRows is how many records there must be for their columns to be known by. Arbitrary.
	minRows = 64

	// columnBytes is how much of the segment tells what columns are like; it is the middle
	// of columnWindow bytes.
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
			q := s
			if q.fields = t.fieldsOfRecords(streams[0], n); len(q.fields) > 1 {
				list = append(list, q)
			}
		}
	}
	return list
}

// fieldsOfRecords returns the fields of the records of n bytes in b that take the least bits.
func (t *trial) fieldsOfRecords(b []byte, n int) []field {
	rows := min(len(b)/n, max(minRows, columnBytes/n), maxColumn)
	from := (len(b)/n - rows) / 2
	r := fixedRecords(b[from*n:(from+rows)*n], n)
	fields, _ := fieldsOf(t.costs(&r, 0, n), 0, n)
	return t.refined(&r, fields, 0)
}
