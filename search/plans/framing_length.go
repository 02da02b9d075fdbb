package plans

import (
	"cmp"
	"maps"
	"slices"
)

// Records whose heads have their length are found in the middle of the segment. There the lengths
// of true records follow each other: each says how far the next one is. How many bytes come before
// the length in a head is found later: it changes nothing in how the lengths follow each other.

// A lengthRange is a width of lengths, and where they are looked for.
type lengthRange struct {
	element     int
	maxAdd      int // bytes of a record that the length does not count: head, checksum
	middleBytes int // of the middle of the segment; the wider, the rarer by chance
}

var lengthRanges = [...]lengthRange{
	{1, 40, 2 << 10}, {varint, 8, 4 << 10}, {2, 40, 8 << 10}, {-2, 40, 8 << 10}, {3, 16, 16 << 10}, {-3, 16, 16 << 10}, {4, 40, 32 << 10}, {-4, 40, 32 << 10},
}

// The units of lengths and the multiples to which records are padded that are tried.
var units = [...]struct{ unit, align int }{{1, 1}, {2, 1}, {4, 1}, {1, 2}, {1, 4}, {1, 8}}

// What runs must pass in the middle. Arbitrary.
const (
	minRun      = 12 // records in a row, since fewer are chance, …
	meanLength  = 4  // … at most one per so many bytes, …
	runPercent  = 70 // … which are such a share of the middle
	runsPercent = 12 // of the steps that the search for records has, which runs may take
	maxFramings = 2  // framings by lengths that are tried on all of the segment
	maxRuns     = 12 // framings that are looked at more closely

	// The middle is at most 1/middleShare of the segment, but has at least minMiddle bytes.
	middleShare, minMiddle = 8, 2 << 10
)

// A run is a framing and where the middle of the segment has records of it.
type run struct {
	f     framing
	start int // of the first length

	saving float64 // of columns, as a share
}

// framings returns the framings by lengths that the segment may have, the most telling first.
func (t *trial) framings() (list []framing) {
	var runs []run
	t.stage(runsPercent, func() { runs = t.runs() })
	if len(runs) == 0 {
		return nil // before evidence is gathered
	}
	least := max(minAlignment, fixedShare*t.fixedAlignment(t.evidence()))
	for _, r := range ranked(runs, least) {
		if t.enough() || len(list) >= maxFramings {
			break
		}
		f, ok := r.f.whole(t.src, r.start)
		if !ok || f.bytes()*100 < len(t.src)*framedPercent || len(f.spans) < minRows || !f.regular(t.src) {
			continue
		}
		places := recordSample{t.src, stretchesOf(f.spans, look.run)}
		if t.columnSaving(&places, look.bytes, 0, lengthBytes(f.element)) < least/2 { // of all places, which are less alike
			continue
		}
		f.lead(t.src)
		last := f.spans[len(f.spans)-1]
		if !slices.ContainsFunc(list, func(g framing) bool { return len(f.spans) == len(g.spans) && last == g.spans[len(g.spans)-1] }) {
			list = append(list, f)
		}
	}
	return list
}

// runs returns the framings that the middle of the segment may have: the usual ones are tried first,
// as long as there are steps.
func (t *trial) runs() (list []run) {
	s := &stepper{}
	from := len(t.src) / 2
	tried := units[:]
	if t.effort.weights == 0 { // in a hurry: all of them take 10 to 50 ms a segment, not 2 to 10
		tried = units[:1]
	}
	for _, u := range tried {
		for _, l := range lengthRanges {
			part := t.src[from:min(from+min(l.middleBytes, max(len(t.src)/middleShare, minMiddle)), len(t.src))]
			if isConstant(part) || u.unit > 1 && abs(l.element) > 2 { // wide lengths count bytes
				continue
			}
			if t.enough() {
				break
			}
			s.read(part, l.element)
			f := framing{element: l.element, unit: u.unit, align: u.align}
			for f.add = 0; f.add <= l.maxAdd; f.add++ {
				t.meter.steps += int64(len(s.at)) * stepperSteps
				start, count, end := s.longest(&f)
				if count >= minRun && count*meanLength <= len(s.b) && (end-start)*100 >= len(s.b)*runPercent {
					r := run{f: f, start: from + start}
					r.saving = t.alignment(&r.f, r.start, glance)
					list = append(list, r)
				}
			}
		}
	}
	list = slices.DeleteFunc(list, func(r run) bool { return r.saving < minAlignment/2 })
	slices.SortStableFunc(list, func(a, b run) int { return cmp.Compare(b.saving, a.saving) })
	list = list[:min(len(list), 2*maxRuns)]
	for k := range list {
		list[k].saving = t.alignment(&list[k].f, list[k].start, look)
	}
	return list
}

