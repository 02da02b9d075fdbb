package plans

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
	places   = 4096 // looked at for each distance that may be telling
	glance   = 128  // looked at for each far one, to see which may be
	glanced  = 96   // far distances that may be

	// Percent of what is usual, below which a distance speaks for a plan.
	tellingNear, tellingText, tellingFar = 88, 80, 65

	maxRow = 16 << 10
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

// likeness adds to sum[d], for d within from..to, how much bytes d apart differ at n
// places after the first most bytes of src.
func likeness(src []byte, from, to, most, n int, sum []int) {
	for k := range likenessParts {
		start := partStart(src, most, k)
		n := min(n/likenessParts, len(src)-start)
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

// likeness looks at some parts of what comes after the first most bytes of src; partStart
// is where part k starts.
const likenessParts = 4

func partStart(src []byte, most, k int) int { return most + (len(src)-most)*k/likenessParts }

// gather returns the evidence of src; nil where nothing speaks for a plan.
func gather(src []byte, e *effort) *evidence {
	most := min(e.most, len(src)/4)
	near := min(nearLags, most)
	sum := make([]int, near+1)
	likeness(src, 1, near, most, places, sum)
	typical, least := middle(sum[1:near+1]), slices.Min(sum[1:near+1])
	independent := 0 // of the bytes that were looked at
	for k := range likenessParts {
		start := partStart(src, most, k)
		independent += wide(src[start:min(len(src), start+places/likenessParts)], places/likenessParts)
	}
	percent := tellingNear
	if isText(src) { // whose neighbours are alike a little
		percent = tellingText
	}
	telling := least*100 < max(typical, independent)*percent
	ev := &evidence{near: peaks(sum, 1, near, e.lags)}
	if ev.rows(src, e, most, glance) {
		telling = true
	}
	if !telling {
		return nil
	}
	for _, l := range [...]int{1, 2, 4} {
		if !slices.Contains(ev.near, l) {
			ev.near = append(ev.near, l)
		}
	}
	return ev
}

// rows sets the far distances, up to most, and reports whether they are telling. Each is
// looked at at some places, the likeliest at more.
func (ev *evidence) rows(src []byte, e *effort, most, some int) bool {
	far := min(16, most)
	if most <= far {
		return false
	}
	rough := make([]int, most+1)
	likeness(src, far, most, most, some, rough)
	around := surroundings(rough, far)
	rank := make([]int, most+1)
	for l := far; l <= most; l++ {
		rank[l] = rough[l] << 10 / max(around[l], 1)
	}
	const usual = 1 << 10                         // of a distance like those around it
	fine := slices.Repeat([]int{1 << 30}, most+1) // more than any
	for _, l := range order(rank, far, most)[:min(glanced, most-far)] {
		fine[l] = 0
		likeness(src, l, l, most, places, fine)
		fine[l] = fine[l] * usual / max(around[l]*places/some, 1) // against those around it
		if around[l] == 0 {
			fine[l] = max(fine[l], usual) // where src is constant, no distance stands out
		}
	}
	ev.far = peaks(fine, far, most, e.lines)

	return int64(slices.Min(fine[far:]))*100 < usual*tellingFar
}

// longer looks for rows at distances farther than at first, once src is known to have
// a plan.
func (ev *evidence) longer(src []byte, e *effort) {
	if most := min(4*e.most, maxRow, len(src)/4); most > e.most {
		ev.rows(src, e, most, glance)
	}
}

// surroundings[l] is the mean of sum around l, but for what is nearest: a row's length
// stands out from the distances beside it, however much alike all of them are.
func surroundings(sum []int, from int) []int {
	const wide, gap = 40, 4
	total := make([]int, len(sum)+1) // of sum[:i]
	for i, x := range sum {
		total[i+1] = total[i] + x
	}
	span := func(i, j int) (n, s int) {
		i, j = max(i, from), min(j, len(sum))
		if i >= j {
			return 0, 0
		}
		return j - i, total[j] - total[i]
	}
	around := make([]int, len(sum))
	for l := from; l < len(sum); l++ {
		n1, s1 := span(l-wide, l-gap)
		n2, s2 := span(l+gap+1, l+wide+1)
		around[l] = (s1 + s2) / max(n1+n2, 1)
	}
	return around
}

// wide is what likeness would be at places of bytes that are independent of each
// other.
func wide(src []byte, places int) int {
	var count [256]int
	n := 0
	for i := 0; i < len(src); i += strider(len(src), 4096) {
		count[src[i]]++
		n++
	}
	total := int64(0)
	for x, c := range count {
		if c > 0 {
			for y, d := range count {
				total += int64(c) * int64(d) * int64(alike[byte(x-y)])
			}
		}
	}
	return int(total / int64(n) * int64(places) / int64(n))
}

// strider is a step to look at some of n bytes by that meets all bytes of elements,
// channels and groups alike: none of their lengths divides it.
func strider(n, some int) int {
	step := max(n/some, 1)
	for step > 1 && (step%2 == 0 || step%3 == 0 || step%5 == 0 || step%7 == 0) {
		step++
	}
	return step
}

// middle is the median of list.
func middle(list []int) int {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}

// order are the distances from..to, the most telling first.
func order(sum []int, from, to int) (list []int) {
	for l := from; l <= to; l++ {
		list = append(list, l)
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(sum[a], sum[b]) })
	return list
}

// peaks are the n most telling distances within from..to. One whose divisor tells
// nearly as much is left out.
func peaks(sum []int, from, to, n int) (list []int) {
	for _, l := range order(sum, from, to) {
		if len(list) == n {
			break
		}
		if !slices.ContainsFunc(list, func(d int) bool {
			return l%d == 0 && int64(sum[l])*33 > int64(sum[d])*32 || max(l, d)-min(l, d) <= l/64
		}) {
			list = append(list, l)
		}
	}
	return list
}
