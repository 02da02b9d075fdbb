package search

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

const (
	maxRecord  = 512      // bytes of a record that is cut into fields
	recordRows = 64       // at least, for columns to be known by
	columnSize = 64 << 10 // bytes of the segment that tell what columns are like
)

// columns are r's bytes, before they were put into another order, as records of each
// length that the evidence speaks for, whose columns are differenced where that makes
// them simpler.
func (t *trial) columns(ev *evidence, r recipe) (list []recipe) {
	if len(r.fields) > 0 {
		return nil
	}
	bare := recipe{head: r.head}
	for _, n := range r.ops {
		if n.Op != dsl.Zigzag && n.Op != dsl.Transpose {
			bare.ops = append(bare.ops, n)
		}
	}
	starts := []recipe{{head: r.head}}
	if len(bare.ops) > 0 {
		starts = append(starts, bare)
	}
	for _, s := range starts {
		part := t.src[s.head:]
		part = part[:min(len(part), 4*columnSize)]
		streams, err := t.machine.Split(part, recipe{ops: s.ops}.plan(len(part)))
		if err != nil {
			continue
		}
		for _, n := range slices.Concat(ev.near, ev.far) {
			if n < 2 || n > maxRecord || n*recordRows > len(part) {
				continue
			}
			q := s
			if q.fields = fieldsOf(streams[0], n); len(q.fields) > 1 {
				list = append(list, q)
			}
		}
	}
	return list
}

// fieldsOf cuts records of n bytes into fields by what their columns are like.
func fieldsOf(b []byte, n int) (fields []field) {
	rows := min(len(b)/n, max(recordRows, columnSize/n))
	from := len(b) / n / 2
	from = min(from, len(b)/n-rows)
	for k := range n {
		var plain, differ [256]int
		last := byte(0)
		for i := from; i < from+rows; i++ {
			x := b[i*n+k]
			plain[x]++
			differ[x-last]++
			last = x
		}
		d := entropy(&differ, rows) < 0.95*entropy(&plain, rows)
		if m := len(fields) - 1; m >= 0 && fields[m].differ == d {
			fields[m].width++
		} else {
			fields = append(fields, field{1, d})
		}
	}
	return fields
}

// entropy is that of n bytes counted, in bits of all of them.
func entropy(count *[256]int, n int) float64 {
	sum := 0.0
	for _, c := range count {
		if c > 0 {
			sum += float64(c) * math.Log2(float64(n)/float64(c))
		}
	}
	return sum
}
