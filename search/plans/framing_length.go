package plans

import (
	"cmp"
	"slices"
)

// Records whose heads have their length are found in the middle of the segment: the longest run
// of records there is the true one, since a wrong start soon leads to a length that leads far
// away.

// A lengthRange is a width of lengths, and where they are looked for.
type lengthRange struct {
	element     int
	maxOff      int // bytes in a head before the length
	maxAdd      int // bytes of a record that the length does not count: head, checksum
	middleBytes int // of the middle of the segment
}

// narrowRanges are tried at every level, wideRanges from the level on that has room for them. Wide
// lengths are rare in any other data, so that a longer middle takes no longer.
var (
	narrowRanges = []lengthRange{
		{1, 4, 12, 2 << 10}, {2, 4, 12, 4 << 10}, {-2, 4, 12, 4 << 10}, {4, 8, 16, 16 << 10}, {-4, 8, 16, 16 << 10},
	}
	wideRanges = []lengthRange{
		{1, 16, 40, 2 << 10}, {2, 16, 40, 8 << 10}, {-2, 16, 40, 8 << 10}, {-3, 4, 16, 16 << 10}, {3, 4, 16, 16 << 10},
		{4, 16, 40, 32 << 10}, {-4, 16, 40, 32 << 10},
	}
)

// The units of lengths and the multiples to which records are padded that are tried.
var units = [...]struct{ unit, align int }{{1, 1}, {2, 1}, {4, 1}, {1, 2}, {1, 4}, {1, 8}}

// What runs must pass in the middle. Arbitrary.
const (
	minRun      = 12 // records in a row, since fewer are chance, …
	meanLength  = 4  // … and at most one per so many bytes
	maxFramings = 2  // framings that are tried on all of the segment
	maxRuns     = 8  // framings that are looked at more closely
)

// A run is a framing and how far it leads in the middle of the segment.
type run struct {
	f     framing
	start int
	bytes int
}

// framings returns the framings by lengths that the segment may have, the most telling first.
func (t *trial) framings() (list []framing) {
	for _, r := range t.runs() {
		if t.enough() || len(list) >= maxFramings {
			break
		}
		f, ok := r.f.whole(t.src, r.start)
		if !ok || f.bytes()*100 < len(t.src)*framedPercent || !f.regular(t.src) {
			continue
		}
		if !slices.ContainsFunc(list, func(g framing) bool { return slices.Equal(f.spans, g.spans) }) {
			list = append(list, f)
		}
	}
	return list
}

// runs returns the framings that the middle of the segment may have, those that lead farthest
// first.
func (t *trial) runs() (list []run) {
	ranges, kinds := narrowRanges, units[:1]
	if t.effort.weights > 0 {
		ranges, kinds = wideRanges, units[:]
	}
	for _, l := range ranges {
		from := len(t.src) / 2
		part := t.src[from:min(from+l.middleBytes, len(t.src))]
		s := newSteppers(part)
		for off := 0; off <= l.maxOff; off++ {
			if t.enough() {
				break
			}
			s.read(off, l.element)
			for _, u := range kinds {
				if u.unit > 1 && abs(l.element) > 2 {
					continue
				}
				f := framing{off: off, element: l.element, unit: u.unit, align: u.align}
				for f.add = min(0, 0); f.add <= l.maxAdd; f.add++ {
					t.meter.steps += int64(len(s.at))
					start, count, end := s.longest(&f)
					if count < minRun || count*meanLength > len(part) {
						continue
					}
					list = append(list, run{f, from + start, end - start})
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b run) int { return cmp.Compare(b.bytes/sameBytes, a.bytes/sameBytes) })
	return list[:min(len(list), maxRuns)]
}

// sameBytes is by how little runs may differ for that not to count: a record or so.
const sameBytes = 128

// steppers finds the longest run of records in b for many framings.
type steppers struct {
	b       []byte
	at      []int32  // where a record may start
	lengths []int32  // of each of at, as they stand
	count   []uint16 // of b: records that follow each other from here on
	ends    []int32  // of b: where these end
}

func newSteppers(b []byte) *steppers {
	return &steppers{b: b, count: make([]uint16, len(b)), ends: make([]int32, len(b))}
}

// read reads the lengths of type w at byte off of each head.
func (r *steppers) read(off, w int) {
	r.at, r.lengths = r.at[:0], r.lengths[:0]
	for i := 0; i+off+abs(w) <= len(r.b); i++ {
		if n := number(r.b[i+off:], w); n <= uint64(len(r.b)/minRun*4) {
			r.at, r.lengths = append(r.at, int32(i)), append(r.lengths, int32(n))
		}
	}
}

// longest returns where the longest run of records of f starts and ends, and how many it has.
func (r *steppers) longest(f *framing) (start, count, end int) {
	clear(r.count)
	least := f.lengthEnd()
	for k := len(r.at) - 1; k >= 0; k-- {
		i := int(r.at[k])
		n := int(r.lengths[k])*f.unit + f.add
		if f.align > 1 {
			n = (n + f.align - 1) / f.align * f.align
		}
		if n < least {
			continue
		}
		next := i + n
		c, e := uint16(1), int32(next)
		if next < len(r.b) {
			if r.count[next] > 0 {
				c, e = c+r.count[next], r.ends[next]
			}
		} else {
			e = int32(len(r.b))
		}
		r.count[i], r.ends[i] = c, e
		if int(c) >= count {
			start, count, end = i, int(c), int(e)
		}
	}
	return start, count, end
}
