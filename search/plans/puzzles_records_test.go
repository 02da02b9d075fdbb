package plans

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/dsl/plan"
)

// A column is a field of records; next is its value in the next record.
type column struct {
	w      int
	differ bool // its truth
	next   func() int64
}

func column1(r *rand.Rand) column {
	x, step := int64(r.IntN(1<<20)), int64(1+r.IntN(1000))
	noise := 1 + r.IntN(100)
	w := []int{2, 4, -2, -4}[r.IntN(4)]
	switch r.IntN(6) {
	case 0: // a counter or a time with jitter
		jitter := r.IntN(4)
		return column{[]int{4, -4, 8, -8}[r.IntN(4)], true, func() int64 { x += step + int64(r.IntN(jitter+1)); return x }}
	case 1: // one of a few
		few := 2 + r.IntN(6)
		return column{1, false, func() int64 { return int64(r.IntN(few)) }}
	case 2: // a constant
		return column{1 + r.IntN(2), false, func() int64 { return step }}
	case 3: // noise
		return column{w, false, func() int64 { return int64(r.IntN(noise)) }}
	case 4: // bytes that wander
		return column{1, true, func() int64 { x += int64(r.IntN(3) - 1); return x }}
	}
	return column{w, true, func() int64 { x += int64(r.IntN(2*noise+1) - noise); return x }}
}

// fieldNumbersOf states the fields of columns in a plan.
func fieldNumbersOf(columns []column) string {
	var list []string
	for _, c := range columns {
		if c.differ {
			list = append(list, fmt.Sprintf("%d, %d, 0", c.w, plan.FieldDelta))
		} else {
			list = append(list, fmt.Sprintf("%d, %d, 0", max(c.w, -c.w), plan.FieldBytes))
		}
	}
	return strings.Join(list, ", ")
}

// widthOf returns the bytes of a record of columns.
func widthOf(columns []column) (n int) {
	for _, c := range columns {
		n += max(c.w, -c.w)
	}
	return n
}

// someColumns draws columns.
func someColumns(r *rand.Rand, n int) (columns []column) {
	for range n {
		columns = append(columns, column1(r))
	}
	return columns
}

// appendRecord appends the next record of columns.
func appendRecord(b []byte, columns []column) []byte {
	for _, c := range columns {
		b = appendNumber(b, c.w, c.next())
	}
	return b
}

// table is records of fields.
func table(r *rand.Rand) puzzle {
	columns := someColumns(r, 2+r.IntN(8))
	width := widthOf(columns)
	head := header(r)
	b := slices.Clone(head)
	for range 100_000 / width {
		b = appendRecord(b, columns)
	}
	name := fmt.Sprintf("records of %d bytes after %d:", width, len(head))
	for _, c := range columns {
		name += fmt.Sprintf(" %d%s", c.w, map[bool]string{true: "d"}[c.differ])
	}
	return puzzle{name: name, data: b, truth: []string{
		afterHeader(len(head), func(a *planText) string {
			return a.add("columns(%s, [%s])", a.payload(), fieldNumbersOf(columns))
		}),
		afterHeader(len(head), func(a *planText) string { return a.add("transpose(%s, 1, %d)", a.payload(), width) }),
	}}
}

// A framed is how the records of a puzzle are framed: what comes before the length, the length, a
// kind, and a checksum at the end.
type framed struct {
	before  []column
	element int
	unit    int // bytes that a length counts in
	less    int // bytes of a record that the length does not count
	align   int
	kinds   [][]column
	sum     int // bytes
}

// framedRecords draws a framing of any make.
func framedRecords(r *rand.Rand) puzzle {
	f := framed{element: []int{1, 2, -2, 3, -3, 4, -4, varint}[r.IntN(8)], unit: 1, align: 1, sum: []int{0, 0, 2, 4}[r.IntN(4)]}
	switch r.IntN(6) {
	case 0:
		if f.element != varint { // whose own bytes count
			f.unit = []int{2, 4}[r.IntN(2)]
		}
	case 1:
		f.align = []int{2, 4, 8}[r.IntN(3)]
	}
	if r.IntN(2) == 0 { // a mark
		mark := int64(r.IntN(256))
		f.before = append(f.before, column{1, false, func() int64 { return mark }})
	}
	if r.IntN(2) == 0 { // a time
		x, step := int64(r.IntN(1<<30)), int64(1+r.IntN(1000))
		f.before = append(f.before, column{[]int{4, -4, 8}[r.IntN(3)], true, func() int64 { x += step + int64(r.IntN(9)); return x }})
	}
	for range 1 + r.IntN(10) {
		f.kinds = append(f.kinds, someColumns(r, 2+r.IntN(8)))
	}
	return f.puzzle(r)
}

