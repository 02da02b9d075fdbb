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
		f := framing{off: len(mark), typeLengths: new([256]int32)}
		if f.learn(part, mark); !f.walk(part, mark, len(part)*typedMiddle/100) {
			continue
		}
		*f.typeLengths = [256]int32{}
		f.learn(src, mark)
		if f.walk(src, mark, len(src)*typedPercent/100) && f.end-f.start > best.end-best.start {
			best, ok = f, true
		}
	}
	return best, ok
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
func (f *framing) learn(src, mark []byte) {
	type typeGap struct{ kind, gap int }
	votes := map[typeGap]int{}
	for i := bytes.Index(src, mark); i >= 0 && i+f.off < len(src); {
		gap := bytes.Index(src[i+f.off:], mark)
		if gap < 0 {
			break
		}
		gap += f.off
		v := typeGap{int(src[i+f.off]), gap}
		votes[v]++
		if l := &f.typeLengths[v.kind]; gap > f.off && votes[v] > votes[typeGap{v.kind, int(*l)}] {
			*l = int32(gap)
		}
		i += gap
	}
}

// walk sets where the longest run of records starts and ends, and reports whether it has at
// least minBytes.
func (f *framing) walk(src, mark []byte, minBytes int) bool {
	for i := bytes.Index(src, mark); i >= 0; {
		start, count := i, 0
		for bytes.HasPrefix(src[i:], mark) {
			n := f.length(src[i:])
			if n == 0 || i+n > len(src) {
				break
			}
			i += n
			count++
		}
		if i-start > f.end-f.start {
			f.start, f.end, f.records = start, i, count
		}
		after := min(max(i, start+1), len(src))
		next := bytes.Index(src[after:], mark)
		if next < 0 {
			break
		}
		i = after + next
	}
	return f.end-f.start >= minBytes
}
