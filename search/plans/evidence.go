package plans

import (
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/search/plans/internal/series"
)

// An evidence holds distances in bytes at which the bytes of a segment are alike, the most
// telling first.
type evidence struct {
	near []int // elements, channels, records; at least one
	far  []int // rows

	divisor int // of far[0], that is nearly as telling; 0 if there is none
}

const (
	// maxNear is the longest near distance, in bytes. No difference, but 9 % less or 12 % more
	// time.
	maxNear = 128

	minFar = 16       // the shortest far distance
	maxFar = 16 << 10 // the longest: the farthest that an adaptive prediction may look

	// nearPlaces are looked at for each distance that may be telling. Halved +0.1 %, doubled
	// +-0.
	nearPlaces = 4096
	// farPlaces are looked at for each far distance, to see which may be. Halved +0.1 %,
	// doubled +0.1 %.
	farPlaces = 128
	// farCandidates are the far distances that are then looked at as closely as near ones. No
	// difference.
	farCandidates = 96

	// distanceShare: no distance is longer than 1/distanceShare of the segment, so that what
	// the places are compared with is most of it.
	distanceShare = 4

	// fartherTimes is how many times longer distances may be once the segment is known to have
	// a plan.
	fartherTimes = 4
)

// What the differences at a distance may take at most for it to speak for a plan, in percent:
// of the usual distance for near ones, of those around it for far ones. The letters of a text
// are a little alike. No difference from 84 to 92 and from 55 to 75.
const tellingNear, tellingInText, tellingFar = 88, 80, 65

// differenceBits[d] estimates the bits of the difference d of two bytes, in eighths.
var differenceBits = func() (list [256]uint16) {
	for d := range list {
		list[d] = uint16(8*bits.Len(uint(min(d, 256-d))) + 2)
	}
	list[0] = 0
	return list
}()

// A probe compares bytes of src with earlier ones, at places in probeParts parts of what
// comes after the first bytes.
type probe struct {
	src    []byte
	first  int // at least any distance
	places int // in all
}

// probeParts is how many parts of a segment a probe looks at: its start may be a header.
const probeParts = 4

// part returns the bytes of the places in part k, and where they start.
func (p probe) part(k int) (b []byte, start int) {
	start = p.first + (len(p.src)-p.first)*k/probeParts
	return p.src[start:min(len(p.src), start+p.places/probeParts)], start
}

// bits returns about how many bits the differences of bytes lag apart take, in eighths.
func (p probe) bits(lag int) (sum int) {
	for k := range probeParts {
		a, start := p.part(k)
		b := p.src[start-lag:][:len(a)]
		for i, x := range a {
			sum += int(differenceBits[x-b[i]])
		}
	}
	return sum
}

// independent returns what bits would be if bytes did not depend on each other.
func (p probe) independent() (sum int) {
	for k := range probeParts {
		b, _ := p.part(k)
		sum += independentBits(b, p.places/probeParts)
	}
	return sum
}

// independentBits estimates the bits of differences at places if the bytes of src did not
// depend on each other, in eighths.
func independentBits(src []byte, places int) int {
	const looks = 4096
	var count [256]int
	n := 0
	for i := 0; i < len(src); i += stride(len(src), looks) {
		count[src[i]]++
		n++
	}
	total := int64(0)
	for x, c := range count {
		if c > 0 {
			for y, d := range count {
				total += int64(c) * int64(d) * int64(differenceBits[byte(x-y)])
			}
		}
	}
	return int(total / int64(n) * int64(places) / int64(n))
}

// stride returns a step with which about looks of n bytes are looked at. No length of an
// element, a channel or a group divides it, so all of their bytes are met.
func stride(n, looks int) int {
	step := max(n/looks, 1)
	for step > 1 && (step%2 == 0 || step%3 == 0 || step%5 == 0 || step%7 == 0) {
		step++
	}
	return step
}

// gather returns the evidence of src; nil if nothing speaks for a plan. If places after the longest distance
// do not, it looks at those after the longest of the lowest level: of libpgm-5.3.so, which has a table of
// GF(256), levels 6 and 9 saw nothing and left a half more than level 1.
func gather(src []byte, e *effort) *evidence {
	ev := gatherUpTo(src, e, e.maxDistance)
	if least := efforts[minLevel].maxDistance; ev == nil && e.maxDistance > least {
		return gatherUpTo(src, e, least)
	}
	return ev
}

