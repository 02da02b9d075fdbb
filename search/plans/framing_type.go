package plans

import (
	"bytes"
	"cmp"
	"slices"
)

// Limits of records without a length. Arbitrary.
const (
	markBytes    = 32 << 10 // length of the middle of the segment, in which marks are found
	maxMarks     = 4        // marks that are tried
	markEvery    = 256      // bytes per mark, at most: longer records are few
	typedMiddle  = 50       // least percentage of the middle that is records
	typedPercent = 80       // least percentage of the segment that is records
)

// typeFraming returns the framing of records without a length: they start with a mark, two bytes
// that are always the same, and a type, which says how long they are, as in the logs of
// ArduPilot. It reports whether there is one.
func typeFraming(src []byte) (best framing, ok bool) {
	from := max(0, len(src)/2-markBytes/2)
	part := src[from:min(from+markBytes, len(src))]
	for _, mark := range marks(part) {
		m := marked{mark: mark}
		m.learn(part)
		if spanned(m.walk(part)) < len(part)*typedMiddle/100 {
			continue
		}
		m.lengths = [256]int32{}
		m.learn(src)
		if spans := m.walk(src); spanned(spans) >= len(src)*typedPercent/100 && spanned(spans) > best.bytes() {
			best, ok = framing{off: len(mark), unit: 1, align: 1, types: m.types(src, spans), spans: spans}, true
		}
	}
	return best, ok
}

// spanned returns how many bytes records in a row have.
func spanned(spans []span) int {
	f := framing{spans: spans}
	return f.bytes()
}

// A marked says how long records are that start with a mark and a type.
type marked struct {
	mark    []byte
	lengths [256]int32
}

// types returns the types that spans have.
func (m *marked) types(src []byte, spans []span) (list []typeLength) {
	var seen [256]bool
	for _, s := range spans {
		seen[src[int(s.start)+len(m.mark)]] = true
	}
	for kind, ok := range seen {
		if ok {
			list = append(list, typeLength{int32(kind), m.lengths[kind], 0})
		}
	}
	return list
}

// marks returns the most frequent pairs of different bytes.
func marks(part []byte) (list [][]byte) {
	var count [1 << 16]int32
	for i := 1; i < len(part); i++ {
		count[int(part[i-1])<<8|int(part[i])]++
	}
	var pairs []int
	for p, n := range count {
		if int(n) >= len(part)/markEvery && p>>8 != p&255 {
			pairs = append(pairs, p)
		}
	}
	slices.SortStableFunc(pairs, func(a, b int) int { return cmp.Compare(count[b], count[a]) })
	for _, p := range pairs[:min(len(pairs), maxMarks)] {
		list = append(list, []byte{byte(p >> 8), byte(p)})
	}
	return list
}

// learn sets the length of each type: the most frequent distance from its mark to the next.
func (m *marked) learn(src []byte) {
	type typeGap struct{ kind, gap int }
	votes := map[typeGap]int{}
	off := len(m.mark)
	for i := bytes.Index(src, m.mark); i >= 0 && i+off < len(src); {
		gap := bytes.Index(src[i+off:], m.mark)
		if gap < 0 {
			break
		}
		gap += off
		v := typeGap{int(src[i+off]), gap}
		votes[v]++
		if l := &m.lengths[v.kind]; gap > off && votes[v] > votes[typeGap{v.kind, int(*l)}] {
			*l = int32(gap)
		}
		i += gap
	}
}

// walk returns the longest run of records.
func (m *marked) walk(src []byte) (best []span) {
	for i := bytes.Index(src, m.mark); i >= 0; {
		start := i
		var spans []span
		for bytes.HasPrefix(src[i:], m.mark) && i+len(m.mark) < len(src) {
			n := int(m.lengths[src[i+len(m.mark)]])
			if n == 0 || i+n > len(src) {
				break
			}
			spans = append(spans, span{int32(i), int32(i + n)})
			i += n
		}
		if spanned(spans) > spanned(best) {
			best = spans
		}
		after := min(max(i, start+1), len(src))
		next := bytes.Index(src[after:], m.mark)
		if next < 0 {
			break
		}
		i = after + next
	}
	return best
}
