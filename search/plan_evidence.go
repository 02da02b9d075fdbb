package search

import (
	"cmp"
	"math/bits"
	"slices"
)

// An evidence is what a segment looks like: the distances in bytes at which bytes are
// like each other, near ones (elements, channels, records) and far ones (rows), the
// most telling first.
type evidence struct {
	near, far []int
}

const (
	nearLags = 128  // the longest near distance
	places   = 2048 // looked at for each distance, in each of two parts of the segment
)

// alike[d] is about how many bits a difference of d takes, in eighths.
var alike = func() (a [256]uint16) {
	for d := range a {
		m := min(d, 256-d)
		a[d] = uint16(8*bits.Len(uint(m)) + 2)
	}
	a[0] = 0
	return a
}()

// likeness[d] is how much bytes d apart differ, at the places looked at.
func likeness(src []byte, from, to int, sum []int) {
	const parts = 4
	for k := range parts {
		start := to + (len(src)-to)*k/parts
		n := min(2*places/parts, len(src)-start)
		for lag := from; lag <= to; lag++ {
			total := 0
			a, b := src[start:start+n], src[start-lag:start-lag+n]
			for i, x := range a {
				total += int(alike[x-b[i]])
			}
			sum[lag] += total
		}
	}
}

// gather returns the evidence of src; nil where nothing speaks for a plan.
func gather(src []byte, e *planEffort) *evidence {
	most := min(e.most, len(src)/4)
	near := min(nearLags, most)
	sum := make([]int, most+1)
	likeness(src, 1, near, sum)
	typical := median(sum[1 : near+1])
	least := slices.Min(sum[1 : near+1])
	ev := &evidence{}
	if least*16 > typical*15 && least*8 > 7*wide(src) { // no distance is better than others
		if most > near && e.most > 1024 {
			likeness(src, near+1, most, sum)
			if far := slices.Min(sum[near+1:]); far*8 > typical*7 {
				return nil
			}
		} else {
			return nil
		}
	} else if most > near {
		likeness(src, near+1, most, sum)
	}
	ev.near = peaks(sum, 1, near, e.lags)
	for _, l := range [...]int{1, 2, 4} {
		if !slices.Contains(ev.near, l) {
			ev.near = append(ev.near, l)
		}
	}
	ev.far = peaks(sum, 16, most, e.lines)
	return ev
}

// wide is what likeness would be of bytes that are independent of each other.
func wide(src []byte) int {
	var count [256]int
	n := 0
	for i := 0; i < len(src); i += max(1, len(src)/4096) {
		count[src[i]]++
		n++
	}
	total := 0
	for x, c := range count {
		if c > 0 {
			for y, d := range count {
				total += c * d * int(alike[byte(x-y)])
			}
		}
	}
	return total / n * (2 * places) / n
}

func median(list []int) int {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}

// peaks are the n most telling distances within from..to. One whose divisor tells
// nearly as much is left out.
func peaks(sum []int, from, to, n int) (list []int) {
	var order []int
	for l := from; l <= to; l++ {
		order = append(order, l)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sum[a], sum[b]) })
	for _, l := range order {
		if len(list) == n {
			break
		}
		if !slices.ContainsFunc(list, func(d int) bool { return l%d == 0 && sum[l]*33 > sum[d]*32 || max(l, d)-min(l, d) <= l/64 }) {
			list = append(list, l)
		}
	}
	return list
}