// gatherUpTo is gather for distances of up to most bytes, and as many bytes after the first ones of src.
func gatherUpTo(src []byte, e *effort, most int) *evidence {
	most = min(most, len(src)/distanceShare)
	near := min(maxNear, most)
	p := probe{src, most, nearPlaces}
	sum := make([]int, near+1)
	for lag := 1; lag <= near; lag++ {
		sum[lag] = p.bits(lag)
	}
	percent := tellingNear
	if isText(src) {
		percent = tellingInText
	}
	usual := max(median(sum[1:]), p.independent())
	telling := slices.Min(sum[1:])*100 < usual*percent
	ev := &evidence{near: peaks(sum, 1, e.near)}
	if ev.findRows(src, most, e.far) {
		telling = true
	}
	if !telling {
		return nil
	}
	for _, n := range [...]int{1, 2, 4} { // elements, which are worth a try
		if !slices.Contains(ev.near, n) {
			ev.near = append(ev.near, n)
		}
	}
	return ev
}

// findRows sets the n most telling far distances, up to most, and reports whether they
// speak for a plan. It compares bytes at a few places for each, and at more for the likeliest.
func (ev *evidence) findRows(src []byte, most, n int) bool {
	from := min(minFar, most)
	if most <= from {
		return false
	}
	rough := make([]int, most+1)
	p := probe{src, most, farPlaces}
	for lag := from; lag <= most; lag++ {
		rough[lag] = p.bits(lag)
	}
	around := series.Surroundings(rough, from)
	const (
		usual = series.Usual
		never = 1 << 30 // of one that is not looked at
	)
	share := slices.Repeat([]int{never}, most+1)
	for lag := from; lag <= most; lag++ {
		share[lag] = rough[lag] * usual / max(around[lag], 1)
	}
	likeliest := series.Order(share, from)[:min(farCandidates, most-from)]
	share = slices.Repeat([]int{never}, most+1)
	p.places = nearPlaces
	for _, lag := range likeliest {
		share[lag] = p.bits(lag) * usual / max(around[lag]*nearPlaces/farPlaces, 1)
		if around[lag] == 0 { // if src is constant, no distance stands out
			share[lag] = max(share[lag], usual)
		}
	}
	ev.far = peaks(share, from, n)
	ev.divisor = divisor(share, from, ev.far[0])
	return int64(slices.Min(share[from:]))*100 < usual*tellingFar
}

// divisor returns the shortest divisor of the distance best, from from on, at which bytes are nearly as much
// alike; 0 if there is none.
func divisor(share []int, from, best int) int {
	most := share[best] + min(share[best], series.Usual-share[best])/divisorShare
	for d := from; d < best; d++ {
		if best%d == 0 && share[d] <= most {
			return d
		}
	}
	return 0
}

// divisorShare: at a divisor differences may take more by one part in so many, and save less by as much.
// Arbitrary.
const divisorShare = 4

// divided returns ev with the divisor of its first far distance before that; nil if there is none. At which
// multiple of a record's length bytes are the most alike is chance, and few records of that length fit into
// the places by which a segment is dismissed: of segments of 128 KiB of merge.dbf half were.
func (ev *evidence) divided() *evidence {
	if ev.divisor == 0 {
		return nil
	}
	return &evidence{near: ev.near, far: slices.Insert(slices.Clone(ev.far), 0, ev.divisor)}
}

// addRow makes the best far distance a near one too: a row may predict its elements alone, or
// be a record.
func (ev *evidence) addRow() {
	if len(ev.far) > 0 && !slices.Contains(ev.near, ev.far[0]) {
		ev.near = append(ev.near, ev.far[0])
	}
}

// farther looks for rows at longer distances than gather, once src is known to have a plan.
func (ev *evidence) farther(src []byte, e *effort) {
	if most := min(fartherTimes*e.maxDistance, maxFar, len(src)/distanceShare); most > e.maxDistance {
		ev.findRows(src, most, e.far)
	}
}

// median returns the median of list.
func median(list []int) int {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}

const (
	// multipleSaving is what a distance must save to be listed after a divisor of it, one
	// part in so many: channels are alike at all their multiples. No difference.
	multipleSaving = 33

	// besidePeak: a distance less than 1/besidePeak from a listed one is left out, as part of
	// its peak. Halved +1.5 %, doubled +-0.
	besidePeak = 64
)

// peaks returns the n distances from from on of the least sums. It leaves out those that a
// listed one makes unlikely: multiples that tell hardly more, and those beside it.
func peaks(sum []int, from, n int) (list []int) {
	for _, lag := range series.Order(sum, from) {
		if len(list) == n {
			break
		}
		if !slices.ContainsFunc(list, func(d int) bool {
			multiple := lag%d == 0 && !saves(int64(sum[lag]), int64(sum[d]), multipleSaving)
			return multiple || abs(lag-d) <= lag/besidePeak
		}) {
			list = append(list, lag)
		}
	}
	return list
}