// ranked returns the framings of list that save at least the share least as columns, those that
// save most first, and at most maxRuns.
func ranked(list []run, least float64) []run {
	list = slices.DeleteFunc(list, func(r run) bool { return r.saving < least })
	if len(list) == 0 {
		return nil
	}
	most := slices.MaxFunc(list, func(a, b run) int { return cmp.Compare(a.saving, b.saving) }).saving
	close := func(r run) int { // those that save nearly as much are told apart by what is more telling
		if r.saving < closeSaving*most {
			return 0
		}
		if r.f.element == varint {
			return 1
		}
		return abs(r.f.element)
	}
	slices.SortStableFunc(list, func(a, b run) int {
		return cmp.Or(cmp.Compare(close(b), close(a)), cmp.Compare(b.saving, a.saving))
	})
	return list[:min(len(list), maxRuns)]
}

// An alignedLook says how much of records is looked at to see how much their bytes are alike.
type alignedLook struct {
	bytes   int // of each record, of which some are before its length
	run     int // bytes in which records are looked at: as much for every framing
	most    int // bytes in which they are if run has less than …
	records int // … so many
}

// Framings are told apart by a glance first, those that are left by a look. Arbitrary.
var (
	glance = alignedLook{bytes: 16, run: 2 << 10, most: 16 << 10, records: 12}
	look   = alignedLook{bytes: 48, run: 8 << 10, most: 64 << 10, records: 32}
)

const (
	alignedBefore = 8 // bytes of alignedLook that are before a record's length

	// closeSaving is the share of the most that bytes save in any framing from which on the widest
	// lengths count more.
	closeSaving = 0.9

	// minAlignment is what the bytes must save as columns, as a share; and fixedShare how much more
	// than as those of records of one length.
	minAlignment, fixedShare = 0.05, 1.05
)

// alignment returns which share of the bits of bytes around the lengths of f's records, from byte
// start on, is saved if these are columns.
func (t *trial) alignment(f *framing, start int, a alignedLook) float64 {
	part := t.src[:min(len(t.src), start+a.run)]
	spans := f.chain(part, start)
	if len(spans) < a.records {
		part = t.src[:min(len(t.src), start+a.most)]
		spans = f.chain(part, start)
		spans = spans[:min(len(spans), a.records)]
	}
	if len(spans) < minRun || start < alignedBefore {
		return 0
	}
	r := recordSample{b: part}
	for _, s := range spans {
		r.spans = append(r.spans, span{s.start - alignedBefore, s.end - alignedBefore})
	}
	return t.columnSaving(&r, a.bytes, alignedBefore, lengthBytes(f.element))
}

// fixedAlignment returns the same share for records of the one length that saves most, of those
// that ev suggests.
func (t *trial) fixedAlignment(ev *evidence) (saving float64) {
	if ev == nil {
		return 0
	}
	from := len(t.src) / 2
	part := t.src[from:min(len(t.src), from+look.run)]
	for _, n := range slices.Concat(ev.near, ev.far) {
		if r := fixedRecords(part, n); len(r.spans) >= minRun {
			saving = max(saving, t.columnSaving(&r, look.bytes, 0, 0))
		}
	}
	return saving
}

// columnSaving returns which share of the bits of the first bytes of r's records, at most most of
// each, is saved if these are columns. It passes over n bytes from byte except on.
func (t *trial) columnSaving(r *recordSample, most, except, n int) float64 {
	total := 0
	for _, s := range r.spans {
		total += int(s.end - s.start)
	}
	columns := 0.0
	var all [256]int
	seen := 0
	for off := range min(total/len(r.spans), most) {
		if off >= except && off < except+n {
			continue
		}
		plain, delta := r.byteBits(off)
		columns += min(plain, delta)
		for c := range r.whole(off, 1) {
			all[c[0]]++
			seen++
		}
	}
	t.meter.steps += int64(seen) * alignedSteps
	together := entropy(&all, seen)
	return (together - columns) / (together + 1)
}

