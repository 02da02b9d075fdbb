package plans

import (
	"bytes"
	"cmp"
	"slices"
)

const (
	typedBytes = 32 << 10 // of the segment, by which marks are found
	marks      = 4        // that are tried
)

// typed is a framing of records without a length: they start with a mark, two bytes that
// are always the same, and a type, which says how long they are (as in ArduPilot's logs).
func typed(src []byte) (best framing, ok bool) {
	from := max(0, len(src)/2-typedBytes/2)
	part := src[from:min(from+typedBytes, len(src))]
	for _, mark := range frequent(part) {
		f := framing{at: 2, typeLengths: new([256]int32)}
		if f.learn(part, mark); !f.walk(part, mark, len(part)/2) {
			continue
		}
		*f.typeLengths = [256]int32{}
		if f.learn(src, mark); f.walk(src, mark, len(src)*4/5) && f.end-f.start > best.end-best.start {
			best, ok = f, true
		}
	}
	return best, ok
}

// frequent are the most frequent pairs of bytes.
func frequent(part []byte) (list [][]byte) {
	var count [1 << 16]int32
	for i := 1; i < len(part); i++ {
		count[int(part[i-1])<<8|int(part[i])]++
	}
	var most []int
	for p, n := range count {
		if int(n) >= len(part)/256 && p>>8 != p&255 {
			most = append(most, p)
		}
	}
	slices.SortStableFunc(most, func(a, b int) int { return cmp.Compare(count[b], count[a]) })
	for _, p := range most[:min(len(most), marks)] {
		list = append(list, []byte{byte(p >> 8), byte(p)})
	}
	return list
}

// learn sets the length of each type: what is most often between its mark and the next.
func (f *framing) learn(src, mark []byte) {
	votes := map[[2]int]int{}
	for i := bytes.Index(src, mark); i >= 0 && i+2 < len(src); {
		gap := bytes.Index(src[i+2:], mark)
		if gap < 0 {
			break
		}
		gap += 2
		key := [2]int{int(src[i+2]), gap}
		votes[key]++
		if l := &f.typeLengths[key[0]]; gap > f.at && votes[key] > votes[[2]int{key[0], int(*l)}] {
			*l = int32(gap)
		}
		i += gap
	}
}

// walk sets where the longest row of records starts and ends, and reports whether it has
// that many bytes.
func (f *framing) walk(src, mark []byte, bytesLong int) bool {
	for i := bytes.Index(src, mark); i >= 0; {
		start, count := i, 0
		for i+2 < len(src) && src[i] == mark[0] && src[i+1] == mark[1] {
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
		next := bytes.Index(src[min(max(i, start+1), len(src)):], mark)
		if next < 0 {
			break
		}
		i = min(max(i, start+1), len(src)) + next
	}
	return f.end-f.start >= bytesLong
}