// puzzle draws records of f.
func (f *framed) puzzle(r *rand.Rand) puzzle {
	size := lengthBytes(f.element)
	off := widthOf(f.before)
	h := off + size + 1 // the kind comes last
	if f.element == varint {
		h-- // of these lengths a byte
	}
	f.less = []int{0, off, h, h + f.sum}[r.IntN(4)]
	if f.unit > 1 || f.element == varint {
		f.less = h
	}
	head := header(r)
	b := slices.Clone(head)
	var lists []string
	lengths := map[int]bool{}
	for k, columns := range f.kinds {
		n := h + widthOf(columns) + f.sum
		for (n-f.less)%f.unit != 0 { // a field that fills the units
			f.kinds[k] = append(f.kinds[k], column{1, false, func() int64 { return 0 }})
			n++
		}
		lengths[n] = true
		lists = append(lists, fmt.Sprintf("%d, %d, %s", k, len(f.kinds[k]), fieldNumbersOf(f.kinds[k])))
	}
	count := 0
	for len(b) < 120_000 {
		k := r.IntN(len(f.kinds))
		start := len(b)
		b = appendRecord(b, f.before)
		n := (h + widthOf(f.kinds[k]) + f.sum - f.less) / f.unit
		if f.element == varint {
			b = binary.AppendUvarint(b, uint64(n))
		} else {
			b = appendNumber(b, f.element, int64(n))
		}
		b = append(b, byte(k))
		b = appendRecord(b, f.kinds[k])
		for range f.sum {
			b = append(b, byte(r.IntN(256)))
		}
		for (len(b)-start)%f.align != 0 {
			b = append(b, 0)
		}
		count++
	}
	heads := fieldNumbersOf(f.before) + fmt.Sprintf(", %d, 0, 0", h-off)
	heads = strings.TrimPrefix(heads, ", ")
	add := f.less
	if f.element == varint {
		add--
	}
	return puzzle{
		name: fmt.Sprintf("%d kinds of records, length of type %d at byte %d in units of %d, less %d, padded to %d, checksum of %d, after %d bytes",
			len(f.kinds), f.element, off, f.unit, f.less, f.align, f.sum, len(head)),
		data:    b,
		lengths: lengths,
		truth: []string{afterHeader(len(head), func(a *planText) string {
			s := a.add("get_subsequence_between_indices(%s, 0, %d)", a.add("columns(%s, [%s])", a.payload(), heads), count*h)
			return a.add("kinds(%s, %s, %d, [%d, %d, %d, %d, %d, 1, %d, 0, %s])", s, a.payload(), h, off, f.element, f.unit, add, f.align, h-1, strings.Join(lists, ", "))
		})},
	}
}

// typedRecords is records of several kinds, with a mark and a type that says how long they are.
func typedRecords(r *rand.Rand) puzzle {
	mark := []byte{byte(128 + r.IntN(128)), byte(r.IntN(128))}
	var sorts [][]column
	var types []byte
	for range 2 + r.IntN(10) {
		sorts, types = append(sorts, someColumns(r, 2+r.IntN(6))), append(types, byte(20*len(types)+r.IntN(20)))
	}
	head := header(r)
	b := slices.Clone(head)
	list, fields := "", ""
	for k, columns := range sorts {
		list += fmt.Sprintf(", %d, %d, 0", types[k], 3+widthOf(columns))
		fields += fmt.Sprintf(", %d, %d, %s", k, len(columns), fieldNumbersOf(columns))
	}
	count := 0
	for len(b) < 120_000 {
		k := r.IntN(len(sorts))
		b = append(append(b, mark...), types[k])
		b = appendRecord(b, sorts[k])
		count++
	}
	return puzzle{
		name: fmt.Sprintf("%d types of records after %d bytes", len(sorts), len(head)), data: b,
		truth: []string{afterHeader(len(head), func(a *planText) string {
			heads := a.add("get_subsequence_between_indices(%s, 0, %d)", a.add("transpose(%s, 1, 3)", a.payload()), 3*count)
			return a.add("kinds(%s, %s, 3, [2, 0, 1, 0, 1, 0, %d%s%s])", heads, a.payload(), len(sorts), list, fields)
		})},
	}
}