// A stepper finds the longest run of records in b for many framings.
type stepper struct {
	b       []byte
	at      []int32  // where a length may be
	lengths []int32  // as they stand
	count   []uint16 // of b: lengths that follow each other from here on
	ends    []int32  // of b: where these end
}

// read takes the numbers of type w in b for lengths.
func (r *stepper) read(b []byte, w int) {
	r.b, r.at, r.lengths = b, r.at[:0], r.lengths[:0]
	for i := 0; i+lengthBytes(w) <= len(b); i++ {
		if n := statedLength(b[i:], w); n <= uint64(len(b)/2) {
			r.at, r.lengths = append(r.at, int32(i)), append(r.lengths, int32(n))
		}
	}
	if len(r.count) < len(b) {
		r.count, r.ends = make([]uint16, len(b)), make([]int32, len(b))
	}
}

// longest returns where the longest run of records of f starts and ends, and how many it has.
func (r *stepper) longest(f *framing) (start, count, end int) {
	clear(r.count[:len(r.b)])
	least := f.leastLength()
	for k := len(r.at) - 1; k >= 0; k-- {
		i := int(r.at[k])
		n := int(r.lengths[k])*f.unit + f.add
		if f.align > 1 {
			n = (n + f.align - 1) &^ (f.align - 1)
		}
		if n < least {
			continue
		}
		next := i + n
		c, e := uint16(1), int32(min(next, len(r.b)))
		if next < len(r.b) && r.count[next] > 0 {
			c, e = c+r.count[next], r.ends[next]
		}
		r.count[i], r.ends[i] = c, e
		if int(c) >= count {
			start, count, end = i, int(c), int(e)
		}
	}
	return start, count, end
}

// maxLead is how many bytes of a head may come before its length.
const maxLead = 16

// lead moves the starts of f's records, which are those of their lengths, back to the first of the
// bytes before them that belong to the record: their columns take less, all together or told apart
// by the record's length, than if they are told apart by the length of the record before, to which
// they would belong otherwise.
func (f *framing) lead(src []byte) {
	spans := f.spans
	if n := len(spans); n > leadRecords {
		spans = spans[(n-leadRecords)/2:][:leadRecords]
	}
	count := map[int32]int{} // of records of a length
	for _, s := range spans {
		count[s.end-s.start]++
	}
	all := recordSample{b: src}
	byBefore, byOwn := byLength{}, byLength{} // the record before, the one with the length
	for k, s := range spans[1:] {
		n := spans[k].end - spans[k].start
		if s.start < maxLead || count[n] < minLengths {
			continue
		}
		before := span{s.start - maxLead, s.start}
		all.spans = append(all.spans, before)
		byBefore.add(src, n, before)
		byOwn.add(src, s.end-s.start, before)
	}
	sum, best := 0.0, 0.0 // what the columns save so far
	most := min(maxLead, int(f.spans[0].start), f.shortest()-lengthBytes(f.element))
	for k := 1; k <= most; k++ {
		off := maxLead - k
		if sum += byBefore.columnBits(off) - min(all.columnBits(off), byOwn.columnBits(off)); sum > best+float64(len(all.spans))*leadBits {
			best, f.off = sum, k
		}
	}
	for k := range f.spans {
		f.spans[k].start -= int32(f.off)
		f.spans[k].end -= int32(f.off)
	}
}

// byLength holds some records apart by a length.
type byLength map[int32]*recordSample

// add adds the bytes s of src to those of the length n.
func (l byLength) add(src []byte, n int32, s span) {
	if l[n] == nil {
		l[n] = &recordSample{b: src}
	}
	l[n].spans = append(l[n].spans, s)
}

// columnBits estimates the bits of the bytes at off, for each length apart.
func (l byLength) columnBits(off int) (bits float64) {
	for _, n := range slices.Sorted(maps.Keys(l)) { // sums of floats depend on their order
		bits += l[n].columnBits(off)
	}
	return bits
}

const (
	leadRecords = 2048 // records by which it is seen what belongs to a record
	minLengths  = 8    // records of a length, for it to tell something
	leadBits    = 0.5  // bits per record that more bytes must save: constant ones save little either way
)

// columnBits estimates the bits of the bytes at off: as they are, less the ones before, or as
// noise.
func (r *recordSample) columnBits(off int) float64 {
	plain, delta := r.byteBits(off)
	return min(plain, delta, float64(8*len(r.spans)))
}
